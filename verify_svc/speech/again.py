"""A second hearing: the same spoken digits laid in another order, scored anew.

A speech model's slips depend on what comes before; what was really said is scored well in any order. Only digits
that stand apart can be laid anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from verify_svc.inference.speech import DigitScores
from verify_svc.session.finding import Moment

Samples = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class AgainLimits:
    """When a second hearing is worth its time: the first one's least sure place (natural log)."""

    sure: float = -1.5  # measured, 52 and 104 trials of 13 speakers: no digit that was not said scores as high
    hopeless: float = -6.0
    before_s: float = 0.08  # edges of voice activity are late at the start
    after_s: float = 0.10
    pause_s: float = 0.4


def needs_another(scores: DigitScores, stretches: Sequence[Moment], limits: AgainLimits = AgainLimits()) -> bool:
    """Whether the first hearing is unsure and the digits stand apart."""
    digits = scores.places.size - 1
    if len(stretches) != digits or not np.isfinite(scores.places[:-1]).all():
        return False
    return limits.hopeless < float(np.nanmin(scores.places)) < limits.sure


def other_order(count: int) -> tuple[int, ...]:
    """Places in an order in which no two stand as they stood, from both halves in turn.

    >>> other_order(6)
    (3, 0, 4, 1, 5, 2)
    """
    half = count // 2
    pairs = [place for pair in zip(range(half, count), range(half), strict=False) for place in pair]
    return (*pairs, count - 1) if count % 2 else tuple(pairs)


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


def both_hearings(first: DigitScores, second: DigitScores, order: Sequence[int]) -> DigitScores:
    """The mean of both, place by place of the first order; what was heard is the first hearing's.

    A place that the second hearing gives no row for keeps the first one's score.
    """
    places = first.places.copy()
    for at, place in enumerate(order):
        if np.isfinite(second.places[at]):
            places[place] = (first.places[place] + second.places[at]) / 2
    ends = [score for score in (first.places[-1], second.places[-1]) if np.isfinite(score)]
    places[-1] = float(np.mean(ends)) if ends else np.nan
    return DigitScores(places, first.heard)
