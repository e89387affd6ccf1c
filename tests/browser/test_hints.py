"""Live hints on the framing screen: told at once, gone once mended, and the way on whatever happens to them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.applicant import Applicant
from tests.browser.camera import FakeCamera, Take
from tests.browser.inspector import Inspector
from tests.browser.papers import unit_filing
from tests.browser.phone import Phone
from tests.specimens.clips import make_frame
from tests.specimens.portrait import Framing, Pose

Prepare = Callable[[Mapping[str, Any]], Applicant]
START = '[data-action="start-recording"]'
_ROOT = Path(__file__).parents[2]
_LOCALES, _ADVICE = _ROOT / "verify_svc" / "locales", _ROOT / "web" / "mobile" / "advice.js"
HINT_WITHIN_MS = 60_000  # a machine with too much to do gives no hints for a while

FAULTS = {
    "far": ({"fault": "too_small"}, "closer", "distance"),
    "near": ({"framing": Framing(width=0.86)}, "back", "distance"),
    "off centre": ({"fault": "off_centre"}, "centre", "face"),
    "a second face": ({"fault": "second_face"}, "several", "face"),
    "a mask": ({"fault": "mask"}, "covered", "face"),
    "bare shoulders": ({"fault": "bare_shoulders"}, "shoulders", "face"),
    "eyes closed": ({"pose": Pose(lids=1.0)}, "eyes", "face"),
    "dark": ({"fault": "dark"}, "dark", "light"),
    "a blue wall": ({"fault": "background_blue"}, "wall", "wall"),
}


_PALE = "(button) => getComputedStyle(button).color !== getComputedStyle(document.body).color"
# Shows each hint for a moment, the way past it too: where the oval begins, where the conditions end, where the bar is.
_LAID_OUT = """
(words) => {
  const [hint, oval, conditions, past] = [".hint", ".oval", ".conditions", '[data-action="record-anyway"]']
    .map((each) => document.querySelector(each));
  past.hidden = false;
  const places = words.map((word) => {
    hint.textContent = word;
    return [oval.getBoundingClientRect().top, conditions.getBoundingClientRect().bottom];
  });
  const bar = document.querySelector(".act").getBoundingClientRect().top;
  return [places.map(([top]) => top), places.map(([, end]) => end), bar];
}
"""

# Taps what is offered after 20 s, and notes at each frame of the count what the ring and the words above it tell.
_RINGS = """
async (button) => {
  document.querySelector(button).click();
  const seen = new Set();
  while (!/^[0-9]$/.test(document.querySelector(".digit")?.dataset.digit ?? "")) {
    if (document.querySelector(".digit.counting")) {
      seen.add(`${document.querySelector(".oval").dataset.state} ${document.querySelector(".ask").textContent}`);
    }
    await new Promise(requestAnimationFrame);
  }
  return [...seen];
}
"""


def _told_in(locale: str) -> list[str]:
    """The hints that the page shows over the oval."""
    words = json.loads((_LOCALES / f"{locale}.json").read_text(encoding="utf-8"))["screens"]["mobile"]["framing"]
    names = re.search(r"const HINTS = \{(.*?)\};", _ADVICE.read_text(encoding="utf-8"), re.DOTALL)
    assert names
    return [words[name] for name in (*re.findall(r'"(\w+)"', names[1]), "good")]


@pytest.fixture
def framing(camera: FakeCamera, at_home: Prepare, take_phone: Callable[..., Phone]) -> Callable[[np.ndarray], Phone]:
    """Holds a picture (RGB) in front of the camera and opens the framing screen."""

    def frame(picture: np.ndarray, **options: Any) -> Phone:
        camera.show_picture(np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), np.uint8))
        phone = take_phone(of=at_home(unit_filing()), **options)
        phone.go("face/frame")
        phone.see("framing")
        return phone

    return frame


def see_hint(page: Page, hint: str, by: str = "service") -> None:
    expect(page.locator(f'.oval[data-by="{by}"]')).to_be_visible(timeout=HINT_WITHIN_MS)
    expect(page.locator(".hint")).to_have_attribute("data-hint", hint, timeout=HINT_WITHIN_MS)


@pytest.mark.parametrize(("made", "hint", "condition"), FAULTS.values(), ids=FAULTS)
def test_what_is_wrong_is_told_in_one_hint_and_shown_on_its_condition(
    framing: Callable[..., Phone], made: dict[str, Any], hint: str, condition: str
) -> None:
    page = framing(make_frame(**made)).page
    see_hint(page, hint)
    expect(page.locator(f'[data-condition="{condition}"]')).to_have_attribute("data-state", "bad")
    expect(page.locator(START)).to_have_attribute("aria-disabled", "true")


def test_the_button_lights_up_once_what_was_wrong_is_mended(
    framing: Callable[..., Phone], camera: FakeCamera, inspector: Inspector
) -> None:
    phone = framing(make_frame(fault="background_blue"))
    see_hint(phone.page, "wall")
    inspector.look(phone.page, "framing-hint")
    phone.page.emulate_media(forced_colors="active")
    assert phone.page.locator(START).evaluate(_PALE), "a button that does nothing looks like one that does"
    phone.page.emulate_media(forced_colors="none")
    camera.show_picture(np.asarray(cv2.cvtColor(make_frame(), cv2.COLOR_RGB2BGR), np.uint8))
    phone.page.reload()  # the fake camera's file is read anew with a new stream
    see_hint(phone.page, "good")
    expect(phone.page.locator(f"{START}:not([aria-disabled])")).to_be_visible()
    expect(phone.page.locator('[data-condition][data-state="ok"]')).to_have_count(4)
    expect(phone.page.locator("#live")).to_have_text(f"{phone.page.locator('.hint').text_content()}。可以开始录制了")


@pytest.mark.parametrize("locale", ["zh-CN", "en"])
def test_no_hint_moves_the_picture_and_all_stays_above_the_bar_on_a_small_phone(
    camera: FakeCamera, at_home: Prepare, take_phone: Callable[..., Phone], locale: str
) -> None:
    applicant = at_home(unit_filing())
    applicant.post("/locale", {"locale": locale})
    camera.show_picture(np.asarray(cv2.cvtColor(make_frame(), cv2.COLOR_RGB2BGR), np.uint8))
    phone = take_phone(of=applicant, locale=locale)
    phone.page.set_viewport_size({"width": 320, "height": 568})
    phone.go("face/frame")
    see_hint(phone.page, "good")
    words = _told_in(locale)
    tops, ends, bar = phone.page.evaluate(_LAID_OUT, words)
    assert len(set(tops)) == 1, [word for word, top in zip(words, tops, strict=True) if top > min(tops)]
    assert max(ends) <= bar


def test_an_applicant_who_insists_records_whatever_the_hint_says(framing: Callable[..., Phone]) -> None:
    phone = framing(make_frame(fault="too_small"))
    see_hint(phone.page, "closer")
    phone.page.locator('[data-action="record-anyway"]:not([hidden])').wait_for(timeout=30_000)
    phone.tap("record-anyway")
    phone.see("recording")
    expect(phone.page.locator(".ask")).to_have_attribute("data-hint", "closer", timeout=HINT_WITHIN_MS)


class Looker:
    """Answers in the service's place with what a test says that it sees."""

    def __init__(self, phone: Phone) -> None:
        self.reasons: list[str] = []
        phone.page.route("**/m/api/face/hint", self._answer)

    def _answer(self, route: Route) -> None:
        seen = {"reasons": self.reasons, "not_checked": [], "head": None}
        route.fulfill(json={"seen": seen, "next_s": 0.5})


