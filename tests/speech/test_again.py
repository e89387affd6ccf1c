"""More hearings than one."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from verify_svc.inference.speech import DigitScores
from verify_svc.session.finding import Moment
from verify_svc.speech.again import (
    AgainLimits,
    hear_again,
    in_first_order,
    lay_anew,
    mean_places,
    needs_another,
    other_orders,
)

_APART = [Moment(place, place + 0.5) for place in range(4)]


@pytest.mark.parametrize("count", range(1, 9))
def test_every_order_holds_every_place_once(count: int) -> None:
    assert all(sorted(order) == list(range(count)) for order in other_orders(count))


@pytest.mark.parametrize("count", range(5, 9))
def test_no_place_stands_after_the_same_one_in_two_orders(count: int) -> None:
    before = [set(pairwise(order)) for order in (tuple(range(count)), *other_orders(count))]
    assert len(set.union(*before)) == sum(len(pairs) for pairs in before)


def test_only_the_unsure_are_heard_again() -> None:
    def needed(lowest: float) -> bool:
        return needs_another(DigitScores(np.array([-0.1, lowest, -0.1, -0.1, -0.2]), "4830."), _APART)

    assert not needed(-0.5)
    assert needed(-2.8)
    assert not needed(-9.0)


def test_digits_run_together_cannot_be_laid_anew() -> None:
    scores = DigitScores(np.array([-0.1, -2.8, -0.1, -0.1, -0.2]), "4830.")
    assert not needs_another(scores, _APART[:3])


def test_stretches_are_laid_in_the_new_order() -> None:
    rate_hz = 1000
    samples = np.concatenate([np.full(rate_hz, level, np.float32) for level in (0.1, 0.2, 0.3, 0.4)])
    anew = lay_anew(samples, rate_hz, _APART, (2, 0, 3, 1), AgainLimits(before_s=0, after_s=0))
    levels = [round(float(level), 1) for level in anew if level > 0]
    assert list(dict.fromkeys(levels)) == [0.3, 0.1, 0.4, 0.2]


def test_a_hearing_is_put_back_into_the_first_order() -> None:
    assert in_first_order(np.array([-0.3, -0.1, -0.4, -0.2, -0.9]), (2, 0, 3, 1)).tolist() == [
        *(-0.1, -0.2, -0.3, -0.4),
        -0.9,
    ]


def test_a_place_without_a_row_keeps_the_other_hearings_score() -> None:
    mean = mean_places([np.array([-1.0, -3.0, np.nan]), np.array([-2.0, np.nan, np.nan])])
    assert mean[:2].tolist() == [-1.5, -3.0]
    assert np.isnan(mean[2])


class Hearings:
    """Answers each hearing with the next of these lowest scores, at the first digit."""

    def __init__(self, *lowest: float) -> None:
        self.lowest = list(lowest)
        self.asked: list[str] = []

    def __call__(self, samples: NDArray[np.float32], digits: str) -> DigitScores:
        self.asked.append(digits)
        places = np.full(len(digits) + 1, -0.1)
        places[digits.index("4")] = self.lowest.pop(0)
        return DigitScores(places, digits + ".")


def _heard(first: float, hearings: Hearings) -> DigitScores:
    scores = DigitScores(np.array([first, -0.1, -0.1, -0.1, -0.1]), "1830.")
    return hear_again(scores, "4830", np.zeros(8000, np.float32), 1000, _APART, hearings)


def test_a_sure_hearing_stands_alone() -> None:
    hearings = Hearings()
    assert _heard(-0.9, hearings).hearings == 1


def test_hearings_end_once_their_mean_is_sure() -> None:
    hearings = Hearings(-0.4)
    scores = _heard(-2.2, hearings)
    assert hearings.asked == ["3408"]
    assert (scores.hearings, scores.heard) == (2, "1830.")
    assert scores.places[0] == pytest.approx(-1.3)
    assert scores.lowest == pytest.approx(-1.3)


def test_who_stays_unsure_is_heard_four_times() -> None:
    hearings = Hearings(-3.0, -2.0, -1.0)
    scores = _heard(-3.0, hearings)
    assert hearings.asked == ["3408", "0384", "8043"]
    assert scores.hearings == 4
    assert scores.lowest == pytest.approx(-2.25)


def test_places_that_are_unsure_in_turn_make_nobody_sure() -> None:
    """Each hearing doubts another place: the mean of the places would look well."""
    doubts = iter("830")

    def score(samples: NDArray[np.float32], digits: str) -> DigitScores:
        places = np.full(len(digits) + 1, -0.1)
        places[digits.index(next(doubts))] = -2.4
        return DigitScores(places, digits + ".")

    first = DigitScores(np.array([-2.4, -0.1, -0.1, -0.1, -0.1]), "1830.")
    scores = hear_again(first, "4830", np.zeros(8000, np.float32), 1000, _APART, score)
    assert float(scores.places.min()) == pytest.approx(-0.675)
    assert scores.lowest == pytest.approx(-2.4)
