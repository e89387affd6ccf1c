"""Pages on the edge of what they are made for: a line that is lost, a frame that is narrow, text that is large."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.applicant import Applicant, Portal
from tests.browser.desk import scanned
from tests.browser.papers import unit_filing
from tests.browser.phone import Phone

Prepare = Callable[[Mapping[str, Any]], Applicant]

_AT_ONCE_MS = 3000
_DOUBLE_TEXT = """
document.addEventListener("DOMContentLoaded", () => {
  document.documentElement.style.fontSize = "200%";
  dispatchEvent(new Event("resize"));
});
"""


def test_a_lost_line_is_told_at_once_and_no_longer_than_it_lasts(
    at_home: Prepare, take_phone: Callable[..., Phone]
) -> None:
    phone = take_phone(of=at_home(unit_filing()))
    phone.go("home")
    phone.see("home")
    phone.context.set_offline(True)
    expect(phone.page.locator("#line")).to_be_visible(timeout=_AT_ONCE_MS)
    phone.context.set_offline(False)
    expect(phone.page.locator("#line")).to_be_hidden(timeout=_AT_ONCE_MS)


def test_a_frame_of_360_px_shows_a_code_that_can_be_scanned(
    portal: Portal, sit_down: Callable[..., BrowserContext]
) -> None:
    session = portal.open(unit_filing())
    desk = sit_down().new_page()
    desk.set_viewport_size({"width": 360, "height": 700})
    desk.goto(session["handoff"]["url"])
    assert scanned(desk.locator('.qr svg[role="img"]')) == session["url"]
    assert desk.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("locale", ["zh-CN", "en-US"])
def test_nothing_runs_out_at_the_side_at_320_px_and_double_text(
    locale: str, portal: Portal, at_home: Prepare, take_phone: Callable[..., Phone]
) -> None:
    applicant = at_home(unit_filing())
    if locale == "en-US":
        applicant.post("/locale", {"locale": "en"})
    phone = take_phone(of=applicant, locale=locale, reduced_motion="reduce")
    phone.page.set_viewport_size({"width": 320, "height": 640})
    phone.context.add_init_script(_DOUBLE_TEXT)
    for route, screen in {
        "home": "home",
        "subject_document": "capture",
        "face/before": "instructions",
        "other/face": "other-way",
        "forms": "forms",
    }.items():
        phone.go(route)
        phone.see(screen)
        assert phone.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), screen
