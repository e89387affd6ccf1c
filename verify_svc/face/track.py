"""Frames → FaceTrack: where the face is, how it is turned, eyes and mouth, over the time of a clip."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from verify_svc.inference.detector import DetectedFace
from verify_svc.inference.faces import Sight
from verify_svc.inference.mesh import Mesh
from verify_svc.session.finding import Moment

Floats = NDArray[np.float64]

# Points of MediaPipe's 478-point mesh.
OVAL = (
    *(10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377),
    *(152, 148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109),
)
RIGHT_EYE = (33, 160, 158, 133, 153, 144)
LEFT_EYE = (362, 385, 387, 263, 373, 380)
RIGHT_IRIS, LEFT_IRIS = 468, 473
UPPER_LIP, LOWER_LIP = 13, 14
RIGHT_MOUTH, LEFT_MOUTH = 61, 291
CHIN = 152
NOSE_TIP = 1

_HALF_S = 0.25  # a sharp frame stands for the quarter second on either side


@dataclass(frozen=True, slots=True)
class FaceTrack:
    """One row per mesh frame (N); NaN where no face was found.

    `points` (N, 478, 2) are pixels of frames of `size_px` (width, height). `blink` is the lesser of both eyes'
    closing, 0 open – 1 shut; `eye_ratio` the mean height over width of both eyes; `lip_gap` the opening between the
    lips over the distance of the irises. Angles in degrees: `yaw_deg` positive when the nose points to the picture's
    right, `pitch_deg` positive when it points up, `roll_deg` positive when the head tips clockwise in the picture.
    """

    times_s: Floats = field(repr=False)
    size_px: tuple[int, int]
    found: NDArray[np.bool_] = field(repr=False)
    points: NDArray[np.float32] = field(repr=False)
    blink: Floats = field(repr=False)
    eye_ratio: Floats = field(repr=False)
    lip_gap: Floats = field(repr=False)
    yaw_deg: Floats = field(repr=False)
    pitch_deg: Floats = field(repr=False)
    roll_deg: Floats = field(repr=False)

    @property
    def face_share(self) -> float:
        """The share of frames in which a face was found."""
        return float(self.found.mean()) if self.found.size else 0.0

    @property
    def lip_width(self) -> Floats:
        """From corner to corner of the mouth over the distance of the irises (N,)."""
        points = self.points.astype(np.float64)
        return _distance(points, RIGHT_MOUTH, LEFT_MOUTH) / _distance(points, RIGHT_IRIS, LEFT_IRIS)

    @property
    def eyes_px(self) -> float:
        """The median distance of the irises in pixels of `size_px`; 0 where no face was found."""
        seen = self.points[self.found].astype(np.float64)
        return float(np.median(_distance(seen, RIGHT_IRIS, LEFT_IRIS))) if len(seen) else 0.0

    def nearest(self, time_s: float) -> int | None:
        """The row nearest in time that holds a face; None where there is none within 0.2 s."""
        rows = np.flatnonzero(self.found)
        if not rows.size:
            return None
        row = int(rows[np.argmin(np.abs(self.times_s[rows] - time_s))])
        return row if abs(self.times_s[row] - time_s) <= 0.2 else None

    def points_in(self, row: int, size_px: tuple[int, int]) -> NDArray[np.float32]:
        """The row's points (478, 2) in pixels of the same picture at another size (width, height)."""
        scale = np.array([size_px[0] / self.size_px[0], size_px[1] / self.size_px[1]], np.float32)
        return np.asarray(self.points[row] * scale, np.float32)


def build_track(mesh: Mesh, times_s: Sequence[float], size_px: tuple[int, int]) -> FaceTrack:
    """Derive angles, eyes and lips from the mesh of frames of `size_px` (width, height)."""
    points = mesh.points.astype(np.float64)
    iris_px = _distance(points, RIGHT_IRIS, LEFT_IRIS)
    rotation = mesh.rotation.astype(np.float64)
    return FaceTrack(
        times_s=np.asarray(times_s, dtype=np.float64),
        size_px=size_px,
        found=mesh.found,
        points=mesh.points,
        blink=mesh.blink.min(axis=1).astype(np.float64),
        eye_ratio=(_eye_ratio(points, RIGHT_EYE) + _eye_ratio(points, LEFT_EYE)) / 2,
        lip_gap=_distance(points, UPPER_LIP, LOWER_LIP) / iris_px,
        yaw_deg=np.degrees(np.arctan2(rotation[:, 0, 2], rotation[:, 2, 2])),
        pitch_deg=np.degrees(np.arcsin(np.clip(-rotation[:, 1, 2], -1, 1))),
        roll_deg=np.degrees(np.arctan2(rotation[:, 1, 0], rotation[:, 1, 1])),
    )


def faces_seen(
    sights: Sequence[Sight], sight_times_s: Sequence[float], times_s: Sequence[float], scale: float
) -> tuple[DetectedFace | None, ...]:
    """For each frame at `times_s` the largest face seen nearest in time, in its pixels: `scale` is how many of them
    make a pixel of what was seen. None where none was."""
    if not sights:
        return (None,) * len(times_s)
    seen = np.asarray(sight_times_s)
    nearest = [sights[int(np.argmin(np.abs(seen - time_s)))].faces for time_s in times_s]
    return tuple(faces[0].scaled(scale) if faces else None for faces in nearest)


def spans_where(times_s: Floats, flags: NDArray[np.bool_]) -> tuple[Moment, ...]:
    """The spans of consecutive rows whose flag is set, each at least one frame long.

    >>> spans_where(np.array([0.0, 0.1, 0.2, 0.3]), np.array([False, True, True, False]))
    (Moment(start_s=0.1, end_s=0.3),)
    """
    if not flags.any():
        return ()
    step_s = float(np.median(np.diff(times_s))) if times_s.size > 1 else 0.1
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]).astype(np.int8)))
    spans = []
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        end_s = times_s[end] if end < times_s.size else times_s[-1] + step_s
        spans.append(Moment(round(float(times_s[start]), 3), round(float(end_s), 3)))
    return tuple(spans)


def moment_at(time_s: float) -> Moment:
    """The time that a sharp frame stands for, in which something was seen."""
    return Moment(round(max(0.0, time_s - _HALF_S), 3), round(time_s + _HALF_S, 3))


def _distance(points: NDArray[Any], first: int, second: int) -> Floats:
    return np.asarray(np.linalg.norm(points[:, first] - points[:, second], axis=1))


def _eye_ratio(points: NDArray[Any], eye: tuple[int, ...]) -> Floats:
    outer, upper1, upper2, inner, lower2, lower1 = eye
    heights = _distance(points, upper1, lower1) + _distance(points, upper2, lower2)
    return np.asarray(heights / (2 * _distance(points, outer, inner)))
