"""A person's certificate other than the ID card: what is photographed, compared, and whose face it shows."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.session.journey import MOBILE, Journey, a_journey, a_match, a_unit
from verify_svc.certificate.kinds import PAGES
from verify_svc.session.events import DataCorrected, FacesCompared, FieldRead
from verify_svc.session.filing import Certificate, Expected, Person, Subject
from verify_svc.session.finding import Finding, Outcome
from verify_svc.session.judging import pair_to_compare
from verify_svc.session.steps import StepName, StepState, slots_of, steps_asked

PERSON, FACE = StepName.PERSON_DOCUMENT, StepName.FACE
PASSPORT = {
    "number": FieldRead("L58239788", 0.99),
    "latin_name": FieldRead("YANGBEN SHIYI", 0.99),
    "valid_until": FieldRead("2033-05-01", 0.99),
}


def _with(kind: str, number: str, name: str = "SHIYI YANGBEN") -> Expected:
    return a_unit(Person(name, Certificate(kind, number), MOBILE))


def _journey(kind: str, number: str, name: str = "SHIYI YANGBEN") -> Journey:
    return a_journey(_with(kind, number, name)).to_papers()


@pytest.mark.parametrize("kind", sorted(PAGES))
def test_each_kind_has_a_place_for_every_page(kind: str) -> None:
    assert slots_of(PERSON, _with(kind, "1")) == tuple(PAGES[kind])


def test_a_passport_is_one_page_and_its_holder_may_be_entered_in_either_order() -> None:
    journey = _journey("passport", "L58239788")
    journey.judged(PERSON, "page", fields=PASSPORT)
    assert journey.state(PERSON) is StepState.PASSED


def test_a_passport_with_one_name_alone_is_held_against_that() -> None:
    journey = _journey("passport", "L58239788")
    fields = {**PASSPORT, "name": PASSPORT["latin_name"], "latin_name": FieldRead(None)}
    journey.judged(PERSON, "page", fields=fields)
    assert journey.state(PERSON) is StepState.PASSED


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("number", "L58239789", "certificate_number_mismatch"),
        ("latin_name", "YANGBEN SHIER", "name_mismatch"),
        ("valid_until", "2026-12-01", "document_expires_soon"),
        ("valid_until", "2026-11-01", "document_expired"),
    ],
)
def test_a_passport_is_held_against_the_entry_and_the_day(field: str, value: str, code: str) -> None:
    journey = _journey("passport", "L58239788")
    journey.judged(PERSON, "page", fields={**PASSPORT, field: FieldRead(value, 0.99)})
    assert (journey.state(PERSON), code in journey.codes(PERSON)) == (StepState.FAILED, True)


def test_a_temporary_card_need_not_last_for_months() -> None:
    journey = _journey("temporary_id_card", "110101199003070011", "金丝雀")
    fields = {
        "number": FieldRead("110101199003070011", 0.99),
        "name": FieldRead("金丝雀", 0.99),
        "valid_from": FieldRead("2026-10-01", 0.99),
        "valid_until": FieldRead("2027-01-01", 0.99),
    }
    journey.judged(PERSON, "page", fields=fields)
    assert journey.state(PERSON) is StepState.PASSED


def test_the_portrait_in_a_passport_is_compared_with_the_face() -> None:
    journey = _journey("passport", "L58239788")
    page, clip = journey.judged(PERSON, "page", fields=PASSPORT), journey.clip()
    assert pair_to_compare(journey.session) == (clip, page)
    assert journey.state(FACE) is StepState.PROCESSING
    journey.on(FacesCompared(journey.now, clip, page, (a_match(),)))
    assert journey.session.steps[FACE].verdict.needs == "confirm_still"


def test_a_certificate_without_a_portrait_leaves_the_face_to_an_operator() -> None:
    journey = _journey("household_register", "110101199003070011", "金丝雀")
    journey.judged(PERSON, "page", fields={"number": FieldRead("110101199003070011", 0.99)})
    journey.clip()
    assert journey.state(FACE) is StepState.IN_REVIEW


def test_a_residence_permits_term_says_nothing_about_its_holders_age() -> None:
    journey = _journey("residence_permit", "810000199003070010", "金丝雀")
    holder = {"number": FieldRead("810000199003070010", 0.99), "name": FieldRead("金丝雀", 0.99)}
    journey.judged(PERSON, "portrait", fields=holder)
    term = {"valid_from": FieldRead("2024-01-01", 0.99), "valid_until": FieldRead("2029-01-01", 0.99)}
    journey.judged(PERSON, "emblem", fields=term)
    assert journey.state(PERSON) is StepState.PASSED


def test_another_certificate_asks_for_its_own_pages_and_gives_no_attempts_back() -> None:
    journey = a_journey().to_papers()
    journey.judged(PERSON, "portrait", Finding("kind", Outcome.FAIL, ("document_wrong_kind",)))
    journey.on(DataCorrected(journey.now, _with("passport", "L58239788")))
    step = journey.session.steps[PERSON]
    assert (dict(step.slots), step.attempts.failures, step.verdict.state) == ({}, 1, StepState.OPEN)


def test_one_passport_serves_an_individual_for_both_steps() -> None:
    person = Person("SHIYI YANGBEN", Certificate("passport", "L58239788"), MOBILE)
    filing = replace(a_unit(person), subject=Subject("individual", person.name, Certificate("passport", "L58239788")))
    assert StepName.SUBJECT_DOCUMENT not in steps_asked(tuple(StepName), filing)
