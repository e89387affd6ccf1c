"""The applicant agrees, refuses, or asks for another way. All of it is limited: see `limits.WORDS`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from verify_svc.flow.handoff import phone_state
from verify_svc.flow.limits import WORDS, spend
from verify_svc.flow.record import APPLICANT, load, move, note, transact
from verify_svc.flow.refusal import FieldFault, Kind, Refusal
from verify_svc.flow.services import Services
from verify_svc.flow.views import PhoneState
from verify_svc.ports import PhoneRow, Transaction
from verify_svc.session.events import ConsentDeclined, ConsentGiven, LocaleChosen, OtherWayAsked, SessionEvent
from verify_svc.session.reasons import REASONS
from verify_svc.session.steps import StepName

LOCALES = ("zh-CN", "en")
WHYS = ("cannot_speak", "cannot_see", "cannot_be_filmed", "other")


def give_consent(services: Services, phone: PhoneRow, *, processing: bool, face: bool, version: str) -> PhoneState:
    """Refusals: INVALID unless both are given for the present version; CONFLICT."""
    if not (processing and face and version == services.policy.consent_version):
        raise _invalid("version", "Both consents are needed, for the version that is shown.")
    event = ConsentGiven(services.clock.now(), version)
    return _says(services, phone, event, "consent_given", {"version": version})


def decline_consent(services: Services, phone: PhoneRow) -> PhoneState:
    """An operator's task and an event for the portal; nothing is collected."""
    return _says(services, phone, ConsentDeclined(services.clock.now()), "consent_declined", {})


def ask_other_way(services: Services, phone: PhoneRow, *, step: str, why: str) -> PhoneState:
    """The step goes to an operator. `why` is one of `WHYS`. Refusals: CONFLICT, INVALID."""
    if step not in list(StepName):
        raise _invalid("step", "There is no such step.")
    if why not in WHYS:
        raise _invalid("why", f"One of {', '.join(WHYS)}.")
    event = OtherWayAsked(services.clock.now(), StepName(step), why)
    return _says(services, phone, event, "other_way_asked", {"step": step, "why": why})


def choose_locale(services: Services, phone: PhoneRow, locale: str) -> PhoneState:
    """`zh-CN` or `en`. Refusals: INVALID."""
    if locale not in LOCALES:
        raise _invalid("locale", f"One of {', '.join(LOCALES)}.")
    event = LocaleChosen(services.clock.now(), locale)
    return _says(services, phone, event, "locale_chosen", {"locale": locale})


def report_device(services: Services, phone: PhoneRow, *, reports: Sequence[str], user_agent_kind: str) -> None:
    """What the pre-flight saw (`camera_denied`…), kept in the audit trail. Refusals: INVALID."""
    if any(code not in REASONS or REASONS[code].group != "device" for code in reports):
        raise _invalid("reports", "Codes of the device group alone.")

    def story(tx: Transaction) -> None:
        load(tx, phone.session_id)
        spend(tx, WORDS, phone.session_id, services.clock.now())
        detail = {"reports": list(reports), "user_agent_kind": user_agent_kind}
        note(tx, phone.session_id, services.clock.now(), APPLICANT, "device_reported", detail)

    transact(services, story)


def _says(services: Services, phone: PhoneRow, event: SessionEvent, what: str, detail: Mapping[str, str]) -> PhoneState:
    def story(tx: Transaction) -> None:
        spend(tx, WORDS, phone.session_id, event.at)
        move(services, tx, phone.session_id, event, who=APPLICANT, what=what, detail=detail)

    transact(services, story)
    return phone_state(services, phone)


def _invalid(field: str, message: str) -> Refusal:
    return Refusal(Kind.INVALID, "validation_failed", faults=(FieldFault(field, "validation_failed", message),))
