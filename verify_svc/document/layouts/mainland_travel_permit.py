"""港澳居民来往内地通行证 and 台湾居民来往大陆通行证: the card's side with the portrait.

Its number has no check digit: it must be read twice.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from verify_svc.certificate.dates import parse_date
from verify_svc.certificate.kinds import CertificateKind
from verify_svc.document.layouts.layout import CARD_ASPECT, Layout, Telling
from verify_svc.document.layouts.numbers import NumberShape, find_number
from verify_svc.document.layouts.rows import Row, labelled, rows_of
from verify_svc.document.layouts.unit_fields import term_in
from verify_svc.document.reader import FieldRead, Line, field_of

# Hong Kong and Macao: H or M and 8 digits, older cards with two for the issue; Taiwan: 8 digits.
NUMBER = NumberShape(
    re.compile(r"(?<![0-9A-Z.])[HM]?[0-9]{8}(?:[0-9]{2})?(?![0-9A-Z.])"),
    lambda number: bool(re.fullmatch(r"[HM][0-9]{8}(?:[0-9]{2})?|[0-9]{8}", number)),
    digits=0,
    least_shape=3.0,
    checked=False,
)

_LABELS = re.compile(
    r"姓\s*名|性\s*别|出\s*生\s*日\s*期|有\s*效\s*期\s*限?|签\s*发\s*机\s*关|签\s*发\s*地\s*点?|证\s*件\s*号\s*码?|号\s*码"
    r"|换\s*证\s*次\s*数|签\s*发\s*次\s*数"
)
_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff·•]{2,}")
_LATIN = re.compile(r"[A-Z][A-Z\-']+\s*[,，.]\s*[A-Z][A-Z\-' ]*")
_TERM = re.compile(r"[12][0-9]{3}[.年\-·][0-9]{1,2}[.月\-·][0-9]{1,2}日?.{1,3}[12][0-9]{3}")


def fields_of(lines: Sequence[Line]) -> Mapping[str, FieldRead]:
    """What the lines say; a field that wasn't found is left out."""
    found: dict[str, FieldRead] = {}
    rows = rows_of(lines)
    beside: list[Line] = []
    for mark in labelled(rows, _LABELS):
        whole = mark.field()
        if whole is None:
            continue
        text = Row(mark.value).text
        if mark.label.startswith("姓"):
            name = _HAN.search(text.replace(" ", "\u3000"))
            if name is not None:
                part = field_of(Row(mark.value).between(name.start(), name.end()))
                found |= {"name": part} if part is not None else {}
        elif mark.label.startswith("性") and (sex := re.search("[男女]", text)) is not None:
            part = field_of(Row(mark.value).between(sex.start(), sex.end()))
            found |= {"sex": part} if part is not None else {}
        elif mark.label.startswith("出") and (day := parse_date(text)) is not None:
            found["birth_date"] = FieldRead(day.isoformat(), whole.char_scores, whole.quad)
        elif mark.label.startswith("有效"):
            found |= term_in(whole)
        elif mark.label == "签发机关":
            found["authority"] = whole
        elif "号" in mark.label:
            beside += mark.value
    for line in lines:
        if "valid_until" not in found and _TERM.search(line.text.replace(" ", "")):
            found |= term_in(FieldRead(line.text.replace(" ", ""), line.scores, line.quad))
        if "latin_name" not in found and _LATIN.fullmatch(line.text.strip()):
            found["latin_name"] = FieldRead(re.sub(r"\s*[,，.]\s*", ", ", line.text.strip()), line.scores, line.quad)
    number = find_number(beside, NUMBER) or find_number(lines, NUMBER)
    return found if number is None else {**found, "number": number}


LAYOUT = Layout(
    kind=CertificateKind.MAINLAND_TRAVEL_PERMIT,
    tells=Telling(title=re.compile(r"(?:港澳居民)?来往内地通行证|(?:台湾居民)?来往大陆通行证")),
    fields=("name", "latin_name", "sex", "birth_date", "number", "authority", "valid_from", "valid_until"),
    required=("name", "number"),
    fields_of=fields_of,
    numbers=(NUMBER,),
    aspects=(CARD_ASPECT,),
    small=True,
)
