"""Suspicion of a presentation attack, and what several signs make together."""

from __future__ import annotations

import pytest

from tests.face.made_tracks import sight
from verify_svc.face.attack import judge_attack, weigh_signs
from verify_svc.session.finding import Finding, Outcome

_TIMES_S = [0.5 * number for number in range(6)]


def test_a_live_score_passes() -> None:
    assert judge_attack(_TIMES_S, [sight(live=0.97)] * 6, fit=True, level=140.0).outcome is Outcome.PASS


def test_a_low_score_is_suspected() -> None:
    finding = judge_attack(_TIMES_S, [sight(live=0.1)] * 6, fit=True, level=140.0)
    assert finding.reasons == ("presentation_attack_suspected",)


@pytest.mark.parametrize(("low", "suspected"), [(6, False), (7, True)])
def test_two_thirds_of_the_frames_must_be_low(low: int, suspected: bool) -> None:
    sights = [sight(live=0.3)] * low + [sight(live=0.9)] * (10 - low)
    finding = judge_attack([0.5 * number for number in range(10)], sights, fit=True, level=140.0)
    assert bool(finding.reasons) is suspected
    assert len(finding.moments) == (low if suspected else 0)


def test_a_low_score_in_dim_light_accuses_nobody_and_passes_nobody() -> None:
    finding = judge_attack(_TIMES_S, [sight(live=0.1)] * 6, fit=True, level=90.0)
    assert (finding.outcome, finding.reasons) == (Outcome.INCONCLUSIVE, ("check_inconclusive",))
    assert judge_attack(_TIMES_S, [sight(live=0.97)] * 6, fit=True, level=90.0).outcome is Outcome.PASS


def test_a_low_score_of_an_unfit_picture_is_not_checked() -> None:
    assert judge_attack(_TIMES_S, [sight(live=0.1)] * 6, fit=False, level=140.0).outcome is Outcome.NOT_CHECKED


def test_without_room_round_the_face_nothing_is_sure() -> None:
    finding = judge_attack(_TIMES_S, [sight(live=0.97, margin=1.0)] * 6, fit=True, level=140.0)
    assert finding.outcome is Outcome.INCONCLUSIVE


def _failing(check: str) -> Finding:
    return Finding(check, Outcome.FAIL, ("presentation_attack_suspected",))


def test_nothing_that_accuses_is_no_attack() -> None:
    passed = [Finding(check, Outcome.PASS) for check in ("attack", "frozen", "loop", "lips", "digits")]
    assert weigh_signs(passed).outcome is Outcome.PASS


def test_one_sign_alone_stays_a_suspicion() -> None:
    finding = weigh_signs([_failing("attack"), Finding("loop", Outcome.PASS), Finding("lips", Outcome.PASS)])
    assert (finding.outcome, finding.score) == (Outcome.PASS, 1.0)


@pytest.mark.parametrize("other", ["lips", "frozen", "source", "border", "device"])
def test_two_signs_of_different_kinds_make_an_attack_evident(other: str) -> None:
    assert weigh_signs([_failing("attack"), _failing(other)]).reasons == ("presentation_attack_evident",)


def test_a_camera_that_hangs_freezes_lips_too_and_is_one_sign() -> None:
    assert weigh_signs([_failing("frozen"), _failing("lips")]).outcome is Outcome.PASS


@pytest.mark.parametrize(("stretches", "evident"), [(0, False), (4, True)])
def test_a_still_mouth_accuses_only_where_a_voice_was_heard(stretches: int, evident: bool) -> None:
    lips = Finding("lips", Outcome.FAIL, ("lips_do_not_follow_speech",), measured={"stretches": stretches})
    assert bool(weigh_signs([_failing("attack"), lips]).reasons) is evident


def test_a_monitor_behind_a_head_has_a_border_and_is_one_sign() -> None:
    assert weigh_signs([_failing("border"), _failing("device")]).outcome is Outcome.PASS


@pytest.mark.parametrize(("earliest_s", "evident"), [(-0.6, True), (0.8, False)])
def test_digits_said_before_they_were_shown_are_a_sign_and_late_ones_are_none(earliest_s: float, evident: bool) -> None:
    timing = Finding("timing", Outcome.FAIL, ("digits_out_of_time",), score=earliest_s, threshold=-0.2)
    assert bool(weigh_signs([_failing("attack"), timing]).reasons) is evident


@pytest.mark.parametrize(("ratio", "evident"), [(0.2, True), (0.6, False)])
def test_a_loop_that_comes_again_as_it_was_is_evident_by_itself(ratio: float, evident: bool) -> None:
    loop = Finding("loop", Outcome.FAIL, ("capture_source_suspect",), score=ratio, threshold=0.65)
    assert bool(weigh_signs([loop, Finding("attack", Outcome.PASS)]).reasons) is evident
    assert weigh_signs([loop, _failing("attack")]).reasons == ("presentation_attack_evident",)


def test_other_faults_are_no_signs() -> None:
    faults = [Finding(check, Outcome.FAIL, ("too_dark",)) for check in ("light", "digits", "background")]
    assert weigh_signs([*faults, _failing("attack")]).outcome is Outcome.PASS


def test_where_nothing_was_looked_at_nothing_is_said() -> None:
    assert weigh_signs([Finding("attack", Outcome.NOT_CHECKED)]).outcome is Outcome.NOT_CHECKED
