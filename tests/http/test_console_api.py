"""Operators over HTTP: login, queue, case, claim, decision."""

from __future__ import annotations

import io
from typing import Any

import pytest

from tests.flow.applicant import a_picture
from verify_svc.flow.login import make_operator
from verify_svc.flow.services import Services

SAME = {"Sec-Fetch-Site": "same-origin"}
PASSWORD = "correct horse battery"


class Operator:
    """A browser on an operator's PC."""

    def __init__(self, app: Any) -> None:
        self.client = app.test_client()

    def get(self, path: str) -> Any:
        return self.client.get(f"/console/api{path}")

    def post(self, path: str, body: Any = None) -> Any:
        return self.client.post(f"/console/api{path}", json=body or {}, headers=SAME)


@pytest.fixture
def operator(app: Any, services: Services) -> Operator:
    make_operator(services, "chen", PASSWORD)
    browser = Operator(app)
    assert browser.post("/login", {"name": "chen", "password": PASSWORD}).status_code == 200
    return browser


@pytest.fixture
def waiting(app: Any, portal: Any, filing: dict[str, Any]) -> str:
    """A session whose applicant declined consent: an operator's task."""
    session = portal.call("POST", "/verification_sessions", filing).json
    phone = app.test_client()
    phone.post("/m/api/redeem", json={"token": session["url"].partition("#")[2]}, headers=SAME)
    assert phone.post("/m/api/consent/decline", json={}, headers=SAME).status_code == 200
    return str(session["id"])


def test_a_login_gives_a_cookie_for_the_console_alone(app: Any, services: Services) -> None:
    make_operator(services, "chen", PASSWORD)
    answer = Operator(app).post("/login", {"name": "chen", "password": PASSWORD})
    cookie, browser = answer.headers.getlist("Set-Cookie")
    assert answer.json == {"operator": {"name": "chen"}}
    assert all(part in cookie for part in ("verify_console=", "HttpOnly", "SameSite=Strict", "Path=/console/api/;"))
    assert all(part in browser for part in ("HttpOnly", "SameSite=Strict", "Path=/console/api/login"))


def test_a_case_lists_the_portals_papers_and_shows_them(operator: Operator, portal: Any, waiting: str) -> None:
    sent = portal.client.post(
        f"/v1/verification_sessions/{waiting}/papers",
        data={"kind": "preapproval", "file": (io.BytesIO(a_picture()), "approval.jpg")},
        headers={"Authorization": f"Bearer {portal.secret}"},
    )
    (paper,) = operator.get(f"/cases/{waiting}").json["papers"]
    assert (paper["id"], paper["kind"], paper["state"]) == (sent.json["id"], "preapproval", "done")
    assert (paper["result"], paper["reasons"], paper["checks"]) == ("not_checked", [], {})
    picture = operator.client.get(paper["pictures"][0])
    assert (picture.mimetype, picture.headers["Cache-Control"]) == ("image/jpeg", "no-store")
    assert operator.get(f"/cases/{waiting}/papers/pp_none/pages/1").status_code == 404


@pytest.mark.parametrize(("name", "password"), [("chen", "wrong"), ("nobody", PASSWORD)])
def test_a_wrong_login_does_not_say_what_was_wrong(app: Any, services: Services, name: str, password: str) -> None:
    make_operator(services, "chen", PASSWORD)
    answer = Operator(app).post("/login", {"name": name, "password": password})
    assert (answer.status_code, answer.json["code"], answer.json["errors"]) == (401, "unauthorized", [])


def test_guessing_is_stopped_after_five_failures(app: Any, services: Services, clock: Any) -> None:
    make_operator(services, "chen", PASSWORD)
    browser = Operator(app)
    for _ in range(5):
        assert browser.post("/login", {"name": "chen", "password": "guess"}).status_code == 401
    answer = browser.post("/login", {"name": "chen", "password": PASSWORD})
    assert (answer.status_code, answer.json["code"]) == (429, "rate_limited")
    clock.advance(minutes=16)
    assert browser.post("/login", {"name": "chen", "password": PASSWORD}).status_code == 200


def test_a_strangers_failures_keep_nobody_else_out(app: Any, services: Services) -> None:
    make_operator(services, "chen", PASSWORD)
    stranger = app.test_client()
    for _ in range(6):
        body = {"name": "chen", "password": "guess"}
        last = stranger.post(
            "/console/api/login", json=body, headers=SAME, environ_overrides={"REMOTE_ADDR": "203.0.113.9"}
        )
    assert last.status_code == 429
    assert Operator(app).post("/login", {"name": "chen", "password": PASSWORD}).status_code == 200


