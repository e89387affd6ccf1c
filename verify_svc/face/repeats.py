"""Does the picture repeat itself? A sensor never gives the same moment twice; a recording that runs in a loop does.

Frames of different moments are compared with each other: a person who sits still is as far from themselves a second
later as a tenth of a second later, or further. Where a stretch of the clip comes back closer than that, forwards or
backwards, it is played again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from verify_svc.face.track import FaceTrack
from verify_svc.session.finding import Finding, Moment, Outcome

Distances = NDArray[np.float32]

_SIDE_PX = 160
_BETWEEN_S = 0.1  # the pace of the frames that are compared


@dataclass(frozen=True, slots=True)
class RepeatLimits:
    """Distances are root mean squares of grey levels at 160 px."""

    # Distance of a stretch from its repetition over that of neighbouring frames. Measured, docs/decisions/0022: 57
    # found clips 0.75 (a head that swings) and more, people who sit 1.1 and more; of 147 loops made of them 144 are
    # below the limit, 135 so far below it that nothing honest is near.
    min_ratio: float = 0.65
    certain_ratio: float = 0.5
    stretch_s: float = 1.5
    min_apart_s: float = 0.7  # guessed: nobody plays a shorter loop
    least_step: float = 0.3  # below it neighbours differ by the coder's noise alone
    # Neighbours closer than this are one picture: found clips 0.12 and more but for 2 frames of a dark one.
    same_step: float = 0.1
    max_frozen_s: float = 2.0  # guessed: a camera may hang for a moment; a photograph stays
    # The mesh of a living head moves by more than 1° in 3 s (57 clips), of a photograph by 0.1.
    still_deg: float = 0.4
    still_lips: float = 0.02
    min_frames: int = 10


@dataclass(frozen=True, slots=True)
class Repeats:
    """`ratio`: how near the most alike stretches are, 1 as neighbouring frames; None: too short to tell. They begin
    at `first_s` and `again_s`. `frozen_s` is the longest time without any change."""

    ratio: float | None
    first_s: float
    again_s: float
    frozen_s: float


def look_for_repeats(
    pictures: Sequence[NDArray[np.uint8]], times_s: Sequence[float], limits: RepeatLimits = RepeatLimits()
) -> Repeats:
    """Compare RGB frames, about ten a second, with each other."""
    run, least_lag = round(limits.stretch_s / _BETWEEN_S), round(limits.min_apart_s / _BETWEEN_S)
    if len(pictures) < 2:
        return Repeats(None, 0.0, 0.0, 0.0)
    apart = _distances(pictures)
    steps = np.diagonal(apart, 1)
    frozen_s = _longest(steps < limits.same_step, times_s)
    if len(pictures) < run + least_lag:
        return Repeats(None, 0.0, 0.0, frozen_s)
    usual = np.maximum(_smooth(steps), limits.least_step)
    ratio, first, again = min(
        (*_played_on(apart, usual, run, least_lag), *_played_back(apart, usual, run, least_lag)), default=(9.0, 0, 0)
    )
    return Repeats(round(float(ratio), 3), times_s[first], times_s[again], frozen_s)


def judge_loop(repeats: Repeats, fit: bool, limits: RepeatLimits = RepeatLimits()) -> Finding:
    """Whether a stretch of the clip comes again. The score is `Repeats.ratio`.

    `fit`: somebody is seen who moves, what stands still has no stretches; sharp, and the head not shaken: it comes by
    the same places, and in a blur its frames are alike.
    """
    if repeats.ratio is None or not fit:
        return Finding("loop", Outcome.NOT_CHECKED)
    again = repeats.ratio < limits.min_ratio
    spans = tuple(Moment(round(s, 3), round(s + limits.stretch_s, 3)) for s in (repeats.first_s, repeats.again_s))
    return Finding(
        "loop",
        Outcome.FAIL if again else Outcome.PASS,
        ("capture_source_suspect",) if again else (),
        score=repeats.ratio,
        threshold=limits.min_ratio,
        moments=spans if again else (),
    )


def judge_frozen(repeats: Repeats, track: FaceTrack, limits: RepeatLimits = RepeatLimits()) -> Finding:
    """Whether the picture with the face, or head and lips in it, stand still as in a photograph.

    The score is the longest time without any change, in seconds.
    """
    if track.found.sum() < limits.min_frames:
        return Finding("frozen", Outcome.NOT_CHECKED)
    frozen = _is_frozen(repeats, track, limits)
    return Finding(
        "frozen",
        Outcome.FAIL if frozen else Outcome.PASS,
        ("presentation_attack_suspected",) if frozen else (),
        score=repeats.frozen_s,
        threshold=limits.max_frozen_s,
        measured={"head_deg": round(_head_deg(track), 2)},
    )


def _is_frozen(repeats: Repeats, track: FaceTrack, limits: RepeatLimits) -> bool:
    """Whether the picture, or neither head nor lips in it, moves at all."""
    seen = track.found
    lips = float(np.ptp(np.percentile(track.lip_gap[seen], [5, 95])))
    still = _head_deg(track) < limits.still_deg and lips < limits.still_lips
    return still or repeats.frozen_s > limits.max_frozen_s


def _head_deg(track: FaceTrack) -> float:
    seen = track.found
    angles = (track.yaw_deg, track.pitch_deg, track.roll_deg)
    return max(float(np.ptp(np.percentile(angle[seen], [5, 95]))) for angle in angles)


def _played_on(apart: Distances, usual: Distances, run: int, least_lag: int) -> list[tuple[float, int, int]]:
    """For each lag the most alike stretch: its ratio, where it begins and where it comes again."""
    count, found = len(apart), []
    for lag in range(least_lag, count - run + 1):
        ratios = np.diagonal(apart, lag) / np.maximum(usual[: count - lag], usual[lag:])
        means = _means(ratios, run)
        at = int(means.argmin())
        found.append((float(means[at]), at, at + lag))
    return found


def _played_back(apart: Distances, usual: Distances, run: int, least_lag: int) -> list[tuple[float, int, int]]:
    """The same for a stretch that comes again backwards."""
    count, found = len(apart), []
    turned, usual_turned = apart[:, ::-1], usual[::-1]
    for lag in range(-count + 1, count):
        row, column = max(0, -lag), max(0, lag)
        # Of the mirrored matrix's diagonals the half before the turning point.
        length = min((count - 1 - lag - least_lag) // 2 + 1 - row, count - column)
        if length < run:
            continue
        ratios = np.diagonal(turned, lag)[:length] / np.maximum(
            usual[row : row + length], usual_turned[column : column + length]
        )
        means = _means(ratios, run)
        at = int(means.argmin())
        found.append((float(means[at]), row + at, count - column - at - run))
    return found


def _distances(pictures: Sequence[NDArray[np.uint8]]) -> Distances:
    """(N, N): root mean squares of the differences of all pairs."""
    height, width = pictures[0].shape[:2]
    scale = min(1.0, _SIDE_PX / max(height, width))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    rows = np.stack(
        [cv2.resize(cv2.cvtColor(one, cv2.COLOR_RGB2GRAY), size, interpolation=cv2.INTER_AREA) for one in pictures]
    ).reshape(len(pictures), -1)
    levels = rows.astype(np.float32) - rows.mean(axis=0, dtype=np.float32)
    squares = np.einsum("ij,ij->i", levels, levels)
    apart = squares[:, None] + squares[None] - 2 * (levels @ levels.T)
    return np.asarray(np.sqrt(np.maximum(apart, 0) / levels.shape[1]), np.float32)


def _smooth(steps: Distances) -> Distances:
    """For each frame the median of the four steps round it."""
    padded = np.pad(steps, (2, 2), mode="edge")
    around = np.lib.stride_tricks.sliding_window_view(padded, 4)
    return np.asarray(np.median(around, axis=1), np.float32)


def _means(values: Distances, run: int) -> Distances:
    return np.convolve(values, np.full(run, 1 / run, np.float32), "valid")


def _longest(same: NDArray[np.bool_], times_s: Sequence[float]) -> float:
    """The longest time between frames that are all the same."""
    longest, begun = 0.0, 0
    for place, is_same in enumerate(same):
        if is_same:
            longest = max(longest, times_s[place + 1] - times_s[begun])
        else:
            begun = place + 1
    return round(longest, 3)
