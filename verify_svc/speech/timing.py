"""Reveal times and spoken stretches → how long after each digit appeared it was said. Reported, not judged."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from verify_svc.session.finding import Finding, Moment, Outcome

_EARLIEST_S = -0.1  # edges of voice activity are good to 0.1 s


def delays_after(reveals_s: Sequence[float], stretches: Sequence[Moment]) -> tuple[float | None, ...]:
    """For each reveal the seconds until the first stretch that begins before the next reveal; None where none does.

    >>> delays_after([1.0, 2.0], [Moment(1.4, 1.8)])
    (0.4, None)
    """
    ends = [*reveals_s[1:], float("inf")]
    delays: list[float | None] = []
    for shown_s, next_s in zip(reveals_s, ends, strict=True):
        starts = [s.start_s for s in stretches if shown_s + _EARLIEST_S <= s.start_s < next_s + _EARLIEST_S]
        delays.append(round(starts[0] - shown_s, 3) if starts else None)
    return tuple(delays)


def judge_timing(reveals_s: Sequence[float] | None, stretches: Sequence[Moment]) -> Finding:
    """How the speech follows the reveals. Measured only: nothing is required yet."""
    if not reveals_s:
        return Finding("timing", Outcome.NOT_CHECKED)
    delays = delays_after(reveals_s, stretches)
    known = [delay for delay in delays if delay is not None]
    measured: dict[str, float | int | None] = {"answered": len(known), "reveals": len(delays)}
    if known:
        measured["delay_median_s"] = round(float(np.median(known)), 3)
        measured["delay_max_s"] = round(max(known), 3)
    return Finding("timing", Outcome.NOT_CHECKED, moments=tuple(stretches), measured=measured)
