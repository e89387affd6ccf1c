"""A face whose digits were typed: everything but speech is asked for, and an operator decides whatever passes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.session.journey import Journey, a_journey, a_match, all_passed
from verify_svc.session.challenge import TYPED
from verify_svc.session.events import FacesCompared
from verify_svc.session.finding import Finding, Outcome
from verify_svc.session.reasons import Effect
from verify_svc.session.steps import StepName, StepState

FACE = StepName.FACE
ANSWERED = (Finding("typed_digits", Outcome.PASS), Finding("head_turn", Outcome.PASS))
NOT_HEARD = tuple(Finding(check, Outcome.NOT_CHECKED) for check in ("sound", "digits", "timing", "lips"))


def typed(journey: Journey, *findings: Finding, without: str = "") -> str:
    """A clip by this way in which all passed but `findings`, and `without` was not judged."""
    given = {finding.check for finding in (*findings, *NOT_HEARD)} | {without}
    passed = [one for one in (*all_passed(journey.pack, FACE), *ANSWERED) if one.check not in given]
    return journey.judged(FACE, "clip", *passed, *findings, *NOT_HEARD, capture="camera", way=TYPED)


def test_what_passes_goes_to_an_operator_and_says_why() -> None:
    journey = a_journey().to_papers()
    typed(journey)
    assert (journey.state(FACE), journey.codes(FACE)) == (StepState.IN_REVIEW, ["other_way_used"])
    way = {finding.check: finding for _, finding in journey.session.steps[FACE].verdict.compared}["way"]
    assert way.measured == {"way": "typed"}


def test_it_stays_there_when_the_card_matches() -> None:
    journey = a_journey().to_papers()
    clip, portrait = typed(journey), journey.portrait()
    journey.on(FacesCompared(journey.now, clip, portrait, (a_match(),)))
    assert (journey.state(FACE), journey.codes(FACE)) == (StepState.IN_REVIEW, ["other_way_used"])


def test_no_rule_pack_lets_it_pass_by_itself() -> None:
    journey = a_journey().to_papers()
    journey.pack = replace(journey.pack, effects={"other_way_used": Effect.ADVISE})
    typed(journey)
    assert journey.state(FACE) is StepState.IN_REVIEW


@pytest.mark.parametrize(
    ("check", "code"),
    [
        ("eyes", "eyes_closed"),
        ("background", "background_not_white"),
        ("typed_digits", "typed_digits_mismatch"),
        ("head_turn", "head_turn_wrong_way"),
    ],
)
def test_a_fault_is_to_be_mended_as_in_the_ordinary_way_and_costs_an_attempt(check: str, code: str) -> None:
    journey = a_journey().to_papers()
    typed(journey, Finding(check, Outcome.FAIL, (code,)))
    assert journey.state(FACE) is StepState.FAILED
    assert journey.codes(FACE) == [code, "other_way_used"]
    assert journey.session.steps[FACE].attempts.failures == 1


@pytest.mark.parametrize("check", ["eyes", "attack", "typed_digits", "head_turn"])
def test_what_was_not_judged_is_told_to_the_operator(check: str) -> None:
    journey = a_journey().to_papers()
    typed(journey, without=check)
    assert set(journey.codes(FACE)) == {"check_inconclusive", "other_way_used"}


def test_a_suspicion_closes_the_step_by_either_way() -> None:
    journey = a_journey().to_papers()
    typed(journey, Finding("attack", Outcome.FAIL, ("presentation_attack_suspected",)))
    assert journey.state(FACE) is StepState.IN_REVIEW
    with pytest.raises(Exception, match="conflict"):
        journey.clip()


def test_a_clip_read_aloud_after_it_passes_by_itself() -> None:
    journey = a_journey().to_papers()
    typed(journey, Finding("head_turn", Outcome.FAIL, ("head_turn_not_seen",)))
    journey.clip()
    assert journey.session.steps[FACE].verdict.needs == "confirm_still"
