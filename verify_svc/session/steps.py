"""The steps of a session, their slots, and which of them are asked for."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from verify_svc.session.filing import Expected


class StepName(StrEnum):
    """The steps, in the order in which people are told of them."""

    CONSENT = "consent"
    PHONE = "phone"
    SUBJECT_DOCUMENT = "subject_document"
    PERSON_DOCUMENT = "person_document"
    LEGAL_PERSON_DOCUMENT = "legal_person_document"
    FACE = "face"
    FORMS = "forms"


class StepState(StrEnum):
    """How a step stands."""

    OPEN = "open"
    PROCESSING = "processing"
    PASSED = "passed"
    FAILED = "failed"
    IN_REVIEW = "in_review"


SLOTS: Mapping[StepName, tuple[str, ...]] = {
    StepName.CONSENT: (),
    StepName.PHONE: (),
    StepName.SUBJECT_DOCUMENT: ("page",),
    StepName.PERSON_DOCUMENT: ("portrait", "emblem"),
    StepName.LEGAL_PERSON_DOCUMENT: ("portrait", "emblem"),
    StepName.FACE: ("clip",),
    StepName.FORMS: ("verification_form", "commitment_letter"),
}

CARD_SLOTS: Mapping[str, str] = {"portrait": "id_card_portrait", "emblem": "id_card_emblem"}


def kind_of_slot(step: StepName, slot: str, expected: Expected) -> str:
    """What is to be seen in that slot: a kind of certificate, a kind of form, or `clip`."""
    if step is StepName.SUBJECT_DOCUMENT:
        return expected.subject.certificate.kind
    return CARD_SLOTS.get(slot, slot)


def steps_asked(wanted: tuple[StepName, ...], expected: Expected) -> tuple[StepName, ...]:
    """Those wanted that this filing can have, in telling order.

    Consent and phone are always asked for. An individual with an ID card has no `subject_document` (the one card
    serves both), and only a unit has a legal representative.
    """
    asked = {StepName.CONSENT, StepName.PHONE, *wanted}
    if expected.one_card_for_both:
        asked.discard(StepName.SUBJECT_DOCUMENT)
    if expected.subject.legal_person is None:
        asked.discard(StepName.LEGAL_PERSON_DOCUMENT)
    return tuple(step for step in StepName if step in asked)
