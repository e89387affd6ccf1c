"""A phone sends pictures and clips. Judgements are made elsewhere."""

from __future__ import annotations

import re
from typing import Any

import cv2
import numpy as np
import pytest

from tests.http.phone import SAME, Phone, agree, photograph, prove, step
from verify_svc.flow.login import make_operator
from verify_svc.ports import JobKind

_CLIP = b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2" + bytes(range(256)) * 20
_FRAMES = {"count": 200, "median_ms": 33.0, "spread_ms": 4.0, "repeated": 0}


def test_a_picture_becomes_a_draft_with_its_size(proved: Phone) -> None:
    answer = proved.put("/steps/person_document/slots/portrait", photograph(), X_Capture="camera")
    assert answer.status_code == 201, answer.text
    upload = answer.json
    assert (upload["state"], upload["width"], upload["height"]) == ("draft", 1600, 1200)
    assert list(upload) == ["id", "step", "slot", "state", "width", "height", "page", "pages", "progress", "result"]
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


def test_a_form_takes_more_pages_one_by_one(proved: Phone) -> None:
    upload = proved.put("/steps/forms/slots/verification_form", photograph()).json
    pages = f"/uploads/{upload['id']}/pages"
    added = proved.put(pages, photograph(2))
    assert (added.status_code, [page["file"] for page in added.json["pages"]]) == (201, [1, 2])
    crop = {"corners": [[0.1, 0.1], [0.9, 0.1], [0.9, 0.9], [0.1, 0.9]], "rotate_deg": 90}
    framed = proved.post(f"{pages}/2", crop)
    assert (framed.status_code, framed.json["pages"][1]["page"]) == (200, crop)
    picture = proved.get(f"{pages}/2/picture")
    assert (picture.mimetype, picture.headers["Cache-Control"]) == ("image/jpeg", "no-store")
    again = proved.put(f"{pages}/1", photograph(3)).json
    assert [page["file"] for page in again["pages"]] == [3, 2]
    assert [page["file"] for page in proved.post(f"{pages}/3/remove", {}).json["pages"]] == [2]
    assert proved.post(f"{pages}/2/remove", {}).status_code == 409
    assert proved.put(f"{pages}/9", photograph(4)).status_code == 404
    assert proved.get(f"{pages}/9/picture").status_code == 404
    assert proved.post(f"{pages}/2", {"rotate_deg": 45}).status_code == 422
    slot = step(proved.get("/state").json, "forms")["slots"][0]
    assert (slot["pages"], slot["upload"]["id"]) == (1, upload["id"])


def test_a_page_that_is_no_picture_or_too_large_is_refused(proved: Phone) -> None:
    pages = f"/uploads/{proved.put('/steps/forms/slots/verification_form', photograph()).json['id']}/pages"
    for data, status in ((b"hello", 415), (photograph()[:2000], 422), (bytes(20 * 1024**2 + 1), 413)):
        assert proved.put(pages, data).status_code == status
    assert proved.put(pages, photograph(2), X_Capture="scanner").status_code == 422


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
    assert other.put(f"/uploads/{upload['id']}/pages", photograph(2)).status_code == 404
    for path in ("pages/1", "pages/1/remove"):
        assert other.post(f"/uploads/{upload['id']}/{path}", {}).status_code == 404
    assert other.get(f"/uploads/{upload['id']}/pages/1/picture").status_code == 404


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


def test_an_operator_seeks_in_a_clip_by_ranges(proved: Phone, app: Any, services: Any) -> None:
    upload = proved.put("/steps/face/slots/clip", _CLIP).json
    session_id = proved.get("/state").json["session"]["id"]
    make_operator(services, "chen", "correct horse battery")
    console = app.test_client()
    console.post("/console/api/login", json={"name": "chen", "password": "correct horse battery"}, headers=SAME)
    path = f"/console/api/cases/{session_id}/uploads/{upload['id']}/clip"
    part = console.get(path, headers={"Range": "bytes=24-27"})
    assert (part.status_code, part.data, part.mimetype) == (206, _CLIP[24:28], "video/mp4")
    assert console.get(path).data == _CLIP


def _sent(proved: Phone, source: dict[str, Any]) -> Any:
    upload = proved.put("/steps/face/slots/clip", _CLIP).json
    challenge = proved.post("/face/challenge", {"language": "zh", "mode": "live"}).json
    body = {"challenge_id": challenge["id"], "shown_at_s": challenge["reveals_s"], "source": source}
    return proved.post(f"/uploads/{upload['id']}/submit", body)


@pytest.mark.parametrize(
    "source",
    [
        {"label": "x" * 101},
        {"label": "camera", "recorder": "x" * 101},
        {"label": "camera", "width_px": 100_001},
        {"label": "camera", "frame_rate_hz": -1.0},
        {"label": "camera", "facing": "up"},
        {"label": "camera", "frames": _FRAMES | {"spread_ms": 1e9}},
        {"label": "camera", "motion": {"count": 10**9, "acceleration_ms2": 0.1, "turning_deg_s": 0.1}},
    ],
)
def test_words_about_a_camera_that_are_too_long_or_too_large_are_refused(proved: Phone, source: dict[str, Any]) -> None:
    answer = _sent(proved, source)
    assert answer.status_code == 422, answer.text


def test_fair_words_about_a_camera_are_taken(proved: Phone) -> None:
    source = {"label": "camera2 1, facing front", "width_px": 720, "height_px": 1280, "frames": _FRAMES}
    assert _sent(proved, source).status_code == 202
