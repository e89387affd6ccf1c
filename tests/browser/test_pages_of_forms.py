"""A form printed on two pages: photographed page by page, judged as one; a missing page is named, and added alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from tests.browser.applicant import Applicant
from tests.browser.inspector import Inspector
from tests.browser.papers import PERSON, UNIT, unit_filing
from tests.browser.phone import Phone
from tests.specimens import printed
from tests.specimens.forms import Filled
from tests.specimens.photographs import Shot, photograph
from verify_svc.session.filing import Site

DOMAINS = tuple(f"shili-{number}.zhong.example.com" for number in range(50))
KIND = "verification_form"
_SHANGHAI = ZoneInfo("Asia/Shanghai")


@cache
def pages(fault: str = "", seed: int = 15) -> list[bytes]:
    """The two pages of the company's form, the second signed, sealed and dated but for the fault."""
    filled = Filled(KIND, UNIT, PERSON, day=datetime.now(_SHANGHAI).date(), fault=fault, seed=3)
    drawn = printed.draw_pages(filled, replace(printed.entered(filled), site=Site("青梧示例", DOMAINS)))
    assert len(drawn) == 2
    return [photograph(page, Shot(seed=seed + place)) for place, page in enumerate(drawn)]


@pytest.fixture
def filing() -> dict[str, Any]:
    """A filing whose form takes two pages."""
    filing = unit_filing()
    return {**filing, "site": {**filing["site"], "domains": list(DOMAINS)}}


def form_of(applicant: Applicant) -> dict[str, Any]:
    """The upload in the form's slot."""
    slot = next(slot for slot in applicant.step("forms")["slots"] if slot["name"] == KIND)
    upload: dict[str, Any] = slot["upload"]
    return upload


def test_a_form_is_photographed_page_by_page_and_the_missing_page_is_added_alone(
    at_home: Callable[..., Applicant], take_phone: Callable[..., Phone], inspector: Inspector, filing: dict[str, Any]
) -> None:
    applicant = at_home(filing)
    phone = take_phone(of=applicant)
    first, second = pages()

    phone.go("forms")
    card = phone.page.locator(f'[data-slot="{KIND}"]')
    expect(card).to_contain_text("共 2 页")
    phone.tap(f"take-{KIND}")
    phone.choose_from_album(second)
    phone.see("crop")
    # Told beforehand that there are two, one sends the page with the signature alone all the same.
    phone.tap("see-pages")
    phone.see("pages")
    inspector.look(phone.page, "pages of a form")
    phone.tap("submit")

    phone.see("fields")
    expect(phone.page.locator("h1")).to_have_text("还缺第 1 页")
    assert phone.reasons() == {"form_incomplete"}
    inspector.look(phone.page, "missing page")
    expect(phone.page.locator('[data-missing="1"]')).to_be_visible()
    expect(phone.page.locator('[data-page="2"]')).to_be_visible()

    phone.tap("add-page")
    expect(phone.page.locator("h1")).to_have_text("补拍第 1 页")
    phone.photograph_from_album(first)
    phone.see("pages")
    expect(phone.page.locator("h1")).to_contain_text("2 页都已拍好")
    phone.tap("submit")
    phone.see("fields")
    expect(phone.page.locator('[data-action="next-side"], [data-action="done"]')).to_be_visible()

    upload = form_of(applicant)
    assert (upload["result"]["result"], upload["result"]["reasons"]) == ("clear", [])
    # In the order of their numbers, whichever came first.
    assert [page["number"] for page in upload["pages"]] == [1, 2]
    assert applicant.step("forms")["attempts"]["used"] == 1


def test_what_a_page_lacks_is_mended_on_that_page_alone(
    at_home: Callable[..., Applicant], take_phone: Callable[..., Phone], filing: dict[str, Any]
) -> None:
    applicant = at_home(filing)
    phone = take_phone(of=applicant)
    first, second = pages()
    phone.go(f"forms/{KIND}")
    phone.photograph_from_album(first)
    phone.photograph_from_album(pages("no_seal")[1])
    phone.see("pages")
    phone.tap("submit")
    phone.see("fields")
    expect(phone.page.locator("h1")).to_have_text("第 2 页：还缺公章")
    judged = form_of(applicant)
    phone.tap("again-page")
    phone.photograph_from_album(second)
    phone.see("pages")
    phone.tap("submit")
    phone.see("fields")
    expect(phone.page.locator('[data-action="next-side"], [data-action="done"]')).to_be_visible()
    mended = form_of(applicant)
    assert (mended["result"]["result"], len(mended["pages"]), mended["id"] == judged["id"]) == ("clear", 2, False)


def test_pages_of_a_draft_are_taken_again_put_away_and_framed(
    at_home: Callable[..., Applicant], take_phone: Callable[..., Phone], filing: dict[str, Any]
) -> None:
    applicant = at_home(filing)
    phone = take_phone(of=applicant)
    first, second = pages()
    phone.go(f"forms/{KIND}")
    phone.photograph_from_album(first)
    phone.photograph_from_album(second)
    phone.see("pages")
    phone.tap("remove-1")
    expect(phone.page.locator("#screen [data-page]")).to_have_count(1)
    phone.tap("add-page")
    phone.photograph_from_album(first)
    phone.see("pages")
    phone.tap("again-2")
    phone.choose_from_album(pages(seed=33)[0])
    phone.see("crop")
    phone.tap("rotate")
    phone.tap("use")
    phone.see("pages")
    assert [page["page"]["rotate_deg"] for page in form_of(applicant)["pages"]] == [0, 90]
    phone.page.reload()
    phone.see("pages")


def test_who_has_no_such_page_asks_for_a_person(
    at_home: Callable[..., Applicant], take_phone: Callable[..., Phone], filing: dict[str, Any]
) -> None:
    applicant = at_home(filing)
    applicant.send("forms", KIND, pages()[1])
    phone = take_phone(of=applicant)
    phone.go("forms")
    card = phone.page.locator(f'[data-slot="{KIND}"]')
    expect(card.locator('[data-reason="form_incomplete"]')).to_have_text("还缺第 1 页")
    expect(phone.page.locator('[data-action="next-form"]')).to_have_text("补拍第 1 页")
    phone.go("home")
    expect(phone.page.locator('[data-action="next"]')).to_have_text("补拍缺的页")
    phone.tap("next")
    phone.tap("other-way")
    phone.see("other-way")
    phone.tap("other-way")
    phone.see("waiting")
    assert applicant.step("forms")["state"] == "in_review"
