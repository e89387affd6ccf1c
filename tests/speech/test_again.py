"""The second hearing."""

from __future__ import annotations

import numpy as np
import pytest

from verify_svc.inference.speech import DigitScores
from verify_svc.session.finding import Moment
from verify_svc.speech.again import AgainLimits, both_hearings, lay_anew, needs_another, other_order

_APART = [Moment(place, place + 0.5) for place in range(4)]


@pytest.mark.parametrize("count", range(1, 9))
def test_another_order_holds_every_place_once(count: int) -> None:
    assert sorted(other_order(count)) == list(range(count))


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


def test_both_hearings_count_place_by_place() -> None:
    first = DigitScores(np.array([-1.0, -3.0, -1.0, -1.0, -0.4]), "4230.")
    second = DigitScores(np.array([-1.0, -2.0, -1.0, -0.2, np.nan]), "3048")
    merged = both_hearings(first, second, (2, 0, 3, 1))
    assert merged.places.tolist() == pytest.approx([-1.5, -1.6, -1.0, -1.0, -0.4])
    assert merged.heard == "4230."
