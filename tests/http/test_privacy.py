"""A made-up identity goes through every call; not one log line may hold any part of it, nor a secret."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from structlog.testing import LogCapture

from verify_svc.flow import handoff
from verify_svc.flow.open import read_session

SAME = {"Sec-Fetch-Site": "same-origin"}
NAME = "金丝雀"
NUMBER = "110101199003070011"
MOBILE = "13800005678"


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Iterator[list[Any]]:
    capture = LogCapture()
    before = structlog.get_config()["processors"]
    structlog.configure(processors=[structlog.contextvars.merge_contextvars, capture])
    caplog.set_level(logging.DEBUG)
    try:
        yield capture.entries
    finally:
        structlog.configure(processors=before)


def test_no_log_line_holds_personal_data_or_secrets(
    app: Any, portal: Any, filing: dict[str, Any], sms: Any, lines: list[Any], caplog: pytest.LogCaptureFixture
) -> None:
    session = portal.call("POST", "/verification_sessions", filing).json
    token = session["url"].partition("#")[2]
    client_token = session["handoff"]["url"].partition("#")[2]
    phone = app.test_client()
    redeemed = phone.post("/m/api/redeem", json={"token": token}, headers=SAME)
    version = redeemed.json["consent"]["version"]
    phone.post("/m/api/consent", json={"processing": True, "face": True, "version": version}, headers=SAME)
    phone.post("/m/api/phone", json={"mobile": "13900001111"}, headers=SAME)
    phone.post("/m/api/phone", json={"mobile": MOBILE}, headers=SAME)
    code = sms.sent[0].text
    phone.post("/m/api/phone/code", json={"code": code[-6:]}, headers=SAME)
    phone.put("/m/api/steps/person_document/slots/portrait", data=b"not a picture", headers=SAME)
    # What people type into addresses is not logged either.
    phone.get(f"/{NAME}/{NUMBER}?mobile={MOBILE}")
    portal.call("GET", f"/verification_sessions?client_reference_id={NUMBER}")
    portal.call("POST", f"/verification_sessions/{session['id']}", {"site": {"name": NAME}})
    portal.call("POST", "/verification_sessions", {**filing, "metadata": {NAME: NUMBER}, NAME: MOBILE})
    app.test_client().get("/handoff/api/state", headers={"Authorization": f"Bearer {client_token}"})
    app.test_client().post("/console/api/login", json={"name": NAME, "password": NUMBER}, headers=SAME)

    written = f"{lines} {caplog.text}"
    assert "request" in written
    assert session["id"] in written
    cookie = redeemed.headers["Set-Cookie"].partition("=")[2].partition(";")[0]
    for secret in (NAME, NUMBER, MOBILE, "13900001111", token, client_token, portal.secret, cookie):
        assert secret not in written


def test_rows_and_views_hide_their_personal_data_from_repr(portal: Any, filing: dict[str, Any], services: Any) -> None:

    session_id = portal.call("POST", "/verification_sessions", filing).json["id"]
    view = read_session(services, portal.row, session_id)
    state = handoff.handoff_state(services, session_id)
    for shown in (repr(view), repr(state)):
        for secret in (NAME, NUMBER, MOBILE, view.client_token):
            assert secret not in shown
