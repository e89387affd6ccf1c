"""Digits typed in time with their reveals."""

from __future__ import annotations

import pytest

from verify_svc.face.typed import TypedKey, judge_typed
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


def test_all_digits_typed_at_the_end_are_out_of_time() -> None:
    keys = [TypedKey(digit, 10.0 + place / 10) for place, digit in enumerate(DIGITS)]
    assert "typed_digits_out_of_time" in judge_typed(DIGITS, REVEALS_S, keys).reasons
