"""Webhooks leave the outbox, and come back to it when they fail."""

from __future__ import annotations

import json

import pytest

from tests.fakes.outside import AnsweredWebhooks, NotedJobs, SetClock
from tests.session.journey import a_unit
from verify_svc.flow.deliver import RETRY_AFTER, deliver, resend
from verify_svc.flow.open import open_session
from verify_svc.flow.refusal import Refusal
from verify_svc.flow.services import Services
from verify_svc.flow.sweep import sweep
from verify_svc.ports import ApiKeyRow, DeliveryRow, JobKind


@pytest.fixture
def delivery_id(services: Services, portal: ApiKeyRow, jobs: NotedJobs) -> str:
    """The delivery of a session's `created`."""
    open_session(services, portal, a_unit())
    return jobs.of(JobKind.DELIVER)[0].partition(".")[0]


def row(services: Services, delivery_id: str) -> DeliveryRow:
    with services.store.read() as tx:
        found = tx.deliveries.get(delivery_id)
    assert found is not None
    return found


def test_a_delivered_webhook_tells_no_personal_data(
    services: Services, delivery_id: str, webhooks: AnsweredWebhooks
) -> None:
    deliver(services, f"{delivery_id}.1")
    assert row(services, delivery_id).state == "delivered"
    body = json.loads(webhooks.bodies[0])
    assert (body["type"], body["data"]["status"]) == ("verification_session.created", "requires_input")
    assert "金丝雀" not in webhooks.bodies[0]


def test_a_replayed_job_sends_nothing_twice(services: Services, delivery_id: str, webhooks: AnsweredWebhooks) -> None:
    for _ in range(2):
        deliver(services, f"{delivery_id}.1")
    assert len(webhooks.bodies) == 1


def test_a_webhook_that_fails_is_tried_five_times_more_and_then_kept(
    services: Services, delivery_id: str, webhooks: AnsweredWebhooks, jobs: NotedJobs, clock: SetClock
) -> None:
    webhooks.answers = [None, 500, 404, None, 503, 500]
    deliver(services, f"{delivery_id}.1")
    for attempt, wait in enumerate(RETRY_AFTER, start=2):
        sweep(services)
        assert f"{delivery_id}.{attempt}" not in jobs.of(JobKind.DELIVER)
        clock.at += wait
        sweep(services)
        assert f"{delivery_id}.{attempt}" in jobs.of(JobKind.DELIVER)
        deliver(services, f"{delivery_id}.{attempt}")
    failed = row(services, delivery_id)
    assert (failed.state, failed.attempts, failed.last_status) == ("failed", 6, 500)


def test_a_failed_webhook_is_sent_again_by_hand(
    services: Services, portal: ApiKeyRow, delivery_id: str, webhooks: AnsweredWebhooks, clock: SetClock
) -> None:
    with pytest.raises(Refusal, match="conflict"):
        resend(services, portal, delivery_id)
    deliver(services, f"{delivery_id}.1")
    again = resend(services, portal, delivery_id)
    deliver(services, f"{delivery_id}.{again.attempts + 1}")
    assert len(webhooks.bodies) == 2
    assert row(services, delivery_id).state == "delivered"
