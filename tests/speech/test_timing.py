"""Speech after reveals."""

from __future__ import annotations

from verify_svc.session.finding import Moment, Outcome
from verify_svc.speech.timing import delays_after, judge_timing


def test_each_digit_is_measured_from_its_own_reveal() -> None:
    said = [Moment(1.3, 1.7), Moment(2.5, 2.9), Moment(3.6, 4.0)]
    assert delays_after([1.0, 2.0, 3.0], said) == (0.3, 0.5, 0.6)


def test_a_reveal_that_nothing_follows_has_no_delay() -> None:
    assert delays_after([1.0, 2.0, 3.0], [Moment(1.3, 1.7), Moment(3.6, 4.0)]) == (0.3, None, 0.6)


def test_speech_before_the_first_reveal_answers_nothing() -> None:
    assert delays_after([1.0], [Moment(0.2, 0.6)]) == (None,)


def test_timing_is_measured_and_not_judged() -> None:
    finding = judge_timing([1.0, 2.0], [Moment(1.3, 1.7), Moment(2.5, 2.9)])
    assert finding.outcome is Outcome.NOT_CHECKED
    assert finding.measured["delay_max_s"] == 0.5


def test_without_reveals_nothing_is_measured() -> None:
    assert judge_timing(None, [Moment(1.0, 1.5)]).measured == {}
