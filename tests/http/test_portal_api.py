"""A portal opens, reads, lists, corrects and cancels sessions, and each refusal names its field."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from flask.testing import FlaskClient

from verify_svc.flow import keys
from verify_svc.flow.services import Services


def opened(portal: Any, filing: dict[str, Any], **headers: str) -> dict[str, Any]:
    answer = portal.call("POST", "/verification_sessions", filing, **headers)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json
    return found


def put(tree: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """A copy of `tree` with `value` at the dotted path."""
    changed = copy.deepcopy(tree)
    *parents, last = path.split(".")
    place = changed
    for name in parents:
        place = place[name]
    place[last] = value
    return changed


def test_a_session_is_opened_with_its_ways_to_the_phone(portal: Any, filing: dict[str, Any]) -> None:
    session = opened(portal, filing)
    assert session["id"].startswith("vs_")
    assert (session["object"], session["livemode"], session["status"]) == (
        "verification_session",
        False,
        "requires_input",
    )
    assert session["url"].startswith("http://localhost/m/#")
    assert session["handoff"]["url"].startswith("http://localhost/handoff/#")
    assert session["handoff"]["state"] == "waiting"
    assert session["awaiting"] == "applicant"
    assert [step["name"] for step in session["steps"]] == ["consent", "phone", "person_document", "face", "forms"]
    assert session["client_reference_id"] == "filing-1"
    assert session["rule_pack"] == {"id": "base", "version": 1}
    assert session["report"]["result"] == "not_checked"
    assert session["report"]["url"].endswith(f"/v1/verification_sessions/{session['id']}/report")


def test_a_session_is_read_as_it_was_opened(portal: Any, filing: dict[str, Any]) -> None:
    session = opened(portal, filing)
    assert portal.call("GET", f"/verification_sessions/{session['id']}").json == session


def test_the_same_key_and_body_give_the_same_session(portal: Any, filing: dict[str, Any]) -> None:
    first = opened(portal, filing, Idempotency_Key="k1")
    assert opened(portal, filing, Idempotency_Key="k1") == first
    assert opened(portal, filing, Idempotency_Key="k2")["id"] != first["id"]


def test_the_same_key_with_another_body_is_refused(portal: Any, filing: dict[str, Any]) -> None:
    opened(portal, filing, Idempotency_Key="k1")
    filing["client_reference_id"] = "other"
    answer = portal.call("POST", "/verification_sessions", filing, Idempotency_Key="k1")
    assert (answer.status_code, answer.json["code"]) == (409, "idempotency_key_reused")


@pytest.mark.parametrize(
    ("path", "value", "field", "code"),
    [
        (
            "subject.certificate.number",
            "110101199003070012",
            "subject.certificate.number",
            "id_number_check_digit_invalid",
        ),
        ("subject.certificate.kind", "household_register", "subject.certificate.kind", "certificate_kind_not_accepted"),
        ("subject.certificate.kind", "library_card", "subject.certificate.kind", "literal_error"),
        ("responsible_person.mobile", "12345678901", "responsible_person.mobile", "validation_failed"),
        ("responsible_person.mobile", "call me", "responsible_person.mobile", "string_pattern_mismatch"),
        ("responsible_person.name", "", "responsible_person.name", "string_too_short"),
        ("responsible_person.name", "别人", "responsible_person.name", "name_mismatch"),
        ("filing.created_on", "2026-02-30", "filing.created_on", "date_from_datetime_parsing"),
        ("filing.kind", "renewal", "filing.kind", "literal_error"),
        ("site.domains", [], "site.domains", "too_short"),
        ("site.domains", ["https://example.com/"], "site.domains.0", "string_pattern_mismatch"),
        ("steps", ["dance"], "steps.0", "literal_error"),
        ("expires_in", 1, "expires_in", "greater_than_equal"),
        ("return_url", "javascript:alert(1)", "return_url", "string_pattern_mismatch"),
        ("adress", "misspelt", "adress", "extra_forbidden"),
        ("client_reference_id", "a\x00b", "client_reference_id", "string_pattern_mismatch"),
        ("client_reference_id", "\ud800", "client_reference_id", "string_unicode"),
    ],
)
def test_a_refusal_names_the_field(
    portal: Any, filing: dict[str, Any], path: str, value: Any, field: str, code: str
) -> None:
    answer = portal.call("POST", "/verification_sessions", put(filing, path, value))
    assert answer.status_code == 422
    assert (field, code) in {(error["field"], error["code"]) for error in answer.json["errors"]}, answer.json


def test_a_refusal_does_not_repeat_what_was_sent(portal: Any, filing: dict[str, Any]) -> None:
    answer = portal.call("POST", "/verification_sessions", put(filing, "responsible_person.mobile", "x" * 40))
    assert "xxxx" not in answer.text


def test_the_list_is_paged_newest_first(portal: Any, filing: dict[str, Any], clock: Any) -> None:
    ids = []
    for _ in range(5):
        ids.append(opened(portal, filing)["id"])
        clock.advance(seconds=1)
    first = portal.call("GET", "/verification_sessions?limit=2").json
    second = portal.call("GET", f"/verification_sessions?limit=2&cursor={first['next_cursor']}").json
    third = portal.call("GET", f"/verification_sessions?limit=2&cursor={second['next_cursor']}").json
    assert [session["id"] for page in (first, second, third) for session in page["data"]] == ids[::-1]
    assert (first["has_more"], third["has_more"], third["next_cursor"]) == (True, False, None)


def test_the_hand_off_pages_token_is_in_no_list(portal: Any, filing: dict[str, Any]) -> None:
    session = portal.call("POST", "/verification_sessions", filing).json
    token = session["handoff"]["url"].partition("#")[2]
    assert token in portal.call("GET", f"/verification_sessions/{session['id']}").text
    listed = portal.call("GET", "/verification_sessions")
    assert listed.json["data"][0]["handoff"] == {**session["handoff"], "url": None}
    assert token not in listed.text


def test_the_list_masks_what_was_entered(portal: Any, filing: dict[str, Any]) -> None:
    opened(portal, filing)
    page = portal.call("GET", "/verification_sessions").text
    assert "110101199003070011" not in page
    assert "13800005678" not in page


def test_a_correction_replaces_the_part_that_it_gives(portal: Any, filing: dict[str, Any]) -> None:
    session = opened(portal, filing)
    site = {"name": "新的名字", "domains": ["example.org"]}
    corrected = portal.call("POST", f"/verification_sessions/{session['id']}", {"site": site})
    assert corrected.status_code == 200, corrected.text
    assert corrected.json["expected"]["site"]["name"] == "新的名字"
    assert corrected.json["expected"]["responsible_person"]["name"] == "金丝雀"


def test_a_correction_is_checked_like_an_entry(portal: Any, filing: dict[str, Any]) -> None:
    session = opened(portal, filing)
    person = put(filing["responsible_person"], "certificate.number", "110101199003070012")
    answer = portal.call("POST", f"/verification_sessions/{session['id']}", {"responsible_person": person})
    assert answer.status_code == 422
    assert "responsible_person.certificate.number" in {error["field"] for error in answer.json["errors"]}


def test_a_canceled_session_takes_nothing_more(portal: Any, filing: dict[str, Any]) -> None:
    path = f"/verification_sessions/{opened(portal, filing)['id']}"
    assert portal.call("POST", f"{path}/cancel").json["status"] == "canceled"
    refused = (
        portal.call("POST", f"{path}/cancel"),
        portal.call("POST", path, {"site": {"name": "x", "domains": ["example.org"]}}),
        portal.call("POST", f"{path}/refresh_link"),
        portal.call("POST", f"{path}/request_resubmission", {"step": "forms", "comment": "x"}),
    )
    assert [(answer.status_code, answer.json["code"]) for answer in refused] == [(410, "session_canceled")] * 4


def test_a_fresh_link_ends_the_unopened_one(portal: Any, client: FlaskClient, filing: dict[str, Any]) -> None:
    session = opened(portal, filing)
    fresh = portal.call("POST", f"/verification_sessions/{session['id']}/refresh_link").json
    assert fresh["url"] != session["url"]
    old = client.post(
        "/m/api/redeem",
        json={"token": session["url"].partition("#")[2]},
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    assert (old.status_code, old.json["code"] if old.json else None) == (410, "link_expired")


@pytest.mark.parametrize(("suffix", "mimetype"), [("svg", "image/svg+xml"), ("png", "image/png")])
def test_the_qr_code_is_there_while_a_link_waits(
    portal: Any, filing: dict[str, Any], suffix: str, mimetype: str, clock: Any
) -> None:
    session = opened(portal, filing)
    path = f"/verification_sessions/{session['id']}/qr.{suffix}"
    assert portal.call("GET", path).mimetype == mimetype
    clock.advance(minutes=11)
    assert portal.call("GET", path).status_code == 404


def test_events_are_told_by_polling_and_as_a_stream(portal: Any, filing: dict[str, Any]) -> None:
    path = f"/verification_sessions/{opened(portal, filing)['id']}/events"
    events = portal.call("GET", path, Accept="application/json").json["events"]
    assert events[0]["type"] == "verification_session.created"
    stream = portal.call("GET", path, Accept="text/event-stream")
    assert stream.mimetype == "text/event-stream"
    assert f"id: {events[0]['id']}\n" in stream.text
    assert portal.call("GET", f"{path}?after={events[-1]['id']}", Accept="application/json").json == {"events": []}


def test_the_report_of_a_fresh_session_is_not_checked(portal: Any, filing: dict[str, Any]) -> None:
    report = portal.call("GET", f"/verification_sessions/{opened(portal, filing)['id']}/report").json
    assert report["result"] == "not_checked"
    assert set(report["breakdown"]) == {"consent", "phone", "person_document", "face", "forms"}


def test_there_is_no_portrait_before_a_face(portal: Any, filing: dict[str, Any]) -> None:
    path = f"/verification_sessions/{opened(portal, filing)['id']}/files"
    assert portal.call("GET", f"{path}/portrait").status_code == 404
    assert portal.call("GET", f"{path}/../../../etc/passwd").status_code == 404


def test_a_live_key_does_not_see_test_sessions(
    portal: Any, filing: dict[str, Any], services: Services, client: FlaskClient
) -> None:
    session = opened(portal, filing)
    _, live = keys.make_key(services, "live", livemode=True)
    headers = {"Authorization": f"Bearer {live}"}
    assert client.get(f"/v1/verification_sessions/{session['id']}", headers=headers).status_code == 404
    assert client.get("/v1/verification_sessions", headers=headers).json == {
        "object": "list",
        "data": [],
        "has_more": False,
        "next_cursor": None,
    }


def test_a_revoked_key_is_nobodys(portal: Any, services: Services) -> None:
    keys.revoke_key(services, portal.row.id)
    answer = portal.call("GET", "/verification_sessions")
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")


@pytest.mark.parametrize("value", ["", "Basic x", "Bearer", "Bearer  ", "Bearer " + "x" * 600, "sk_test_x"])
def test_a_request_without_a_proper_bearer_is_refused(client: FlaskClient, value: str) -> None:
    answer = client.get("/v1/verification_sessions", headers={"Authorization": value})
    assert answer.status_code == 401
