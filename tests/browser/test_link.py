"""The code that leads from the PC to the phone: it works once, for a while, and only by a tap."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.applicant import Applicant, Portal
from tests.browser.papers import unit_filing
from tests.browser.phone import Phone
from tests.browser.service import Service

Prepare = Callable[[Mapping[str, Any]], Applicant]

_LINK_LIVES_S = 10 * 60
_AT_ONCE_MS = 3000


@pytest.fixture
def _clock_put_right(service: Service) -> Iterator[None]:
    yield
    service.put_clock_forward(0)


def test_a_code_opens_on_one_phone_only(portal: Portal, take_phone: Callable[..., Phone]) -> None:
    session = portal.open(unit_filing())
    first, second = take_phone(), take_phone()
    first.open_link(session["url"])
    first.see("consent")
    second.open_link(session["url"])
    second.see("link")
    assert second.reasons() == {"link_already_used"}
    first.agree()
    first.see("preflight")


@pytest.mark.usefixtures("_clock_put_right")
def test_an_expired_code_says_so_and_is_refreshed_on_the_pc(
    service: Service, portal: Portal, take_phone: Callable[..., Phone], sit_down: Callable[..., BrowserContext]
) -> None:
    session = portal.open(unit_filing())
    service.put_clock_forward(_LINK_LIVES_S + 1)
    phone = take_phone()
    phone.open_link(session["url"])
    phone.see("link")
    assert phone.reasons() == {"link_expired"}

    desk = sit_down().new_page()
    desk.goto(session["handoff"]["url"])
    expect(desk.locator("#page")).to_have_attribute("data-scene", "link_expired")
    desk.locator('[data-action="fresh-code"]').click()
    expect(desk.locator("#page")).to_have_attribute("data-scene", "waiting")
    phone.page.goto("about:blank")
    phone.open_link(desk.locator("input.address").input_value())
    phone.see("consent")


@pytest.mark.parametrize(
    ("zone", "locale", "words"),
    [
        ("Asia/Shanghai", "zh-CN", "Chrome，{time} 打开"),
        ("America/New_York", "zh-CN", "Chrome，北京时间 {time} 打开"),
        ("Europe/Paris", "en", "opened {time} Beijing time"),
    ],
)
def test_times_are_those_of_china_wherever_the_page_is_read(
    portal: Portal,
    redeem: Callable[[str], Applicant],
    sit_down: Callable[..., BrowserContext],
    zone: str,
    locale: str,
    words: str,
) -> None:
    session = portal.open(unit_filing())
    redeem(session["url"])
    opened = datetime.now(ZoneInfo("Asia/Shanghai"))
    times = [f"{opened - timedelta(minutes=late):%H:%M}" for late in (0, 1)]
    desk = sit_down(locale=locale, timezone_id=zone).new_page()
    desk.goto(session["handoff"]["url"])
    told = re.compile("|".join(words.format(time=time) for time in times))
    expect(desk.locator("#page")).to_contain_text(told)


def test_a_phone_that_was_taken_over_shows_no_data_any_more(
    portal: Portal,
    redeem: Callable[[str], Applicant],
    at_home: Prepare,
    take_phone: Callable[..., Phone],
) -> None:
    applicant = at_home(unit_filing())
    phone = take_phone(of=applicant)
    phone.go("home")
    phone.see("home")
    redeem(portal.refresh_link(applicant.state()["session"]["id"])["url"])
    phone.see("link", _AT_ONCE_MS)
    assert phone.reasons() == {"link_already_used"}


def test_a_preview_that_opens_the_address_spends_nothing(
    portal: Portal, take_phone: Callable[..., Phone], sit_down: Callable[..., BrowserContext]
) -> None:
    session = portal.open(unit_filing())
    assert httpx.get(session["url"], timeout=30).status_code == 200
    sit_down(java_script_enabled=False).new_page().goto(session["url"])
    # A preview may run scripts too; it doesn't tap.
    preview = take_phone()
    preview.page.goto(session["url"])
    preview.see("open")
    phone = take_phone()
    phone.open_link(session["url"])
    phone.see("consent")
