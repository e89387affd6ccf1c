"""The PC's hand-off page over HTTP: known by its token, it shows the link and what the phone does."""

from __future__ import annotations

from typing import Any

import pytest

SAME = {"Sec-Fetch-Site": "same-origin"}


class Pc:
    """The hand-off page in the portal's frame."""

    def __init__(self, app: Any, token: str) -> None:
        self.client = app.test_client()
        self.headers = {"Authorization": f"Bearer {token}"}

    def get(self, path: str, **headers: str) -> Any:
        return self.client.get(f"/handoff/api{path}", headers={**self.headers, **headers})

    def post(self, path: str) -> Any:
        return self.client.post(f"/handoff/api{path}", headers=self.headers)


@pytest.fixture
def session(portal: Any, filing: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = portal.call("POST", "/verification_sessions", filing).json
    return found


@pytest.fixture
def pc(app: Any, session: dict[str, Any]) -> Pc:
    return Pc(app, session["handoff"]["url"].partition("#")[2])


def test_the_page_shows_the_link_that_the_portal_was_given(pc: Pc, session: dict[str, Any]) -> None:
    link = pc.get("/link").json
    assert link["url"] == session["url"]
    assert link["qr_svg"].startswith("<svg")
    assert link["expires_at"] == "2026-11-22T02:10:00Z"


def test_the_state_has_steps_but_no_uploads(pc: Pc) -> None:
    state = pc.get("/state").json
    assert state["link"]["state"] == "waiting"
    assert all(slot["upload"] is None for step in state["steps"] for slot in step["slots"])
    assert (state["portrait"], state["awaiting"]) == (False, "applicant")


def test_an_opened_link_shows_the_phone_and_the_code_is_gone(app: Any, pc: Pc) -> None:
    token = pc.get("/link").json["url"].partition("#")[2]
    body = {"token": token, "device": {"kind": "iPhone", "browser": "微信"}}
    app.test_client().post("/m/api/redeem", json=body, headers=SAME)
    link = pc.get("/state").json["link"]
    assert (link["state"], link["device"]) == ("opened", {"kind": "iPhone", "browser": "微信"})
    assert pc.get("/link").status_code == 404


def test_an_expired_code_is_refreshed_without_loss(pc: Pc, clock: Any) -> None:
    clock.advance(minutes=11)
    assert pc.get("/state").json["link"]["state"] == "expired"
    fresh = pc.post("/link")
    assert fresh.status_code == 200
    assert pc.get("/link").json == fresh.json


def test_two_pcs_may_watch(app: Any, pc: Pc) -> None:
    other = Pc(app, pc.headers["Authorization"].partition(" ")[2])
    assert other.get("/state").json == pc.get("/state").json


def test_events_come_as_a_stream_and_by_polling(pc: Pc) -> None:
    events = pc.get("/events?after=0", Accept="application/json").json["events"]
    assert events
    assert f"id: {events[-1]['id']}\n" in pc.get("/events", Accept="text/event-stream").text


@pytest.mark.parametrize("change", [lambda t: t[:-1], lambda t: "x" + t, lambda t: t.partition(".")[0], lambda t: "é."])
def test_a_token_that_is_not_ours_opens_nothing(app: Any, pc: Pc, change: Any) -> None:
    token = change(pc.headers["Authorization"].partition(" ")[2])
    assert Pc(app, token).get("/state").status_code == 401


def test_a_token_opens_its_own_session_alone(app: Any, pc: Pc, portal: Any, filing: dict[str, Any]) -> None:
    other_id = portal.call("POST", "/verification_sessions", filing).json["id"]
    proof = pc.headers["Authorization"].rpartition(".")[2]
    assert Pc(app, f"{other_id}.{proof}").get("/state").status_code == 401


def test_there_is_no_portrait_before_a_face(pc: Pc) -> None:
    assert pc.get("/portrait").status_code == 404