def test_logging_out_ends_the_login(operator: Operator) -> None:
    assert operator.get("/me").status_code == 200
    kept = operator.client.get_cookie("verify_console", path="/console/api/")
    assert operator.post("/logout").status_code == 204
    operator.client.set_cookie("verify_console", kept.value, path="/console/api/")
    assert operator.get("/me").status_code == 401


def test_a_login_ends_by_itself(operator: Operator, clock: Any) -> None:
    clock.advance(hours=13)
    assert operator.get("/me").status_code == 401


def test_the_queue_has_a_masked_line_for_who_waits(operator: Operator, waiting: str) -> None:
    assert operator.get("/me").json == {"operator": {"name": "chen"}, "queue": 1, "inbox": True}
    answer = operator.get("/queue")
    (line,) = answer.json["cases"]
    assert (line["id"], line["claimed_by"], line["late"]) == (waiting, None, False)
    assert "consent_declined" in line["reasons"]
    assert "金丝雀" not in answer.text


def test_a_case_holds_what_was_entered_and_what_was_done(operator: Operator, waiting: str) -> None:
    case = operator.get(f"/cases/{waiting}").json
    assert case["expected"]["responsible_person"]["name"] == "金丝雀"
    assert set(case["findings"]) == {"blocking", "doubtful", "passed", "not_checked"}
    assert case["audit"][0]["what"] == "opened"
    assert case["claim"] == {"by": None, "until": None}
    assert case["report"]["result"] in ("consider", "not_checked")


def test_only_who_claimed_a_case_decides_it(app: Any, operator: Operator, waiting: str, services: Services) -> None:
    body = {"decision": "decline", "reason": "consent_declined", "comment": "by phone", "message": "请联系我们"}
    assert operator.post(f"/cases/{waiting}/decide", body).status_code == 409
    make_operator(services, "li", PASSWORD)
    other = Operator(app)
    other.post("/login", {"name": "li", "password": PASSWORD})
    assert other.post(f"/cases/{waiting}/claim").json["claim"]["by"] == "li"
    assert operator.post(f"/cases/{waiting}/claim").status_code == 409
    assert operator.post(f"/cases/{waiting}/decide", body).status_code == 409
    decided = other.post(f"/cases/{waiting}/decide", body)
    assert decided.status_code == 200, decided.text
    assert decided.json["session"]["status"] == "declined"
    assert decided.json["decision"]["message"] == "请联系我们"


def test_a_decision_needs_its_reason_and_its_message(operator: Operator, waiting: str) -> None:
    operator.post(f"/cases/{waiting}/claim")
    answer = operator.post(f"/cases/{waiting}/decide", {"decision": "redo", "steps": ["consent"]})
    assert answer.status_code == 422
    assert {error["field"] for error in answer.json["errors"]} >= {"reason", "message"}


def test_a_redo_opens_the_step_and_tells_the_applicant(operator: Operator, waiting: str, sms: Any) -> None:
    operator.post(f"/cases/{waiting}/claim")
    body = {"decision": "redo", "steps": ["consent"], "reason": "redo_requested", "message": "请再看一次同意书"}
    case = operator.post(f"/cases/{waiting}/decide", body).json
    assert case["session"]["status"] == "requires_input"
    assert "请再看一次同意书" in sms.sent[0].text


def test_a_released_case_is_free(operator: Operator, waiting: str) -> None:
    operator.post(f"/cases/{waiting}/claim")
    assert operator.post(f"/cases/{waiting}/release").json["claim"]["by"] is None


def test_every_session_is_found_by_its_reference(operator: Operator, waiting: str) -> None:
    reference = operator.get(f"/cases/{waiting}").json["session"]["reference"]
    found = operator.get(f"/sessions?query={reference}").json
    assert [line["id"] for line in found["sessions"]] == [waiting]
    assert operator.get("/sessions?query=none").json == {"sessions": [], "next_cursor": None}


@pytest.mark.parametrize("path", ["/cases/vs_none", "/cases/vs_none/uploads/up_none/picture"])
def test_what_is_not_there_is_not_found(operator: Operator, path: str) -> None:
    assert operator.get(path).status_code == 404


@pytest.mark.parametrize("what", ["secrets", "strip", "strip/..", "still/x/y"])
def test_there_is_no_other_evidence(operator: Operator, waiting: str, what: str) -> None:
    assert operator.get(f"/cases/{waiting}/uploads/up_x/{what}").status_code == 404
