"""Papers that don't fit what was entered, and how each is put right."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.applicant import Applicant, Portal
from tests.browser.camera import FakeCamera
from tests.browser.desk import PortalDesk
from tests.browser.inspector import Inspector
from tests.browser.papers import (
    CHOSEN,
    OTHER_NUMBER,
    PERSON,
    UNIT,
    form,
    individual_filing,
    passport_of,
    photographs,
    printed_for,
    unit_filing,
    unit_form,
)
from tests.browser.phone import Phone
from tests.browser.service import Service
from tests.specimens.certificates import institution, some_body
from tests.specimens.papers import business_licence
from tests.specimens.photographs import Shot, photograph
from tests.specimens.travel import Traveller, passport

Prepare = Callable[[Mapping[str, Any]], Applicant]


def test_a_number_entered_wrongly_and_corrected_on_the_pc_passes_without_a_new_photograph(
    service: Service,
    redeem: Callable[[str], Applicant],
    take_phone: Callable[..., Phone],
    sit_down: Callable[..., BrowserContext],
) -> None:
    desk = PortalDesk(service, sit_down().new_page())
    typed = unit_form() | {"person_number": OTHER_NUMBER}
    desk.begin("unit", typed, CHOSEN)
    applicant = redeem(desk.link())
    applicant.agree()
    applicant.prove_phone(typed["mobile"])
    applicant.send("person_document", "emblem", photographs().emblem)
    applicant.send("person_document", "portrait", photographs().portrait)
    phone = take_phone(of=applicant)
    phone.go("person_document/portrait")
    number = phone.page.locator('[data-field="number"]')
    expect(number).to_have_attribute("data-state", "differs")
    expect(desk.step("person_document").locator('[data-reason="certificate_number_mismatch"]')).to_be_visible()

    desk.page.locator('[data-action="correct"]').click()
    desk.fill_in({"person_number": PERSON.number}, {})

    expect(number).to_have_attribute("data-state", "agrees")
    expect(desk.step("person_document")).to_have_attribute("data-state", "passed")


@pytest.mark.parametrize("locale", ["zh-CN", "en"])
def test_a_wrong_licence_is_told_with_each_piece_of_advice_once(
    portal: Portal,
    redeem: Callable[[str], Applicant],
    take_phone: Callable[..., Phone],
    sit_down: Callable[..., BrowserContext],
    locale: str,
) -> None:
    filing = unit_filing()
    session = portal.open(filing)
    applicant = redeem(session["url"])
    applicant.agree()
    applicant.prove_phone(filing["responsible_person"]["mobile"])
    applicant.post("/locale", {"locale": locale})
    other = replace(UNIT, name="南京云汐示例科技有限公司", legal_person="周望舒", body="91320199MA2R7K3U5")
    applicant.send("subject_document", "page", photograph(business_licence(other), Shot(seed=11)))
    phone = take_phone(of=applicant, locale=locale)
    phone.go("subject_document")
    phone.see("fields")
    expect(phone.page.locator('[data-state="differs"]')).to_have_count(3)
    twice = {"zh-CN": "请看原件", "en": "original"}[locale]
    assert phone.page.locator("#screen").inner_text().count(twice) == 1
    phone.go("home")
    phone.see("home")
    note = phone.page.locator('[data-step="subject_document"] .note')
    expect(note.locator("[data-reason]")).to_have_count(3)
    assert note.inner_text().count(twice) == 1
    desk = sit_down(locale=locale).new_page()
    desk.goto(session["handoff"]["url"])
    told = desk.locator('[data-step="subject_document"] .note')
    expect(told.locator("[data-reason]")).to_have_count(3)
    assert told.inner_text().count(twice) == 1


def test_the_cards_wrong_side_is_told_and_taken_again(at_home: Prepare, take_phone: Callable[..., Phone]) -> None:
    phone = take_phone(of=at_home(unit_filing()))
    phone.go("person_document/portrait")
    phone.photograph_from_album(photographs().emblem)
    phone.see("fields")
    assert phone.reasons() == {"document_wrong_side"}
    phone.tap("retake")
    phone.photograph_from_album(photographs().portrait)
    expect(phone.read_fields().first).to_be_visible()
    assert phone.reasons() == set()


def test_a_form_without_signature_seal_or_date_is_shown_where_it_lacks_and_taken_again(
    at_home: Prepare, take_phone: Callable[..., Phone], inspector: Inspector
) -> None:
    applicant = at_home(unit_filing())
    applicant.send("forms", "commitment_letter", form("commitment_letter"))
    phone = take_phone(of=applicant)
    for fault, place in (("no_seal", "seal"), ("no_signature", "signature"), ("no_date", "date")):
        applicant.send("forms", "verification_form", form("verification_form", fault=fault))
        phone.go("home")
        phone.go("forms")
        card = phone.page.locator('[data-slot="verification_form"]')
        expect(card.locator(f'[data-reason="form_{place}_missing"]')).to_be_visible()
        expect(card.locator(f'img[data-place="{place}"]')).to_be_visible()
        inspector.look(phone.page, f"a form without its {place}")
    with phone.page.expect_popup() as opened:
        phone.page.locator('[data-action="print-verification_form"]').click()
    opened.value.close()
    answer = applicant.client.get("/forms/verification_form.pdf")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    applicant.send("forms", "verification_form", form("verification_form"))
    assert applicant.step("forms")["state"] == "passed"


def test_an_edited_number_goes_to_an_operator(
    at_home: Prepare, take_phone: Callable[..., Phone], inspector: Inspector
) -> None:
    applicant = at_home(unit_filing(OTHER_NUMBER))
    applicant.send("person_document", "emblem", photographs().emblem)
    applicant.send("person_document", "portrait", photographs().portrait)
    phone = take_phone(of=applicant)
    phone.go("person_document/portrait")
    phone.see("fields")
    inspector.look(phone.page, "fields that differ")
    phone.tap("edit")
    phone.page.locator('input[name="number"]').fill(OTHER_NUMBER)
    phone.tap("save-edit")
    phone.see("waiting")
    assert phone.reasons() == {"number_edited"}
    inspector.look(phone.page, "waiting")
    assert applicant.step("person_document")["state"] == "in_review"


def test_a_passport_holder_photographs_one_page(
    at_home: Prepare, take_phone: Callable[..., Phone], inspector: Inspector
) -> None:
    holder = Traveller()
    filing = unit_filing()
    certificate = {"kind": "passport", "number": holder.number}
    person = {**filing["responsible_person"], "name": "Anna Maria Eriksson", "certificate": certificate}
    applicant = at_home({**filing, "responsible_person": person})
    phone = take_phone(of=applicant)
    phone.go("person_document/page")
    phone.see("capture")
    inspector.look(phone.page, "capture of a passport")
    phone.photograph_from_album(photograph(passport(holder), Shot(seed=21)))
    expect(phone.read_fields().first).to_be_visible()
    assert phone.reasons() == {"authorization_letter_required"}  # somebody else than the legal representative
    assert applicant.step("person_document")["state"] == "passed"


def test_a_person_with_a_passport_comes_to_verified_without_an_operator(
    at_home: Prepare, take_phone: Callable[..., Phone], camera: FakeCamera
) -> None:
    holder = Traveller("LIN", "ZHIXIA", PERSON.name, "M", "CHN", "", "E12345678", PERSON.born, optional="MEPDLKNBPO")
    own = {"name": PERSON.name, "certificate": {"kind": "passport", "number": holder.number}}
    filing = individual_filing()
    person = {**filing["responsible_person"], **own}
    applicant = at_home({**filing, "subject": {"kind": "individual", **own}, "responsible_person": person})
    applicant.send("person_document", "page", passport_of(holder))
    for kind in ("verification_form", "commitment_letter"):
        applicant.send("forms", kind, printed_for(PERSON.name, holder.number, kind))
    take_phone(of=applicant).pass_face(camera)
    assert applicant.state()["session"]["status"] == "verified"


def test_an_institution_files_with_its_own_certificate(at_home: Prepare) -> None:
    body = some_body(3, "12", "研究所")
    subject = {
        "kind": "unit",
        "name": body.name,
        "certificate": {"kind": "institution_certificate", "number": body.number},
        "legal_person": {"name": body.legal_person},
    }
    applicant = at_home({**unit_filing(), "subject": subject})
    applicant.send("subject_document", "page", photograph(institution(body), Shot(seed=22)))
    assert applicant.step("subject_document")["state"] == "passed"
