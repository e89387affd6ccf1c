"""居民身份证, the side with the portrait."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from verify_svc.certificate.dates import parse_date
from verify_svc.certificate.kinds import CertificateKind
from verify_svc.certificate.numbers import birth_date_in, is_id_number, is_known_province, sex_in
from verify_svc.certificate.peoples import PEOPLES
from verify_svc.document.layouts.layout import CARD_ASPECT, Agreement, Layout, Telling
from verify_svc.document.layouts.numbers import NumberShape, find_number
from verify_svc.document.layouts.rows import Row, continued, labelled, rows_of
from verify_svc.document.reader import FieldRead, Line, field_of

NUMBER = NumberShape(re.compile(r"[0-9OoIl]{17}[0-9OoIlXx×]"), is_id_number, digits=17)

_LABELS = re.compile(r"姓\s*名|性\s*别|民\s*族|出\s*生|住\s*址|公民身份号码|公民身份号|身份号码")
_SEX = re.compile(r"[男女]")
_NAME = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff·•]{2,}")
_PEOPLE = re.compile(r"[\u3400-\u9fff]{1,8}")
_PORTRAIT_FROM = 0.69  # of the way from the labels' left edge to the number's right edge


def fields_of(lines: Sequence[Line]) -> Mapping[str, FieldRead]:
    """What the lines say; a field that wasn't found is left out."""
    found: dict[str, FieldRead] = {}
    number = find_number(lines, NUMBER)
    if number is not None:
        found["number"] = number
    rows = rows_of(_beside_portrait(lines, number))
    marks = labelled(rows, _LABELS)
    for mark in marks:
        kind = mark.label[0]
        whole = mark.field()
        if kind == "住" and whole is not None:
            address = field_of(continued(mark.value, rows, mark.row, _LABELS))
            found.setdefault("address", address if address is not None else whole)
        elif whole is None:
            continue
        elif kind == "姓":
            _keep(found, "name", mark.value, _NAME)
        elif kind == "性":
            _keep(found, "sex", mark.value, _SEX)
        elif kind == "民":
            _keep(found, "nationality", mark.value, _PEOPLE)
        elif kind == "出":
            _keep_birth_date(found, mark.value)
    if "name" not in found:
        _keep_unlabelled_name(found, rows, marks[0].row if marks else 0)
    return found


def _beside_portrait(lines: Sequence[Line], number: FieldRead | None) -> list[Line]:
    """The lines that are not printed over or under the portrait."""
    if number is None or not lines:
        return list(lines)
    # Beside the card may lie its other side: where the labels begin, the card does.
    labels = [line.left for line in lines if _LABELS.match(line.text)] or [line.left for line in lines]
    left, right = min(labels), float(number.quad[:, 0].max())
    limit = left + _PORTRAIT_FROM * (right - left)
    return [line for line in lines if line.left < limit and line.middle < float(number.quad[:, 1].max())]


def _keep(found: dict[str, FieldRead], name: str, value: Sequence[Line], shape: re.Pattern[str]) -> None:
    row = Row(tuple(value))
    match = shape.search(row.text.replace(" ", "\u3000") if name != "name" else row.text)
    if match is not None:
        part = field_of(row.between(match.start(), match.end()))
        if part is not None:
            found.setdefault(name, part)


def _keep_birth_date(found: dict[str, FieldRead], value: Sequence[Line]) -> None:
    whole = field_of(value)
    day = parse_date(whole.value) if whole is not None else None
    if whole is not None and day is not None:
        found.setdefault("birth_date", FieldRead(day.isoformat(), whole.char_scores, whole.quad))


def _keep_unlabelled_name(found: dict[str, FieldRead], rows: Sequence[Row], first_labelled: int) -> None:
    """The name, when its own label was not read: the row right above the first one with a label."""
    if first_labelled > 0:
        text = rows[first_labelled - 1].text
        match = re.fullmatch(r"[姓名\s]{0,2}([\u3400-\u9fff·]{2,12})", text)
        if match is not None:
            part = field_of(rows[first_labelled - 1].between(match.start(1), match.end(1)))
            if part is not None:
                found["name"] = part


def agreements(values: Mapping[str, str]) -> Sequence[Agreement]:
    """Birth date, sex and province: as printed, and as the number says."""
    number = values["number"]
    born = birth_date_in(number)
    return (
        Agreement(
            "birth_date_agrees",
            "birth_date",
            born is not None and values.get("birth_date") == born.isoformat(),
            "birth_date_inconsistent",
        ),
        Agreement("sex_agrees", "sex", values.get("sex") == sex_in(number), "sex_inconsistent"),
        Agreement("province_known", None, is_known_province(number), "id_number_province_unknown"),
    )


LAYOUT = Layout(
    kind=CertificateKind.ID_CARD_PORTRAIT,
    tells=Telling(
        cues=(r"公民身份号", r"身份号码", r"^性别|性别[男女]", r"民族", r"^住址", r"^出生|出生[12]"),
        least=2,  # guessed
        number_tells=NUMBER,
        rank=1,
    ),
    fields=("name", "sex", "nationality", "birth_date", "address", "number"),
    required=("name", "number"),
    fields_of=fields_of,
    numbers=(NUMBER,),
    number_reason="id_number_check_digit_invalid",
    agreements=agreements,
    few_words={"sex": frozenset("男女"), "nationality": PEOPLES},
    aspects=(CARD_ASPECT,),
    small=True,
    number_lowest=True,
)
