"""Webhooks leave from the outbox."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from verify_svc.flow.record import transact
from verify_svc.flow.refusal import conflict, not_found
from verify_svc.flow.services import Services
from verify_svc.ports import ApiKeyRow, DeliveryRow, EventRow, JobKind, Passing, Permanent, Transaction

RETRY_AFTER = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(hours=1),
    timedelta(hours=5),
    timedelta(hours=18),
)
"""After the first try and each later one; then it is kept as failed until it is sent again by hand."""


def deliver(services: Services, job_id: str) -> None:
    """The durable job: send one webhook once, and set the next try."""
    delivery_id, _, attempt = job_id.partition(".")
    with services.store.read() as tx:
        delivery = tx.deliveries.get(delivery_id)
        event = None if delivery is None else tx.events.get(delivery.event_id)
    if delivery is None or event is None or delivery.state != "waiting" or delivery.attempts >= int(attempt):
        return
    status = _send(services, delivery, event)
    transact(services, lambda tx: _record(services, tx, delivery_id, status))


def resend(services: Services, api_key: ApiKeyRow, delivery_id: str) -> DeliveryRow:
    """Send it again now. Refusals: NOT_FOUND, CONFLICT while one waits."""

    def story(tx: Transaction) -> DeliveryRow:
        delivery = tx.deliveries.get(delivery_id)
        session = None if delivery is None else tx.sessions.get(delivery.session_id)
        if delivery is None or session is None or session.api_key_id not in tx.api_keys.of_portal(api_key):
            raise not_found("webhook delivery")
        if delivery.state == "waiting":
            raise conflict("It waits to be delivered already.")
        now = services.clock.now()
        again = replace(delivery, state="waiting", next_at=now, updated_at=now)
        tx.deliveries.save(again)
        services.jobs.enqueue(tx, JobKind.DELIVER, f"{delivery.id}.{delivery.attempts + 1}")
        return again

    return transact(services, story)


def queue_due(services: Services, tx: Transaction, now: datetime, limit: int) -> None:
    """Queue the tries whose time has come; the same try again changes nothing."""
    for delivery in tx.deliveries.due(now, limit):
        services.jobs.enqueue(tx, JobKind.DELIVER, f"{delivery.id}.{delivery.attempts + 1}")
        # Out of sight while the job has it; looked at again should the job be lost.
        tx.deliveries.save(replace(delivery, next_at=now + RETRY_AFTER[0]))


def _send(services: Services, delivery: DeliveryRow, event: EventRow) -> int | None:
    body = json.dumps(webhook_body(event), ensure_ascii=False, separators=(",", ":"))
    try:
        return services.webhooks.send(
            delivery.url, delivery.id, services.clock.now(), body, services.policy.webhook_secrets
        )
    except (Passing, Permanent):
        return None


def webhook_body(event: EventRow) -> dict[str, Any]:
    """The webhook's body (Standard Webhooks): that something happened; the portal reads the session for what."""
    return {
        "id": f"evt_{event.id}",
        "type": event.type,
        "timestamp": event.at.isoformat(),
        "livemode": event.livemode,
        "data": json.loads(event.data),
    }


def _record(services: Services, tx: Transaction, delivery_id: str, status: int | None) -> None:
    delivery = tx.deliveries.get(delivery_id)
    if delivery is None or delivery.state != "waiting":
        return
    now = services.clock.now()
    made = replace(delivery, attempts=delivery.attempts + 1, last_status=status, updated_at=now)
    if status is not None and 200 <= status < 300:
        made = replace(made, state="delivered", next_at=None)
    elif made.attempts > len(RETRY_AFTER):
        made = replace(made, state="failed", next_at=None)
    else:
        made = replace(made, next_at=now + RETRY_AFTER[made.attempts - 1])
    tx.deliveries.save(made)
