"""Who can't speak or hear: the face with digits that are typed and a head that turns, or an appointment."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Route, expect

from tests.browser.applicant import Applicant, Portal
from tests.browser.camera import FakeCamera, Take
from tests.browser.desk import Console
from tests.browser.entry import DIGITS, TURN
from tests.browser.inspector import Inspector
from tests.browser.papers import photographs, unit_filing
from tests.browser.phone import Phone
from tests.browser.service import Service
from tests.specimens.clips import HeadTurn

Prepare = Callable[[Mapping[str, Any]], Applicant]

_SEEN_S = 0.4
"""From the arrow to the head's first movement."""
ASKED = HeadTurn(TURN.at_s + _SEEN_S, TURN.until_s - 0.3, 38)
"""To the picture's right, which is the person's left."""
OTHER_WAY = HeadTurn(ASKED.from_s, ASKED.until_s, -38)


def typed(phone: Phone, camera: FakeCamera, turn: HeadTurn, **how: int) -> None:
    """From the instructions to the end of the recording."""
    take = Take(turn=turn)
    camera.show(take)
    phone.go("face/before")
    phone.choose_typing()
    phone.record_typing(take, **how)


def test_who_cannot_speak_types_and_turns_and_an_operator_decides(
    service: Service,
    camera: FakeCamera,
    portal: Portal,
    at_home: Prepare,
    take_phone: Callable[..., Phone],
    sit_down: Callable[..., BrowserContext],
    inspector: Inspector,
) -> None:
    applicant = at_home(unit_filing())
    applicant.send("person_document", "portrait", photographs().portrait)
    phone = take_phone(of=applicant)
    typed(phone, camera, ASKED)
    inspector.look(phone.page, "typing")
    phone.see("waiting")
    inspector.look(phone.page, "waiting, of typed digits")
    assert phone.page.evaluate("window.soundAsked") == [False], "a microphone was asked for"
    step = applicant.step("face")
    assert step["state"] == "in_review"
    assert [reason["code"] for reason in step["reasons"]] == ["other_way_used"]
    assert {"typed_digits", "head_turn", "head", "eyes"} <= set(step["went_right"])

    session_id = applicant.state()["session"]["id"]
    clip = portal.report(session_id)["breakdown"]["face"]["breakdown"]["clip"]
    assert clip["properties"]["way"] == "typed"
    assert clip["breakdown"]["way"]["reasons"] == ["other_way_used"]
    assert clip["breakdown"]["digits"]["result"] == "not_checked"

    console = Console(service, sit_down().new_page())
    console.log_in()
    console.page.goto(f"{service.url}/console/#/cases/{session_id}")
    expect(console.page.locator('[data-part="clip"] [data-way="typed"]')).to_contain_text("按数字")
    drawn = console.page.locator(".traces svg")
    expect(drawn.locator('[data-turn="left"]')).to_have_count(1)
    expect(drawn.locator("[data-answer]")).to_have_text(list(DIGITS))
    inspector.look(console.page, "case with typed digits")
    expect(console.page.locator('[data-part="clip"] .hd .chip.ok')).to_contain_text(["活体"])

    def unbelieved(route: Route) -> None:
        """The same where the detector's score was not believed."""
        case = route.fetch().json()
        groups = case["findings"]
        [attack] = [finding for finding in groups["passed"] if finding["check"] == "attack"]
        groups["passed"].remove(attack)
        groups["not_checked"].append(attack)
        route.fulfill(json=case)

    console.page.route(f"**/console/api/cases/{session_id}", unbelieved)
    console.page.reload()
    expect(console.page.locator('[data-part="clip"] .hd')).to_contain_text("活体未检查")


@pytest.mark.parametrize(
    ("turn", "how", "reasons"),
    [
        pytest.param(OTHER_WAY, {}, {"head_turn_wrong_way"}, id="turned the other way"),
        pytest.param(ASKED, {"shift": 1}, {"typed_digits_mismatch"}, id="wrong digits"),
    ],
)
def test_a_fault_is_told_and_the_next_recording_goes_the_same_way(
    turn: HeadTurn,
    how: dict[str, int],
    reasons: set[str],
    camera: FakeCamera,
    at_home: Prepare,
    take_phone: Callable[..., Phone],
    inspector: Inspector,
) -> None:
    phone = take_phone(of=at_home(unit_filing()))
    typed(phone, camera, turn, **how)
    phone.see("again")
    assert phone.reasons() == reasons
    inspector.look(phone.page, "again, of typed digits")
    phone.page.evaluate("sessionStorage.clear()")
    phone.tap("record-again")
    phone.see("framing")
    phone.page.locator('[data-action="start-recording"]:not([aria-disabled])').click(timeout=30_000)
    phone.see("typing")


