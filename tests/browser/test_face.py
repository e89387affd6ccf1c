"""The face before the camera: each fault is told on the phone by its own reason, and nothing but it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import cv2
import numpy as np
import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.applicant import Applicant
from tests.browser.camera import GATED_LEAD_S, FakeCamera, Take, recorded
from tests.browser.desk import Console
from tests.browser.inspector import Inspector
from tests.browser.papers import photographs, unit_filing
from tests.browser.phone import Phone
from tests.browser.service import Service

Prepare = Callable[[Mapping[str, Any]], Applicant]

_SHOWN = """
(clip) => clip.readyState >= 2 || new Promise((done) => { clip.onloadeddata = () => done(); })
"""
FAULTS = {
    "eyes closed": (Take(fault="eyes_closed"), {"eyes_closed"}),
    "head shaking": (Take(fault="shake"), {"head_shaking"}),
    "blurred": (Take(fault="blur"), {"video_blurry"}),
    "wrong digits": (Take(fault="wrong_digit"), {"digits_mismatch"}),
    "silent": (Take(fault="silent"), {"audio_too_quiet", "speech_not_found"}),
    "coloured background, by the way past the frame": (
        Take(fault="background_blue", lead_fault="background_blue", lead_s=GATED_LEAD_S),
        {"background_not_white"},
    ),
}


def record(phone: Phone, camera: FakeCamera, take: Take) -> None:
    """From the screen of instructions to the end of the recording."""
    camera.show(take)
    phone.go("face/before")
    phone.record_face(take)


@pytest.mark.parametrize(("take", "reasons"), FAULTS.values(), ids=FAULTS)
def test_a_fault_of_the_recording_is_told_with_a_way_to_record_again(
    take: Take,
    reasons: set[str],
    camera: FakeCamera,
    at_home: Prepare,
    take_phone: Callable[..., Phone],
    inspector: Inspector,
) -> None:
    applicant = at_home(unit_filing())
    phone = take_phone(of=applicant)
    record(phone, camera, take)
    inspector.look(phone.page, "recording")
    phone.see("analysing")
    inspector.look(phone.page, "analysing")
    phone.see("again")
    assert phone.reasons() == reasons
    inspector.look(phone.page, "again")
    phone.tap("record-again")
    phone.see("framing")


def test_nothing_is_announced_while_the_microphone_is_open_and_all_is_in_view_on_a_small_phone(
    camera: FakeCamera, at_home: Prepare, take_phone: Callable[..., Phone]
) -> None:
    """A screen reader's voice would be recorded, and would say the digits in the applicant's place."""
    phone = take_phone(of=at_home(unit_filing()))
    phone.page.set_viewport_size({"width": 320, "height": 568})
    record(phone, camera, Take())
    digit = phone.page.locator(".digit:not(.counting)")
    expect(digit).to_have_attribute("data-digit", re.compile(r"^\d$"), timeout=10_000)
    expect(phone.page.locator("#screen").locator("[aria-live], [role=status], [role=alert]")).to_have_count(0)
    expect(phone.page.locator("#live")).to_be_empty()
    told, stop = phone.page.locator(".heard").bounding_box(), phone.page.locator(".act").bounding_box()
    assert told is not None
    assert stop is not None
    assert told["y"] + told["height"] <= stop["y"]
    phone.tap("stop")
    expect(phone.page.locator("h1")).to_be_focused()


def test_another_persons_face_is_told_as_such(
    camera: FakeCamera, at_home: Prepare, take_phone: Callable[..., Phone]
) -> None:
    applicant = at_home(unit_filing())
    applicant.send("person_document", "portrait", photographs().portrait)
    phone = take_phone(of=applicant)
    record(phone, camera, Take(person="vice_president"))
    phone.see("again")
    assert phone.reasons() == {"selfie_face_mismatch"}


def test_who_is_refused_can_ask_for_a_person_and_goes_on_with_what_is_left(
    at_home: Prepare, take_phone: Callable[..., Phone]
) -> None:
    applicant = at_home(unit_filing())
    send_clip(applicant, "eyes_closed")
    phone = take_phone(of=applicant)
    phone.go("home")
    phone.see("home")
    expect(phone.page.locator('[data-step="face"] [data-reason="eyes_closed"]')).to_be_visible()
    phone.tap("next")
    phone.see("again")
    phone.tap("other-way")
    phone.see("other-way")
    phone.page.locator("label", has=phone.page.locator('input[value="other"]')).click()
    phone.tap("other-way")
    phone.see("waiting")
    phone.go("home")
    phone.see("home")
    expect(phone.page.locator('[data-step="face"]')).to_have_attribute("data-state", "in_review")
    expect(phone.page.locator('[data-step="face"] [data-reason]')).to_have_count(0)
    phone.tap("next")
    phone.see("capture")


def test_an_operator_who_sets_the_colours_sees_the_clips_whole_face(
    service: Service, at_home: Prepare, sit_down: Callable[..., BrowserContext]
) -> None:
    """The browser lays its buttons over the picture, on a sheet that began at the eyes."""
    applicant = at_home(unit_filing())
    send_clip(applicant, None)
    console = Console(service, sit_down().new_page())
    console.log_in()
    console.page.goto(f"{service.url}/console/#/cases/{applicant.state()['session']['id']}")
    clip = console.page.locator(".video video")
    clip.evaluate(_SHOWN)

    def face() -> np.ndarray:
        """The upper two thirds, without what is beside the picture."""
        picture = cv2.imdecode(np.frombuffer(clip.screenshot(), np.uint8), cv2.IMREAD_COLOR)
        assert picture is not None
        return np.asarray(picture[: int(0.66 * picture.shape[0]), 12:-12], np.int16)

    usual = face()
    console.page.emulate_media(forced_colors="active")
    assert np.abs(face() - usual).mean() < 30  # 11, for its usual shade ends there; with the sheet 110


def send_clip(applicant: Applicant, fault: str | None) -> None:
    """By the API, and wait for what is said of it."""
    challenge = applicant.post("/face/challenge", {"language": "en", "mode": "live"})
    said = {"challenge_id": challenge["id"], "shown_at_s": None}
    applicant.send("face", "clip", recorded("president", fault), said)
