"""The steps of a session, their slots, and which of them are asked for."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from verify_svc.certificate.kinds import ID_CARD, PAGES, WITH_PORTRAIT
from verify_svc.session.filing import Certificate, Expected


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


_FIXED: Mapping[StepName, tuple[str, ...]] = {
    StepName.CONSENT: (),
    StepName.PHONE: (),
    StepName.FACE: ("clip",),
    StepName.FORMS: ("verification_form", "commitment_letter"),
}


def certificate_of(step: StepName, expected: Expected) -> Certificate | None:
    """The certificate that the step asks for; None for another step, and where none was entered."""
    match step:
        case StepName.SUBJECT_DOCUMENT:
            return expected.subject.certificate
        case StepName.PERSON_DOCUMENT:
            return expected.responsible_person.certificate
        case StepName.LEGAL_PERSON_DOCUMENT if expected.subject.legal_person is not None:
            return expected.subject.legal_person.certificate
        case _:
            return None


def pages_of(step: StepName, expected: Expected) -> Mapping[str, str]:
    """What is photographed for the step, by slot: kinds of picture. Empty for what is no certificate's step.

    Of a person whose certificate wasn't entered the ID card is asked for.
    """
    if step in _FIXED:
        return {}
    certificate = certificate_of(step, expected)
    return PAGES[ID_CARD if certificate is None else certificate.kind]


def slots_of(step: StepName, expected: Expected) -> tuple[str, ...]:
    """The step's places for files, in the order in which they are asked for."""
    return _FIXED[step] if step in _FIXED else tuple(pages_of(step, expected))


def kind_of_slot(step: StepName, slot: str, expected: Expected) -> str:
    """What is to be seen in that slot: a kind of certificate, a kind of form, or `clip`."""
    return pages_of(step, expected).get(slot, slot)


def holder_slot(step: StepName, expected: Expected) -> str | None:
    """The slot of a certificate that names its holder: its first page. None for what is no certificate's step."""
    return next(iter(pages_of(step, expected)), None)


def portrait_slot(step: StepName, expected: Expected) -> str | None:
    """The slot whose picture shows the holder's portrait; None where the certificate has none."""
    slot = holder_slot(step, expected)
    return slot if slot is not None and kind_of_slot(step, slot, expected) in WITH_PORTRAIT else None


def steps_asked(wanted: tuple[StepName, ...], expected: Expected) -> tuple[StepName, ...]:
    """Those wanted that this filing can have, in telling order.

    Consent and phone are always asked for. An individual has no `subject_document` where one certificate serves both,
    and only a unit has a legal representative.
    """
    asked = {StepName.CONSENT, StepName.PHONE, *wanted}
    if expected.one_certificate_for_both:
        asked.discard(StepName.SUBJECT_DOCUMENT)
    if expected.subject.legal_person is None:
        asked.discard(StepName.LEGAL_PERSON_DOCUMENT)
    return tuple(step for step in StepName if step in asked)
