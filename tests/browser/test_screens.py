"""Pages on the edge of what they are made for: a line that is lost, a frame that is narrow, text that is large."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, FilePayload, Route, expect

from tests.browser.applicant import Applicant, Portal
from tests.browser.desk import PortalDesk, scanned
from tests.browser.papers import CHOSEN, individual_form, photographs, unit_filing
from tests.browser.phone import Phone
from tests.browser.service import Service

Prepare = Callable[[Mapping[str, Any]], Applicant]

_AT_ONCE_MS = 3000
_WIDTH_PX = "document.documentElement.scrollWidth"
_DOUBLE_TEXT = """
document.addEventListener("DOMContentLoaded", () => {
  document.documentElement.style.fontSize = "200%";
  dispatchEvent(new Event("resize"));
});
"""
_NO_SOUND = """
const openBoth = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
navigator.mediaDevices.getUserMedia = async (wanted) => {
  if (window.pictureFault || wanted.audio) throw new DOMException("", window.soundFault ?? "NotReadableError");
  return openBoth(wanted);
};
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


def test_a_corner_of_the_crop_is_not_dragged_across_the_page(
    at_home: Prepare, take_phone: Callable[..., Phone]
) -> None:
    phone = take_phone(of=at_home(unit_filing()))
    phone.go("subject_document/page")
    phone.choose_from_album(photographs().licence)
    phone.see("crop")
    corners = phone.page.locator(".handle")
    expect(corners.first).to_be_visible()
    places = [box for corner in corners.all() if (box := corner.bounding_box()) is not None]
    middles = [(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2) for box in places]
    phone.page.mouse.move(*middles[0])
    phone.page.mouse.down()
    phone.page.mouse.move(middles[0][0] + 20, middles[0][1] + 10, steps=4)
    phone.page.mouse.move(middles[2][0] + 30, middles[2][1] + 30, steps=12)
    phone.page.mouse.up()
    now = corners.first.bounding_box()
    assert now is not None
    assert middles[0][0] + 10 < now["x"] + now["width"] / 2 < middles[1][0]
    assert now["y"] + now["height"] / 2 < middles[2][1]


def test_a_frame_of_360_px_shows_a_code_that_can_be_scanned(
    portal: Portal, sit_down: Callable[..., BrowserContext]
) -> None:
    session = portal.open(unit_filing())
    desk = sit_down().new_page()
    desk.set_viewport_size({"width": 360, "height": 700})
    desk.goto(session["handoff"]["url"])
    assert scanned(desk.locator('.qr svg[role="img"]')) == session["url"]
    assert re.fullmatch(r"还有 \d{1,2} 分 \d{1,2} 秒", desk.locator(".left-time").inner_text())
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
        assert phone.page.evaluate(_WIDTH_PX) <= 320, screen


@pytest.mark.parametrize("width_px", [320, 375])
def test_no_screen_runs_out_at_the_side(width_px: int, at_home: Prepare, take_phone: Callable[..., Phone]) -> None:
    """A phone lays a page out as wide as its widest part: what stands too far right makes everything small."""
    phone = take_phone(of=at_home(unit_filing()))
    phone.page.set_viewport_size({"width": width_px, "height": 724})
    for route, screen in {
        "home": "home",
        "text": "text",
        "subject_document": "capture",
        "person_document/portrait/take": "capture",
        "face/before": "instructions",
        "face/film": "film",
        "face/frame": "framing",
        "other/face": "other-way",
        "forms": "forms",
        "forms/verification_form/take": "capture",
    }.items():
        phone.go(route)
        phone.see(screen)
        assert phone.page.evaluate(_WIDTH_PX) <= width_px, route
    phone.go("subject_document")
    phone.choose_from_album(b"no picture at all")
    phone.page.locator('[data-reason="file_type_not_allowed"]').wait_for()
    assert phone.page.evaluate(_WIDTH_PX) <= width_px, "upload error"
    phone.page.evaluate(
        "() => { navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', 'NotAllowedError')) }"
    )
    phone.tap("retake")
    phone.page.locator('[data-reason="camera_denied"]').wait_for()
    assert phone.page.evaluate(_WIDTH_PX) <= width_px, "no camera"


