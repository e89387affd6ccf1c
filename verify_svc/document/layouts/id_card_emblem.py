"""居民身份证, the side with the emblem."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from verify_svc.certificate.dates import LONG_TERM, parse_date, parse_dates, says_long_term
from verify_svc.certificate.kinds import CertificateKind
from verify_svc.certificate.terms import is_term
from verify_svc.document.layouts.layout import CARD_ASPECT, Layout, Telling
from verify_svc.document.layouts.rows import continued, labelled, rows_of
from verify_svc.document.reader import FieldRead, Line, field_of

_LABELS = re.compile(r"签\s*发\s*机\s*关|有\s*效\s*期\s*限")
_DATES = re.compile(r"[12][0-9]{3}[.年\-·:]?[0-9]{1,2}[.月\-·:]?[0-9]{1,2}.{0,3}(?:长期|长|[12][0-9]{3}|永久)")


def fields_of(lines: Sequence[Line]) -> Mapping[str, FieldRead]:
    """What the lines say; a field that wasn't found is left out."""
    found: dict[str, FieldRead] = {}
    rows = rows_of(lines)
    for mark in labelled(rows, _LABELS):
        if mark.label.startswith("签"):
            authority = field_of(continued(mark.value, rows, mark.row, _LABELS, most=1))
            if authority is not None:
                found.setdefault("authority", authority)
        else:
            _keep_validity(found, mark.field())
    if "valid_from" not in found:
        for line in lines:  # the label was not read: the line says what it is
            if _DATES.search(line.text.replace(" ", "")):
                _keep_validity(found, field_of([line]))
    return found


def _keep_validity(found: dict[str, FieldRead], whole: FieldRead | None) -> None:
    """Both ends of `whole`, as ISO dates or `long_term`; each has the box of the line."""
    if whole is None:
        return
    dates = parse_dates(whole.value)
    if dates:
        found.setdefault("valid_from", FieldRead(dates[0].isoformat(), whole.char_scores, whole.quad))
    if len(dates) > 1:
        found.setdefault("valid_until", FieldRead(dates[1].isoformat(), whole.char_scores, whole.quad))
    elif says_long_term(whole.value):
        found.setdefault("valid_until", FieldRead(LONG_TERM, whole.char_scores, whole.quad))


def _is_possible(values: Mapping[str, str]) -> bool:
    """Whether an ID card can be valid from the one day to the other."""
    start, end = parse_date(values["valid_from"]), parse_date(values["valid_until"])
    return start is not None and (end is not None or values["valid_until"] == LONG_TERM) and is_term(start, end)


LAYOUT = Layout(
    kind=CertificateKind.ID_CARD_EMBLEM,
    tells=Telling(
        cues=(r"居民身份证", r"签发机关", r"有效期限", r"中华人民共和国"),
        least=2,  # guessed
    ),
    fields=("authority", "valid_from", "valid_until"),
    required=("valid_from", "valid_until"),
    fields_of=fields_of,
    must_be_sure=("valid_from", "valid_until"),
    possible=_is_possible,
    aspects=(CARD_ASPECT,),
    small=True,
)
