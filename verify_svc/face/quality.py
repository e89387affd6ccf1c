"""Sharpness and light of the face, measured on the clip's sharp frames."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from verify_svc.face.track import LEFT_IRIS, OVAL, RIGHT_IRIS, moment_at
from verify_svc.media.pictures import resize
from verify_svc.session.finding import Finding, Outcome

Pixels = NDArray[np.uint8]

_CROP_PX = 160
_EYES_PX = 64  # distance of the eyes in the crop; a face at arm's length has 70–200 px in the frame
_REACH = 2.2  # distances of the eyes from their middle: beyond them lies no corner of the crop, however it is turned
_FULL = 250


@dataclass(frozen=True, slots=True)
class FaceLook:
    """How the face looks in one sharp frame.

    `sharpness` is 1000 × the variance of the Laplacian over the variance of the grey values, on a crop of 160 px
    with the eyes 64 px apart; `sharpness_across` and `sharpness_along` the same of second differences along rows
    and columns alone: a movement smears one of them. `level` is the mean grey of the face, 0–255; `bright_share`
    the share of its pixels at 250 or more, `burnt_share` that of those with a colour at 250 or more; `side_light` the
    difference of its halves' means over their sum, 0–1.
    """

    time_s: float
    sharpness: float
    sharpness_across: float
    sharpness_along: float
    level: float
    bright_share: float
    burnt_share: float
    side_light: float


@dataclass(frozen=True, slots=True)
class QualityLimits:
    """Measured on 46 made and 57 real clips; units as in `FaceLook`."""

    min_sharpness: float = 5.5  # sharp 7–156 (smooth skin lowest), blurred 1.5–2.8, out of focus 4.9
    min_one_way: float = 2.0  # of rows or of columns: sharp ≥ 2.7, moved 1.3, blurred ≤ 1.1
    moved_ratio: float = 3.2  # of one way over the other, in a picture that also jumps
    moved_jitter: float = 0.03  # of the face's width: a picture that jumps
    min_eyes_px: float = 36.0  # the eyes' distance in the frame under which sharpness says nothing
    min_level: float = 55.0  # dark 26 and 27; dim but usable 53–70
    colour_level: float = 40.0  # under it colours tell nothing: masks were told apart at 53
    max_level: float = 210.0  # the brightest good face 183
    max_bright_share: float = 0.15  # burnt-out replay 0.11, good 0; guessed
    max_burnt_share: float = 0.35  # measured: 90 clips in fair light ≤ 0.011, overexposed 0.67 and 0.86, dark skin too
    side_light: float = 0.40  # measured: portraits of 70 people reach 0.40, made side light 0.21–0.34: the wall tells
    side_light_with_wall: float = 0.08  # where the wall behind darkens to one side too: made side light 0.10–0.34
    wall_tilt: float = 12.0  # L from one half of the wall to the other: lit evenly ≤ 7.5, from the side 35–60


def judge_sharpness(
    looks: Sequence[FaceLook], eyes_px: float, jitter: float, limits: QualityLimits = QualityLimits()
) -> Finding:
    """Focus and movement. `eyes_px` is the eyes' distance, `jitter` how the face jumps over its width. The score is
    the clip's median sharpness."""
    if not looks or eyes_px < limits.min_eyes_px:
        return Finding("sharpness", Outcome.NOT_CHECKED)
    sharpness = float(np.median([look.sharpness for look in looks]))
    across = float(np.median([look.sharpness_across for look in looks]))
    along = float(np.median([look.sharpness_along for look in looks]))
    ratio = max(across, along) / max(min(across, along), 1e-6)
    moved = jitter > limits.moved_jitter and ratio > limits.moved_ratio
    blurry = sharpness < limits.min_sharpness or min(across, along) < limits.min_one_way or moved
    worst = sorted(looks, key=lambda look: min(look.sharpness, 2 * look.sharpness_across, 2 * look.sharpness_along))
    return Finding(
        "sharpness",
        Outcome.FAIL if blurry else Outcome.PASS,
        ("video_blurry",) if blurry else (),
        score=round(sharpness, 2),
        threshold=limits.min_sharpness,
        moments=tuple(moment_at(look.time_s) for look in worst[:3]) if blurry else (),
        measured={"across": round(across, 2), "along": round(along, 2)},
    )


