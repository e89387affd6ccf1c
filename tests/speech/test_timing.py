"""Speech after reveals."""

from __future__ import annotations

import pytest

from verify_svc.session.finding import Moment, Outcome
from verify_svc.speech.timing import delays_after, digits_in, judge_timing

_REVEALS_S = (0.7, 1.9, 3.1, 4.3, 5.5, 6.7)


def _said(*starts_s: float, length_s: float = 0.5) -> list[Moment]:
    return [Moment(start_s, start_s + length_s) for start_s in starts_s]


def _after(delay_s: float) -> list[Moment]:
    return _said(*(reveal_s + delay_s for reveal_s in _REVEALS_S))


def test_each_digit_is_measured_from_its_own_reveal() -> None:
    said = digits_in(3, [Moment(1.3, 1.7), Moment(2.5, 2.9), Moment(3.6, 4.0)])
    assert delays_after([1.0, 2.0, 3.0], said) == (0.3, 0.5, 0.6)


def test_a_short_sound_between_the_digits_is_none_of_them() -> None:
    said = digits_in(2, [Moment(0.2, 0.35), Moment(1.3, 1.7), Moment(2.5, 2.9)])
    assert [digit.span.start_s for digit in said] == [1.3, 2.5]
    assert all(digit.alone for digit in said)


def test_a_long_stretch_holds_the_digits_that_have_none_of_their_own() -> None:
    said = digits_in(4, [Moment(1.0, 1.4), Moment(2.0, 3.5)])
    assert [digit.span.start_s for digit in said] == [1.0, 2.0, 2.5, 3.0]
    assert [digit.alone for digit in said] == [True, False, False, False]


def test_who_says_nothing_says_no_digit() -> None:
    assert digits_in(6, []) == ()


@pytest.mark.parametrize("delay_s", [-0.2, 0.3, 0.6, 1.2, 2.4])
def test_digits_said_after_they_are_shown_are_in_time(delay_s: float) -> None:
    assert judge_timing(_REVEALS_S, digits_in(6, _after(delay_s))).outcome is Outcome.PASS


@pytest.mark.parametrize("delay_s", [-0.9, -0.4, 2.7])
def test_digits_said_before_they_are_shown_or_long_after_fail(delay_s: float) -> None:
    finding = judge_timing(_REVEALS_S, digits_in(6, _after(delay_s)))
    assert (finding.outcome, finding.reasons) == (Outcome.FAIL, ("digits_out_of_time",))
    assert len(finding.moments) == 6


def test_one_digit_before_its_reveal_is_shown_with_its_span() -> None:
    stretches = _after(0.4)
    stretches[4] = Moment(4.95, 5.3)
    finding = judge_timing(_REVEALS_S, digits_in(6, stretches))
    assert finding.moments == (Moment(4.95, 5.3),)
    assert finding.score == pytest.approx(-0.55)


def test_all_digits_in_one_go_come_before_their_reveals() -> None:
    finding = judge_timing(_REVEALS_S, digits_in(6, [Moment(0.9, 3.6)]))
    assert finding.outcome is Outcome.FAIL


def test_digits_that_run_into_the_next_are_in_time() -> None:
    stretches = [*_after(0.6)[:4], Moment(6.1, 7.8)]
    assert judge_timing(_REVEALS_S, digits_in(6, stretches)).outcome is Outcome.PASS


def test_a_digit_that_voice_activity_missed_makes_nobody_early() -> None:
    stretches = _after(0.5)
    del stretches[2]
    assert judge_timing(_REVEALS_S, digits_in(6, stretches)).outcome is Outcome.PASS


@pytest.mark.parametrize("reveals_s", [None, ()])
def test_without_reveals_nothing_is_in_or_out_of_time(reveals_s: tuple[float, ...] | None) -> None:
    assert judge_timing(reveals_s, digits_in(6, _after(0.4))).outcome is Outcome.NOT_CHECKED


def test_without_speech_nothing_is_in_or_out_of_time() -> None:
    assert judge_timing(_REVEALS_S, ()).outcome is Outcome.NOT_CHECKED
