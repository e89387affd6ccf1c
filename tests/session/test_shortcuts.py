"""Ways round a check that somebody who isn't entitled would try."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.session.journey import CARD as PORTRAIT
from tests.session.journey import PASS, UNIT, USCC, Journey, a_journey, a_match, a_person, an_individual
from verify_svc.session.events import DataCorrected, FacesCompared, RedoAsked, UploadJudged
from verify_svc.session.filing import Certificate, Expected, Subject
from verify_svc.session.finding import Finding, Outcome
from verify_svc.session.refused import NotAllowed
from verify_svc.session.state import Status
from verify_svc.session.steps import StepName, StepState

ATTACK = Finding("attack", Outcome.FAIL, ("presentation_attack_suspected",))
EVIDENT = Finding("signs", Outcome.FAIL, ("presentation_attack_evident",))
FACE, CARD = StepName.FACE, StepName.PERSON_DOCUMENT


def _redo(journey: Journey, by: str, step: StepName) -> None:
    journey.on(RedoAsked(journey.now, by, (step,), "redo_requested", "", ""))


def test_a_suspected_attack_closes_the_step_while_others_are_open() -> None:
    journey = a_journey().to_papers()
    journey.clip(ATTACK)
    assert (journey.status(), journey.state(FACE)) == (Status.REQUIRES_INPUT, StepState.IN_REVIEW)
    with pytest.raises(NotAllowed):
        journey.clip()
    assert "presentation_attack_suspected" in journey.codes(FACE)


def test_an_evident_attack_closes_the_step_whatever_is_to_be_mended_beside_it() -> None:
    journey = a_journey().to_papers()
    journey.clip(EVIDENT, Finding("digits", Outcome.FAIL, ("digits_mismatch",)))
    assert journey.state(FACE) is StepState.IN_REVIEW
    with pytest.raises(NotAllowed):
        journey.clip()


def test_an_uncertain_match_is_not_tried_again_with_another_clip_or_card() -> None:
    journey = a_journey().to_papers()
    clip, portrait = journey.clip(), journey.portrait()
    journey.on(FacesCompared(journey.now, clip, portrait, (a_match("selfie_match_uncertain"),)))
    assert journey.state(FACE) is StepState.IN_REVIEW
    with pytest.raises(NotAllowed):
        journey.clip()
    with pytest.raises(NotAllowed):
        journey.portrait()
    journey.licence()


def test_a_suspected_attack_stays_closed_while_the_faces_are_compared() -> None:
    journey = a_journey().to_papers()
    card = journey.submit(CARD, "portrait")
    journey.clip(ATTACK)
    journey.on(UploadJudged(journey.now, card, "clear", (PASS,), PORTRAIT))
    assert journey.state(FACE) is StepState.PROCESSING
    with pytest.raises(NotAllowed):
        journey.clip()


def test_a_suspicion_outlasts_a_fault_that_was_made_beside_it() -> None:
    journey = a_journey().to_papers()
    journey.clip(ATTACK, Finding("digits", Outcome.FAIL, ("digits_mismatch",)))
    assert journey.state(FACE) is StepState.FAILED
    journey.clip()
    assert journey.state(FACE) is StepState.IN_REVIEW
    assert "presentation_attack_suspected" in journey.codes(FACE)


def test_the_portal_can_not_ask_away_a_suspicion_beside_a_fault() -> None:
    journey = a_journey().to_papers()
    journey.clip(ATTACK, Finding("digits", Outcome.FAIL, ("digits_mismatch",)))
    _redo(journey, "portal:key_1", FACE)
    journey.clip()
    assert journey.state(FACE) is StepState.IN_REVIEW


def test_a_correction_and_its_undoing_give_no_attempts_back_and_no_suspicion_away() -> None:
    journey = a_journey().to_papers()
    journey.judged(StepName.SUBJECT_DOCUMENT, "page", Finding("kind", Outcome.FAIL, ("document_wrong_kind",)))
    unit = journey.session.expected
    journey.on(DataCorrected(journey.now, an_individual()))
    assert StepName.SUBJECT_DOCUMENT not in journey.session.steps
    journey.on(DataCorrected(journey.now, unit))
    assert journey.session.steps[StepName.SUBJECT_DOCUMENT].attempts.failures == 1


def test_the_portal_can_not_ask_a_suspicion_away() -> None:
    journey = a_journey().to_papers()
    journey.clip(ATTACK)
    with pytest.raises(NotAllowed):
        _redo(journey, "portal:key_1", FACE)
    _redo(journey, "operator:li", FACE)
    journey.clip()
    assert journey.session.steps[FACE].verdict.needs == "confirm_still"


def test_the_portal_gives_no_attempts_back() -> None:
    journey = a_journey().to_papers()
    for _ in range(5):
        journey.clip(Finding("eyes", Outcome.FAIL, ("eyes_closed",)))
    _redo(journey, "portal:key_1", FACE)
    with pytest.raises(NotAllowed, match="too_many_attempts"):
        journey.clip()
    _redo(journey, "operator:li", FACE)
    journey.clip()


@pytest.mark.parametrize("capture", ["album", "file", ""])
def test_only_a_clip_of_the_pages_own_camera_passes_by_itself(capture: str) -> None:
    journey = a_journey().to_papers()
    journey.clip(capture=capture)
    assert journey.state(FACE) is StepState.IN_REVIEW
    assert "capture_fallback_used" in journey.codes(FACE)


def test_a_face_that_no_card_is_asked_for_waits_for_an_operator() -> None:
    journey = a_journey(wanted=(FACE,)).to_papers()
    journey.clip()
    assert journey.state(FACE) is StepState.IN_REVIEW
    assert journey.codes(FACE) == ["check_inconclusive"]


def _as_unit() -> Expected:
    subject = Subject("unit", UNIT, Certificate("business_licence", USCC))
    return replace(an_individual(), subject=subject, responsible_person=a_person())


def test_a_unit_entered_as_an_individual_is_asked_for_its_licence_once_corrected() -> None:
    journey = a_journey(an_individual()).to_papers()
    journey.on(DataCorrected(journey.now, _as_unit()))
    assert StepName.SUBJECT_DOCUMENT in journey.session.steps
    journey.on(DataCorrected(journey.now, an_individual()))
    assert StepName.SUBJECT_DOCUMENT not in journey.session.steps


def test_steps_that_the_portal_chose_stay_chosen() -> None:
    journey = a_journey(an_individual(), wanted=(CARD, FACE)).to_papers()
    journey.on(DataCorrected(journey.now, _as_unit()))
    assert StepName.SUBJECT_DOCUMENT not in journey.session.steps
