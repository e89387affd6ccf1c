"""Passports and official travel documents (ICAO 9303, formats TD3 and TD2): zone and visual part, which must agree.

The zone's check digits can't tell G from 6, S from 8 and B from 1: the number counts where the visual part has it too.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence

from verify_svc.certificate.dates import parse_english_dates
from verify_svc.certificate.kinds import CertificateKind
from verify_svc.certificate.mrz import names_in, parse_data_line, with_fillers
from verify_svc.document.layouts.layout import PASSPORT_ASPECT, Layout, Telling
from verify_svc.document.layouts.numbers import NumberShape, find_number
from verify_svc.document.reader import FieldRead, Line, field_of

_FILLER = "<〈＜‹くヘへ丶Λ∧＾^"  # as `with_fillers` knows them, but for the double ones
_LETTERS, _DIGITS = str.maketrans("01", "OI"), str.maketrans("OIl", "011")
_DATA_LINE = re.compile(
    r"([A-Z0-9<]{9})([0-9OIl])([A-Z01<]{3})([0-9OIl]{6})([0-9OIl])([MFX<])([0-9OIl]{6})([0-9OIl])([A-Z0-9<]{1,20})"
)
_RAW_DATA_LINE = re.compile(
    rf"[A-Z0-9{_FILLER}]{{9}}[0-9OIl][A-Z01{_FILLER}]{{3}}[0-9OIl]{{7}}[MFX{_FILLER}][0-9OIl]{{7}}"
    rf"[A-Z0-9«《{_FILLER}]{{1,20}}$"
)
_NAME_LINE = re.compile(r"^[PIAC][A-Z<][A-Z0<]{3}[A-Z01]{1,}.*<<")
_LATIN = re.compile(r"[A-Z][A-Z'’.,\- ]+")
_COMMA_NAME = re.compile(r"[A-Z]+\s*[,，.]\s*[A-Z]+")
_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff·•]{2,}")
_LOOKALIKES = str.maketrans("OI", "01")
_SEXES = {"M": "男", "F": "女"}
_LEAST_SCORE = 0.5  # of a character, as for all numbers
_NAME_ABOVE = 3.0  # line heights from the Latin name up to the Chinese one


def _as_data_line(text: str) -> str:
    """The line in the zone's alphabet: fillers as such, letters and digits where the format has one or the other."""
    plain = with_fillers(text)
    match = _DATA_LINE.match(plain)
    if match is None:
        return plain
    number, check, nation, born, born_check, sex, expires, expires_check, rest = match.groups()
    optional, last = rest[:-2], rest[-2:].translate(_DIGITS)
    if nation.translate(_LETTERS) == "CHN":  # whose numbers have neither O nor I, and whose optional data are letters
        number, optional = number.translate(_DIGITS), optional.translate(_LETTERS)
    digits = [part.translate(_DIGITS) for part in (check, born, born_check, expires, expires_check)]
    head = f"{number}{digits[0]}{nation.translate(_LETTERS)}{digits[1]}{digits[2]}{sex}{digits[3]}{digits[4]}"
    return head + optional + last


def _holds(line: str) -> bool:
    data = parse_data_line(line)
    return data is not None and data.holds


ZONE = NumberShape(_RAW_DATA_LINE, _holds, digits=0, written=_as_data_line)


def fields_of(lines: Sequence[Line]) -> Mapping[str, FieldRead]:
    """What zone and visual part say; `number` is the zone's whole data line until it is settled."""
    found: dict[str, FieldRead] = {}
    visual = [line for line in lines if not _is_zone(line)]
    names = next((line for line in lines if _is_name_line(_plain(line))), None)
    found |= _names(names, visual) if names is not None else _printed_name(visual)
    zone = find_number(lines, ZONE)
    told = told_by_zone(zone, lines) if zone is not None else {}
    return {**found, **told, "number": zone} if zone is not None and told else found


def told_by_zone(zone: FieldRead, lines: Sequence[Line]) -> dict[str, FieldRead]:
    """What the zone's data line says; days have the box of where they are printed, too."""
    data = parse_data_line(zone.value)
    if data is None:
        return {}
    found = {"mrz": zone}
    visual = [line for line in lines if not _is_zone(line)]
    found["nationality"] = FieldRead(data.nationality, zone.char_scores[10:13], zone.quad)
    found["sex"] = FieldRead(_SEXES.get(data.sex, data.sex), zone.char_scores[20:21], zone.quad)
    ends = () if data.expiry_day is None else (data.expiry_day,)
    for field, days in (("birth_date", data.birth_days), ("valid_until", ends)):
        if days:
            found[field] = _printed(days, visual, zone)
    return found


def _printed(days: Sequence[dt.date], visual: Sequence[Line], zone: FieldRead) -> FieldRead:
    """The first of the days that is printed as well, else the first by the zone alone."""
    for day in days:
        for line in visual:
            if day in parse_english_dates(line.text):
                return FieldRead(day.isoformat(), line.scores, line.quad)
    return FieldRead(days[0].isoformat(), zone.char_scores, zone.quad)


