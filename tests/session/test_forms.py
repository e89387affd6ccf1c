"""A form against the entry: what differs surely is told, what may be misread goes to an operator."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from types import MappingProxyType

import pytest

from tests.session.journey import ID_NUMBER, NAME, UNIT, USCC, Journey, a_journey, a_unit, an_individual
from verify_svc.session.events import FieldRead
from verify_svc.session.finding import Finding, Outcome
from verify_svc.session.forms import FormEntry, compare_form
from verify_svc.session.steps import StepName, StepState

ENTRY = FormEntry(True, UNIT, USCC, NAME, ID_NUMBER, ("example.com",), False, date(2026, 11, 20), date(2026, 11, 22))
GOOD = {
    "name": UNIT,
    "person": NAME,
    "numbers": USCC,
    "person_numbers": ID_NUMBER,
    "domains": "example.com",
    "seal": UNIT,
    "date": "2026-11-22",
}


def outcomes(
    changed: Mapping[str, str | None] = MappingProxyType({}), entry: FormEntry = ENTRY, score: float = 0.99
) -> dict[str, tuple[str, ...]]:
    """Every check with its outcome and reasons."""
    read = {name: FieldRead(value, score) for name, value in {**GOOD, **changed}.items() if value is not None}
    return {finding.check: (finding.outcome.value, *finding.reasons) for finding, _ in compare_form(read, entry)}


def test_a_form_that_says_what_was_entered_agrees_in_everything() -> None:
    assert set(outcomes().values()) == {("pass",)}


@pytest.mark.parametrize(
    ("field", "value", "check", "reason"),
    [
        ("name", "别家（上海）贸易有限公司", "name_agrees", "form_name_mismatch"),
        ("person", "别人一", "person_agrees", "form_name_mismatch"),
        ("numbers", "91310000600037341A", "number_agrees", "form_number_mismatch"),
        ("person_numbers", "110101199003070038", "person_number_agrees", "form_number_mismatch"),
        ("domains", "other-site.net", "domain_agrees", "form_domain_mismatch"),
        ("seal", "别家（上海）贸易有限公司", "seal_agrees", "form_seal_mismatch"),
        ("date", "2026-11-19", "date_in_range", "form_date_out_of_range"),
        ("date", "2026-11-23", "date_in_range", "form_date_out_of_range"),
    ],
)
def test_what_differs_is_told_when_it_was_read_surely_and_left_to_an_operator_when_not(
    field: str, value: str, check: str, reason: str
) -> None:
    assert outcomes({field: value})[check] == ("fail", reason)
    assert outcomes({field: value}, score=0.6)[check] == ("inconclusive", "check_inconclusive")


def test_a_domain_misread_by_a_letter_does_not_accuse() -> None:
    assert outcomes({"domains": "exarnple.com"})["domain_agrees"] == ("inconclusive", "check_inconclusive")


def test_all_domains_must_stand_on_the_form() -> None:
    two = replace(ENTRY, domains=("example.com", "www.example.org"))
    assert outcomes(entry=two)["domain_agrees"] == ("inconclusive", "check_inconclusive")
    assert outcomes({"domains": "example.org example.com"}, two)["domain_agrees"] == ("pass",)


def test_another_persons_number_does_not_accuse_where_the_legal_representative_signs() -> None:
    entry = replace(ENTRY, others_sign=True)
    assert outcomes({"person_numbers": "110101199003070038"}, entry)["person_number_agrees"][0] == "inconclusive"


def test_one_of_two_seals_is_enough() -> None:
    assert outcomes({"seal": f"某某接入服务有限公司 {UNIT}"})["seal_agrees"] == ("pass",)


def test_what_was_not_read_is_not_checked() -> None:
    assert set(outcomes(dict.fromkeys(GOOD)).values()) == {("not_checked",)}


def test_an_individuals_form_needs_no_seal_and_carries_the_own_number() -> None:
    entry = replace(ENTRY, unit=False, name=NAME, number=ID_NUMBER)
    found = outcomes({"name": NAME}, entry)
    assert "seal_agrees" not in found
    assert found["number_agrees"] == ("pass",)


def forms_of(journey: Journey, **fields: str) -> list[str]:
    journey.form("verification_form", **fields)
    journey.form("commitment_letter")
    return journey.codes(StepName.FORMS)


def test_a_form_is_dated_on_the_day_of_the_face() -> None:
    journey = a_journey().to_papers().later(days=2)
    journey.clip()
    assert forms_of(journey, date="2026-11-23") == ["form_date_out_of_range"]


def test_a_face_taken_again_the_next_day_voids_no_form() -> None:
    journey = a_journey().to_papers()
    journey.clip()
    journey.forms()
    assert journey.state(StepName.FORMS) is StepState.PASSED
    journey.later(days=1).clip()
    assert journey.state(StepName.FORMS) is StepState.PASSED


def test_a_form_of_an_earlier_day_is_found_out_when_the_face_comes() -> None:
    journey = a_journey().to_papers()
    journey.forms()
    assert journey.state(StepName.FORMS) is StepState.PASSED
    journey.later(days=1).clip()
    assert set(journey.codes(StepName.FORMS)) == {"form_date_out_of_range"}


def test_a_form_older_than_the_filing_is_refused() -> None:
    journey = a_journey().to_papers()
    yesterday = (journey.now - timedelta(days=1)).date().isoformat()
    assert forms_of(journey, date=yesterday) == ["form_date_out_of_range"]


def test_days_are_those_of_shanghai() -> None:
    journey = a_journey().to_papers().later(hours=13)
    journey.clip()
    assert journey.now.day == 22
    assert forms_of(journey, date="2026-11-23") == []


def test_a_missing_seal_is_to_be_mended_and_an_individual_needs_none() -> None:
    journey = a_journey().to_papers()
    journey.form("verification_form", Finding("seal", Outcome.FAIL, ("form_seal_missing",)))
    assert journey.codes(StepName.FORMS) == ["form_seal_missing"]
    alone = a_journey(an_individual()).to_papers()
    alone.form("verification_form", without="seal")
    alone.form("commitment_letter", without="seal")
    assert alone.state(StepName.FORMS) is StepState.PASSED


def test_what_one_form_lacks_the_other_does_not_make_up_for() -> None:
    journey = a_journey(a_unit()).to_papers()
    journey.form("verification_form", without="date")
    journey.form("commitment_letter")
    assert journey.codes(StepName.FORMS) == ["check_inconclusive"]
