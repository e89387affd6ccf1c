"""The head over time: turned away, shaking, or the whole picture shaken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from verify_svc.face.track import LEFT_IRIS, RIGHT_IRIS, FaceTrack, spans_where
from verify_svc.session.finding import Finding, Moment, Outcome

Floats = NDArray[np.float64]
_LEFT_CHEEK, _RIGHT_CHEEK, _NOSE = 234, 454, 1


@dataclass(frozen=True, slots=True)
class PoseLimits:
    """Measured on 46 clips told to be still and 57 others: range alone does not tell shaking from talking (talkers
    reach 29°, two acted shakings 16.5° and 21.9°): fast swings to and fro do."""

    swing_deg: float = 10.0  # talkers' quick movements are mostly smaller
    swing_speed_dps: float = 25.0  # shaking 42–52°/s; talkers' swings of that size 3–30°/s
    max_swings: int = 2  # shaking: 8 and 9 in 6 s
    turned_yaw_deg: float = 24.0  # told to be still: ≤ 12°; two portraits taken a little from the side 22°
    turned_pitch_deg: float = 25.0  # told to be still: −7…13°
    turned_roll_deg: float = 24.0  # guessed; ISO/IEC 19794-5 asks for 8° of a finished portrait
    # From the clip's own usual pose. Measured: told to be still ≤ 6°; a made turn of 32° for 2 s shows as 20–23°.
    turned_away_deg: float = 15.0
    turned_share: float = 0.15  # guessed: of the frames
    max_jitter: float = (
        0.045  # of the face's width; measured: still clips ≤ 0.013, a hand-held phone 0.053, shaken 0.07
    )
    min_frames: int = 10


def judge_pose(track: FaceTrack, limits: PoseLimits = PoseLimits()) -> Finding:
    """Turned away for long, or shaking. The score is the number of fast swings of yaw, pitch or roll."""
    if track.found.sum() < limits.min_frames:
        return Finding("head", Outcome.NOT_CHECKED)
    seen, times_s = track.found, track.times_s[track.found]
    angles = {"yaw": track.yaw_deg[seen], "pitch": track.pitch_deg[seen], "roll": track.roll_deg[seen]}
    swings = {name: fast_swings(times_s, values, limits) for name, values in angles.items()}
    worst = max(swings, key=lambda name: len(swings[name]))
    away = (
        (np.abs(track.yaw_deg) > limits.turned_yaw_deg)
        | (np.abs(track.pitch_deg) > limits.turned_pitch_deg)
        | (np.abs(track.roll_deg) > limits.turned_roll_deg)
        | (np.abs(track.yaw_deg - np.median(angles["yaw"])) > limits.turned_away_deg)
        | (np.abs(track.pitch_deg - np.median(angles["pitch"])) > limits.turned_away_deg)
    ) & seen
    jitter = face_jitter(track)
    shaking = len(swings[worst]) > limits.max_swings or jitter > limits.max_jitter
    turned = float(away.sum() / seen.sum()) > limits.turned_share
    reasons, moments = [], []
    if shaking:
        reasons.append("head_shaking")
        moments += list(swings[worst]) or [Moment(float(times_s[0]), float(times_s[-1]))]
    if turned and not shaking:  # a shaken head is away half of the time
        reasons.append("head_turned")
        moments += spans_where(track.times_s, away)
    yaw = np.percentile(angles["yaw"], [5, 50, 95])
    pitch = np.percentile(angles["pitch"], [5, 50, 95])
    return Finding(
        "head",
        Outcome.FAIL if reasons else Outcome.PASS,
        tuple(reasons),
        score=float(len(swings[worst])),
        threshold=float(limits.max_swings),
        moments=tuple(moments),
        measured={
            "axis": worst,
            "yaw_median_deg": round(float(yaw[1]), 1),
            "yaw_range_deg": round(float(yaw[2] - yaw[0]), 1),
            "pitch_median_deg": round(float(pitch[1]), 1),
            "pitch_range_deg": round(float(pitch[2] - pitch[0]), 1),
            "turned_share": round(float(away.sum() / seen.sum()), 3),
            "jitter": round(jitter, 4),
        },
    )


def fast_swings(times_s: Floats, angles_deg: Floats, limits: PoseLimits = PoseLimits()) -> tuple[Moment, ...]:
    """The spans between turning points that are wide and fast enough.

    >>> t = np.arange(0, 3, 0.1)
    >>> len(fast_swings(t, 15 * np.sin(2 * np.pi * t)))
    5
    >>> fast_swings(t, 15 * t / 3)
    ()
    """
    points = turning_points(times_s, angles_deg, limits.swing_deg)
    spans = []
    for (start_s, start), (end_s, end) in pairwise(points):
        wide = abs(end - start) >= limits.swing_deg
        if wide and end_s > start_s and abs(end - start) / (end_s - start_s) >= limits.swing_speed_dps:
            spans.append(Moment(round(start_s, 3), round(end_s, 3)))
    return tuple(spans)


def turning_points(
    times: Sequence[float] | Floats, values: Sequence[float] | Floats, size: float
) -> list[tuple[float, float]]:
    """Extremes (time, value) between which the values move by at least `size`, in order (a zigzag)."""
    points: list[tuple[float, float]] = []
    high = low = (float(times[0]), float(values[0]))
    rising: bool | None = None
    for time, value in zip(times, values, strict=True):
        here = (float(time), float(value))
        high, low = max(high, here, key=lambda p: p[1]), min(low, here, key=lambda p: p[1])
        if rising is not False and high[1] - here[1] >= size:
            points.append(high)
            rising, low = False, here
        elif rising is not True and here[1] - low[1] >= size:
            points.append(low)
            rising, high = True, here
    if rising is not None:
        points.append(high if rising else low)
    return points


def face_jitter(track: FaceTrack) -> float:
    """How far the face jumps about its own path of the last 0.6 s: standard deviation over its width, 0 = steady."""
    seen = track.found
    points, times_s = track.points[seen].astype(np.float64), track.times_s[seen]
    if times_s.size < 5:
        return 0.0
    width = float(np.median(np.linalg.norm(points[:, _LEFT_CHEEK] - points[:, _RIGHT_CHEEK], axis=1)))
    # Where the head only turns, eyes and nose shift together with it: their mean over the cheeks' middle stays.
    middle = points[:, (_LEFT_CHEEK, _RIGHT_CHEEK, _NOSE, RIGHT_IRIS, LEFT_IRIS)].mean(axis=1)
    near = np.abs(times_s[:, None] - times_s[None, :]) <= 0.3
    path = (near @ middle) / near.sum(axis=1, keepdims=True)
    return float((middle - path).std(axis=0).max() / max(width, 1.0))