@pytest.mark.parametrize("way", ["spoken", "typed"])
@pytest.mark.parametrize(("fault", "while_reading"), [("too_dark", "dark"), ("background_not_white", "")])
def test_the_ring_warns_from_the_count_on_until_what_is_wrong_is_mended(
    camera: FakeCamera,
    at_home: Prepare,
    take_phone: Callable[..., Phone],
    inspector: Inspector,
    way: str,
    fault: str,
    while_reading: str,
) -> None:
    camera.show_picture(np.asarray(cv2.cvtColor(make_frame(), cv2.COLOR_RGB2BGR), np.uint8))
    phone = take_phone(of=at_home(unit_filing()))
    looker = Looker(phone)
    looker.reasons = [fault]
    if way == "typed":
        phone.go("face/before")
        phone.choose_typing()
    phone.go("face/frame")
    expect(phone.page.locator(".oval")).to_have_attribute("data-state", "wrong")
    warned = phone.page.locator(".hint").text_content()
    seen: list[str] = phone.page.evaluate(_RINGS, '[data-action="record-anyway"]')
    assert set(seen) == {f"wrong {warned}"}, "the count said that all is well"
    ask = phone.page.locator(".ask")
    expect(phone.page.locator(".digit")).to_have_attribute("data-digit", re.compile(r"^\d$"), timeout=10_000)
    expect(phone.page.locator(".oval")).to_have_attribute("data-state", "wrong")
    expect(ask).to_have_attribute("data-hint", while_reading)
    inspector.look(phone.page, "recording, warned")
    looker.reasons = []
    expect(phone.page.locator(".oval")).to_have_attribute("data-state", "good")
    expect(ask).to_have_attribute("data-hint", "")
    looker.reasons = [fault]
    expect(phone.page.locator(".oval")).to_have_attribute("data-state", "wrong")


@pytest.mark.parametrize("answer", ["none", "broken", "slow"])
def test_where_no_hint_can_be_had_the_page_s_own_measures_stand_in(
    camera: FakeCamera, at_home: Prepare, take_phone: Callable[..., Phone], answer: str
) -> None:
    camera.show(Take())
    phone = take_phone(of=at_home(unit_filing()))

    def reply(route: Route) -> None:
        if answer == "none":
            route.fulfill(json={"seen": None, "next_s": None})
        elif answer == "broken":
            route.fulfill(body="no json", content_type="application/json")

    phone.page.route("**/m/api/face/hint", reply)
    phone.go("face/frame")
    see_hint(phone.page, "good", by="page")
    expect(phone.page.locator(f"{START}:not([aria-disabled])")).to_be_visible()
    phone.page.locator(START).click()
    phone.see("recording")