def test_a_device_at_fault_is_told_by_its_own_name_and_what_kind_of_fault_it_is(
    at_home: Prepare, take_phone: Callable[..., Phone]
) -> None:
    """Browsers refuse camera and microphone together, and don't say which of the two was missing, busy or denied."""
    phone = take_phone(of=at_home(unit_filing()))
    phone.context.add_init_script(_NO_SOUND)
    phone.go("face/frame")
    phone.page.locator('[data-reason="microphone_busy"]').wait_for()
    faults = {"NotFoundError": "microphone_absent", "NotAllowedError": "microphone_denied"}
    for fault, reason in faults.items():
        phone.page.evaluate("(fault) => { window.soundFault = fault; }", fault)
        phone.tap("again")
        phone.page.locator(f'[data-reason="{reason}"]').wait_for()
    phone.page.evaluate("() => { window.pictureFault = true; }")
    phone.tap("again")
    phone.page.locator('[data-reason="camera_denied"]').wait_for()
    phone.page.evaluate("() => { delete window.MediaRecorder; }")
    phone.tap("again")
    phone.see("film")


def test_a_file_that_is_no_film_is_answered_with_how_to_film(
    at_home: Prepare, take_phone: Callable[..., Phone]
) -> None:
    phone = take_phone(of=at_home(unit_filing()))
    phone.go("face/film")
    phone.see("film")
    phone.page.locator("[data-digits]").wait_for()
    junk = FilePayload(name="film.mp4", mimeType="video/mp4", buffer=b"no film at all")
    phone.page.locator('input[data-input="film"]').set_input_files(junk)
    told = phone.page.locator('[data-reason="file_type_not_allowed"]')
    expect(told).to_contain_text("请选择视频")
    phone.tap("record-again")
    phone.see("film")


def test_a_step_with_a_person_says_which_others_are_left(at_home: Prepare, take_phone: Callable[..., Phone]) -> None:
    applicant = at_home(unit_filing())
    applicant.post("/other_way", {"step": "face", "why": "cannot_speak"})
    phone = take_phone(of=applicant)
    phone.go("face")
    phone.see("waiting")
    expect(phone.on("waiting")).to_contain_text("您还要完成：营业执照、负责人身份证、")
    expect(phone.on("waiting")).not_to_contain_text("可以关闭此页")
    expect(phone.on("waiting")).not_to_contain_text("不用做什么")


def test_refused_consent_is_told_on_the_pc_as_another_way_not_as_done(
    portal: Portal, redeem: Callable[[str], Applicant], sit_down: Callable[..., BrowserContext]
) -> None:
    session = portal.open(unit_filing())
    redeem(session["url"]).post("/consent/decline", {})
    desk = sit_down().new_page()
    desk.goto(session["handoff"]["url"])
    expect(desk.locator("h1")).to_have_text("已改为人工办理")
    expect(desk.locator("#page")).not_to_contain_text("都已完成")
    expect(desk.locator("#page")).not_to_contain_text("未开始")


def test_both_boxes_that_are_missing_are_marked_and_what_was_said_is_not_kept(
    portal: Portal, take_phone: Callable[..., Phone]
) -> None:
    phone = take_phone()
    phone.open_link(portal.open(unit_filing())["url"])
    phone.see("consent")
    phone.tap("agree")
    expect(phone.page.locator("label.wanted")).to_have_count(2)
    # Where the system sets the colours, what is open must not look ticked, and the focus must be seen.
    phone.page.emulate_media(forced_colors="active")
    expect(phone.page.locator(".tickrow .box svg").first).to_be_hidden()
    phone.page.keyboard.press("Tab")
    outlines = "all => all.filter((one) => getComputedStyle(one).outlineStyle !== 'none').length"
    assert phone.page.locator("#screen *").evaluate_all(outlines) > 0
    phone.page.emulate_media(forced_colors="none")
    phone.agree()
    phone.check_devices()
    phone.see("phone-number")
    expect(phone.page.locator("#live")).to_be_empty()


def test_a_form_is_sent_once_its_last_draft_has_arrived(
    service: Service, sit_down: Callable[..., BrowserContext]
) -> None:
    desk = PortalDesk(service, sit_down().new_page())
    held: list[Route] = []
    desk.page.route("**/draft", lambda route: held.append(route))
    desk.page.goto(service.portal_url)
    desk.page.locator('button[name="kind"][value="individual"]').click()
    desk.see_page("entry")
    desk.fill_in(individual_form(), CHOSEN)
    desk.page.wait_for_timeout(500)
    desk.see_page("entry")
    assert held
    desk.page.unroute("**/draft")  # lets those that are held go on
    desk.see_page("summary")
