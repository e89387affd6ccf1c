"""The whole way: from the portal's form over every screen of the phone to the operator's approval and `verified`."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import BrowserContext, expect

from tests.browser.camera import FakeCamera, Take
from tests.browser.desk import Console, PortalDesk
from tests.browser.papers import PERSON, UNIT, new_mobile, photographs
from tests.browser.phone import Phone
from tests.browser.service import Service

_CHOSEN = {"filing_kind": "new_subject", "province": "江苏省", "preapproval": "none"}
_SITE = {"address": PERSON.address, "site_name": "青梧示例", "domains": "example.com"}


def test_a_unit_goes_from_the_portals_form_to_verified(
    service: Service,
    camera: FakeCamera,
    take_phone: Callable[..., Phone],
    sit_down: Callable[..., BrowserContext],
) -> None:
    mobile, papers = new_mobile(), photographs()
    desk = PortalDesk(service, sit_down().new_page())
    typed = {
        **_SITE,
        "subject_name": UNIT.name,
        "subject_number": UNIT.number,
        "legal_person": UNIT.legal_person,
        "person_name": PERSON.name,
        "person_number": PERSON.number,
        "mobile": mobile,
    }
    desk.begin("unit", typed, _CHOSEN)

    phone = take_phone()
    phone.open_link(desk.link())
    expect(desk.handoff.locator("#page")).to_have_attribute("data-scene", "opened")
    phone.agree()
    phone.check_devices()
    phone.prove_number(mobile)

    phone.open_step("subject_document")
    phone.photograph_from_album(papers.licence)
    expect(phone.read_fields().and_(phone.page.locator('[data-field="number"]'))).to_have_attribute("data-state", "agrees")
    phone.tap("done")

    camera.show_paper(papers.portrait)
    phone.open_step("person_document")
    phone.photograph_by_shutter()
    phone.read_fields()
    phone.tap("next-side")
    phone.photograph_from_album(papers.emblem)
    phone.read_fields()
    phone.tap("done")

    take = Take()
    camera.show(take)
    phone.open_step("face")
    phone.speak_english()
    phone.tap("go")
    phone.record_face(take)
    phone.confirm_still()
    expect(desk.step("face")).to_have_attribute("data-state", "passed")

    phone.open_step("forms")
    phone.tap("take-verification_form")
    phone.photograph_from_album(papers.verification_form)
    phone.see("fields")
    phone.tap("next-side")
    phone.photograph_from_album(papers.commitment_letter)
    phone.see("waiting")
    desk.see_status("needs_review")

    console = Console(service, sit_down().new_page())
    console.log_in()
    case = console.page.locator("tr[data-case]", has_text=UNIT.name)
    console.claim(str(case.get_attribute("data-case")))
    console.decide("approve")

    desk.see_status("verified")
    expect(desk.handoff.locator("#left img")).to_be_visible()
    phone.see("done")
    desk.told_by_webhook("verification_session.verified")
