"""More hearings: the same sound played to the model in another way, and scored anew.

A speech model's slips depend on what comes before and on the pace; what was really said is scored well in most ways.
Digits that stand apart are laid in other orders, each as loud as the loudest, and once faster too; digits that run
together are played faster; noise is taken away first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from verify_svc.inference.speech import DigitScores, pool
from verify_svc.session.finding import Moment
from verify_svc.speech.digits import is_noisy, to_reach
from verify_svc.speech.noise import without_noise
from verify_svc.speech.voice import Voice

Samples = NDArray[np.float32]
Places = NDArray[np.float64]
Score = Callable[[Samples, str, float], DigitScores]
"""Scores samples against digits; below the given score it reads twice."""

_TWICE = float("inf")


@dataclass(frozen=True, slots=True)
class AgainLimits:
    """When another hearing is worth its time, and how the sound is changed for it."""

    hopeless: float = -6.0  # measured: 2 of 102 challenges read as asked were less sure, of one speaker, and stayed so
    before_s: float = 0.3  # measured: of 220 digits 99 in 100 begin at most 0.3 s before their voice activity
    after_s: float = 0.25
    pause_s: float = 0.25
    fade_s: float = 0.01
    faster: float = 1.15
    most_louder: float = 4.0  # in amplitude (12 dB); measured as one with the pace: docs/decisions/0020


def hear(
    digits: str,
    samples: Samples,
    rate_hz: int,
    voice: Voice,
    score: Score,
    limits: AgainLimits = AgainLimits(),
) -> DigitScores:
    """As many hearings as it takes to be sure of the digits.

    What was said is unsure in one way or another; what was not is unsure in each, though at places that differ. So
    the least sure place of each reading counts, and not that of their mean.
    """
    count = len(digits)
    scores = score(samples, digits, to_reach(1, voice, count))
    ways = other_ways(samples, rate_hz, count, voice, limits)
    while limits.hopeless <= scores.lowest < to_reach(scores.readings, voice, count) and (way := next(ways, None)):
        again, order = way
        heard = score(again, "".join(digits[place] for place in order), _TWICE)
        scores = pool((scores, replace(heard, places=in_first_order(heard.places, order))))
    return scores


def other_ways(
    samples: Samples, rate_hz: int, count: int, voice: Voice, limits: AgainLimits = AgainLimits()
) -> Iterator[tuple[Samples, tuple[int, ...]]]:
    """The same sound made otherwise, and the order in which the digits are in it.

    Noise is taken away first: laid anew it would come and go with each digit. Digits that stand apart are laid in two
    other orders, the second time played faster too; others are played faster.
    """
    sound = without_noise(samples, rate_hz, voice.stretches) if is_noisy(voice) else samples
    if len(voice.stretches) != count:
        yield play_faster(sound, limits.faster), tuple(range(count))
        return
    for order, factor in zip(other_orders(count), (1.0, limits.faster), strict=True):
        yield play_faster(lay_anew(sound, rate_hz, voice.stretches, order, limits), factor), order


def other_orders(count: int) -> tuple[tuple[int, ...], ...]:
    """Two orders of the places in which each stands after another one: both halves in turn, and backwards.

    >>> other_orders(6)
    ((3, 0, 4, 1, 5, 2), (5, 4, 3, 2, 1, 0))
    """
    half = count // 2
    pairs = [place for pair in zip(range(half, count), range(half), strict=False) for place in pair]
    in_turn = (*pairs, count - 1) if count % 2 else tuple(pairs)
    return in_turn, tuple(reversed(range(count)))


def play_faster(samples: Samples, factor: float) -> Samples:
    """The sound in less time, and higher."""
    at = np.arange(0, samples.size - 1, factor)
    return np.asarray(np.interp(at, np.arange(samples.size), samples), np.float32)


def lay_anew(
    samples: Samples,
    rate_hz: int,
    stretches: Sequence[Moment],
    order: Sequence[int],
    limits: AgainLimits = AgainLimits(),
) -> Samples:
    """The stretches of `samples` in this order, with equal pauses and as loud as the loudest. Of the pause between two
    stretches two thirds go with the later one at most: the start of a digit is quieter than its end."""
    pause = np.zeros(round(limits.pause_s * rate_hz), np.float32)
    levels = [_level(samples[round(each.start_s * rate_hz) : round(each.end_s * rate_hz)]) for each in stretches]
    fade = max(1, round(limits.fade_s * rate_hz))
    parts: list[Samples] = [pause, pause]
    for place in order:
        start_s, end_s = stretches[place].start_s, stretches[place].end_s
        before_s = stretches[place - 1].end_s if place else 0.0
        after_s = stretches[place + 1].start_s if place + 1 < len(stretches) else samples.size / rate_hz
        begin = round(max(start_s - limits.before_s, start_s - (start_s - before_s) * 2 / 3) * rate_hz)
        end = round(min(end_s + limits.after_s, end_s + (after_s - end_s) * 2 / 3) * rate_hz)
        part = samples[max(0, begin) : end]
        louder = min(max(levels) / levels[place], limits.most_louder)
        from_edge = np.minimum(np.arange(part.size) + 1, np.arange(part.size, 0, -1))
        parts += [np.clip(louder * part * np.minimum(from_edge / fade, 1), -1, 1).astype(np.float32), pause]
    return np.concatenate(parts)


def _level(samples: Samples) -> float:
    """Root mean square, never 0."""
    return float(np.sqrt(np.mean(np.square(samples, dtype=np.float64)))) + 1e-9


def in_first_order(places: Places, order: Sequence[int]) -> Places:
    """The scores of a hearing in another order, place by place of the first order; the end stays last."""
    put_back = np.full(places.size, np.nan)
    put_back[list(order)] = places[:-1]
    put_back[-1] = places[-1]
    return put_back
