"""Every move of a session: the next state, its audit row, its events, webhooks and jobs, in one transaction."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar

from verify_svc.flow.refusal import Kind, Refusal, conflict, not_found
from verify_svc.flow.services import Services
from verify_svc.flow.tokens import new_id
from verify_svc.ports import ApiKeyRow, AuditRow, DeliveryRow, JobKind, SessionRow, StaleVersion, Transaction
from verify_svc.session.changes import PUBLIC, Change, changes, comparison_to_make
from verify_svc.session.codec import from_json, to_json
from verify_svc.session.events import SessionEvent
from verify_svc.session.reasons import CLOSING
from verify_svc.session.refused import NotAllowed
from verify_svc.session.rulepack import RulePack
from verify_svc.session.session import after
from verify_svc.session.state import Session, Status

T = TypeVar("T")

APPLICANT = "applicant"
SERVICE = "service"

_TRIES = 8
_LIMITED = frozenset({"too_many_attempts", "phone_code_too_many"})
_GONE: Mapping[Status, str] = {Status.CANCELED: "session_canceled", Status.EXPIRED: "session_expired"}


def transact(services: Services, story: Callable[[Transaction], T]) -> T:
    """Run the story in a write transaction, again when another one saved the same session in between."""
    for _ in range(_TRIES - 1):
        try:
            with services.store.begin() as tx:
                return story(tx)
        except StaleVersion:
            continue
    with services.store.begin() as tx:
        return story(tx)


def pack_of(services: Services, session: Session) -> RulePack:
    """The pack that the session is judged by."""
    return services.packs[f"{session.pack_id}/{session.pack_version}"]


def load(tx: Transaction, session_id: str) -> tuple[SessionRow, Session]:
    """The row and the session it holds. Refuses NOT_FOUND."""
    row = tx.sessions.get(session_id)
    if row is None or row.purged_at is not None:
        raise not_found("verification session")
    return row, from_json(Session, row.state)


def of_key(tx: Transaction, api_key: ApiKeyRow, session_id: str) -> tuple[SessionRow, Session]:
    """The session, if it is the portal's own: opened with a key of the same name and mode, so that a key can be
    replaced by another. Refuses NOT_FOUND.
    """
    row, session = load(tx, session_id)
    if row.api_key_id not in tx.api_keys.of_portal(api_key):
        raise not_found("verification session")
    return row, session


def move(
    services: Services,
    tx: Transaction,
    session_id: str,
    events: SessionEvent | Sequence[SessionEvent],
    *,
    who: str,
    what: str,
    detail: Mapping[str, Any] | None = None,
) -> Session:
    """Move the session by the events and record it. Refuses what the session does not allow."""
    return move_loaded(services, tx, *load(tx, session_id), events, who=who, what=what, detail=detail)


def move_loaded(
    services: Services,
    tx: Transaction,
    row: SessionRow,
    before: Session,
    events: SessionEvent | Sequence[SessionEvent],
    *,
    who: str,
    what: str,
    detail: Mapping[str, Any] | None = None,
) -> Session:
    """The same for a session that was loaded in this transaction."""
    pack = pack_of(services, before)
    session = before
    for event in events if isinstance(events, Sequence) else (events,):
        try:
            session = after(session, event, pack)
        except NotAllowed as fault:
            raise refusal_of(session, fault) from None
    now = services.clock.now()
    tx.sessions.save(_columns(row, session, now))
    tx.audit.append(AuditRow(session.id, now, who, what, json.dumps(detail or {}, ensure_ascii=False)))
    for change in changes(before, session):
        tell(services, tx, row, session, change)
    wanted = comparison_to_make(before, session)
    if wanted is not None:
        services.jobs.enqueue(tx, JobKind.COMPARE, ".".join(wanted))
    return session


def moved(
    services: Services,
    session_id: str,
    events: SessionEvent | Sequence[SessionEvent],
    *,
    who: str,
    what: str,
    detail: Mapping[str, Any] | None = None,
) -> Session:
    """`move` in a transaction of its own."""
    return transact(services, lambda tx: move(services, tx, session_id, events, who=who, what=what, detail=detail))


def save_new(services: Services, tx: Transaction, row: SessionRow, session: Session, who: str) -> None:
    """Record a session that was just opened."""
    tx.sessions.add(_columns(row, session, row.created_at))
    tx.audit.append(AuditRow(row.id, row.created_at, who, "opened", "{}"))
    tell(services, tx, row, session, Change(PUBLIC + "created"))


def note(tx: Transaction, session_id: str, at: datetime, who: str, what: str, detail: Mapping[str, Any]) -> None:
    """An audit row for what moved no session."""
    tx.audit.append(AuditRow(session_id, at, who, what, json.dumps(detail, ensure_ascii=False)))


def tell(services: Services, tx: Transaction, row: SessionRow, session: Session, change: Change) -> None:
    """Put an event in the outbox; a public one also as a webhook to deliver."""
    now = services.clock.now()
    step = None if change.step is None else change.step.value
    data = json.dumps(
        {
            "id": session.id,
            "object": "verification_session",
            "livemode": row.livemode,
            "status": session.status.value,
            "step": step,
            "client_reference_id": session.client_reference_id,
        },
        ensure_ascii=False,
    )
    event_id = tx.events.append(row.id, row.livemode, change.type, step, now, data)
    url = services.policy.webhook_url
    if url is not None and change.type.startswith(PUBLIC):
        delivery = DeliveryRow(new_id(services, "wd_"), event_id, row.id, url, "waiting", 0, now, None, now, now)
        tx.deliveries.add(delivery)
        services.jobs.enqueue(tx, JobKind.DELIVER, f"{delivery.id}.1")


def closed_refusal(session: Session) -> Refusal:
    """Why nothing more can be done in a closed session."""
    code = _GONE.get(session.status)
    return conflict("The session is closed.") if code is None else Refusal(Kind.GONE, code)


def refusal_of(session: Session, fault: NotAllowed) -> Refusal:
    """What the session does not allow, as a refusal."""
    if fault.code == "session_closed":
        return closed_refusal(session)
    if fault.code in _LIMITED:
        return Refusal(Kind.LIMITED, fault.code, retry_at=fault.retry_at)
    if fault.code == "challenge_expired":
        return Refusal(Kind.GONE, fault.code)
    return conflict("That can't be done in the present state.", fault.code)


def _columns(row: SessionRow, session: Session, now: datetime) -> SessionRow:
    """The row's query columns as the session stands; a claim ends when no operator is awaited any more."""
    waiting = session.waiting_since is not None
    return replace(
        row,
        status=session.status.value,
        expires_at=session.expires_at,
        updated_at=now,
        waiting_since=session.waiting_since,
        priority=_priority(session),
        claimed_by=row.claimed_by if waiting else None,
        claimed_until=row.claimed_until if waiting else None,
        closed_at=session.closed_at,
        state=to_json(session),
    )


_URGENT = frozenset({"presentation_attack_suspected", "capture_source_suspect", "media_reused"})


def _priority(session: Session) -> int:
    """2 where an attack is evident, 1 where one is suspected, else 0."""
    codes = {reason.code for step in session.steps.values() for reason in step.verdict.reasons}
    return 2 if codes & CLOSING else int(bool(codes & _URGENT))
