"""More hearings than one."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from verify_svc.inference.speech import DigitScores, pool
from verify_svc.session.finding import Moment
from verify_svc.speech.again import (
    AgainLimits,
    hear,
    in_first_order,
    lay_anew,
    other_orders,
    other_ways,
    play_faster,
)
from verify_svc.speech.voice import Voice

_APART = [Moment(place, place + 0.5) for place in range(4)]
_SAMPLES = np.zeros(8000, np.float32)
_AS_THEY_ARE = AgainLimits(before_s=0, after_s=0, fade_s=0, most_louder=1)


@pytest.mark.parametrize("count", range(1, 9))
def test_every_order_holds_every_place_once(count: int) -> None:
    assert all(sorted(order) == list(range(count)) for order in other_orders(count))


@pytest.mark.parametrize("count", range(5, 9))
def test_no_place_stands_after_the_same_one_in_two_orders(count: int) -> None:
    before = [set(pairwise(order)) for order in (tuple(range(count)), *other_orders(count))]
    assert len(set.union(*before)) == sum(len(pairs) for pairs in before)


def test_digits_that_stand_apart_are_laid_in_other_orders() -> None:
    assert [order for _, order in other_ways(_SAMPLES, 1000, 4, _voice())] == list(other_orders(4))


def test_digits_run_together_are_played_faster() -> None:
    ((again, order),) = other_ways(_SAMPLES, 1000, 4, replace(_voice(), stretches=tuple(_APART[:3])))
    assert order == (0, 1, 2, 3)
    assert again.size == pytest.approx(8000 / 1.15, abs=1)


@pytest.mark.parametrize(("noise_ratio_db", "left"), [(40.0, 1.0), (None, 1.0), (15.0, 0.18)])
def test_only_of_noisy_sound_the_noise_is_taken_away_before_it_is_laid_anew(
    noise_ratio_db: float | None, left: float
) -> None:
    rate_hz = 1000
    hiss = 0.01 * np.random.default_rng(1).standard_normal(6 * rate_hz).astype(np.float32)
    voice = replace(_voice(noise_ratio_db), stretches=(Moment(2.0, 2.4), Moment(4.0, 4.4)))
    limits = AgainLimits(before_s=0, after_s=0, fade_s=0, pause_s=0)
    ways = [again for again, _ in other_ways(hiss, rate_hz, 2, voice, limits)]
    assert [np.std(again) / 0.01 for again in ways] == pytest.approx([left, left], rel=0.4)


def test_a_faster_tone_is_a_higher_one() -> None:
    tone = np.sin(np.arange(4000) * 0.1).astype(np.float32)
    crossings = [np.count_nonzero(np.diff(np.signbit(sound[:3000]))) for sound in (tone, play_faster(tone, 1.2))]
    assert crossings[1] == pytest.approx(1.2 * crossings[0], rel=0.03)


def test_stretches_are_laid_in_the_new_order() -> None:
    rate_hz = 1000
    samples = np.concatenate([np.full(rate_hz, level, np.float32) for level in (0.1, 0.2, 0.3, 0.4)])
    anew = lay_anew(samples, rate_hz, _APART, (2, 0, 3, 1), _AS_THEY_ARE)
    levels = [round(float(level), 1) for level in anew if level > 0]
    assert list(dict.fromkeys(levels)) == [0.3, 0.1, 0.4, 0.2]


def test_a_quiet_digit_is_laid_as_loud_as_the_loudest_but_not_beyond_measure() -> None:
    rate_hz = 1000
    samples = np.concatenate([np.full(rate_hz, level, np.float32) for level in (0.1, 0.2, 0.4, 0.01)])
    anew = lay_anew(samples, rate_hz, _APART, (2, 0, 3, 1), replace(_AS_THEY_ARE, most_louder=4))
    edges = np.flatnonzero(np.diff((anew > 0).astype(int)))
    assert anew[edges[::2] + 1] == pytest.approx([0.4, 0.4, 0.04, 0.4])


def test_what_is_laid_anew_the_second_time_is_faster() -> None:
    once, twice = (again.size for again, _ in other_ways(_SAMPLES, 1000, 4, _voice()))
    assert twice == pytest.approx(once / 1.15, abs=1)


def test_what_is_laid_anew_does_not_hold_the_digit_beside_it() -> None:
    rate_hz = 1000
    samples = np.concatenate([np.full(500, 0.1 * (place + 1), np.float32) for place in range(4)])
    close = [Moment(0.5 * place + 0.05, 0.5 * place + 0.45) for place in range(4)]
    anew = lay_anew(samples, rate_hz, close, (2, 0, 3, 1), AgainLimits(fade_s=0, before_s=0.03, after_s=0.03))
    edges = np.flatnonzero(np.diff((anew > 0).astype(int)))
    parts = [anew[begin + 1 : end + 1] for begin, end in zip(edges[::2], edges[1::2], strict=True)]
    assert [len({round(float(level), 2) for level in part}) for part in parts] == [1, 1, 1, 1]


def test_a_hearing_is_put_back_into_the_first_order() -> None:
    assert in_first_order(np.array([-0.3, -0.1, -0.4, -0.2, -0.9]), (2, 0, 3, 1)).tolist() == [
        *(-0.1, -0.2, -0.3, -0.4),
        -0.9,
    ]


def test_a_place_without_a_row_keeps_the_other_readings_score() -> None:
    first, second = np.array([-1.0, -3.0, np.nan]), np.array([-2.0, np.nan, np.nan])
    mean = pool([DigitScores(first, "12", (-3.0,)), DigitScores(second, "1", (-20.0,))])
    assert mean.places[:2].tolist() == [-1.5, -3.0]
    assert np.isnan(mean.places[2])
    assert (mean.heard, mean.worst) == ("12", (-3.0, -20.0))


class Hearings:
    """Answers each hearing with the next of these: the lowest score of each of its readings, at the first digit."""

    def __init__(self, *lowest: tuple[float, ...]) -> None:
        self.lowest = list(lowest)
        self.asked: list[str] = []
        self.sure: list[float] = []

    def __call__(self, samples: NDArray[np.float32], digits: str, sure: float) -> DigitScores:
        self.asked.append(digits)
        self.sure.append(sure)
        worst = self.lowest.pop(0)
        places = np.full(len(digits) + 1, -0.1)
        places[digits.index("4")] = np.mean(worst)
        return DigitScores(places, digits + ".", worst)


def _voice(noise_ratio_db: float | None = 40.0) -> Voice:
    return Voice(tuple(_APART), -20.0, noise_ratio_db, 0.5, 0.0, 4.0, -20.0, np.zeros(400, np.float32))


def _heard(hearings: Hearings, noise_ratio_db: float = 40.0) -> DigitScores:
    return hear("4830", _SAMPLES, 1000, _voice(noise_ratio_db), hearings)


def test_a_sure_reading_stands_alone() -> None:
    assert _heard(Hearings((-0.9,))).readings == 1


def test_in_noise_the_same_reading_is_doubted() -> None:
    hearings = Hearings((-0.9, -0.7))
    assert _heard(hearings, noise_ratio_db=15.0).readings == 2
    assert hearings.sure == [-0.8]


@pytest.mark.parametrize("worst", [-0.5, -9.0])
def test_no_noise_is_taken_away_where_nothing_is_heard_again(worst: float, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr("verify_svc.speech.again.without_noise")
    assert _heard(Hearings((worst,)), noise_ratio_db=15.0).readings == 1


def test_two_readings_may_be_enough() -> None:
    assert _heard(Hearings((-1.9, -1.0))).readings == 2


def test_hearings_end_once_their_mean_is_sure() -> None:
    hearings = Hearings((-3.2, -2.8), (-1.2, -1.6))
    scores = _heard(hearings)
    assert hearings.asked == ["4830", "3408"]
    assert hearings.sure[1] == float("inf")
    assert (scores.readings, scores.heard) == (4, "4830.")
    assert scores.places[0] == pytest.approx(-2.2)
    assert scores.lowest == pytest.approx(-2.2)


def test_who_stays_unsure_is_heard_three_times() -> None:
    hearings = Hearings((-3.0, -4.0), (-3.0, -4.0), (-3.0, -2.0))
    scores = _heard(hearings)
    assert hearings.asked == ["4830", "3408", "0384"]
    assert scores.readings == 6
    assert scores.lowest == pytest.approx(-19 / 6)


def test_the_hopeless_are_not_heard_again() -> None:
    assert _heard(Hearings((-9.0, -8.0))).readings == 2


def test_places_that_are_unsure_in_turn_make_nobody_sure() -> None:
    """Each reading doubts another place: the mean of the places would look well."""
    doubts = iter("830")

    def score(samples: NDArray[np.float32], digits: str, sure: float) -> DigitScores:
        places = np.full(len(digits) + 1, -0.1)
        places[digits.index(next(doubts))] = -4.0
        return DigitScores(places, digits + ".", (-4.0, -4.0))

    scores = hear("4830", _SAMPLES, 1000, _voice(), score)
    assert float(scores.places.min()) == pytest.approx(-1.4)
    assert scores.lowest == pytest.approx(-4.0)
