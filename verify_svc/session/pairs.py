"""What two papers say together: a card's two sides, and whether the person may act for the unit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from verify_svc.certificate.dates import LONG_TERM
from verify_svc.certificate.kinds import ID_CARD
from verify_svc.certificate.numbers import birth_date_in, is_id_number
from verify_svc.certificate.terms import term_fits_age
from verify_svc.session.comparing import LIMITS
from verify_svc.session.events import FieldRead
from verify_svc.session.finding import Finding, Outcome
from verify_svc.session.letter import judge_authorization
from verify_svc.session.rulepack import RulePack
from verify_svc.session.state import Judged, Session, Slot
from verify_svc.session.steps import StepName, certificate_of, holder_slot


def judge_pairs(session: Session, name: StepName, pack: RulePack) -> Iterator[tuple[str, Finding]]:
    """The findings that need two papers, or a paper and the entry; each with the slot under which it is told."""
    if name in (StepName.PERSON_DOCUMENT, StepName.LEGAL_PERSON_DOCUMENT):
        portrait, emblem = (_judged(session, name, slot) for slot in ("portrait", "emblem"))
        certificate = certificate_of(name, session.expected)
        is_card = certificate is None or certificate.kind == ID_CARD
        if is_card and portrait is not None and emblem is not None:
            yield "emblem", judge_sides(portrait.fields, emblem.fields)
    slot = holder_slot(name, session.expected)
    if name is StepName.PERSON_DOCUMENT and slot is not None and _judged(session, name, slot) is not None:
        authorization = judge_authorization(session, pack)
        if authorization is not None:
            yield slot, authorization


def judge_sides(portrait: Mapping[str, FieldRead], emblem: Mapping[str, FieldRead]) -> Finding:
    """Whether the emblem side's term is one that the holder of the portrait side can have, by the fields read of each.

    A card of the wrong age gives another's emblem side away; that the ages fit proves little, and the issuing
    authority proves nothing: people move, and no county keeps its name.
    """
    number = _value(portrait, "number")
    start, end = _value(emblem, "valid_from"), _value(emblem, "valid_until")
    born = birth_date_in(number) if number is not None and is_id_number(number) else None
    first, last = _day(start), _day(end)
    if born is None or first is None or (last is None and end != LONG_TERM):
        return Finding("sides_agree", Outcome.NOT_CHECKED)
    if term_fits_age(born, first, last):
        return Finding("sides_agree", Outcome.PASS)
    return Finding("sides_agree", Outcome.FAIL, ("document_sides_mismatch",))


def _judged(session: Session, name: StepName, slot: str) -> Judged | None:
    step = session.steps.get(name)
    return None if step is None else step.slots.get(slot, Slot()).judged


def _value(fields: Mapping[str, FieldRead], field: str) -> str | None:
    read = fields.get(field, FieldRead(None))
    return read.value if (read.score or 0.0) >= LIMITS.number_score else None


def _day(value: str | None) -> date | None:
    try:
        return None if value is None else date.fromisoformat(value)
    except ValueError:
        return None
