"""The route for live hints: a frame in, reason codes out, and no room for anything else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tests.http.phone import SAME, Phone
from verify_svc.face.hints import CHECKS
from verify_svc.flow.limits import WRITES
from verify_svc.flow.services import Services
from verify_svc.inference.engines import Engines
from verify_svc.inference.pool import ChildPool
from verify_svc.media.pictures import encode_jpeg

SEEN = {"x": 0.5, "y": 0.6, "width": 0.4, "yaw_deg": 1.0, "pitch_deg": 0.0, "roll_deg": 0.0, "ago_s": 0.5}


@pytest.fixture(scope="module")
def looking() -> Iterator[ChildPool]:
    with closing(ChildPool(yielding=True)) as pool:
        yield pool


@pytest.fixture
def services(services: Services, looking: ChildPool) -> Services:
    """With a child for hints."""
    return replace(services, engines=Engines(services.engines.decoding, services.engines.inference, looking))


def ask(phone: Phone, data: bytes, **headers: str) -> Any:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return phone.client.post("/m/api/face/hint", data=data, headers={**SAME, **named}, content_type="image/jpeg")


@pytest.fixture
def wall() -> bytes:
    return encode_jpeg(np.full((480, 360, 3), 210, np.uint8), 480)


@pytest.mark.weights
def test_a_frame_is_answered_with_reasons(proved: Phone, wall: bytes) -> None:
    answer = ask(proved, wall, X_Seen_Before=json.dumps(SEEN))
    assert answer.status_code == 200
    seen = {"reasons": ["face_not_found"], "not_checked": list(CHECKS), "head": None}
    assert answer.json["seen"] == seen
    assert answer.json["next_s"] > 0


@pytest.mark.weights
def test_frames_are_no_writes_and_leave_the_days_writes_as_they_were(
    proved: Phone, services: Services, wall: bytes
) -> None:
    def written() -> int:
        session_id = proved.get("/state").json["session"]["id"]
        with services.store.read() as tx:
            return tx.counters.count(WRITES.counter(session_id), services.clock.now() - WRITES.within)

    before = written()
    assert ask(proved, wall).status_code == 200
    assert written() == before


def test_one_that_comes_too_soon_is_told_when_to_come(proved: Phone) -> None:
    ask(proved, b"not a picture")
    answer = ask(proved, b"not a picture")
    assert (answer.status_code, answer.json["seen"]) == (200, None)
    assert answer.json["next_s"] > 0


def test_a_foreign_page_and_a_phone_without_proof_are_refused(phone: Phone, proved: Phone) -> None:
    foreign = proved.client.post("/m/api/face/hint", data=b"x", headers={"Sec-Fetch-Site": "cross-site"})
    assert foreign.status_code == 403
    fresh = Phone(proved.client.application.test_client())
    assert ask(fresh, b"x").status_code == 401


@pytest.mark.parametrize(
    "said", ["{}", "no json", json.dumps({**SEEN, "x": 1e9}), json.dumps({**SEEN, "yaw_deg": None})]
)
def test_what_was_seen_before_is_in_order_or_refused(proved: Phone, said: str) -> None:
    answer = ask(proved, b"", X_Seen_Before=said)
    assert (answer.status_code, answer.json["code"]) == (422, "validation_failed")


def test_a_frame_is_small_or_is_not_read(proved: Phone) -> None:
    assert ask(proved, bytes(70_000)).status_code == 413
    assert ask(proved, b"%PDF-1.7").status_code == 415
