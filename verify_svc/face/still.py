"""Picks the portrait and its alternatives: eyes open, frontal, mouth at rest, sharp, well lit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from verify_svc.face.quality import FaceLook
from verify_svc.face.track import LEFT_IRIS, OVAL, RIGHT_IRIS, FaceTrack

Pixels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class StillLimits:
    """What a still must show, and how it is cut."""

    count: int = 3
    apart_s: float = 0.7  # alternatives are to look different
    max_blink_rise: float = 0.12  # over the clip's own open eyes (10th percentile)
    max_blink: float = 0.45  # open eyes, narrow ones too, stay under 0.36
    face_width: float = 0.46  # of the still's width; ISO/IEC 19794-5 asks for 0.5–0.75 of a passport photograph
    eyes_height: float = 0.42  # from the top
    aspect: float = 3 / 4
    jpeg_quality: int = 93


@dataclass(frozen=True, slots=True)
class Still:
    """One still: `jpeg` of the frame at `time_s`, cut to portrait format; nothing else is altered."""

    time_s: float
    width_px: int
    height_px: int
    jpeg: bytes = field(repr=False)


def choose_times(
    track: FaceTrack, looks: Sequence[FaceLook], closed: NDArray[np.bool_], limits: StillLimits = StillLimits()
) -> tuple[float, ...]:
    """The times of the best frames, best first; at most `count`, fewer where no other frame has open eyes.

    Of the frames of `looks`, by pose, eyes, lips and sharpness.
    """
    open_level = float(np.percentile(track.blink[track.found], 10)) if track.found.any() else 0.0
    most_closed = min(open_level + limits.max_blink_rise, limits.max_blink)
    shown = [(look, row) for look in looks if (row := track.nearest(look.time_s)) is not None and not closed[row]]
    wide = [(look, row) for look, row in shown if track.blink[row] <= most_closed]
    seen = wide or shown
    if not seen:
        return ()
    rows = np.array([row for _, row in seen])
    sharpness = np.array([look.sharpness for look, _ in seen])
    pitch = float(np.median(track.pitch_deg[track.found]))
    # In degrees: a lip gap of 0.1 costs as much as 5°, a lowered lid of 0.1 as much as 6°, half the sharpness 10°.
    cost = (
        np.abs(track.yaw_deg[rows])
        + np.abs(track.pitch_deg[rows] - pitch)
        + np.abs(track.roll_deg[rows])
        + 50 * track.lip_gap[rows]
        + 60 * np.maximum(track.blink[rows] - open_level, 0)
        + 10 * np.log2(sharpness.max() / np.maximum(sharpness, 1e-6))
    )
    chosen: list[float] = []
    for place in np.argsort(cost):
        time_s = seen[place][0].time_s
        if all(abs(time_s - other) >= limits.apart_s for other in chosen):
            chosen.append(time_s)
        if len(chosen) == limits.count:
            break
    return tuple(chosen)


def cut_still(time_s: float, picture: Pixels, points: NDArray[Any], limits: StillLimits = StillLimits()) -> Still:
    """Cut an RGB frame to portrait format round head and shoulders; `points` (478, 2) in its pixels."""
    left, top, right, bottom = portrait_box(picture.shape[1], picture.shape[0], points, limits)
    part = picture[top:bottom, left:right]
    return Still(time_s, part.shape[1], part.shape[0], encode(part, limits.jpeg_quality))


def portrait_box(
    width: int, height: int, points: NDArray[Any], limits: StillLimits = StillLimits()
) -> tuple[int, int, int, int]:
    """The cut (left, top, right, bottom) in pixels, inside the picture, with the wanted aspect."""
    face_px = float(np.ptp(points[list(OVAL), 0]))
    cut_width = min(face_px / limits.face_width, width, height * limits.aspect)
    cut_height = cut_width / limits.aspect
    eyes = (points[RIGHT_IRIS] + points[LEFT_IRIS]) / 2
    left = float(np.clip(eyes[0] - cut_width / 2, 0, width - cut_width))
    top = float(np.clip(eyes[1] - limits.eyes_height * cut_height, 0, height - cut_height))
    return round(left), round(top), round(left + cut_width), round(top + cut_height)


def encode(picture: Pixels, quality: int) -> bytes:
    """An RGB picture as JPEG, without metadata."""
    done, data = cv2.imencode(".jpg", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not done:
        raise ValueError("the picture can't be encoded")
    return data.tobytes()
