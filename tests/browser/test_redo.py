"""A step that an operator sends back: proposed with a reason to act on, told in the operator's words on every page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from playwright.sync_api import BrowserContext, expect

from tests.browser.applicant import Applicant, Portal
from tests.browser.desk import Console
from tests.browser.papers import unit_filing
from tests.browser.phone import Phone
from tests.browser.service import Service

_EDGE = "(field) => getComputedStyle(field.closest('.inp') ?? field).borderStyle"
_OWN_WORDS = "请在承诺书上补盖公章"


def test_what_an_operator_sends_back_is_told_in_his_own_words(
    service: Service,
    portal: Portal,
    redeem: Callable[[str], Applicant],
    take_phone: Callable[..., Phone],
    sit_down: Callable[..., BrowserContext],
) -> None:
    filing = unit_filing()
    session = portal.open(filing)
    applicant = redeem(session["url"])
    _ask_for_a_person_everywhere(applicant, filing)
    console = Console(service, sit_down().new_page())
    console.log_in()
    badge = console.page.locator('[data-rail="queue"] [data-count]')
    before = int(badge.inner_text())
    console.claim(session["id"])

    # Without any evidence an approval is nothing to propose.
    expect(console.page.locator('[data-decision="redo"]')).to_have_attribute("aria-checked", "true")
    # Shadows, which draw the edges of fields, are not shown where the system sets the colours.
    console.page.emulate_media(forced_colors="active")
    for name in ("#reason", "#comment", "#message"):
        edge = console.page.locator(name).evaluate(_EDGE)
        assert edge == "solid", name
    console.page.emulate_media(forced_colors="none")
    for name in ("subject_document", "face", "forms"):  # the first in doubt is proposed: face and forms are meant
        console.page.locator(f'.chip[data-step="{name}"]').click()
    expect(console.page.locator('.chip[data-step="forms"]')).to_contain_text("核验单与承诺书")
    expect(console.page.locator('[data-reason="other_way_requested"]').first).to_contain_text("其他原因")
    offered = console.page.locator("#reason option").evaluate_all("all => all.map((one) => one.value)")
    assert offered[0] == "redo_requested"
    assert not {"check_inconclusive", "other_way_requested", "presentation_attack_suspected"} & set(offered)
    console.page.locator("#message").fill(_OWN_WORDS)
    console.page.locator('[data-action="decide"]').click()
    expect(console.page.locator('[data-page="queue"]')).to_be_visible()
    expect(badge if before > 1 else console.page.locator('[data-rail="queue"]')).not_to_contain_text(str(before))

    desk = sit_down().new_page()
    desk.goto(session["handoff"]["url"])
    expect(desk.locator('[data-step="forms"] .note.bad')).to_have_text(_OWN_WORDS)
    expect(desk.locator('[data-action="change-phone"]')).to_have_text("显示新的二维码")
    assert "显示新的二维码" in service.messages()[0]["text"]
    phone = take_phone(of=applicant)
    phone.go("home")
    for screen in ("home", "forms"):
        phone.see(screen)
        expect(phone.page.locator('[data-state="redo-asked"]')).to_contain_text(_OWN_WORDS)
        if screen == "home":
            phone.open_step("forms")
    phone.go("face")
    phone.see("again")
    expect(phone.page.locator('[data-state="redo-asked"]')).to_contain_text(_OWN_WORDS)


def test_what_an_operator_approves_is_verified(
    service: Service,
    portal: Portal,
    redeem: Callable[[str], Applicant],
    sit_down: Callable[..., BrowserContext],
) -> None:
    filing = unit_filing()
    session = portal.open(filing)
    _ask_for_a_person_everywhere(redeem(session["url"]), filing)
    console = Console(service, sit_down().new_page())
    console.log_in()
    console.claim(session["id"])
    console.decide("approve")
    assert portal.read(session["id"])["status"] == "verified"


def _ask_for_a_person_everywhere(applicant: Applicant, filing: Mapping[str, Any]) -> None:
    """The case comes to an operator without any file."""
    applicant.agree()
    applicant.prove_phone(filing["responsible_person"]["mobile"])
    for step in applicant.state()["steps"]:
        if step["slots"]:
            applicant.post("/other_way", {"step": step["name"], "why": "other"})
