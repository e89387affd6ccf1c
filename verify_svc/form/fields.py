"""What a form says: whose it is, the numbers and domains on it, and the day it was signed.

Nothing here knows what was entered. Where a field may stand more than once its values are joined by a space.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from verify_svc.certificate.dates import parse_date
from verify_svc.certificate.numbers import is_credit_code, is_id_number
from verify_svc.document.layouts.rows import Row, continued, labelled
from verify_svc.document.reader import FieldRead, Line, field_of
from verify_svc.form.template import Template

_NUMBER = re.compile(r"(?<![0-9A-Za-z])[0-9A-Za-z×]{18}(?![0-9A-Za-z])")
_DIGITS = str.maketrans("OoIl×", "0011X")
_NO_LETTERS = str.maketrans("OI", "01")
_DOMAIN = re.compile(
    r"(?<![@A-Za-z0-9.-])(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,18}(?![A-Za-z0-9-])"
)
# What begins another row: a name's second line stands above it.
_OTHER_LABEL = re.compile(
    r"证件|号码|代码|域名|地点|结论|负责人|网站|类型|手机|电话|地址|日\s*期|签[字名]|盖章|核验|授权"
)
_NOT_OF_A_NAME = re.compile(r"^[\s:：、，,.。_＿]+|[\s:：、，,。_＿]+$")
# A person's name ends where the certificate's kind or number begins.
_PERSON = re.compile(r"[^\s0-9（(]{2,30}?(?=居民身份证|身份证|护照|通行证|证件|[\s0-9（(]|$)")
# What a hand writes and a reader takes for a letter, at places where only digits stand.
_HAND_DIGITS = str.maketrans("OoQDIl|ZzSsBbqg", "000011122558699")
# A pen's 1 leans as a stroke does, and 年 under a seal or a stroke is read as some sign: the words around tell them.
_LEANING_ONE = re.compile(r"(?<=[年月])[/／\\丨](?=[月日])")
_SPOILT_YEAR = re.compile(r"(?<=\d{4})[^\w.\-/·:、](?=\d{1,2}月)")
# 年 and 月 are there and 日 isn't: the last of two digits may be it (3月1日 was read as 3月18, surely).
_NO_DAY_WORD = re.compile(r"年.*月\D*\d\d\D*(?<!日)$")
_DATE_TEXT = re.compile(r"[0-9OoQDIl|ZzSsBbqg]{4}.{0,3}?[年.\-/·:、].*")


def fields_of(template: Template, rows: Sequence[Row]) -> Mapping[str, FieldRead]:
    """The fields found: `name`, `person`, `numbers` (credit codes), `person_numbers` (ID cards), `domains`."""
    fields: dict[str, FieldRead] = {}
    for name, pattern in template.labels.items():
        found = _labelled(rows, name, pattern)
        if found is not None:
            fields[name] = found
    whole = Row(tuple(line for row in rows for line in row.lines))
    for name, pattern in template.inline.items():
        match = None if name in fields else pattern.search(whole.text)
        found = None if match is None else field_of(whole.between(match.start(1), match.end(1)))
        if found is not None:
            fields[name] = found
    return fields | numbers_and_domains(whole.lines)


def numbers_and_domains(lines: Sequence[Line]) -> dict[str, FieldRead]:
    """What is told by its shape alone, wherever it stands."""
    codes, cards = _numbers(lines)
    found = (("numbers", codes), ("person_numbers", cards), ("domains", list(_domains(lines))))
    return {name: _joined(values) for name, values in found if values}


def _labelled(rows: Sequence[Row], name: str, label: re.Pattern[str]) -> FieldRead | None:
    """The value of the first label that has one, over the lines it takes."""
    for found in labelled(rows, label):
        value = continued(found.value, rows, found.row, _OTHER_LABEL, most=2)
        read = field_of(value)
        if read is None:
            continue
        text = _NOT_OF_A_NAME.sub("", read.value)
        if name == "person":
            person = _PERSON.match(text)
            text = "" if person is None else person.group()
        if text:
            start = read.value.index(text)
            return FieldRead(text, read.char_scores[start : start + len(text)], read.quad, read.pieces)
    return None


def _numbers(lines: Sequence[Line]) -> tuple[list[FieldRead], list[FieldRead]]:
    """Credit codes and ID card numbers, each once, in the order in which they stand."""
    codes: dict[str, FieldRead] = {}
    cards: dict[str, FieldRead] = {}
    for read in _found(lines, _NUMBER):
        text = read.value
        as_card = text[:17].translate(_DIGITS) + text[17:].upper().translate(_DIGITS)
        as_code = text.upper().translate(_NO_LETTERS)
        is_card = is_id_number(as_card) or (as_card[:17].isdigit() and not is_credit_code(as_code))
        kept, value = (cards, as_card) if is_card else (codes, as_code)
        if value not in kept or read.score > kept[value].score:
            kept[value] = FieldRead(value, read.char_scores, read.quad)
    return list(codes.values()), list(cards.values())


def _domains(lines: Sequence[Line]) -> Iterator[FieldRead]:
    told: set[str] = set()
    for read in _found(lines, _DOMAIN):
        value = read.value.lower().removeprefix("www.")
        if value not in told and "." in value:
            told.add(value)
            yield FieldRead(value, read.char_scores, read.quad)


def _found(lines: Sequence[Line], shape: re.Pattern[str]) -> Iterator[FieldRead]:
    for line in lines:
        for match in shape.finditer(line.text):
            read = field_of([line.part(match.start(), match.end())])
            if read is not None:
                yield read


def _joined(values: Sequence[FieldRead]) -> FieldRead:
    """Values as one field: the box is the first one's, the score the surest value's."""
    surest = max(values, key=lambda value: value.score)
    return FieldRead(" ".join(value.value for value in values), surest.char_scores, values[0].quad)


def date_in(line: Line) -> FieldRead | None:
    """The day that a line of hand-writing or print gives, as ISO date with its characters' probabilities."""
    kept = [i for i, character in enumerate(line.text) if not character.isspace()]
    text = _LEANING_ONE.sub("1", _SPOILT_YEAR.sub("年", "".join(line.text[i] for i in kept)))
    match = _DATE_TEXT.search(text)
    if match is None:
        return None
    day = parse_date(match.group().translate(_HAND_DIGITS).replace("、", "."))
    if day is None:
        return None
    scores = tuple(line.scores[kept[i]] for i in range(match.start(), len(text)) if text[i] not in "年月日.-/·:、")
    if _NO_DAY_WORD.search(text):
        scores = (*scores, 0.0)
    return FieldRead(day.isoformat(), scores or (0.0,), line.quad)


def box(left: float, top: float, right: float, bottom: float) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    """A level rectangle, clockwise from the top left."""
    return np.array([[left, top], [right, top], [right, bottom], [left, bottom]], np.float32)
