"""SMS that were not sent are shown to operators alone, and only where none is sent."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.http.test_console_api import PASSWORD, Operator
from verify_svc.flow.login import make_operator
from verify_svc.flow.services import Services
from verify_svc.http.app import Web, create_app


class RealSms:
    """An implementation that sends, and shows nothing."""

    def send(self, mobile: str, text: str) -> None:
        raise AssertionError("no test sends an SMS")


@pytest.fixture
def message(sms: Any) -> str:
    sms.send("13800005678", "验证码 123456")
    return "123456"


def entered(app: Any, services: Services) -> Operator:
    make_operator(services, "chen", PASSWORD)
    operator = Operator(app)
    assert operator.post("/login", {"name": "chen", "password": PASSWORD}).status_code == 200
    return operator


def test_an_operator_reads_the_codes(app: Any, services: Services, message: str) -> None:
    (shown,) = entered(app, services).get("/inbox").json["messages"]
    assert (shown["mobile"], message in shown["text"]) == ("13800005678", True)


def test_a_stranger_reads_none(app: Any, message: str) -> None:
    answer = Operator(app).get("/inbox")
    assert (answer.status_code, message in answer.text) == (401, False)


def test_a_portal_and_a_phone_read_none(app: Any, portal: Any, filing: dict[str, Any], message: str) -> None:
    session = portal.call("POST", "/verification_sessions", filing).json
    phone = app.test_client()
    token = session["url"].partition("#")[2]
    phone.post("/m/api/redeem", json={"token": token}, headers={"Sec-Fetch-Site": "same-origin"})
    for headers in ({}, {"Authorization": f"Bearer {portal.secret}"}):
        assert phone.get("/console/api/inbox", headers=headers).status_code == 401


def test_there_is_no_inbox_where_real_messages_leave(services: Services, web: Web, message: str) -> None:
    real = replace(services, sms=RealSms())
    operator = entered(create_app(real, web), real)
    assert operator.get("/inbox").status_code == 404
    assert operator.get("/me").json["inbox"] is False
