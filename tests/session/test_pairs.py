"""What two papers say together."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.session.journey import CARD, ID_NUMBER, LICENCE, NAME, Journey, a_journey, a_unit, an_individual
from verify_svc.session.events import FieldRead
from verify_svc.session.filing import Certificate, Expected, Person
from verify_svc.session.steps import StepName, StepState

DOCUMENT, CARD_STEP = StepName.SUBJECT_DOCUMENT, StepName.PERSON_DOCUMENT
OTHER = "卢沟晓"


def both_sides(start: str, end: str, score: float = 0.9) -> Journey:
    """The card of somebody born on 1990-03-07, with an emblem side of that term."""
    journey = a_journey().to_papers()
    journey.portrait()
    fields = {"valid_from": FieldRead(start, score), "valid_until": FieldRead(end, score)}
    journey.judged(CARD_STEP, "emblem", fields=fields)
    return journey


def test_a_term_that_the_holders_age_allows_passes() -> None:
    assert both_sides("2017-05-01", "2037-05-01").state(CARD_STEP) is StepState.PASSED


@pytest.mark.parametrize(("start", "end"), [("2018-05-01", "long_term"), ("2018-05-01", "2028-05-01")])
def test_an_emblem_side_of_another_age_goes_to_an_operator(start: str, end: str) -> None:
    journey = both_sides(start, end)
    assert journey.codes(CARD_STEP) == ["document_sides_mismatch"]
    assert journey.state(CARD_STEP) is StepState.IN_REVIEW


def test_a_term_that_was_read_doubtfully_accuses_nobody() -> None:
    assert "document_sides_mismatch" not in both_sides("2018-05-01", "long_term", score=0.3).codes(CARD_STEP)


def test_one_side_alone_is_not_compared() -> None:
    journey = a_journey().to_papers()
    journey.portrait()
    assert journey.codes(CARD_STEP) == []


@pytest.mark.parametrize(
    ("expected", "letter"),
    [
        (a_unit(legal_person=Person(NAME)), False),
        (a_unit(legal_person=Person(OTHER)), True),
        (a_unit(legal_person=Person(NAME, Certificate("id_card", ID_NUMBER))), False),
        (a_unit(legal_person=Person(NAME, Certificate("id_card", "110101198003070010"))), True),
        (a_unit(), False),
        (an_individual(), False),
    ],
)
def test_who_is_not_the_legal_representative_needs_a_letter(expected: Expected, letter: bool) -> None:
    journey = a_journey(expected).to_papers()
    journey.portrait()
    journey.emblem()
    assert journey.codes(CARD_STEP) == (["authorization_letter_required"] if letter else [])
    assert journey.state(CARD_STEP) is StepState.PASSED


@pytest.mark.parametrize(
    ("read", "letter"), [(FieldRead(NAME, 0.9), False), (FieldRead(OTHER, 0.9), True), (FieldRead(OTHER, 0.5), False)]
)
def test_without_an_entry_the_certificate_says_who_represents_the_unit(read: FieldRead, letter: bool) -> None:
    journey = a_journey().to_papers()
    journey.portrait()
    journey.judged(DOCUMENT, "page", fields={**LICENCE, "legal_person": read})
    assert journey.codes(CARD_STEP) == (["authorization_letter_required"] if letter else [])


def test_a_lead_who_is_not_the_legal_representative_needs_a_letter_too() -> None:
    unit = a_unit(legal_person=Person(NAME))
    expected = replace(unit, subject=replace(unit.subject, lead=Person(OTHER)))
    journey = a_journey(expected).to_papers()
    journey.judged(CARD_STEP, "portrait", fields=CARD)
    assert journey.codes(CARD_STEP) == ["authorization_letter_required"]
