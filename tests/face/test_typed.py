"""Digits typed in time with their reveals."""

from __future__ import annotations

import numpy as np
import pytest

from tests.face.made_tracks import calm_track, still_points
from verify_svc.face.pose import judge_pose
from verify_svc.face.turn import AskedTurn
from verify_svc.face.typed import SLOWLY, TypedKey, held_part, judge_typed
from verify_svc.session.finding import Outcome

DIGITS, REVEALS_S = "483026", (0.7, 1.9, 3.1, 6.8, 8.0, 9.2)


def typed(digits: str = DIGITS, after_s: float = 0.8) -> list[TypedKey]:
    """Each digit's key so long after its reveal; what is too much comes at the end."""
    times = [*REVEALS_S, 9.5, 9.8][: len(digits)]
    return [TypedKey(digit, time_s + after_s) for digit, time_s in zip(digits, times, strict=True)]


def test_the_right_digits_in_time_pass() -> None:
    finding = judge_typed(DIGITS, REVEALS_S, typed())
    assert (finding.outcome, finding.score, finding.measured["delay_max_s"]) == (Outcome.PASS, 6.0, 0.8)


def test_one_slip_of_the_finger_is_let_pass_and_two_are_not() -> None:
    slip = TypedKey("9", 2.0)
    assert judge_typed(DIGITS, REVEALS_S, [*typed(), slip]).outcome is Outcome.PASS
    assert judge_typed(DIGITS, REVEALS_S, [*typed(), slip, slip]).reasons == ("typed_digits_mismatch",)


@pytest.mark.parametrize("digits", ["", "48302", "480326", "83026", "483025"])
def test_missing_wrong_and_swapped_digits_are_a_mismatch(digits: str) -> None:
    assert judge_typed(DIGITS, REVEALS_S, typed(digits)).reasons == ("typed_digits_mismatch",)


@pytest.mark.parametrize("after_s", [-0.4, 0.05, 2.6])
def test_keys_before_a_person_can_have_seen_the_digit_or_long_after_are_out_of_time(after_s: float) -> None:
    finding = judge_typed(DIGITS, REVEALS_S, typed(after_s=after_s))
    assert finding.reasons == ("typed_digits_out_of_time",)
    assert finding.moments[0].start_s == REVEALS_S[0]


def test_who_asked_for_more_time_has_it() -> None:
    reveals_s = (0.9, 3.3, 8.7)
    keys = [TypedKey(digit, time_s + 2.9) for digit, time_s in zip("483", reveals_s, strict=True)]
    assert judge_typed("483", reveals_s, keys).reasons == ("typed_digits_out_of_time",)
    assert judge_typed("483", reveals_s, keys, limits=SLOWLY).outcome is Outcome.PASS


def test_who_turns_before_typing_the_digit_that_stood_there_is_in_time() -> None:
    keys = typed()
    keys[2] = TypedKey(DIGITS[2], 7.0)
    assert judge_typed(DIGITS, REVEALS_S, keys).reasons == ("typed_digits_out_of_time",)
    assert judge_typed(DIGITS, REVEALS_S, keys, AskedTurn("left", 4.3, 6.8)).outcome is Outcome.PASS


def test_all_digits_typed_at_the_end_are_out_of_time() -> None:
    keys = [TypedKey(digit, 10.0 + place / 10) for place, digit in enumerate(DIGITS)]
    assert "typed_digits_out_of_time" in judge_typed(DIGITS, REVEALS_S, keys).reasons


def test_a_phone_that_gives_way_under_each_key_is_no_shaking_head() -> None:
    presses_s = (0.8, 2.0, 3.2, 4.4, 5.4)
    track = calm_track()
    near = np.abs(track.times_s[:, None] - np.asarray(presses_s)[None, :]).min(axis=1)
    points = still_points(track.times_s.size)
    points[:, :, 1] += (60 * np.cos(np.clip(near / 0.3, 0, 1) * np.pi / 2))[:, None]
    pressed = calm_track(points=points)
    assert judge_pose(pressed).reasons == ("head_shaking",)
    assert judge_pose(held_part(pressed, presses_s)).outcome is Outcome.PASS


def test_a_head_that_shakes_between_the_keys_is_seen() -> None:
    track = calm_track()
    shaken = calm_track(yaw_deg=15 * np.sin(2 * np.pi * track.times_s))
    assert judge_pose(held_part(shaken, (1.0, 3.0, 5.0))).reasons == ("head_shaking",)
