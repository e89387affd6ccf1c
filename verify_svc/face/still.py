"""The portrait out of a clip, and its alternatives: the best frames, their verdict, and the cut."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from verify_svc.face.quality import FaceLook
from verify_svc.face.track import LEFT_IRIS, OVAL, RIGHT_IRIS, FaceTrack
from verify_svc.session.finding import Finding, Moment, Outcome
from verify_svc.session.rulepack import StillFormat

Pixels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class StillLimits:
    """What a still must show. Angles in degrees; `lip_gap` and `blink` as in `FaceTrack`."""

    count: int = 3
    apart_s: float = 0.7  # alternatives are to look different
    max_blink_rise: float = 0.12  # over the clip's own open eyes (10th percentile)
    max_blink: float = 0.45  # open eyes, narrow ones too, stay under 0.36
    # Guessed. Measured, the best frames of 23 clips that are right otherwise: yaw ≤ 4.8°, lip gap ≤ 0.15.
    max_yaw_deg: float = 15.0
    max_lip_gap: float = 0.25
    straightened_deg: float = 1.5  # what is straighter stays as it is
    jpeg_quality: int = 93


@dataclass(frozen=True, slots=True)
class Candidate:
    """A frame that may become the still: its time, its row of the track, and how far from a perfect one it is."""

    time_s: float
    row: int
    cost_deg: float


@dataclass(frozen=True, slots=True)
class Still:
    """One still: `jpeg` of the frame at `time_s`, cut to portrait format and straightened; nothing else is altered."""

    time_s: float
    width_px: int
    height_px: int
    jpeg: bytes = field(repr=False)


def choose_stills(
    track: FaceTrack, looks: Sequence[FaceLook], closed: NDArray[np.bool_], limits: StillLimits = StillLimits()
) -> tuple[Candidate, ...]:
    """The best of the frames of `looks`, best first; at most `count`, fewer where no other frame has open eyes.

    Counted in degrees: how far the head is turned, nods more or less than it does for most of the clip, and leans;
    5 for a lip gap of 0.1, 6 for a lid lowered by 0.1, 10 for half the sharpness of the sharpest, 2 for a side light
    of 0.1.
    """
    open_level = float(np.percentile(track.blink[track.found], 10)) if track.found.any() else 0.0
    most_closed = min(open_level + limits.max_blink_rise, limits.max_blink)
    shown = [(look, row) for look in looks if (row := track.nearest(look.time_s)) is not None and not closed[row]]
    wide = [(look, row) for look, row in shown if track.blink[row] <= most_closed]
    seen = wide or shown
    if not seen:
        return ()
    rows = np.array([row for _, row in seen])
    sharpness, side_light = np.array([(look.sharpness, look.side_light) for look, _ in seen]).T
    pitch = float(np.median(track.pitch_deg[track.found]))
    cost = (
        np.abs(track.yaw_deg[rows])
        + np.abs(track.pitch_deg[rows] - pitch)
        + np.abs(track.roll_deg[rows])
        + 50 * track.lip_gap[rows]
        + 60 * np.maximum(track.blink[rows] - open_level, 0)
        + 10 * np.log2(sharpness.max() / np.maximum(sharpness, 1e-6))
        + 20 * side_light
    )
    chosen: list[Candidate] = []
    for place in np.argsort(cost):
        time_s = seen[place][0].time_s
        if all(abs(time_s - other.time_s) >= limits.apart_s for other in chosen):
            chosen.append(Candidate(time_s, int(rows[place]), float(cost[place])))
        if len(chosen) == limits.count:
            break
    return tuple(chosen)


def judge_still(track: FaceTrack, stills: Sequence[Candidate], limits: StillLimits = StillLimits()) -> Finding:
    """Whether the best frame can stand as a portrait: eyes open, front view, no wide open mouth. The score is its
    distance from a perfect one, in degrees."""
    if not stills:
        return Finding("still", Outcome.FAIL, ("still_not_suitable",))
    best = stills[0]
    yaw, lip_gap = float(track.yaw_deg[best.row]), float(track.lip_gap[best.row])
    fits = abs(yaw) <= limits.max_yaw_deg and lip_gap <= limits.max_lip_gap
    return Finding(
        "still",
        Outcome.PASS if fits else Outcome.FAIL,
        () if fits else ("still_not_suitable",),
        score=round(best.cost_deg, 1),
        moments=() if fits else (Moment(round(best.time_s, 3), round(best.time_s + 0.1, 3)),),
        measured={
            "time_s": round(best.time_s, 3),
            "yaw_deg": round(yaw, 1),
            "roll_deg": round(float(track.roll_deg[best.row]), 1),
            "lip_gap": round(lip_gap, 3),
            "blink": round(float(track.blink[best.row]), 3),
        },
    )


def cut_still(
    time_s: float, picture: Pixels, points: NDArray[Any], wanted: StillFormat, limits: StillLimits = StillLimits()
) -> Still:
    """Cut an RGB frame to portrait format round head and shoulders, the eyes level; `points` (478, 2) in its pixels.

    A frame that has no room to be turned is cut as it is.
    """
    right, left = points[RIGHT_IRIS].astype(float), points[LEFT_IRIS].astype(float)
    lean_deg = float(np.degrees(np.arctan2(left[1] - right[1], left[0] - right[0])))
    box = portrait_box(picture.shape[1], picture.shape[0], points, wanted)
    if abs(lean_deg) >= limits.straightened_deg:
        middle = ((right[0] + left[0]) / 2, (right[1] + left[1]) / 2)
        turn = cv2.getRotationMatrix2D(middle, lean_deg, 1.0)
        level = (points @ turn[:, :2].T + turn[:, 2]).astype(np.float32)
        upright = portrait_box(picture.shape[1], picture.shape[0], level, wanted)
        if _lies_inside(upright, turn, picture.shape[1], picture.shape[0]):
            picture = np.asarray(
                cv2.warpAffine(picture, turn, (picture.shape[1], picture.shape[0]), flags=cv2.INTER_CUBIC), np.uint8
            )
            box = upright
    x, y, end_x, end_y = box
    part = picture[y:end_y, x:end_x]
    return Still(time_s, part.shape[1], part.shape[0], encode(part, limits.jpeg_quality))


def portrait_box(width: int, height: int, points: NDArray[Any], wanted: StillFormat) -> tuple[int, int, int, int]:
    """The cut (left, top, right, bottom) in pixels, inside the picture, with the wanted aspect."""
    aspect = wanted.aspect[0] / wanted.aspect[1]
    face_px = float(np.ptp(points[list(OVAL), 0]))
    cut_width = min(face_px / wanted.face_width, width, height * aspect)
    cut_height = cut_width / aspect
    eyes = (points[RIGHT_IRIS] + points[LEFT_IRIS]) / 2
    left = float(np.clip(eyes[0] - cut_width / 2, 0, width - cut_width))
    top = float(np.clip(eyes[1] - wanted.eyes_height * cut_height, 0, height - cut_height))
    return round(left), round(top), round(left + cut_width), round(top + cut_height)


def _lies_inside(box: tuple[int, int, int, int], turn: NDArray[Any], width: int, height: int) -> bool:
    """Whether every pixel of the box of the turned picture is one of the picture's own."""
    left, top, right, bottom = box
    corners = np.array([(left, top), (right, top), (right, bottom), (left, bottom)], float)
    own = (corners - turn[:, 2]) @ np.linalg.inv(turn[:, :2]).T
    return bool((own >= 0).all() and (own <= (width, height)).all())


def encode(picture: Pixels, quality: int) -> bytes:
    """An RGB picture as JPEG, without metadata."""
    done, data = cv2.imencode(".jpg", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not done:
        raise ValueError("the picture can't be encoded")
    return data.tobytes()
