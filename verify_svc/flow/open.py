"""A portal opens, reads, corrects and cancels a verification session."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from verify_svc.flow.entered import check_entered
from verify_svc.flow.handoff import new_link
from verify_svc.flow.messages import decision_message
from verify_svc.flow.phone import plain_mobile
from verify_svc.flow.portal_view import entered, listed_view, session_view
from verify_svc.flow.record import SERVICE, closed_refusal, load, move, note, of_key, pack_of, save_new, transact
from verify_svc.flow.refusal import FieldFault, Kind, Refusal, conflict
from verify_svc.flow.services import Services
from verify_svc.flow.tokens import new_id, new_reference
from verify_svc.flow.views import SessionView
from verify_svc.ports import ApiKeyRow, IdempotencyRow, Passing, Permanent, SessionRow, Taken, Transaction
from verify_svc.session.comparing import day_in_shanghai
from verify_svc.session.events import Canceled, DataCorrected, RedoAsked
from verify_svc.session.filing import Expected, Person
from verify_svc.session.session import opened
from verify_svc.session.state import Session
from verify_svc.session.steps import StepName

SHORTEST = timedelta(minutes=10)
LONGEST = timedelta(days=30)
_PAGE = 100


def open_session(
    services: Services,
    api_key: ApiKeyRow,
    expected: Expected,
    *,
    client_reference_id: str | None = None,
    metadata: Mapping[str, str] | None = None,
    steps: Sequence[str] | None = None,
    locale: str | None = None,
    return_url: str | None = None,
    expires_in: timedelta | None = None,
    idempotency_key: str | None = None,
    request_hash: str = "",
) -> SessionView:
    """Open a session and its first hand-off link.

    `request_hash` is the hex SHA-256 of the request's body. Refusals: INVALID with a fault per field (numbers whose
    check digit is wrong, kinds that can't be read yet, an individual with another responsible person, one mobile
    shared by different people…), CONFLICT `idempotency_key_reused`.
    """
    expected = _plain(expected)
    now = services.clock.now()
    check_entered(expected, services.pack, day_in_shanghai(now))
    wanted = _wanted(services, expected, steps)
    lives = services.policy.session_lives if expires_in is None else expires_in
    if not SHORTEST <= lives <= LONGEST:
        raise _invalid("expires_in", f"From {SHORTEST} to {LONGEST}.")
    session = opened(
        new_id(services, "vs_"),
        expected,
        wanted,
        services.pack,
        created_at=now,
        expires_at=now + lives,
        client_reference_id=client_reference_id,
        metadata=metadata,
        return_url=return_url,
        locale=locale,
    )
    row = _row(services, api_key, session)

    def story(tx: Transaction) -> SessionView:
        if idempotency_key is not None:
            used = tx.idempotency.get(api_key.id, idempotency_key)
            if used is not None:
                return _again(services, tx, used, request_hash)
            tx.idempotency.add(IdempotencyRow(api_key.id, idempotency_key, request_hash, session.id, now))
        save_new(services, tx, row, session, f"portal:{api_key.id}")
        new_link(services, tx, session.id)
        return session_view(services, tx, row, session)

    try:
        return transact(services, story)
    except Taken:
        # The same request came twice at once: the other one has made the session.
        return transact(services, story)


def read_session(services: Services, api_key: ApiKeyRow, session_id: str) -> SessionView:
    """Refusals: NOT_FOUND, also for a session of another portal, or of the other mode."""
    with services.store.read() as tx:
        return session_view(services, tx, *of_key(tx, api_key, session_id))


def list_sessions(
    services: Services,
    api_key: ApiKeyRow,
    *,
    status: str | None = None,
    client_reference_id: str | None = None,
    starting_after: str | None = None,
    limit: int = 20,
) -> tuple[Sequence[SessionView], bool]:
    """A page, newest first, and whether there is more."""
    limit = max(1, min(limit, _PAGE))
    with services.store.read() as tx:
        rows = tx.sessions.page(
            api_key_ids=tx.api_keys.of_portal(api_key),
            status=status,
            query=client_reference_id,
            before_id=starting_after,
            limit=limit + 1,
        )
        return [listed_view(services, tx, *load(tx, row.id)) for row in rows[:limit]], len(rows) > limit


def correct_session(services: Services, api_key: ApiKeyRow, session_id: str, expected: Expected) -> SessionView:
    """Replace the entered data while `requires_input`; what was read is compared again.

    Refusals: INVALID, CONFLICT, NOT_FOUND.
    """
    expected = _plain(expected)

    def story(tx: Transaction) -> SessionView:
        _, before = of_key(tx, api_key, session_id)
        check_entered(expected, pack_of(services, before), day_in_shanghai(services.clock.now()))
        event = DataCorrected(services.clock.now(), expected)
        detail = {"version": before.expected_version + 1, "before": entered(before.expected)}
        move(services, tx, session_id, event, who=f"portal:{api_key.id}", what="data_corrected", detail=detail)
        return session_view(services, tx, *load(tx, session_id))

    return transact(services, story)


def cancel_session(services: Services, api_key: ApiKeyRow, session_id: str) -> SessionView:
    """Refusals: CONFLICT when the session was decided, GONE when it has ended otherwise, NOT_FOUND."""

    def story(tx: Transaction) -> SessionView:
        _, before = of_key(tx, api_key, session_id)
        if before.closed:
            raise closed_refusal(before)
        move(services, tx, session_id, Canceled(services.clock.now()), who=f"portal:{api_key.id}", what="canceled")
        return session_view(services, tx, *load(tx, session_id))

    return transact(services, story)


def request_resubmission(
    services: Services, api_key: ApiKeyRow, session_id: str, step: str, comment: str
) -> SessionView:
    """The portal asks the applicant to redo a step; told by SMS. Refusals: CONFLICT, NOT_FOUND, INVALID."""
    if step not in list(StepName):
        raise _invalid("step", "There is no such step.")

    def story(tx: Transaction) -> tuple[SessionView, SessionRow, Session]:
        of_key(tx, api_key, session_id)
        who = f"portal:{api_key.id}"
        event = RedoAsked(services.clock.now(), who, (StepName(step),), "redo_requested", "", comment)
        move(services, tx, session_id, event, who=who, what="redo_asked", detail={"step": step})
        row, session = load(tx, session_id)
        return session_view(services, tx, row, session), row, session

    view, row, session = transact(services, story)
    tell_by_sms(services, row, session, "redo", comment)
    return view


def tell_by_sms(services: Services, row: SessionRow, session: Session, kind: str, message: str) -> None:
    """Tell the responsible person what was decided (`approve`, `decline`, `redo`)."""
    mobile = session.expected.responsible_person.mobile
    if mobile is not None:
        locale = session.locale or "zh-CN"
        text = decision_message(kind, services.policy.provider_name, row.reference, message, locale)
        try:
            services.sms.send(mobile, text)
        except (Passing, Permanent):
            # What was decided stands; the pages tell it too.
            transact(services, lambda tx: note(tx, row.id, services.clock.now(), SERVICE, "sms_failed", {"kind": kind}))


def _again(services: Services, tx: Transaction, used: IdempotencyRow, request_hash: str) -> SessionView:
    if used.request_hash != request_hash:
        raise conflict("This Idempotency-Key was used with another body.", "idempotency_key_reused")
    return session_view(services, tx, *load(tx, used.session_id))


def _wanted(services: Services, expected: Expected, steps: Sequence[str] | None) -> tuple[StepName, ...]:
    if steps is None:
        return services.pack.steps[expected.subject.kind]
    unknown = [step for step in steps if step not in list(StepName)]
    if unknown or not steps:
        raise _invalid("steps", f"Some of {', '.join(StepName)}.")
    return tuple(StepName(step) for step in steps)


def _row(services: Services, api_key: ApiKeyRow, session: Session) -> SessionRow:
    return SessionRow(
        id=session.id,
        api_key_id=api_key.id,
        livemode=api_key.livemode,
        status=session.status.value,
        reference=new_reference(services),
        client_reference_id=session.client_reference_id,
        created_at=session.created_at,
        expires_at=session.expires_at,
        updated_at=session.created_at,
        waiting_since=None,
        priority=0,
        claimed_by=None,
        claimed_until=None,
        closed_at=None,
        purged_at=None,
        version=1,
        state="",
    )


def _plain(expected: Expected) -> Expected:
    """Mobile numbers as eleven digits, however they were typed."""
    subject = expected.subject
    lead = None if subject.lead is None else _plain_person(subject.lead)
    return replace(
        expected,
        subject=replace(subject, lead=lead),
        responsible_person=_plain_person(expected.responsible_person),
    )


def _plain_person(person: Person) -> Person:
    return person if person.mobile is None else replace(person, mobile=plain_mobile(person.mobile))


def _invalid(field: str, message: str) -> Refusal:
    return Refusal(Kind.INVALID, "validation_failed", faults=(FieldFault(field, "validation_failed", message),))