def _names(zone: Line, visual: Sequence[Line]) -> dict[str, FieldRead]:
    """The name in Latin letters, as printed where the zone agrees; on Chinese passports the name in characters too."""
    text = _plain(zone)
    text = re.sub("[^A-Z<]", "", text.translate(_LETTERS))
    latin, scores = names_in(text), zone.scores[5 : 5 + len(names_in(text))]
    found = FieldRead(latin, scores, zone.quad)
    at: Line | None = None
    for line in visual:
        printed = re.sub(r"[,，.]+", " ", line.text.upper())
        if _letters(printed) == _letters(latin) and _LATIN.fullmatch(printed.strip()):
            found, at = FieldRead(" ".join(printed.split()), line.scores, line.quad), line
    if text[2:5] != "CHN":
        return {"name": found}
    beside = _above(at, visual) if at is not None else None
    return {"latin_name": found} if beside is None else {"name": beside, "latin_name": found}


def _printed_name(visual: Sequence[Line]) -> dict[str, FieldRead]:
    """The name of a Chinese passport where the zone's line of names wasn't read: LIN,ZHIXIA under 林知夏."""
    for line in visual:
        if _COMMA_NAME.fullmatch(line.text.strip()) and (beside := _above(line, visual)) is not None:
            latin = " ".join(re.findall("[A-Z]+", line.text))
            return {"name": beside, "latin_name": FieldRead(latin, line.scores, line.quad)}
    return {}


def _above(latin: Line, visual: Sequence[Line]) -> FieldRead | None:
    """The name in characters: right above the one in letters, or in front of it."""
    near = [
        (line, match)
        for line in visual
        if 0.3 * latin.height < latin.middle - line.middle < _NAME_ABOVE * latin.height
        and abs(line.left - latin.left) < 2 * latin.height
        and (match := _HAN.fullmatch(line.text.replace(" ", ""))) is not None
    ]
    if not near:
        return None
    return field_of([max(near, key=lambda item: item[0].middle)[0]])


def settled(number: FieldRead | None, how: str, lines: Sequence[Line]) -> tuple[FieldRead | None, str]:
    """The document number and how sure it is: only sure where the visual part has it, surely read, too.

    Where the parts differ in O and 0 or I and 1 alone, the visual part's reading counts if the zone's check digits
    hold with it: they see that difference.
    """
    if number is None:
        return None, how
    data = parse_data_line(number.value)
    if data is None:
        return None, "missing"
    scores = number.char_scores[: len(data.number)]
    alike = [
        word
        for line in lines
        if not _is_zone(line) and line.score >= _LEAST_SCORE
        for word in _words(line)
        if word.translate(_LOOKALIKES) == data.number.translate(_LOOKALIKES)
    ]
    if not alike:
        return FieldRead(data.number, scores, number.quad), "unsure"
    if how != "sure" and number.score >= _LEAST_SCORE:
        for word in alike:
            if _holds(number.value.replace(data.number, word, 1)):
                return FieldRead(word, scores, number.quad), "sure"
    doubtful = bool(re.search("[OI01]", data.number)) and how == "invalid"
    return FieldRead(data.number, scores, number.quad), "unsure" if doubtful else how


def _words(line: Line) -> Iterator[str]:
    """The line's words, and the whole without spaces."""
    text = line.text.upper()
    yield re.sub(r"[^0-9A-Z]", "", text)
    yield from re.findall(r"[0-9A-Z]+", text)


def _is_zone(line: Line) -> bool:
    text = _plain(line)
    return text.count("<") >= 4 or bool(_RAW_DATA_LINE.search(text))


def _is_name_line(text: str) -> bool:
    """A name has no figures; what is read as one is mostly an O or I."""
    return bool(_NAME_LINE.match(text)) and not re.search("[2-9]{2}", text) and not _RAW_DATA_LINE.search(text)


def _plain(line: Line) -> str:
    return with_fillers(line.text.replace(" ", ""))


def _letters(text: str) -> str:
    return re.sub(r"[^A-Z]", "", text.upper())


LAYOUT = Layout(
    kind=CertificateKind.PASSPORT,
    tells=Telling(
        title=re.compile(r"护照|PASSPORT|TRAVELDOCUMENT|^P[<A-Z][A-Z0<]{3}[A-Z0].*<<"),
        # A visa says PASSPORT too, of the one that it stands in; an identity card's zone has a line of the name alone,
        # which may begin with P.
        never=re.compile(r"^V[<A-Z][A-Z0<]{3}[A-Z0].*<<|^[IAC][A-Z<][A-Z<]{3}[A-Z<]*[0-9][A-Z0-9<]*<<"),
    ),
    fields=("name", "latin_name", "number", "nationality", "sex", "birth_date", "valid_until", "mrz"),
    required=("number",),
    fields_of=fields_of,
    numbers=(ZONE,),
    number_reason="mrz_check_digit_invalid",
    settled=settled,
    told_by_number=told_by_zone,
    aspects=(PASSPORT_ASPECT, 2 * 88 / 125),  # one page, or the book lying open
    small=True,
)
