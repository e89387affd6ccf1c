"""The whole way: from the portal's form over every screen of the phone to `verified`, with no operator."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import BrowserContext, expect

from tests.browser.camera import FakeCamera, Take
from tests.browser.desk import PortalDesk
from tests.browser.inspector import Inspector
from tests.browser.papers import CHOSEN, form, individual_form, photographs, unit_form
from tests.browser.phone import Phone
from tests.browser.service import Service


def test_a_unit_goes_from_the_portals_form_to_verified(
    service: Service, camera: FakeCamera, take_phone: Callable[..., Phone], sit_down: Callable[..., BrowserContext]
) -> None:
    papers, typed = photographs(), unit_form()
    desk = PortalDesk(service, sit_down().new_page())
    desk.begin("unit", typed, CHOSEN)
    phone = take_phone()
    _scan_and_prove_number(desk, phone, typed["mobile"])

    phone.open_step("subject_document")
    phone.photograph_from_album(papers.licence)
    phone.see("fields")
    expect(phone.page.locator('[data-field="number"]')).to_have_attribute("data-state", "agrees")
    phone.tap("done")
    _photograph_card_by_shutter(phone, camera)
    _record_face(phone, camera)
    expect(desk.step("face")).to_have_attribute("data-state", "passed")
    _photograph_forms(phone, unit=True, lacking=("seal", "signature", "date"))
    desk.see_status("verified")
    expect(desk.handoff.locator("[data-portrait] img")).to_be_visible()
    phone.see("done")
    desk.told_by_webhook("verification_session.verified")


def test_an_individual_goes_the_same_way_in_english(
    service: Service,
    camera: FakeCamera,
    take_phone: Callable[..., Phone],
    sit_down: Callable[..., BrowserContext],
    inspector: Inspector,
) -> None:
    typed = individual_form()
    desk = PortalDesk(service, sit_down(locale="en-US").new_page())
    desk.begin("individual", typed, CHOSEN)
    phone = take_phone(locale="en-US")
    _scan_and_prove_number(desk, phone, typed["mobile"])
    expect(phone.page.locator("html")).to_have_attribute("lang", "en")

    _photograph_card_by_shutter(phone, camera)
    _record_face(phone, camera, inspector)
    _photograph_forms(phone, unit=False)
    desk.see_status("verified")
    inspector.look(desk.page, "the hand-off page's result")
    phone.see("done")
    inspector.look(phone.page, "done")
    desk.told_by_webhook("verification_session.verified")


def _scan_and_prove_number(desk: PortalDesk, phone: Phone, mobile: str) -> None:
    phone.open_link(desk.link())
    expect(desk.handoff.locator("#page")).to_have_attribute("data-scene", "opened")
    phone.agree()
    phone.check_devices()
    phone.prove_number(mobile)
    expect(desk.step("phone")).to_have_attribute("data-state", "passed")


def _photograph_card_by_shutter(phone: Phone, camera: FakeCamera) -> None:
    camera.show_paper(photographs().portrait)
    phone.open_step("person_document")
    phone.photograph_by_shutter()
    phone.see("fields")
    phone.tap("next-side")
    phone.photograph_from_album(photographs().emblem)
    phone.see("fields")
    phone.tap("done")


def _record_face(phone: Phone, camera: FakeCamera, inspector: Inspector | None = None) -> None:
    take = Take()
    camera.show(take)
    phone.open_step("face")
    phone.record_face(take)
    if inspector is not None:
        phone.see("still")
        inspector.look(phone.page, "still")
    phone.confirm_still()
    phone.see("home")
    expect(phone.page.locator('[data-step="face"]')).to_have_attribute("data-state", "passed")
    expect(phone.page.locator('[data-step="face"] .sub')).to_have_text(re.compile("照片已确认|photo confirmed"))


def _photograph_forms(phone: Phone, *, unit: bool, lacking: tuple[str, ...] = ()) -> None:
    """Each form that lacks something is named with the place where it lacks it, and taken again."""
    phone.open_step("forms")
    phone.tap("take-verification_form")
    for place in lacking:
        phone.photograph_from_album(form("verification_form", unit, f"no_{place}"))
        phone.see("fields")
        assert phone.reasons() == {f"form_{place}_missing"}
        # A signature is there or missing: no dash for a value beside that word.
        expect(phone.page.locator('[data-field="signature"] .v')).to_have_text("")
        phone.tap("back")
        phone.see("forms")
        card = phone.page.locator('[data-slot="verification_form"]')
        expect(card.locator(f'[data-reason="form_{place}_missing"]')).to_be_visible()
        expect(card.locator(f'img[data-place="{place}"]')).to_be_visible()
        phone.tap("next-form")
    phone.photograph_from_album(form("verification_form", unit))
    phone.see("fields")
    phone.tap("next-side")
    phone.photograph_from_album(form("commitment_letter", unit))
