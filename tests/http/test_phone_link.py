"""A phone takes up a session: the link, the cookie, what it then sees, and when that ends."""

from __future__ import annotations

import re
from typing import Any

from flask.testing import FlaskClient

from tests.http.phone import SAME, Phone, photograph, step


def test_a_tap_redeems_the_link_and_the_cookie_is_the_phones_alone(app: Any, token: str) -> None:
    phone = Phone(app.test_client())
    assert phone.get("/state").status_code == 401
    answer = phone.post("/redeem", {"token": token, "device": {"kind": "Android", "browser": "Chrome"}})
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/m/api/" in cookie
    assert answer.json == phone.get("/state").json
    assert token not in answer.text


def test_the_cookie_is_secure_over_https(app: Any, token: str) -> None:
    answer = app.test_client().post(
        "/m/api/redeem", json={"token": token}, headers=SAME, base_url="https://verify.example"
    )
    assert "Secure" in answer.headers["Set-Cookie"]


def test_the_state_has_the_shape_that_the_pages_read(phone: Phone) -> None:
    state = phone.get("/state").json
    assert list(state) == [
        "session",
        "provider",
        "subject",
        "consent",
        "phone",
        "steps",
        "awaiting",
        "review",
        "decision",
        "last_event_id",
    ]
    assert list(state["session"]) == ["id", "status", "reference", "locale", "expires_at", "created_at"]
    assert state["consent"]["retention_days"] == {"media": 30, "record": 180}
    assert [each["name"] for each in state["steps"]] == ["consent", "phone", "person_document", "face", "forms"]
    card = step(state, "person_document")
    assert [slot["name"] for slot in card["slots"]] == ["portrait", "emblem"]
    assert card["attempts"]["locked_until"] is None
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", state["session"]["expires_at"])


def test_opening_the_page_redeems_nothing(client: FlaskClient, token: str, app: Any) -> None:
    client.get("/m/")
    assert Phone(app.test_client()).post("/redeem", {"token": token}).status_code == 200


def test_a_second_phone_is_refused_and_the_pc_is_told(app: Any, phone: Phone, token: str, portal: Any) -> None:
    second = Phone(app.test_client()).post("/redeem", {"token": token})
    assert (second.status_code, second.json["code"]) == (409, "link_already_used")
    session_id = phone.get("/state").json["session"]["id"]
    session = portal.call("GET", f"/verification_sessions/{session_id}").json
    client_token = session["handoff"]["url"].partition("#")[2]
    headers = {"Authorization": f"Bearer {client_token}"}
    assert app.test_client().get("/handoff/api/state", headers=headers).json["link"]["refused_at"] is not None


def test_the_same_phone_may_tap_again(phone: Phone, token: str) -> None:
    assert phone.post("/redeem", {"token": token}).status_code == 200


def test_an_old_link_is_over(app: Any, token: str, clock: Any) -> None:
    clock.advance(minutes=11)
    answer = Phone(app.test_client()).post("/redeem", {"token": token})
    assert (answer.status_code, answer.json["code"]) == (410, "link_expired")


def test_a_phone_that_was_replaced_is_told_so(app: Any, phone: Phone, portal: Any) -> None:
    session_id = phone.get("/state").json["session"]["id"]
    fresh = portal.call("POST", f"/verification_sessions/{session_id}/refresh_link").json["url"].partition("#")[2]
    assert Phone(app.test_client()).post("/redeem", {"token": fresh}).status_code == 200
    answer = phone.get("/state")
    assert (answer.status_code, answer.json["code"]) == (401, "link_already_used")


def test_another_phone_sees_nothing_of_what_was_photographed_before_it_has_proved_the_number(
    app: Any, portal: Any, proved: Phone, clock: Any
) -> None:
    sent = proved.put("/steps/person_document/slots/portrait", photograph(), X_Capture="camera")
    assert sent.status_code == 201
    picture = f"/uploads/{sent.json['id']}/picture"
    assert proved.get(picture).status_code == 200
    session_id = proved.get("/state").json["session"]["id"]
    clock.advance(seconds=1)
    fresh = portal.call("POST", f"/verification_sessions/{session_id}/refresh_link").json["url"].partition("#")[2]
    other = Phone(app.test_client())
    shown = other.post("/redeem", {"token": fresh, "device": {"kind": "Android", "browser": "Chrome"}})
    assert shown.status_code == 200
    for state in (shown.json, other.get("/state").json):
        assert all(slot["upload"] is None for step in state["steps"] for slot in step["slots"])
    for path in (picture, picture.removesuffix("/picture"), "/face/stills/0"):
        assert (other.get(path).status_code, other.get(path).json["code"]) == (409, "conflict")
    assert other.put("/steps/person_document/slots/portrait", photograph(2)).status_code == 409


def test_the_cookie_ends_on_the_phone_when_it_ends_here(app: Any, token: str, clock: Any) -> None:
    phone = Phone(app.test_client())
    cookie = phone.post("/redeem", {"token": token}).headers["Set-Cookie"]
    assert "Expires=Mon, 23 Nov 2026 02:00:00 GMT" in cookie
    value = cookie.partition("=")[2].partition(";")[0]
    clock.advance(hours=25)
    phone.client.set_cookie("verify_phone", value, path="/m/api/")
    assert (phone.get("/state").status_code, phone.get("/state").json["code"]) == (401, "unauthorized")


def test_a_canceled_session_says_so_to_the_phone(phone: Phone, portal: Any) -> None:
    session_id = phone.get("/state").json["session"]["id"]
    portal.call("POST", f"/verification_sessions/{session_id}/cancel")
    assert phone.get("/state").json["session"]["status"] == "canceled"
    answer = phone.post("/locale", {"locale": "en"})
    assert (answer.status_code, answer.json["code"]) == (410, "session_canceled")
