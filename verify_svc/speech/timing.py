"""Reveal times and spoken stretches → when each digit was said, and whether it was in time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from verify_svc.session.finding import Finding, Moment, Outcome, not_applying


@dataclass(frozen=True, slots=True)
class TimingLimits:
    """How far from its reveal a digit may be said. Nobody can read what is not shown yet: reading a digit aloud takes
    longer than 0.3 s, which is left for the clocks of page and recording besides."""

    # Before the reveal. Measured, 220 digits of 44 made clips: voice activity begins 0.02 to 0.48 s late, never early;
    # the page's clock is guessed to be good to 0.3 s.
    early_s: float = 0.3
    late_s: float = 2.5  # guessed: two reveals later; the recording ends 1.2 s after the last one


@dataclass(frozen=True, slots=True)
class SpokenDigit:
    """When a digit was said. `alone`: a stretch of voice of its own; otherwise its share of one that holds several."""

    span: Moment
    alone: bool


def digits_in(count: int, stretches: Sequence[Moment]) -> tuple[SpokenDigit, ...]:
    """The time of each of `count` digits in order; none where nothing was said.

    The longest stretches hold the digits. Where there are fewer than digits, the one that is longest for what it holds
    already takes the next.

    >>> [digit.span.start_s for digit in digits_in(3, [Moment(1.0, 1.4), Moment(2.0, 3.0)])]
    [1.0, 2.0, 2.5]
    """
    longest = sorted(stretches, key=lambda stretch: stretch.end_s - stretch.start_s, reverse=True)[:count]
    kept = sorted(longest, key=lambda stretch: stretch.start_s)
    if not kept:
        return ()
    holds = [1] * len(kept)
    while sum(holds) < count:
        each_s = [(stretch.end_s - stretch.start_s) / many for stretch, many in zip(kept, holds, strict=True)]
        holds[int(np.argmax(each_s))] += 1
    said = []
    for stretch, many in zip(kept, holds, strict=True):
        edges_s = np.linspace(stretch.start_s, stretch.end_s, many + 1).round(3).tolist()
        said += [SpokenDigit(Moment(start_s, end_s), many == 1) for start_s, end_s in pairwise(edges_s)]
    return tuple(said)


def judge_timing(
    reveals_s: Sequence[float] | None, said: Sequence[SpokenDigit], limits: TimingLimits = TimingLimits()
) -> Finding:
    """Was each digit said after it was shown, and not long after?

    Where each stands alone, none may begin before its reveal. Where some run together, or voice activity missed one,
    their places are known to one digit only: a digit is early when it was over before the reveal of the one before it.
    """
    if reveals_s is None:
        return not_applying("timing")
    if not reveals_s or len(said) != len(reveals_s):
        return Finding("timing", Outcome.NOT_CHECKED)
    delays_s = delays_after(reveals_s, said)
    alone = all(digit.alone for digit in said)
    out = []
    for place, (digit, reveal_s) in enumerate(zip(said, reveals_s, strict=True)):
        if alone:
            early = digit.span.start_s < reveal_s - limits.early_s
            late = digit.span.start_s > reveal_s + limits.late_s
        else:
            early = place > 0 and digit.span.end_s < reveals_s[place - 1]
            late = digit.span.start_s > (*reveals_s, reveal_s)[place + 1] + limits.late_s
        if early or late:
            out.append(digit.span)
    return Finding(
        "timing",
        Outcome.FAIL if out else Outcome.PASS,
        ("digits_out_of_time",) if out else (),
        score=min(delays_s),
        threshold=-limits.early_s,
        moments=tuple(out),
        measured={
            "alone": sum(digit.alone for digit in said),
            "delay_median_s": round(float(np.median(delays_s)), 3),
            "delay_max_s": max(delays_s),
        },
    )


def delays_after(reveals_s: Sequence[float], said: Sequence[SpokenDigit]) -> tuple[float, ...]:
    """Seconds from each reveal to the start of its digit; less than 0: said before.

    >>> delays_after([1.0, 2.0], digits_in(2, [Moment(1.4, 1.8), Moment(2.5, 3.0)]))
    (0.4, 0.5)
    """
    return tuple(round(digit.span.start_s - reveal_s, 3) for reveal_s, digit in zip(reveals_s, said, strict=True))
