"""What the page tells of its camera goes with the recording."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from tests.browser.applicant import Applicant
from tests.browser.camera import FakeCamera, Take
from tests.browser.papers import unit_filing
from tests.browser.phone import Phone

Prepare = Callable[[Mapping[str, Any]], Applicant]


def test_the_page_tells_what_it_knows_of_its_camera(
    camera: FakeCamera, at_home: Prepare, take_phone: Callable[..., Phone]
) -> None:
    phone, take = take_phone(of=at_home(unit_filing())), Take()
    camera.show(take)
    phone.go("face/before")
    with phone.page.expect_request(re.compile(r"/submit$"), timeout=90_000) as sent:
        phone.record_face(take)
    body = sent.value.post_data_json
    assert body is not None
    source = body["source"]
    assert source["label"].endswith("camera.mjpeg")
    assert source["recorder"].startswith("video/")
    assert min(source["width_px"], source["height_px"]) >= 320
    assert source["frames"]["count"] > 30
    assert 20 < source["frames"]["median_ms"] < 200
