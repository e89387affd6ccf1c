"""港澳居民居住证 and 台湾居民居住证, the side with the portrait: as an ID card's, with a number of 81, 82 or 83."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from verify_svc.certificate.kinds import CertificateKind
from verify_svc.certificate.numbers import is_id_number, is_residence_number
from verify_svc.document.layouts import id_card_portrait
from verify_svc.document.layouts.layout import CARD_ASPECT, Agreement, Layout, Telling
from verify_svc.document.layouts.numbers import NumberShape

_PATTERN = id_card_portrait.NUMBER.pattern


def agreements(values: Mapping[str, str]) -> Sequence[Agreement]:
    """As an ID card's, and that the number is one of such a permit."""
    number = values["number"]
    return (
        *id_card_portrait.agreements(values),
        Agreement("number_of_kind", None, is_residence_number(number), "id_number_province_unknown"),
    )


LAYOUT = Layout(
    kind=CertificateKind.RESIDENCE_PERMIT_PORTRAIT,
    tells=Telling(
        cues=(r"公民身份号", r"身份号码", r"^性别|性别[男女]", r"^住址", r"^出生|出生[12]"),
        least=3,  # guessed: with its number or all labels
        number_tells=NumberShape(_PATTERN, is_residence_number, digits=17),
        must=re.compile(r"8[123]0000(?:19|20)[0-9]{2}"),
        unless=re.compile(r"民族"),
        rank=2,
        looks_like=(CertificateKind.ID_CARD_PORTRAIT,),
    ),
    fields=("name", "sex", "birth_date", "address", "number"),
    required=("name", "number"),
    fields_of=id_card_portrait.fields_of,
    numbers=(NumberShape(_PATTERN, is_id_number, digits=17),),
    number_reason="id_number_check_digit_invalid",
    agreements=agreements,
    aspects=(CARD_ASPECT,),
    small=True,
    number_lowest=True,
)
