"""The recording itself: frame rate, gaps, size, length."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from verify_svc.session.finding import Finding, Moment, Outcome

_SLOT_S = 0.1  # the pace at which the face mesh is fitted


@dataclass(frozen=True, slots=True)
class RecordingLimits:
    """What a recording must be."""

    min_fps: float = 10.0  # median; browsers under load drop to 6–27
    max_gap_s: float = 1.5
    # Of the clip's tenths of a second, those with a frame. Measured: a browser on a busy machine 0.45, and its clip
    # could be judged; at less than this the shortest clip shows eyes and head too seldom.
    min_seen_share: float = 0.35
    min_seconds: float = 3.0  # guessed: five digits take 4 s
    max_seconds: float = 12.0
    spare_seconds: float = 1.0  # recorders stop late
    min_short_side_px: int = 320  # guessed: a face of 0.44 of it is 140 px wide


def judge_recording(
    times_s: NDArray[np.float64],
    size_px: tuple[int, int],
    too_long: bool,
    sound_s: float = 0.0,
    limits: RecordingLimits = RecordingLimits(),
) -> Finding:
    """Judge the times of all frames, seconds from the first, and the upright size. The score is the median frame rate.

    Frames that come in bursts have a fair rate all the same: the share of time that was seen counts as well. `sound_s`
    is where the sound ends: a picture that stops before it is a gap too.
    """
    width, height = size_px
    if too_long:
        return Finding("recording", Outcome.FAIL, ("video_too_long",), measured={"max_s": limits.max_seconds})
    steps = np.diff(times_s)
    step_s = float(np.median(steps)) if steps.size else 0.0
    fps = 1 / step_s if step_s > 0 else 0.0
    duration_s = float(times_s[-1] - times_s[0]) + step_s
    after_s = sound_s - duration_s
    gap_s = max([*steps.tolist(), after_s, 0.0])
    slots = np.unique(np.floor(times_s / _SLOT_S)).size
    seen_share = min(1.0, slots * _SLOT_S / max(duration_s, sound_s, _SLOT_S))
    reasons, moments = [], []
    if duration_s < limits.min_seconds:
        reasons.append("video_too_short")
    if duration_s > limits.max_seconds + limits.spare_seconds:
        reasons.append("video_too_long")
    if fps < limits.min_fps or gap_s > limits.max_gap_s or seen_share < limits.min_seen_share:
        reasons.append("video_frame_rate_low")
        moments += [
            Moment(round(float(times_s[at]), 3), round(float(times_s[at + 1]), 3))
            for at in np.flatnonzero(steps > limits.max_gap_s)
        ]
        if after_s > limits.max_gap_s:
            moments.append(Moment(round(duration_s, 3), round(sound_s, 3)))
    if min(width, height) < limits.min_short_side_px:
        reasons.append("video_resolution_low")
    return Finding(
        "recording",
        Outcome.FAIL if reasons else Outcome.PASS,
        tuple(reasons),
        score=round(fps, 2),
        threshold=limits.min_fps,
        moments=tuple(moments),
        measured={
            "duration_s": round(duration_s, 2),
            "frames": int(times_s.size),
            "longest_gap_s": round(gap_s, 3),
            "seen_share": round(seen_share, 3),
            "width_px": width,
            "height_px": height,
        },
    )
