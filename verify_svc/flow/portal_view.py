"""A session as the portal's API shows it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from verify_svc.flow import show
from verify_svc.flow.handoff import client_token
from verify_svc.flow.record import pack_of
from verify_svc.flow.report import result_of
from verify_svc.flow.services import Services
from verify_svc.flow.views import AttemptsShown, LastError, SessionView, StepSummary
from verify_svc.ports import SessionRow, Transaction
from verify_svc.session.codec import to_plain
from verify_svc.session.filing import Expected
from verify_svc.session.rulepack import RulePack
from verify_svc.session.state import Session, Status
from verify_svc.session.steps import StepName, StepState


def session_view(services: Services, tx: Transaction, row: SessionRow, session: Session) -> SessionView:
    """The verification session object; `expected` in full (lists mask it)."""
    pack = pack_of(services, session)
    error = _last_error(session)
    return SessionView(
        id=session.id,
        livemode=row.livemode,
        status=session.status.value,
        steps=tuple(_steps(services, session)),
        awaiting=session.awaiting,
        can_retry=session.status is Status.REQUIRES_INPUT,
        attempts=_attempts(session, pack),
        client_reference_id=session.client_reference_id,
        metadata=session.metadata,
        expected=entered(session.expected),
        rule_pack_id=session.pack_id,
        rule_pack_version=session.pack_version,
        client_token=client_token(services, session.id),
        handoff=show.link(tx.links.latest(session.id), session, services),
        created_at=session.created_at,
        expires_at=session.expires_at,
        last_error=error,
        decision=show.decision(session),
        report_result=result_of(session).value,
        return_url=session.return_url,
        locale=session.locale,
        redaction_status=None if row.purged_at is None else "redacted",
        reference=row.reference,
        last_event_id=tx.events.last_id(session.id),
    )


def listed_view(services: Services, tx: Transaction, row: SessionRow, session: Session) -> SessionView:
    """The same for a list: `expected` is masked."""
    return replace(session_view(services, tx, row, session), expected=masked(session.expected))


def entered(expected: Expected) -> Mapping[str, Any]:
    """The entered data as nested JSON values."""
    plain: dict[str, Any] = to_plain(expected)
    return plain


def masked(expected: Expected) -> Mapping[str, Any]:
    """The same for lists: names, numbers and contacts masked."""
    plain = to_plain(expected)
    for person in (plain["responsible_person"], plain["subject"]["legal_person"], plain["subject"]["lead"]):
        if person is not None:
            _mask_person(person)
    if expected.subject.kind == "individual":
        plain["subject"]["name"] = show.masked_name(expected.subject.name)
        _mask_number(plain["subject"]["certificate"])
    masked_tree: dict[str, Any] = plain
    return masked_tree


def _mask_person(person: dict[str, Any]) -> None:
    person["name"] = show.masked_name(person["name"])
    if person["certificate"] is not None:
        _mask_number(person["certificate"])
    if person["mobile"] is not None:
        person["mobile"] = show.masked_mobile(person["mobile"])
    if person["email"] is not None:
        person["email"] = person["email"][:1] + "***" + person["email"][person["email"].find("@") :]


def _mask_number(certificate: dict[str, Any]) -> None:
    number = certificate["number"]
    certificate["number"] = number[:3] + "*" * max(0, len(number) - 5) + number[-2:]


def _steps(services: Services, session: Session) -> Iterator[StepSummary]:
    pack = pack_of(services, session)
    for name, step in session.steps.items():
        codes = tuple(dict.fromkeys(reason.code for reason in step.verdict.reasons))
        yield StepSummary(name.value, show.state_of(session, step).value, show.attempts(step, pack), codes)


def _attempts(session: Session, pack: RulePack) -> AttemptsShown:
    """Those of the step that has used most of them."""
    worst = max(session.steps.values(), key=lambda step: step.attempts.failures)
    return show.attempts(worst, pack)


def _last_error(session: Session) -> LastError | None:
    """The first reason of the first step that is to be redone."""
    for name, step in session.steps.items():
        if step.verdict.state is StepState.FAILED and step.verdict.reasons:
            reason = step.verdict.reasons[0]
            field = reason.field and _entered_field(name, reason.slot, reason.field)
            return LastError(f"{name.value}_failed", reason.code, field)
    return None


def _entered_field(name: StepName, slot: str | None, field: str) -> str:
    """Where the portal entered what a picture disagrees with."""
    if name is StepName.SUBJECT_DOCUMENT:
        owner = "subject"
    elif name is StepName.LEGAL_PERSON_DOCUMENT:
        owner = "subject.legal_person"
    else:
        owner = "responsible_person"
    paths = {"number": f"{owner}.certificate.number", "legal_person": "subject.legal_person.name"}
    return paths.get(field, f"{owner}.{field}")
