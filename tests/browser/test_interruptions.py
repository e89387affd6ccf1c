"""A page reloaded in the middle of a step, and a worker that dies: nothing is lost and nothing is judged twice."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from playwright.sync_api import expect

from tests.browser.applicant import Applicant, Portal, eventually, latest_code
from tests.browser.camera import FakeCamera, Take, recorded
from tests.browser.inspector import Inspector
from tests.browser.papers import form, photographs, unit_filing
from tests.browser.phone import Phone
from tests.browser.service import Service

Prepare = Callable[[Mapping[str, Any]], Applicant]


def test_reloading_before_the_steps_loses_nothing(
    service: Service, portal: Portal, take_phone: Callable[..., Phone]
) -> None:
    filing = unit_filing()
    mobile = filing["responsible_person"]["mobile"]
    phone = take_phone()
    phone.page.goto(portal.open(filing)["url"])
    phone.see("open")
    phone.page.reload()
    phone.see("open")
    phone.tap("redeem")
    phone.see("consent")
    phone.page.reload()
    phone.agree()
    phone.see("preflight")
    phone.page.reload()
    phone.check_devices()
    phone.see("phone-number")
    phone.page.reload()
    phone.see("phone-number")
    phone.page.locator('input[name="mobile"]').fill(mobile)
    phone.tap("send-code")
    phone.see("phone-code")
    phone.page.reload()
    phone.see("phone-code")
    phone.page.locator('input[name="code"]').fill(latest_code(service, mobile))
    phone.see("home")
    phone.page.reload()
    phone.see("home")


def test_reloading_in_the_middle_of_a_paper_loses_nothing(at_home: Prepare, take_phone: Callable[..., Phone]) -> None:
    applicant = at_home(unit_filing())
    phone = take_phone(of=applicant)
    phone.go("subject_document")
    phone.see("capture")
    phone.page.reload()
    phone.see("capture")
    phone.choose_from_album(photographs().licence)
    phone.see("crop")
    phone.page.reload()
    phone.see("crop")
    phone.tap("use")
    phone.see("reading")
    phone.page.reload()
    phone.see("fields")
    phone.page.reload()
    phone.see("fields")
    assert applicant.step("subject_document")["state"] == "passed"
    assert applicant.step("subject_document")["attempts"]["used"] <= 1


def test_reloading_in_the_middle_of_the_face_loses_nothing(
    camera: FakeCamera, at_home: Prepare, take_phone: Callable[..., Phone], inspector: Inspector
) -> None:
    applicant = at_home(unit_filing())
    take = Take()
    camera.show(take)
    phone = take_phone(of=applicant)
    phone.go("face/before")
    phone.tap("go")
    phone.see("framing")
    phone.page.reload()
    phone.see("framing")
    phone.go("face/before")
    phone.record_face(take)
    phone.page.wait_for_timeout(2000)
    phone.page.reload()
    # What was half recorded is gone, with the choice of language: it is recorded again from the frame on.
    phone.go("face/before")
    phone.record_face(take)
    phone.see("analysing")
    inspector.look(phone.page, "analysing")
    phone.page.reload()
    phone.see("still")
    phone.page.reload()
    phone.see("still")
    inspector.look(phone.page, "still")
    phone.confirm_still()
    phone.see("home")
    assert applicant.step("face")["state"] == "passed"


def test_digits_that_do_not_come_in_time_end_the_recording_with_a_way_to_begin_again(
    camera: FakeCamera, at_home: Prepare, take_phone: Callable[..., Phone], inspector: Inspector
) -> None:
    applicant = at_home(unit_filing())
    take = Take()
    camera.show(take)
    phone = take_phone(of=applicant)
    phone.go("face/before")
    phone.page.route("**/digits/2", lambda route: route.fulfill(status=503))
    phone.record_face(take)
    expect(phone.page.locator('[data-state="slow"]')).to_be_visible(timeout=15_000)
    inspector.look(phone.page, "digits that did not come")
    phone.page.unroute("**/digits/2")
    phone.tap("record-again")
    phone.see("framing")
    assert applicant.step("face")["state"] == "open"


def test_reloading_in_the_middle_of_the_forms_loses_nothing(at_home: Prepare, take_phone: Callable[..., Phone]) -> None:
    applicant = at_home(unit_filing())
    phone = take_phone(of=applicant)
    phone.go("forms")
    phone.tap("take-verification_form")
    phone.choose_from_album(form("verification_form"))
    phone.see("crop")
    phone.page.reload()
    phone.see("crop")
    phone.tap("use")
    phone.see("reading")
    phone.page.reload()
    phone.see("fields")
    phone.go("forms")
    expect(phone.page.locator('[data-slot="verification_form"]')).to_have_attribute("data-state", "done")


def test_a_worker_killed_in_mid_analysis_loses_nothing_and_judges_once(
    service: Service, at_home: Prepare, take_phone: Callable[..., Phone]
) -> None:
    applicant = at_home(unit_filing())
    challenge = applicant.post("/face/challenge", {"language": "en", "mode": "live"})
    said = {"challenge_id": challenge["id"], "shown_at_s": None}
    upload = applicant.upload("face", "clip", recorded("president", "eyes_closed"), said)
    phone = take_phone(of=applicant)
    phone.go("face")
    phone.see("analysing")
    eventually(lambda: applicant.upload_now(upload), lambda found: (found["progress"] or {}).get("stage") in _AT_WORK)
    service.kill_worker()
    service.start_worker()
    phone.see("again")
    assert phone.reasons() == {"eyes_closed"}
    step = applicant.step("face")
    assert step["attempts"]["used"] == 1
    # The clip came by the API in a file that no page recorded, at once: it counts as a fallback too.
    assert {reason["code"] for reason in step["reasons"]} == {"eyes_closed", "capture_fallback_used"}


_AT_WORK = ("decoding", "measuring", "judging")