def judge_light(looks: Sequence[FaceLook], wall_tilt: float | None, limits: QualityLimits = QualityLimits()) -> Finding:
    """Too dark, too bright, or from one side (said, and nothing held up). The score is the face's median grey level."""
    if not looks:
        return Finding("light", Outcome.NOT_CHECKED)
    level = float(np.median([look.level for look in looks]))
    bright = float(np.median([look.bright_share for look in looks]))
    burnt = float(np.median([look.burnt_share for look in looks]))
    side = float(np.median([look.side_light for look in looks]))
    tilted = wall_tilt is not None and wall_tilt > limits.wall_tilt and side > limits.side_light_with_wall
    reasons = []
    if level < limits.min_level:
        reasons.append("too_dark")
    elif level > limits.max_level or bright > limits.max_bright_share or burnt > limits.max_burnt_share:
        reasons.append("too_bright")
    failed = bool(reasons)
    if side > limits.side_light or tilted:
        reasons.append("uneven_light")
    return Finding(
        "light",
        Outcome.FAIL if failed else Outcome.PASS,
        tuple(reasons),
        score=round(level, 1),
        threshold=limits.min_level,
        moments=(moment_at(looks[len(looks) // 2].time_s),) if reasons else (),
        measured={"bright_share": round(bright, 4), "burnt_share": round(burnt, 4), "side_light": round(side, 3)},
    )


def look_at_face(time_s: float, picture: Pixels, points: NDArray[Any]) -> FaceLook:
    """Measure one RGB frame; `points` (478, 2) in its pixels."""
    picture, points = _near_face(picture, points)
    grey = np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), np.uint8)
    crop, mesh = _aligned(grey, points)
    spread = max(_variance(crop), 1.0)
    wide = crop.astype(np.int16)
    across = wide[:, 2:] + wide[:, :-2] - 2 * wide[:, 1:-1]
    along = wide[2:] + wide[:-2] - 2 * wide[1:-1]
    oval = np.zeros(crop.shape, np.uint8)
    cv2.fillPoly(oval, [np.round(mesh[list(OVAL)]).astype(np.int32)], (255,))
    burnt_share = _burnt_share(picture, points, oval)
    sides = [oval.copy(), oval.copy()]
    middle = int((np.arange(_CROP_PX) < (mesh[RIGHT_IRIS, 0] + mesh[LEFT_IRIS, 0]) / 2).sum())
    sides[0][:, middle:] = 0
    sides[1][:, :middle] = 0
    means = [cv2.mean(crop, side)[0] for side in sides]
    if not oval.any():
        oval[:] = 255
    return FaceLook(
        time_s,
        sharpness=1000 * _variance(across[1:-1] + along[:, 1:-1]) / spread,
        sharpness_across=1000 * _variance(across) / spread,
        sharpness_along=1000 * _variance(along) / spread,
        level=cv2.mean(crop, oval)[0],
        bright_share=_full_share(crop, oval),
        burnt_share=burnt_share,
        side_light=abs(means[0] - means[1]) / max(sum(means), 1.0),
    )


def lab_of(colours: Pixels) -> NDArray[np.float32]:
    """CIE Lab of RGB colours, both (N, 3)."""
    return np.asarray(cv2.cvtColor(colours[None].astype(np.float32) / 255, cv2.COLOR_RGB2LAB)[0], np.float32)


def _variance(values: NDArray[Any]) -> float:
    return float(cv2.meanStdDev(values)[1][0, 0]) ** 2


def _full_share(values: Pixels, oval: Pixels) -> float:
    """The share of the oval's pixels that are full."""
    return cv2.countNonZero((values >= _FULL) & oval) / max(cv2.countNonZero(oval), 1)


def _burnt_share(picture: Pixels, points: NDArray[Any], oval: Pixels) -> float:
    """The share of the oval's pixels with a colour that is full."""
    outline = points[list(OVAL)]
    margin = max(float(np.ptp(outline, axis=0).max()) / 16, 4.0)  # more than four of the crop's pixels
    ends = np.maximum([outline.min(axis=0) - margin, outline.max(axis=0) + margin], 0).astype(int) // 2 * 2
    face = slice(*ends[:, 1]), slice(*ends[:, 0])
    if picture[face].max(initial=0) < _FULL:  # no mean of them is full
        return 0.0
    red, green, blue = (cv2.extractChannel(picture[face], place) for place in range(3))
    fullest = np.zeros(picture.shape[:2], np.uint8)
    fullest[face] = cv2.max(cv2.max(red, green), blue)
    halved = float(np.hypot(*(points[LEFT_IRIS] - points[RIGHT_IRIS]))) >= 2 * _EYES_PX
    if halved and min(fullest[face].shape) > 1 and resize(fullest[face], 0.5).max() < _FULL:  # nor a mean of means
        return 0.0
    return _full_share(_aligned(fullest, points)[0], oval)


def _near_face(picture: Pixels, points: NDArray[Any]) -> tuple[Pixels, NDArray[Any]]:
    """What the aligned crop shows of the picture, and the points in its pixels: the rest need not be looked at."""
    right, left = points[RIGHT_IRIS].astype(float), points[LEFT_IRIS].astype(float)
    reach = _REACH * max(float(np.hypot(*(left - right))), 1.0)
    centre = (right + left) / 2
    first = np.maximum(centre - reach, 0).astype(int)
    last = np.maximum(np.ceil(centre + reach), first + 1).astype(int)
    near = picture[first[1] : last[1], first[0] : last[0]]
    return (near, points - first) if near.size else (picture, points)


def _aligned(grey: Pixels, points: NDArray[Any]) -> tuple[Pixels, NDArray[np.float64]]:
    """The crop with level eyes 64 px apart, and the mesh in its pixels."""
    right, left = points[RIGHT_IRIS].astype(float), points[LEFT_IRIS].astype(float)
    apart = left - right
    scale = _EYES_PX / max(float(np.hypot(*apart)), 1.0)
    if scale < 1:  # shrink first: a warp alone would alias, and call it sharp
        grey = resize(grey, scale)
        points, right, apart, scale = points * scale, right * scale, apart * scale, 1.0
    turn = -float(np.arctan2(apart[1], apart[0]))
    matrix = scale * np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    shift = np.array([(_CROP_PX - _EYES_PX) / 2, 0.4 * _CROP_PX]) - matrix @ right
    affine = np.hstack([matrix, shift[:, None]])
    crop = cv2.warpAffine(grey, affine, (_CROP_PX, _CROP_PX), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(crop, np.uint8), points @ matrix.T + shift
