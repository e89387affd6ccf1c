"""Eyes over time: blinks and longer closures, each with its moment."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from verify_svc.face.track import FaceTrack, spans_where
from verify_svc.session.finding import Finding, Moment, Outcome

_ROUNDED_S = 0.001
"""Moments are rounded to this."""


@dataclass(frozen=True, slots=True)
class EyeLimits:
    """`max_blinks` and `longest_closure_s` are the rule pack's; the others say what closed is."""

    max_blinks: int = 6  # in a clip of 8–9 s; measured, 43 people: 2.5 times, so one of 200 more than 6
    longest_closure_s: float = 0.4  # a blink takes 0.1–0.4 s
    # Closed relative to the clip's own open eyes. Measured, 103 clips, narrow and smiling eyes too: open ≤ 0.36,
    # closed lids 0.44–0.77, at a quarter to a half of the open eyes' height.
    shut_blink: float = 0.7
    closing_share: float = 0.45  # of the way from open to shut
    height_share: float = 0.55
    # Closed whatever the rest of the clip shows (measured: open eyes keep a ratio of 0.17 or more).
    closed_blink: float = 0.5
    closed_ratio: float = 0.12
    min_frames: int = 10
    # The irises' distance in the track's frames: nearer ones' lids are a pixel or two, and the mesh closes them by
    # chance. Measured, docs/decisions/0008.
    least_eyes_px: float = 36.0


def closed_eyes(track: FaceTrack, limits: EyeLimits = EyeLimits()) -> NDArray[np.bool_]:
    """For every frame whether both eyes are closed; False where no face was found."""
    seen = track.found
    if not seen.any():
        return np.zeros(seen.size, np.bool_)
    open_blink = float(np.percentile(track.blink[seen], 10))
    open_ratio = float(np.percentile(track.eye_ratio[seen], 90))
    with np.errstate(invalid="ignore"):
        closing = open_blink + limits.closing_share * max(limits.shut_blink - open_blink, 0.0)
        lowered = (track.blink >= closing) & (track.eye_ratio <= open_ratio * limits.height_share)
        shut = (track.blink >= limits.closed_blink) & (track.eye_ratio <= limits.closed_ratio)
    return np.asarray(seen & (lowered | shut))


def judge_eyes(track: FaceTrack, limits: EyeLimits = EyeLimits()) -> Finding:
    """Closures longer than a blink, and too many blinks. The score is the longest closure in seconds. A face too small
    to tell is not asked: it is to come closer anyway."""
    if track.found.sum() < limits.min_frames or track.eyes_px < limits.least_eyes_px:
        return Finding("eyes", Outcome.NOT_CHECKED)
    step_s = float(np.median(np.diff(track.times_s)))
    spans = spans_where(track.times_s, closed_eyes(track, limits))
    closures = tuple(_as_seen(span, track.times_s, step_s) for span in spans)
    # Sampling lengthens a closure by up to half a step at either end.
    long = tuple(span for span in closures if _length(span) > limits.longest_closure_s + step_s / 2)
    blinks = tuple(span for span in closures if span not in long)
    reasons = []
    if long:
        reasons.append("eyes_closed")
    if len(blinks) > limits.max_blinks:
        reasons.append("blinking")
    return Finding(
        "eyes",
        Outcome.FAIL if reasons else Outcome.PASS,
        tuple(reasons),
        score=round(max((_length(span) for span in closures), default=0.0), 3),
        threshold=limits.longest_closure_s,
        moments=(long if long and len(blinks) <= limits.max_blinks else closures),
        measured={
            "blinks": len(blinks),
            "max_blinks": limits.max_blinks,
            "closures": len(long),
            "closed_s": round(sum(_length(span) for span in closures), 3),
        },
    )


def _as_seen(span: Moment, times_s: NDArray[np.float64], step_s: float) -> Moment:
    """The span without a gap after its last frame: browsers under load drop frames, and a blink before such a gap is
    no long closure."""
    last_s = float(times_s[times_s < span.end_s - _ROUNDED_S].max())
    return Moment(span.start_s, min(span.end_s, round(last_s + step_s, 3)))


def _length(span: Moment) -> float:
    return span.end_s - span.start_s
