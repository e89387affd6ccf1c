"""A letter of authorisation meets what the card's step asks for, as long as it says so of who is entered."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.session.journey import (
    ID_NUMBER,
    LICENCE,
    NAME,
    NOON,
    UNIT,
    Journey,
    a_journey,
    a_match,
    a_person,
    a_unit,
    all_passed,
    base_pack,
)
from verify_svc.session.changes import changes
from verify_svc.session.events import Canceled, DataCorrected, FacesCompared, FieldRead, LetterJudged
from verify_svc.session.filing import Expected, Person
from verify_svc.session.finding import Finding, Outcome
from verify_svc.session.judging import comparison_wanted
from verify_svc.session.letter import with_letter
from verify_svc.session.reasons import Effect
from verify_svc.session.report import judge_report
from verify_svc.session.state import Judged, Status
from verify_svc.session.steps import StepName, StepState

CARD_STEP = StepName.PERSON_DOCUMENT
NEEDED = ["authorization_letter_required"]
LEGAL, LEAD = "卢沟晓", "孟津渡"
SEALLESS = Finding("seal", Outcome.FAIL, ("form_seal_missing",))


def by_another_person(lead: str | None = None) -> Expected:
    """A unit whose site's responsible person is not its legal representative."""
    unit = a_unit(legal_person=Person(LEGAL))
    return unit if lead is None else replace(unit, subject=replace(unit.subject, lead=Person(lead)))


def a_letter(*findings: Finding, paper_id: str = "pp_1", score: float = 0.99, **fields: str) -> LetterJudged:
    """A letter found whole but for `findings`; `fields` are read on it."""
    read = {"name": UNIT, "person": NAME, "seal": UNIT, "date": "2026-11-22"} | fields
    named = {finding.check for finding in findings}
    passed = [found for found in all_passed(base_pack(), StepName.FORMS) if found.check not in named]
    found = (*passed, *findings)
    values = {name: FieldRead(value, score) for name, value in read.items()}
    return LetterJudged(NOON, paper_id, judge_report(found).result.value, found, values)


def at_the_card(expected: Expected | None = None) -> Journey:
    """A journey whose card was read."""
    journey = a_journey(expected or by_another_person()).to_papers()
    journey.portrait()
    journey.emblem()
    return journey


def the_rest(journey: Journey) -> None:
    """All that is still asked for."""
    fields = {**LICENCE, "legal_person": FieldRead(LEGAL, 0.99)}
    journey.judged(StepName.SUBJECT_DOCUMENT, "page", fields=fields)
    journey.clip()
    pair = comparison_wanted(journey.session)
    assert pair is not None
    journey.on(FacesCompared(journey.now, *pair, (a_match(),)))
    journey.confirm()
    journey.forms()


def test_a_clear_letter_meets_what_is_asked_for_and_nobody_decides() -> None:
    journey = at_the_card()
    assert journey.codes(CARD_STEP) == NEEDED
    journey.on(a_letter())
    assert journey.codes(CARD_STEP) == []
    the_rest(journey)
    assert (journey.status(), journey.session.decision) == (Status.VERIFIED, None)


@pytest.mark.parametrize(
    "letter",
    [
        a_letter(SEALLESS),
        a_letter(name="别家（上海）贸易有限公司"),
        a_letter(person="王五六"),
        a_letter(date="2026-11-23"),
        a_letter(date="2026-11-21"),
        a_letter(score=0.4, person="金丝省"),
        a_letter(Finding("signature", Outcome.INCONCLUSIVE, ("check_inconclusive",))),
        LetterJudged(NOON, "pp_1", "unreadable", (), {}),
        LetterJudged(NOON, "pp_1", "not_checked", (), {}),
    ],
    ids=["unsealed", "of another unit", "for another", "of tomorrow", "too old", "doubtful", "odd", "broken", "unread"],
)
def test_a_letter_that_is_not_clear_leaves_it_asked_for(letter: LetterJudged) -> None:
    journey = at_the_card()
    journey.on(letter)
    assert journey.codes(CARD_STEP) == NEEDED


def test_the_report_says_how_the_letter_stands() -> None:
    journey = at_the_card()
    for letter, outcome, stands in (
        (None, Outcome.NOT_CHECKED, "none"),
        (a_letter(SEALLESS), Outcome.FAIL, "rejected"),
        (a_letter(), Outcome.PASS, "clear"),
    ):
        if letter is not None:
            journey.on(letter)
        compared = journey.session.steps[CARD_STEP].verdict.compared
        finding = next(found for _, found in compared if found.check == "authorization")
        assert (finding.outcome, finding.measured) == (outcome, {"letter": stands})


