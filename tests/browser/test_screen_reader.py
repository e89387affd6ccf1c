"""The face step with a screen reader and a keyboard alone: what is said, once and in its time, where the focus is."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Any

import cv2
import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.browser.applicant import Applicant
from tests.browser.camera import FakeCamera, Take
from tests.browser.entry import DIGITS
from tests.browser.papers import unit_filing
from tests.browser.phone import Phone
from tests.browser.test_hints import HINT_WITHIN_MS
from tests.browser.test_other_way import ASKED
from tests.specimens.clips import make_frame
from tests.specimens.portrait import Framing

Prepare = Callable[[Mapping[str, Any]], Applicant]

_MOST_STOPS = 40
_HEARD_WITHIN_S = 30.0
# What a screen reader says by itself: the new words of each live region, as one change of the page leaves them.
_LISTEN = """
window.said = [];
window.saidOn = [];
new MutationObserver((changes) => {
  const regions = new Set();
  for (const { target } of changes) {
    const element = target.nodeType === 1 ? target : target.parentElement;
    const region = element?.closest('[aria-live], [role="status"], [role="alert"]');
    if (region && !region.hidden) regions.add(region);
  }
  for (const words of [...regions].map((region) => region.textContent.trim()).filter(Boolean)) {
    window.said.push(words);
    window.saidOn.push(document.getElementById("screen").dataset.screen);
  }
}).observe(document, { subtree: true, childList: true, characterData: true });
"""
_LOCALES = pytest.mark.parametrize("locale", ["zh-CN", "en"])
_GOOD = {"zh-CN": "很好，请保持。可以开始录制了", "en": "Very good, hold still. You can start recording now"}
_TURN = {"zh-CN": "向左转头，再转回来", "en": "Turn your head left, then come back"}


@pytest.fixture
def listening(camera: FakeCamera, at_home: Prepare, take_phone: Callable[..., Phone]) -> Callable[[str], Phone]:
    """A phone before the face step whose page notes what a screen reader would say by itself."""

    def listen(locale: str) -> Phone:
        camera.show(Take(turn=ASKED))
        applicant = at_home(unit_filing())
        applicant.post("/locale", {"locale": locale})
        phone = take_phone(of=applicant, locale=locale)
        phone.page.add_init_script(_LISTEN)
        phone.go("face/before")
        phone.see("instructions")
        return phone

    return listen


def said(page: Page) -> list[str]:
    found: list[str] = page.evaluate("window.said")
    return found


def heard(page: Page, words: str, after: int = 0) -> int:
    """Wait until those words are said; how many things had been said then."""
    until = time.monotonic() + _HEARD_WITHIN_S
    while time.monotonic() < until:
        all_said = said(page)
        if words in all_said[after:]:
            return all_said.index(words, after) + 1
        page.wait_for_timeout(50)
    raise AssertionError(f"never said: {words}; but {said(page)[after:]}")


def tab_to(page: Page, selector: str) -> None:
    """Go on with the Tab key until that has the focus."""
    for _ in range(_MOST_STOPS):
        page.keyboard.press("Tab")
        if page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"the keyboard does not reach {selector}")


def go_to_typing(phone: Phone) -> None:
    """By the keyboard, from the instructions to the framing of who types."""
    tab_to(phone.page, '[data-action="other-way"]')
    phone.page.keyboard.press("Enter")
    phone.see("other-way")
    expect(phone.page.locator("h1")).to_be_focused()
    tab_to(phone.page, 'input[name="why"]')
    phone.page.keyboard.press("Space")
    tab_to(phone.page, '[data-action="other-way"]')
    phone.page.keyboard.press("Enter")
    phone.see("instructions-typed")
    expect(phone.page.locator("h1")).to_be_focused()
    tab_to(phone.page, '[data-action="go"]')
    phone.page.keyboard.press("Enter")


@_LOCALES
def test_digits_turn_and_end_are_heard_once_and_typed_by_the_keyboard_alone(
    listening: Callable[[str], Phone], locale: str
) -> None:
    phone = listening(locale)
    page = phone.page
    go_to_typing(phone)
    phone.see("framing")
    expect(page.locator("h1")).to_be_focused()
    heard(page, _GOOD[locale])
    tab_to(page, '[data-action="start-recording"]')
    began = len(said(page))
    page.keyboard.press("Enter")
    phone.see("typing")
    expect(page.locator("h1")).to_be_focused()
    at = began
    for place, digit in enumerate(DIGITS):
        at = heard(page, digit, at)
        page.keyboard.press(digit)
        if place == 2:
            at = heard(page, _TURN[locale], at)
    phone.see("analysing")
    expect(page.locator("h1")).to_be_focused()
    everything = said(page)
    assert not [words for words, after in pairwise(everything) if words == after], "said twice"
    spoken = [words for words in everything[began:] if re.fullmatch(r"\d", words) or words == _TURN[locale]]
    assert spoken == ["3", "2", "1", *DIGITS[:3], _TURN[locale], *DIGITS[3:]]


@_LOCALES
def test_a_wrong_key_is_told_with_the_digit_that_is_wanted_each_time(
    listening: Callable[[str], Phone], locale: str
) -> None:
    phone = listening(locale)
    page = phone.page
    go_to_typing(phone)
    page.locator('[data-action="start-recording"]:not([aria-disabled])').click(timeout=30_000)
    phone.see("typing")
    at = heard(page, DIGITS[0])
    wrong = str((int(DIGITS[0]) + 1) % 10)
    again = {"zh-CN": f"按错了，请再按一次：{DIGITS[0]}", "en": f"Not that one, type again: {DIGITS[0]}"}[locale]
    for _ in range(2):
        page.keyboard.press(wrong)
        at = heard(page, again, at)
    phone.tap("stop")
    expect(page.locator("h1")).to_be_focused()


@_LOCALES
def test_while_the_microphone_is_open_nothing_is_said(listening: Callable[[str], Phone], locale: str) -> None:
    phone = listening(locale)
    page = phone.page
    before = page.locator("main").aria_snapshot()
    note, first_rule = {"zh-CN": ("使用读屏软件", "白墙"), "en": ("With a screen reader", "white wall")}[locale]
    assert 0 <= before.find(note) < before.index(first_rule), "who need not do all that is told so too late"
    tab_to(page, '[data-action="go"]')
    page.keyboard.press("Enter")
    phone.see("framing")
    heard(page, _GOOD[locale])
    page.locator('[data-action="start-recording"]:not([aria-disabled])').click(timeout=30_000)
    phone.see("recording")
    phone.see("analysing")
    heard_on = page.evaluate("window.saidOn")
    assert "framing" in heard_on
    assert "recording" not in heard_on
    expect(page.locator("h1")).to_be_focused()


def test_a_choice_that_is_missing_is_told_at_its_group(listening: Callable[[str], Phone]) -> None:
    phone = listening("zh-CN")
    page = phone.page
    phone.go("other/face")
    phone.see("other-way")
    tab_to(page, '[data-action="other-way"]')
    page.keyboard.press("Enter")
    heard(page, "请选择原因")
    group = page.get_by_role("radiogroup")
    expect(group).to_have_attribute("aria-invalid", "true")
    expect(group).to_have_accessible_description("请选择原因")
    expect(page.locator('input[name="why"]').first).to_be_focused()
    page.keyboard.press("Space")
    expect(group).not_to_have_attribute("aria-invalid", "true")


@pytest.mark.parametrize(("across", "words"), [(0.14, "请往左移一点"), (0.86, "请往右移一点")])
def test_who_does_not_see_the_oval_hears_which_way_to_move(
    camera: FakeCamera, at_home: Prepare, take_phone: Callable[..., Phone], across: float, words: str
) -> None:
    """The camera's picture isn't mirrored: whoever stands in its left half is to move to their own left."""
    picture = make_frame(framing=Framing(across=across))
    camera.show_picture(np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), np.uint8))
    phone = take_phone(of=at_home(unit_filing()))
    phone.go("face/frame")
    expect(phone.page.locator("#live")).to_have_text(words, timeout=HINT_WITHIN_MS)
    expect(phone.page.locator(".hint")).to_have_attribute("data-hint", "centre")
