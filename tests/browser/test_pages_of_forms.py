"""A form printed on two pages of which the phone sends one: the missing one is named, and a person can be asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from playwright.sync_api import expect

from tests.browser.applicant import Applicant, Portal
from tests.browser.papers import PERSON, UNIT, unit_filing
from tests.browser.phone import Phone
from tests.specimens import printed
from tests.specimens.forms import Filled
from tests.specimens.photographs import Shot, photograph
from verify_svc.session.filing import Site


def test_a_page_that_comes_alone_says_which_one_is_missing_and_a_person_can_be_asked_for(
    portal: Portal, redeem: Callable[[str], Applicant], take_phone: Callable[..., Phone]
) -> None:
    filing = unit_filing()
    applicant = redeem(portal.open(filing)["url"])
    applicant.agree()
    applicant.prove_phone(filing["responsible_person"]["mobile"])
    filled = Filled("verification_form", UNIT, PERSON, day=datetime.now(UTC).date(), seed=3)
    many = Site("示例网站", tuple(f"shili-{number}.zhong.example.com" for number in range(50)))
    pages = printed.draw_pages(filled, replace(printed.entered(filled), site=many))
    assert len(pages) == 2
    applicant.send("forms", "verification_form", photograph(pages[1], Shot(seed=15)))

    phone = take_phone(of=applicant)
    phone.go("forms")
    card = phone.page.locator('[data-slot="verification_form"]')
    expect(card.locator('[data-reason="form_incomplete"]')).to_have_text("表格还缺第 1 页")
    phone.page.locator('[data-action="other-way"]').click()
    phone.see("other-way")
    phone.page.locator('[data-action="other-way"]').click()
    phone.see("waiting")
    assert applicant.step("forms")["state"] == "in_review"
