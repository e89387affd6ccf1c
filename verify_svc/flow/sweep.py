"""What runs out by itself: links, sessions, late webhooks, old counters."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from verify_svc.flow.deliver import queue_due
from verify_svc.flow.record import SERVICE, move, transact
from verify_svc.flow.refusal import Refusal
from verify_svc.flow.services import Services
from verify_svc.ports import Transaction
from verify_svc.session.events import Expired

_AT_ONCE = 50
_COUNTERS_KEPT = timedelta(days=1)
_IDEMPOTENCY_KEPT = timedelta(days=1)


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
    if now.minute == 0 and now.second == 0:
        transact(services, lambda tx: _forget(services, tx))


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
