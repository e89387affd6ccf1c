"""Lips and sound: a mouth that stays still did not say the digits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from verify_svc.session.finding import Finding, Moment, Outcome


@dataclass(frozen=True, slots=True)
class LipLimits:
    """The opening between the lips over the distance of the irises; the range is 95th less 5th percentile."""

    # Measured at 12 fps: 30 talkers 0.12–0.44, 14 silent people and 2 photographs 0.00–0.05.
    min_range: float = 0.075
    min_frames: int = 10
    around_s: float = 0.15  # lips open before the sound and close after it


def judge_lips(
    times_s: NDArray[np.float64],
    lip_gap: NDArray[np.float64],
    stretches: Sequence[Moment],
    limits: LipLimits = LipLimits(),
) -> Finding:
    """Did the mouth move? `lip_gap` per frame, NaN where no face was found. A test against still mouths only:
    following the sound's energy tells talkers from others weakly (area under the curve 0.61–0.80)."""
    seen = np.isfinite(lip_gap)
    if seen.sum() < limits.min_frames:
        return Finding("lips", Outcome.NOT_CHECKED)
    moved = float(np.subtract(*np.percentile(lip_gap[seen], [95, 5])))
    parts = [
        lip_gap[seen & (times_s >= s.start_s - limits.around_s) & (times_s <= s.end_s + limits.around_s)]
        for s in stretches
    ]
    openings = [float(np.ptp(part)) for part in parts if part.size > 1]
    measured: dict[str, float | int | None] = {"stretches": len(stretches)}
    if openings:
        measured["opening_median"] = round(float(np.median(openings)), 3)
    still = moved < limits.min_range
    return Finding(
        "lips",
        Outcome.FAIL if still else Outcome.PASS,
        ("lips_do_not_follow_speech",) if still else (),
        score=round(moved, 3),
        threshold=limits.min_range,
        moments=tuple(stretches) if still else (),
        measured=measured,
    )
