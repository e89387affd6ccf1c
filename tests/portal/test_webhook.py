"""Webhooks: signed, once, in any order."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from standardwebhooks.webhooks import Webhook
from werkzeug.test import TestResponse

from tests.portal.conftest import WEBHOOK_SECRET, Visitor
from tests.portal.fake_service import FakeService


def send(
    portal: Flask, kind: str, notice_id: str, session_id: str = "vs_1", secret: str = WEBHOOK_SECRET, age_s: int = 0
) -> TestResponse:
    sent = datetime.now(UTC) - timedelta(seconds=age_s)
    body = json.dumps(
        {"type": f"verification_session.{kind}", "timestamp": sent.isoformat(), "data": {"id": session_id}}
    )
    return sent_as_signed(portal, body, notice_id, sent, secret)


def sent_as_signed(
    portal: Flask, body: str, notice_id: str, sent: datetime, secret: str = WEBHOOK_SECRET
) -> TestResponse:
    headers = {
        "webhook-id": notice_id,
        "webhook-timestamp": str(int(sent.timestamp())),
        "webhook-signature": Webhook(secret).sign(notice_id, sent, body),
    }
    return portal.test_client().post("/webhooks/verify-svc", data=body, headers=headers)


def test_a_signed_event_makes_the_portal_read_the_session(
    visitor: Visitor, portal: Flask, service: FakeService
) -> None:
    visitor.open()
    service.move("vs_1", "needs_review")
    assert send(portal, "needs_review", "msg_1").status_code == 204
    service.away = True
    assert "人工核对中" in visitor.get("/").text


def test_a_wrong_signature_is_refused(visitor: Visitor, portal: Flask, service: FakeService) -> None:
    visitor.open()
    service.move("vs_1", "verified")
    assert send(portal, "verified", "msg_1", secret="whsec_YW5vdGhlciBzZWNyZXQgYWx0b2dldGhlcg==").status_code == 400
    service.away = True
    assert "核验通过" not in visitor.get("/").text


def test_an_old_event_is_refused(visitor: Visitor, portal: Flask) -> None:
    visitor.open()
    assert send(portal, "verified", "msg_1", age_s=3600).status_code == 400


@pytest.mark.parametrize(
    "body", ["[]", "1", "null", '"text"', "{}", '{"data": []}', '{"data": {"id": "vs_1"}}', "no json"]
)
def test_a_signed_body_that_is_no_event_is_refused(portal: Flask, body: str) -> None:
    assert sent_as_signed(portal, body, "msg_1", datetime.now(UTC)).status_code == 400


def test_the_same_event_twice_is_one_line_of_the_time_line(visitor: Visitor, portal: Flask) -> None:
    path = visitor.open()
    assert [send(portal, "opened", "msg_1").status_code for _ in range(2)] == [204, 204]
    assert visitor.get(f"{path}/progress").text.count('data-event="verification_session.opened"') == 1


def test_events_out_of_order_neither_turn_the_status_back_nor_mix_the_time_line(
    visitor: Visitor, portal: Flask, service: FakeService
) -> None:
    path = visitor.open()
    service.move("vs_1", "verified")
    assert send(portal, "verified", "msg_2").status_code == 204
    assert send(portal, "processing", "msg_1", age_s=60).status_code == 204
    page = visitor.get(f"{path}/progress").text
    assert 'data-page="progress" data-status="verified"' in page
    assert page.index("session.processing") < page.index("session.verified")


def test_an_event_that_could_not_be_followed_up_is_asked_for_again(
    visitor: Visitor, portal: Flask, service: FakeService
) -> None:
    path = visitor.open()
    service.away = True
    assert send(portal, "opened", "msg_1").status_code == 503
    service.away = False
    assert send(portal, "opened", "msg_1").status_code == 204
    assert 'data-event="verification_session.opened"' in visitor.get(f"{path}/progress").text


def test_an_event_about_an_unknown_session_is_taken_quietly(portal: Flask) -> None:
    assert send(portal, "opened", "msg_1", session_id="vs_unknown").status_code == 204


def test_a_signature_or_a_body_that_cannot_be_read_is_refused(portal: Flask) -> None:
    now = str(int(datetime.now(UTC).timestamp()))
    client = portal.test_client()
    for signature, body in (("v1", b"{}"), ("v1,!!", b"{}"), ("v1,a,b", b"{}"), ("v1,AAAA", b"\xff\xfe")):
        headers = {"webhook-id": "a", "webhook-timestamp": now, "webhook-signature": signature}
        assert client.post("/webhooks/verify-svc", data=body, headers=headers).status_code == 400