def test_a_later_letter_takes_an_earlier_ones_place_whatever_it_is() -> None:
    journey = at_the_card()
    journey.on(a_letter(SEALLESS))
    journey.on(a_letter(paper_id="pp_2"))
    assert journey.codes(CARD_STEP) == []
    journey.on(a_letter(SEALLESS, paper_id="pp_3"))
    assert journey.codes(CARD_STEP) == NEEDED


def test_a_letter_for_somebody_else_changes_nothing() -> None:
    journey = at_the_card()
    journey.on(a_letter())
    journey.on(a_letter(paper_id="pp_2", person="王五六"))
    assert journey.codes(CARD_STEP) == []


def test_each_of_two_people_needs_a_letter() -> None:
    journey = at_the_card(by_another_person(lead=LEAD))
    journey.on(a_letter())
    assert journey.codes(CARD_STEP) == NEEDED
    journey.on(a_letter(paper_id="pp_2", person=LEAD))
    assert journey.codes(CARD_STEP) == []


def test_a_lead_alone_is_named_in_the_letter() -> None:
    unit = a_unit(legal_person=Person(NAME))
    journey = at_the_card(replace(unit, subject=replace(unit.subject, lead=Person(LEAD))))
    assert journey.codes(CARD_STEP) == NEEDED
    journey.on(a_letter(person=LEAD))
    assert journey.codes(CARD_STEP) == []


def test_a_correction_is_compared_with_the_letter_that_is_there() -> None:
    journey = at_the_card()
    journey.on(a_letter())
    journey.on(DataCorrected(journey.now, a_unit(a_person("金丝鸟", ID_NUMBER), Person(LEGAL))))
    assert "authorization_letter_required" in journey.codes(CARD_STEP)
    journey.on(DataCorrected(journey.now, by_another_person()))
    assert journey.codes(CARD_STEP) == []


def test_where_the_rules_hold_a_filing_up_for_the_letter_it_lets_it_on_without_an_operator() -> None:
    journey = at_the_card()
    journey.pack = replace(journey.pack, effects={**journey.pack.effects, NEEDED[0]: Effect.REVIEW})
    the_rest(journey)
    assert (journey.status(), journey.state(CARD_STEP)) == (Status.NEEDS_REVIEW, StepState.IN_REVIEW)
    journey.on(a_letter(SEALLESS))
    assert journey.status() is Status.NEEDS_REVIEW
    before = journey.session
    journey.on(a_letter(paper_id="pp_2"))
    assert (journey.status(), journey.session.decision) == (Status.VERIFIED, None)
    assert [change.type for change in changes(before, journey.session)] == [
        "verification_session.step_completed",
        "verification_session.verified",
    ]


def test_a_verified_session_hears_of_its_letter_and_stays_as_it_was_decided() -> None:
    journey = at_the_card()
    the_rest(journey)
    assert (journey.status(), journey.codes(CARD_STEP)) == (Status.VERIFIED, NEEDED)
    closed_at = journey.session.closed_at
    journey.later(days=20)
    before = journey.session
    journey.on(a_letter())
    assert journey.codes(CARD_STEP) == []
    assert [change.type for change in changes(before, journey.session)] == ["step_changed"]
    journey.on(a_letter(SEALLESS, paper_id="pp_2"))
    assert journey.codes(CARD_STEP) == NEEDED
    assert (journey.status(), journey.state(CARD_STEP)) == (Status.VERIFIED, StepState.PASSED)
    assert journey.session.closed_at == closed_at


def test_a_canceled_session_hears_of_nothing() -> None:
    journey = at_the_card()
    journey.on(Canceled(journey.now))
    before = journey.session
    assert journey.on(a_letter()) == before


def test_only_a_few_letters_are_kept() -> None:
    letters: tuple[Judged, ...] = ()
    for name in ("甲乙丙", "丁戊己", "庚辛壬", "癸子丑", "寅卯辰", "巳午未"):
        event = a_letter(person=name)
        letters = with_letter(letters, Judged(name, event.at, event.result, event.findings, event.fields))
    assert [letter.upload_id for letter in letters] == ["庚辛壬", "癸子丑", "寅卯辰", "巳午未"]
    unread = Judged("pp_9", NOON, "rejected", (SEALLESS,), {})
    assert with_letter(letters, unread) == (unread,)
