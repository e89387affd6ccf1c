"""What axe-core says of the main screens, in both languages: nothing serious (the fixture says it).

The screens that only a judged clip leads to are looked at where the other tests come by.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.applicant import Applicant, Portal
from tests.browser.desk import Console, PortalDesk
from tests.browser.inspector import Inspector
from tests.browser.papers import CHOSEN, OTHER_NUMBER, form, photographs, unit_filing, unit_form
from tests.browser.phone import Phone
from tests.browser.service import Service

Prepare = Callable[[Mapping[str, Any]], Applicant]

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