def test_the_keys_of_a_keyboard_do_as_well(
    camera: FakeCamera, at_home: Prepare, take_phone: Callable[..., Phone]
) -> None:
    phone = take_phone(of=at_home(unit_filing()))
    camera.show(Take(turn=ASKED))
    phone.go("face/before")
    phone.choose_typing()
    phone.see("instructions-typed")
    phone.tap("go")
    phone.see("framing")
    phone.page.locator('[data-action="start-recording"]:not([aria-disabled])').click(timeout=30_000)
    phone.see("typing")
    digit = phone.page.locator(".digit:not(.counting)")
    expect(digit).to_have_attribute("data-digit", re.compile(r"^\d$"), timeout=10_000)
    phone.page.keyboard.press(str(digit.get_attribute("data-digit")))
    expect(phone.page.locator('.boxes [data-state="typed"]')).to_have_count(1)
    phone.tap("stop")
    expect(phone.page.locator("h1")).to_have_text("已停止，没有上传")


def test_who_asks_for_more_time_gets_fewer_digits_and_hears_of_a_slip(
    camera: FakeCamera, at_home: Prepare, take_phone: Callable[..., Phone]
) -> None:
    phone = take_phone(of=at_home(unit_filing()))
    phone.page.set_viewport_size({"width": 320, "height": 568})
    camera.show(Take(turn=ASKED))
    phone.go("face/before")
    phone.choose_typing()
    phone.see("instructions-typed")
    acts, bar = phone.page.locator("ol.cells li").first.bounding_box(), phone.page.locator(".act").bounding_box()
    assert acts is not None
    assert bar is not None
    assert acts["y"] + acts["height"] <= bar["y"], "what is to be done lies out of view"
    phone.page.locator("label.choice", has=phone.page.locator('input[value="slow"]')).click()
    expect(phone.page.locator(".head p")).to_contain_text("3 个数字")
    phone.page.reload()
    phone.see("instructions-typed")
    expect(phone.page.locator('input[value="slow"]')).to_be_checked()
    phone.tap("go")
    phone.see("framing")
    phone.page.locator('[data-action="start-recording"]:not([aria-disabled])').click(timeout=30_000)
    phone.see("typing")
    expect(phone.page.locator(".boxes li")).to_have_count(3)
    digit = phone.page.locator(".digit:not(.counting)")
    expect(digit).to_have_attribute("data-digit", re.compile(r"^\d$"), timeout=10_000)
    phone.page.keyboard.press(str((int(str(digit.get_attribute("data-digit"))) + 1) % 10))
    expect(phone.page.locator("#live")).to_have_text(f"按错了，请再按一次：{DIGITS[0]}")
    phone.tap("stop")


def test_an_appointment_is_asked_for_from_the_same_place(at_home: Prepare, take_phone: Callable[..., Phone]) -> None:
    applicant = at_home(unit_filing())
    phone = take_phone(of=applicant)
    phone.go("other/face")
    phone.see("other-way")
    phone.tap("other-way")
    expect(phone.page.locator('[role="status"]').first).to_have_text("请选择原因")
    phone.page.locator("label", has=phone.page.locator('input[value="cannot_see"]')).click()
    phone.tap("other-way")
    phone.see("waiting")
    assert [reason["code"] for reason in applicant.step("face")["reasons"]] == ["other_way_requested"]


def test_one_can_come_back_to_reading_aloud(at_home: Prepare, take_phone: Callable[..., Phone]) -> None:
    phone = take_phone(of=at_home(unit_filing()))
    phone.go("face/before")
    phone.choose_typing()
    phone.see("instructions-typed")
    phone.page.reload()
    phone.see("instructions-typed")
    phone.tap("other-way")
    phone.page.locator("label", has=phone.page.locator('input[value="spoken"]')).click()
    phone.tap("other-way")
    phone.see("instructions")


def test_the_keypad_has_room_for_fingers_on_a_small_phone_with_large_text(
    camera: FakeCamera, at_home: Prepare, take_phone: Callable[..., Phone]
) -> None:
    phone = take_phone(of=at_home(unit_filing()))
    phone.page.set_viewport_size({"width": 320, "height": 568})
    camera.show(Take(turn=ASKED))
    phone.go("other/face")
    phone.page.locator("label", has=phone.page.locator('input[value="typed"]')).click()
    phone.tap("other-way")
    phone.see("instructions-typed")
    phone.page.evaluate("document.documentElement.style.fontSize = '200%'; dispatchEvent(new Event('resize'))")
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= 320
    phone.tap("go")
    phone.see("framing")
    phone.page.locator('[data-action="start-recording"]:not([aria-disabled])').click(timeout=30_000)
    phone.see("typing")
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= 320
    sizes = [box for key in phone.page.locator(".key").all() if (box := key.bounding_box()) is not None]
    assert len(sizes) == 10
    assert all(box["width"] >= 44 and box["height"] >= 44 for box in sizes)
    assert all(box["y"] + box["height"] <= 568 for box in sizes), "a key is out of view while its digit's time runs"
