"""What runs out by itself: links, sessions, late webhooks, old counters, what retention has ended."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from verify_svc.flow.deliver import queue_due
from verify_svc.flow.record import SERVICE, move, transact
from verify_svc.flow.refusal import Refusal
from verify_svc.flow.retain import purge
from verify_svc.flow.services import Services
from verify_svc.ports import Transaction
from verify_svc.session.events import Expired

_AT_ONCE = 50
_FORGET_EVERY = timedelta(hours=1)
_PURGE_EVERY = timedelta(hours=20)
"""Once a day, less than the counters' own life: what claimed the last one must be remembered."""
_COUNTERS_KEPT = timedelta(days=1)
_IDEMPOTENCY_KEPT = timedelta(days=1)
_MESSAGES_KEPT = timedelta(days=1)


def sweep(services: Services) -> None:
    """Called every second or so by a worker. A link expires by its time alone and needs no hand."""
    now = services.clock.now()
    with services.store.read() as tx:
        expired = [row.id for row in tx.sessions.expired(now, _AT_ONCE)]
        due = bool(tx.deliveries.due(now, 1))
    for session_id in expired:
        transact(services, partial(_expire, services, session_id))
    if due:
        transact(services, lambda tx: queue_due(services, tx, now, _AT_ONCE))
    if _is_time_for(services, "forget", _FORGET_EVERY):
        transact(services, lambda tx: _forget(services, tx))
    if _is_time_for(services, "purge", _PURGE_EVERY):
        purge(services)


def _is_time_for(services: Services, chore: str, every: timedelta) -> bool:
    """Whether no worker has done it for so long; the one that is told so does it."""
    name, now = f"chore:{chore}", services.clock.now()
    with services.store.read() as tx:
        if tx.counters.count(name, now - every):
            return False

    def claim(tx: Transaction) -> bool:
        if tx.counters.count(name, now - every):
            return False
        tx.counters.hit(name, now)
        return True

    return transact(services, claim)


def _expire(services: Services, session_id: str, tx: Transaction) -> None:
    row = tx.sessions.get(session_id)
    now = services.clock.now()
    if row is None or row.closed_at is not None or row.expires_at > now:
        return
    try:
        move(services, tx, session_id, Expired(now), who=SERVICE, what="expired")
    except Refusal:
        # Closed by somebody in between.
        return


def _forget(services: Services, tx: Transaction) -> None:
    now = services.clock.now()
    tx.counters.forget(now - _COUNTERS_KEPT)
    tx.idempotency.forget(now - _IDEMPOTENCY_KEPT)
    tx.messages.forget(now - _MESSAGES_KEPT)
