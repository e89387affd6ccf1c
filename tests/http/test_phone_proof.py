"""A phone agrees and proves its number; what else it says on the way."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.http.phone import MOBILE, Phone, code_in, photograph, step
from verify_svc.flow.consent import WHYS
from verify_svc.flow.limits import Limit


def test_consent_needs_both_boxes_for_the_version_shown(phone: Phone) -> None:
    version = phone.get("/state").json["consent"]["version"]
    assert phone.post("/consent", {"processing": True, "face": False, "version": version}).status_code == 422
    assert phone.post("/consent", {"processing": True, "face": True, "version": "older"}).status_code == 422
    state = phone.post("/consent", {"processing": True, "face": True, "version": version}).json
    assert state["consent"]["given"] is True
    assert step(state, "consent")["state"] == "passed"


def test_declining_is_an_operators_task(phone: Phone) -> None:
    state = phone.post("/consent/decline", {}).json
    assert state["consent"]["declined"] is True
    assert state["awaiting"] == "operator"


def test_a_wrong_number_is_refused_before_an_sms_is_spent(agreed: Phone, sms: Any) -> None:
    answer = agreed.post("/phone", {"mobile": "13900000000"})
    assert (answer.status_code, answer.json["code"], answer.json["tries_left"]) == (422, "phone_number_mismatch", 4)
    assert sms.sent == []


def test_the_number_is_proved_by_the_code(agreed: Phone, sms: Any) -> None:
    state = agreed.post("/phone", {"mobile": "138 0000 5678"}).json
    assert state["phone"]["code_sent"] is True
    assert state["phone"]["hint"] == "138****5678"
    wrong = agreed.post("/phone/code", {"code": "000000"})
    assert (wrong.status_code, wrong.json["code"], wrong.json["tries_left"]) == (422, "phone_code_wrong", 4)
    assert step(agreed.post("/phone/code", {"code": code_in(sms)}).json, "phone")["state"] == "passed"


def test_codes_are_limited_and_the_answer_says_until_when(agreed: Phone) -> None:
    agreed.post("/phone", {"mobile": MOBILE})
    answer = agreed.post("/phone", {"mobile": MOBILE})
    assert (answer.status_code, answer.json["code"]) == (429, "phone_code_too_many")
    assert answer.json["retry_at"].endswith("Z")
    assert int(answer.headers["Retry-After"]) > 0


def test_nothing_is_collected_before_consent(phone: Phone) -> None:
    answer = phone.put("/steps/person_document/slots/portrait", photograph())
    assert answer.status_code == 409


def test_events_tell_that_something_changed(proved: Phone) -> None:
    events = proved.get("/events", Accept="application/json").json["events"]
    assert events
    assert all(set(event) == {"id", "type", "step"} for event in events)
    assert events[-1]["id"] == proved.get("/state").json["last_event_id"]


def test_the_language_is_kept(phone: Phone) -> None:
    assert phone.post("/locale", {"locale": "en"}).json["session"]["locale"] == "en"
    assert phone.post("/locale", {"locale": "fr"}).status_code == 422


@pytest.mark.parametrize("why", WHYS)
def test_the_other_way_goes_to_an_operator(proved: Phone, why: str) -> None:
    state = proved.post("/other_way", {"step": "face", "why": why}).json
    assert step(state, "face")["state"] == "in_review"


def test_a_device_report_is_taken(phone: Phone) -> None:
    body = {"reports": ["camera_denied"], "user_agent_kind": "iPhone"}
    assert phone.post("/device", body).status_code == 204
    assert phone.post("/device", {**body, "reports": ["nonsense"]}).status_code == 422


def test_writes_without_end_are_refused_with_the_time_to_come_back(
    phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("verify_svc.flow.handoff.WRITES", Limit("write", 3, timedelta(days=1)))
    answers = [phone.post("/locale", {"locale": "en"}) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert (answers[-1].json["code"], answers[-1].json["retry_at"][-1]) == ("rate_limited", "Z")
    assert int(answers[-1].headers["Retry-After"]) > 0
    assert phone.get("/state").status_code == 200
