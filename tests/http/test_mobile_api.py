"""A phone's way over HTTP: the link, the cookie, consent, the mobile number, files. Judgements are made elsewhere."""

from __future__ import annotations

import hashlib
import re
from datetime import timedelta
from typing import Any

import cv2
import numpy as np
import pytest
from flask.testing import FlaskClient

from verify_svc.flow.limits import Limit
from verify_svc.flow.login import make_operator
from verify_svc.ports import JobKind

SAME = {"Sec-Fetch-Site": "same-origin"}
MOBILE = "13800005678"


class Phone:
    """A browser on a phone, with its own cookies."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def get(self, path: str, **headers: str) -> Any:
        return self.client.get(f"/m/api{path}", headers=headers)

    def post(self, path: str, body: Any) -> Any:
        return self.client.post(f"/m/api{path}", json=body, headers=SAME)

    def put(self, path: str, data: bytes, **headers: str) -> Any:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        named.setdefault("X-Content-SHA256", hashlib.sha256(data).hexdigest())
        return self.client.put(f"/m/api{path}", data=data, headers={**SAME, **named}, content_type="image/jpeg")


@pytest.fixture
def token(portal: Any, filing: dict[str, Any]) -> str:
    session = portal.call("POST", "/verification_sessions", filing).json
    return str(session["url"].partition("#")[2])


@pytest.fixture
def phone(app: Any, token: str) -> Phone:
    phone = Phone(app.test_client())
    assert phone.post("/redeem", {"token": token, "device": {"kind": "iPhone", "browser": "微信"}}).status_code == 200
    return phone


@pytest.fixture
def agreed(phone: Phone) -> Phone:
    return agree(phone)


@pytest.fixture
def proved(agreed: Phone, sms: Any) -> Phone:
    return prove(agreed, sms)


def agree(phone: Phone) -> Phone:
    version = phone.get("/state").json["consent"]["version"]
    assert phone.post("/consent", {"processing": True, "face": True, "version": version}).status_code == 200
    return phone


def prove(phone: Phone, sms: Any) -> Phone:
    assert phone.post("/phone", {"mobile": MOBILE}).status_code == 200
    assert phone.post("/phone/code", {"code": code_in(sms)}).status_code == 200
    return phone


def code_in(sms: Any) -> str:
    found = re.search(r"\d{6}", sms.sent[0].text)
    assert found
    return found[0]


def photograph(seed: int = 1) -> bytes:
    """A photograph of nothing in particular: soft noise."""
    noise = np.random.default_rng(seed).integers(0, 255, (60, 80, 3), np.uint8)
    coded, data = cv2.imencode(".jpg", cv2.resize(noise, (1600, 1200), interpolation=cv2.INTER_CUBIC))
    assert coded
    return data.tobytes()


def step(state: dict[str, Any], name: str) -> dict[str, Any]:
    return next(step for step in state["steps"] if step["name"] == name)


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


def test_a_picture_becomes_a_draft_with_its_size(proved: Phone) -> None:
    answer = proved.put("/steps/person_document/slots/portrait", photograph(), X_Capture="camera")
    assert answer.status_code == 201, answer.text
    upload = answer.json
    assert (upload["state"], upload["width"], upload["height"]) == ("draft", 1600, 1200)
    assert list(upload) == ["id", "step", "slot", "state", "width", "height", "page", "progress", "result"]
    assert proved.get(f"/uploads/{upload['id']}").json == upload
    picture = proved.get(f"/uploads/{upload['id']}/picture")
    assert (picture.mimetype, picture.headers["Cache-Control"]) == ("image/jpeg", "no-store")
    decoded = cv2.imdecode(np.frombuffer(picture.data, np.uint8), cv2.IMREAD_COLOR)
    assert decoded is not None
    assert max(decoded.shape[:2]) <= 1600


def test_the_same_bytes_again_are_the_same_upload(proved: Phone) -> None:
    first = proved.put("/steps/person_document/slots/portrait", photograph()).json
    assert proved.put("/steps/person_document/slots/portrait", photograph()).json["id"] == first["id"]
    assert proved.put("/steps/person_document/slots/portrait", photograph(2)).json["id"] != first["id"]


def test_submitting_queues_one_job_however_often(proved: Phone, jobs: Any) -> None:
    upload = proved.put("/steps/person_document/slots/portrait", photograph()).json
    crop = {"corners": [[0.1, 0.1], [0.9, 0.1], [0.9, 0.9], [0.1, 0.9]], "rotate_deg": 90}
    answers = [proved.post(f"/uploads/{upload['id']}/submit", crop) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [202, 202]
    assert answers[0].json["state"] == "processing"
    assert answers[0].json["progress"]["stage"] == "waiting"
    assert jobs.of(JobKind.ANALYSE) == [upload["id"]]
    state = proved.get("/state").json
    assert step(state, "person_document")["state"] == "processing"


def test_nothing_is_collected_before_consent(phone: Phone) -> None:
    answer = phone.put("/steps/person_document/slots/portrait", photograph())
    assert answer.status_code == 409


@pytest.mark.parametrize(
    ("data", "status", "code"),
    [
        (b"", 422, "file_unreadable"),
        (b"hello", 415, "file_type_not_allowed"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", 415, "file_type_not_allowed"),
        (b"GIF89a" + bytes(100), 415, "file_type_not_allowed"),
        (b"%PDF-1.7", 415, "file_type_not_allowed"),
        (b"\xff\xd8\xff\xe0" + bytes(200), 422, "file_unreadable"),
        (photograph()[:2000], 422, "file_unreadable"),
    ],
)
def test_what_is_no_picture_is_refused_clearly(proved: Phone, data: bytes, status: int, code: str) -> None:
    answer = proved.put("/steps/person_document/slots/portrait", data)
    assert (answer.status_code, answer.json["code"]) == (status, code)


def test_a_picture_that_is_too_large_is_refused_unread(proved: Phone) -> None:
    answer = proved.put("/steps/person_document/slots/portrait", bytes(20 * 1024**2 + 1))
    assert (answer.status_code, answer.json["code"]) == (413, "file_too_large")


@pytest.mark.parametrize("path", ["/steps/dance/slots/portrait", "/steps/person_document/slots/back", "/steps/x/y"])
def test_there_is_no_other_slot(proved: Phone, path: str) -> None:
    assert proved.put(path, photograph()).status_code == 404


def test_another_sessions_upload_is_not_there(
    app: Any, proved: Phone, portal: Any, filing: dict[str, Any], sms: Any
) -> None:
    upload = proved.put("/steps/person_document/slots/portrait", photograph()).json
    other_token = portal.call("POST", "/verification_sessions", filing).json["url"].partition("#")[2]
    other = Phone(app.test_client())
    other.post("/redeem", {"token": other_token})
    prove(agree(other), sms)
    for path in (f"/uploads/{upload['id']}", f"/uploads/{upload['id']}/picture"):
        assert other.get(path).status_code == 404
    assert other.post(f"/uploads/{upload['id']}/submit", {}).status_code == 404


@pytest.mark.parametrize(
    "crop",
    [
        {"corners": [[0, 0], [1, 0], [1, 1]]},
        {"corners": [[0, 0], [2, 0], [1, 1], [0, 1]]},
        {"corners": [[0, 0], ["NaN", 0], [1, 1], [0, 1]]},
        {"rotate_deg": 45},
        {"corners": "all"},
    ],
)
def test_a_crop_that_is_none_is_refused(proved: Phone, crop: dict[str, Any]) -> None:
    upload = proved.put("/steps/person_document/slots/portrait", photograph()).json
    assert proved.post(f"/uploads/{upload['id']}/submit", crop).status_code == 422


def test_a_challenge_has_the_times_of_six_digits_and_gives_one_after_the_other(proved: Phone, clock: Any) -> None:
    challenge = proved.post("/face/challenge", {"language": "zh", "mode": "live"}).json
    assert (challenge["count"], challenge["digits"], len(challenge["reveals_s"])) == (6, None, 6)
    assert challenge["reveals_s"][-1] < challenge["duration_s"]
    of_it = f"/face/challenge/{challenge['id']}"
    assert proved.get(f"{of_it}/digits/0").status_code == 409
    first = proved.post(f"{of_it}/begin", {}).json
    assert proved.get(f"{of_it}/digits/0").json == first
    early = proved.get(f"{of_it}/digits/1")
    assert (early.status_code, early.json["code"]) == (409, "conflict")
    clock.advance(seconds=challenge["reveals_s"][0])
    assert re.fullmatch(r"\d", proved.get(f"{of_it}/digits/1").json["digit"])
    assert proved.get(f"{of_it}/digits/2").status_code == 409


def test_a_film_that_is_made_beforehand_has_all_its_digits_at_once(proved: Phone) -> None:
    film = proved.post("/face/challenge", {"language": "zh", "mode": "file"}).json
    assert re.fullmatch(r"\d{6}", film["digits"])
    assert proved.post("/face/challenge", {"language": "zh", "mode": "file"}).json["digits"] != film["digits"]


def test_events_tell_that_something_changed(proved: Phone) -> None:
    events = proved.get("/events", Accept="application/json").json["events"]
    assert events
    assert all(set(event) == {"id", "type", "step"} for event in events)
    assert events[-1]["id"] == proved.get("/state").json["last_event_id"]


def test_the_language_is_kept(phone: Phone) -> None:
    assert phone.post("/locale", {"locale": "en"}).json["session"]["locale"] == "en"
    assert phone.post("/locale", {"locale": "fr"}).status_code == 422


def test_the_other_way_goes_to_an_operator(proved: Phone) -> None:
    state = proved.post("/other_way", {"step": "face", "why": "cannot_speak"}).json
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


def test_an_operator_seeks_in_a_clip_by_ranges(proved: Phone, app: Any, services: Any) -> None:
    data = b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2" + bytes(range(256)) * 20
    upload = proved.put("/steps/face/slots/clip", data).json
    session_id = proved.get("/state").json["session"]["id"]
    make_operator(services, "chen", "correct horse battery")
    console = app.test_client()
    console.post("/console/api/login", json={"name": "chen", "password": "correct horse battery"}, headers=SAME)
    path = f"/console/api/cases/{session_id}/uploads/{upload['id']}/clip"
    part = console.get(path, headers={"Range": "bytes=24-27"})
    assert (part.status_code, part.data, part.mimetype) == (206, data[24:28], "video/mp4")
    assert console.get(path).data == data
