"""More hearings: the same spoken digits laid in other orders, scored anew.

A speech model's slips depend on what comes before; what was really said is scored well in most orders. Only digits
that stand apart can be laid anew.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from verify_svc.inference.speech import DigitScores
from verify_svc.session.finding import Moment

Samples = NDArray[np.float32]
Places = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class AgainLimits:
    """When another hearing is worth its time: the least sure place of those so far, in the mean (natural log)."""

    sure: float = -1.5  # where `DigitLimits.accept` accepts
    hopeless: float = -6.0  # measured: 2 of 102 challenges read as asked were less sure, of one speaker, and stayed so
    before_s: float = 0.08  # edges of voice activity are late at the start
    after_s: float = 0.10
    pause_s: float = 0.4


def hear_again(
    first: DigitScores,
    digits: str,
    samples: Samples,
    rate_hz: int,
    stretches: Sequence[Moment],
    score: Callable[[Samples, str], DigitScores],
    limits: AgainLimits = AgainLimits(),
) -> DigitScores:
    """As many hearings as it takes to be sure; `score` hears samples against digits.

    What was said is unsure in one order or another; what was not is unsure in each, though at places that differ. So
    the least sure place of each hearing counts, and not that of their mean.
    """
    scores = first
    hearings, worst = [first.places], [first.lowest]
    for order in other_orders(len(digits)):
        if not needs_another(scores, stretches, limits):
            break
        anew = lay_anew(samples, rate_hz, stretches, order, limits)
        heard = score(anew, "".join(digits[place] for place in order))
        hearings.append(in_first_order(heard.places, order))
        worst.append(heard.lowest)
        scores = DigitScores(mean_places(hearings), first.heard, tuple(worst))
    return scores


def needs_another(scores: DigitScores, stretches: Sequence[Moment], limits: AgainLimits = AgainLimits()) -> bool:
    """Whether what was heard so far leaves it unsure, and the digits stand apart."""
    digits = scores.places.size - 1
    return len(stretches) == digits and limits.hopeless < scores.lowest < limits.sure


def other_orders(count: int) -> tuple[tuple[int, ...], ...]:
    """Three orders of the places in which each stands after another one: both halves in turn, and twice backwards.

    >>> other_orders(6)
    ((3, 0, 4, 1, 5, 2), (5, 4, 3, 2, 1, 0), (2, 5, 1, 4, 0, 3))
    """
    half = count // 2
    pairs = [place for pair in zip(range(half, count), range(half), strict=False) for place in pair]
    in_turn = (*pairs, count - 1) if count % 2 else tuple(pairs)
    return in_turn, tuple(reversed(range(count))), in_turn[::-1]


def lay_anew(
    samples: Samples,
    rate_hz: int,
    stretches: Sequence[Moment],
    order: Sequence[int],
    limits: AgainLimits = AgainLimits(),
) -> Samples:
    """The stretches of `samples` in this order, with equal pauses."""
    pause = np.zeros(round(limits.pause_s * rate_hz), np.float32)
    parts: list[Samples] = [pause, pause]
    for place in order:
        begin = max(0, round((stretches[place].start_s - limits.before_s) * rate_hz))
        end = round((stretches[place].end_s + limits.after_s) * rate_hz)
        parts += [samples[begin:end], pause]
    return np.concatenate(parts)


def in_first_order(places: Places, order: Sequence[int]) -> Places:
    """The scores of a hearing in another order, place by place of the first order; the end stays last."""
    put_back = np.full(places.size, np.nan)
    put_back[list(order)] = places[:-1]
    put_back[-1] = places[-1]
    return put_back


def mean_places(hearings: Sequence[Places]) -> Places:
    """The mean of the hearings that gave a row for a place; NaN where none did."""
    stacked = np.stack(hearings)
    known = np.isfinite(stacked)
    sums, counts = np.where(known, stacked, 0.0).sum(axis=0), known.sum(axis=0)
    return np.where(counts > 0, sums / np.maximum(counts, 1), np.nan)
