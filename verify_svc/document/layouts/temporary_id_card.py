"""临时居民身份证, the side with the holder's data: all on one side, valid for three months."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from verify_svc.certificate.dates import months_later, parse_date
from verify_svc.certificate.kinds import CertificateKind
from verify_svc.document.layouts import id_card_emblem, id_card_portrait
from verify_svc.document.layouts.layout import CARD_ASPECT, Layout, Telling
from verify_svc.document.reader import FieldRead, Line

_TERM_MONTHS = 3
_DAYS_OFF = 2  # a month's last days have no counterpart in each month


def fields_of(lines: Sequence[Line]) -> Mapping[str, FieldRead]:
    """What the lines say; a field that wasn't found is left out."""
    return {**id_card_emblem.fields_of(lines), **id_card_portrait.fields_of(lines)}


def _is_possible(values: Mapping[str, str]) -> bool:
    start, end = parse_date(values["valid_from"]), parse_date(values["valid_until"])
    return start is not None and end is not None and abs((end - months_later(start, _TERM_MONTHS)).days) <= _DAYS_OFF


LAYOUT = Layout(
    kind=CertificateKind.TEMPORARY_ID_CARD,
    tells=Telling(
        title=re.compile(r"临时居民身份证"),
        cues=(*id_card_portrait.LAYOUT.tells.cues, r"签发机关", r"有效期限", r"临时"),
        least=4,  # guessed: an ID card's and one of its other side
        number_tells=id_card_portrait.NUMBER,
        must=re.compile(r"签发机关|有效期限"),
        # Both sides of an ID card on one photograph have all of it, and the card's title besides.
        unless=re.compile(r"^居民身份证|共和国居民身份证|中华人民共和国"),
        rank=2,
        looks_like=(CertificateKind.ID_CARD_PORTRAIT, CertificateKind.ID_CARD_EMBLEM),
    ),
    fields=("name", "sex", "nationality", "birth_date", "address", "number", "authority", "valid_from", "valid_until"),
    required=("name", "number", "valid_from", "valid_until"),
    fields_of=fields_of,
    numbers=(id_card_portrait.NUMBER,),
    number_reason="id_number_check_digit_invalid",
    must_be_sure=("valid_from", "valid_until"),
    possible=_is_possible,
    agreements=id_card_portrait.agreements,
    aspects=(CARD_ASPECT,),
    small=True,
)
