"""港澳居民居住证 and 台湾居民居住证, the side with the title: valid for five years."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from verify_svc.certificate.dates import parse_date
from verify_svc.certificate.kinds import CertificateKind
from verify_svc.certificate.terms import years_between
from verify_svc.document.layouts import id_card_emblem
from verify_svc.document.layouts.layout import CARD_ASPECT, Layout, Telling
from verify_svc.document.layouts.numbers import NumberShape, find_number
from verify_svc.document.reader import FieldRead, Line

_TERM_YEARS = 5
# The number of the travel permit that the holder has besides: told, not relied upon.
_PERMIT = NumberShape(
    re.compile(r"(?<![0-9A-Z.])[HM]?[0-9]{8}(?:[0-9]{2})?(?![0-9A-Z.])"), lambda number: True, digits=0, checked=False
)


def fields_of(lines: Sequence[Line]) -> Mapping[str, FieldRead]:
    """What the lines say; a field that wasn't found is left out."""
    found = dict(id_card_emblem.fields_of(lines))
    permit = find_number([line for line in lines if "." not in line.text], _PERMIT)
    return found if permit is None else {**found, "permit_number": permit}


def _is_possible(values: Mapping[str, str]) -> bool:
    start, end = parse_date(values["valid_from"]), parse_date(values["valid_until"])
    return start is not None and end is not None and years_between(start, end) == _TERM_YEARS


LAYOUT = Layout(
    kind=CertificateKind.RESIDENCE_PERMIT_EMBLEM,
    tells=Telling(
        title=re.compile(r"港澳(?:台)?居民居住证|台湾居民居住证"),
        looks_like=(CertificateKind.ID_CARD_PORTRAIT,),  # as its own other side does, until the number is read
    ),
    fields=("authority", "valid_from", "valid_until", "permit_number"),
    required=("valid_from", "valid_until"),
    fields_of=fields_of,
    must_be_sure=("valid_from", "valid_until"),
    possible=_is_possible,
    aspects=(CARD_ASPECT,),
    small=True,
)
