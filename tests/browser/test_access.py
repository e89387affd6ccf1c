"""What axe-core says of the main screens, in both languages: nothing serious (the fixture says it).

The screens that only a judged clip leads to are looked at where the other tests come by.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.applicant import Applicant, Portal
from tests.browser.desk import Console, PortalDesk
from tests.browser.inspector import Inspector
from tests.browser.papers import CHOSEN, OTHER_NUMBER, form, photographs, unit_filing, unit_form
from tests.browser.phone import Phone
from tests.browser.service import Service

Prepare = Callable[[Mapping[str, Any]], Applicant]

_MOST_STOPS = 40
# How far what has the focus reaches under the bar that sticks at the bottom; null once it is in the bar.
_HIDDEN_PX = """
(bar) => {
  const focused = document.activeElement, over = document.querySelector(bar);
  if (over.contains(focused)) return null;
  return focused.getBoundingClientRect().bottom - over.getBoundingClientRect().top;
}
"""

_LOCALES = pytest.mark.parametrize("locale", ["zh-CN", "en-US"])


@_LOCALES
def test_the_phones_screens_are_accessible(
    locale: str,
    portal: Portal,
    service: Service,
    take_phone: Callable[..., Phone],
    inspector: Inspector,
) -> None:
    filing = unit_filing(OTHER_NUMBER)
    phone = take_phone(locale=locale)

    def look(screen: str) -> None:
        phone.see(screen)
        inspector.look(phone.page, screen)

    phone.page.goto(portal.open(filing)["url"])
    look("open")
    phone.tap("redeem")
    look("consent")
    phone.agree()
    look("preflight")
    phone.check_devices()
    look("phone-number")
    phone.prove_number(filing["responsible_person"]["mobile"])
    look("home")
    phone.open_step("person_document")
    look("capture")
    phone.choose_from_album(photographs().portrait)
    look("crop")
    phone.tap("use")
    look("fields")
    phone.go("face/before")
    look("instructions")
    phone.tap("go")
    look("framing")
    phone.go("face/film")
    look("film")
    phone.go("other/face")
    look("other-way")
    phone.page.locator("label", has=phone.page.locator('input[value="typed"]')).click()
    phone.tap("other-way")
    look("instructions-typed")
    phone.go("forms")
    look("forms")


@_LOCALES
def test_the_portals_and_the_hand_off_page_are_accessible(
    locale: str, service: Service, sit_down: Callable[..., BrowserContext], inspector: Inspector
) -> None:
    desk = PortalDesk(service, sit_down(locale=locale).new_page())
    desk.page.goto(service.portal_url)
    inspector.look(desk.page, "filings")
    desk.page.locator('button[name="kind"][value="unit"]').click()
    desk.see_page("entry")
    inspector.look(desk.page, "entry")
    desk.fill_in(unit_form(), CHOSEN)
    desk.see_page("summary")
    inspector.look(desk.page, "summary")
    desk.page.locator('[data-action="open"]').click()
    desk.see_page("verify")
    expect(desk.handoff.locator("#page")).to_have_attribute("data-scene", "waiting")
    inspector.look(desk.page, "verify, with the hand-off page")


@_LOCALES
def test_the_consoles_pages_are_accessible(
    locale: str,
    service: Service,
    at_home: Prepare,
    sit_down: Callable[..., BrowserContext],
    inspector: Inspector,
) -> None:
    applicant = at_home(unit_filing())
    applicant.send("forms", "verification_form", form("verification_form"))
    console = Console(service, sit_down(locale=locale).new_page())
    console.page.goto(f"{service.url}/console/")
    expect(console.page.locator("#password")).to_be_visible()
    inspector.look(console.page, "login")
    console.log_in()
    inspector.look(console.page, "queue")
    console.page.goto(f"{service.url}/console/#/cases/{applicant.state()['session']['id']}")
    expect(console.page.locator('[data-page="case"]')).to_be_visible()
    inspector.look(console.page, "case")


def hidden_before(page: Page, bar: str) -> list[float]:
    """How far what has the focus stands under the bar, for all that has it in turn before the bar's own buttons."""
    found: list[float] = []
    while len(found) < _MOST_STOPS:
        page.keyboard.press("Tab")
        under_px = page.evaluate(_HIDDEN_PX, bar)
        if under_px is None:
            return found
        found.append(under_px)
    raise AssertionError("the bar's buttons can't be reached")


def test_what_has_the_focus_is_not_under_the_bar_of_a_small_phone(
    portal: Portal, take_phone: Callable[..., Phone]
) -> None:
    phone = take_phone()
    phone.page.set_viewport_size({"width": 320, "height": 568})
    phone.open_link(portal.open(unit_filing())["url"])
    phone.see("consent")
    assert max(hidden_before(phone.page, ".act")) <= 0


def test_what_has_the_focus_is_not_under_the_foot_of_the_portals_form(
    service: Service, sit_down: Callable[..., BrowserContext]
) -> None:
    page = sit_down().new_page()
    page.goto(service.portal_url)
    page.locator('button[name="kind"][value="unit"]').click()
    expect(page.locator("main")).to_have_attribute("data-page", "entry")
    assert max(hidden_before(page, ".foot")) <= 0
