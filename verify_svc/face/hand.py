"""Does a hand lie over the face, be it for a moment?

A hand over the mouth hides the lips and is told by them (`cover`); one over an eye, a cheek or the forehead, and one
that comes and goes, is looked for where it would show: in the clip's most usual frame, and in the one least like it.
What is taken for a hand in one frame alone is borne.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from verify_svc.face.between import Patterns
from verify_svc.face.track import OVAL, FaceTrack, moment_at
from verify_svc.inference.engines import INFERENCE_S, Engines
from verify_svc.inference.hands import hands_near
from verify_svc.session.finding import Finding, Outcome

Pixels = NDArray[np.uint8]

_OVAL_PX = 96  # the longer side of the face's oval where its share is counted
_WRIST = 0  # of a hand's 21 points


@dataclass(frozen=True, slots=True)
class HandLook:
    """One frame: the share of the face's oval, 0–1, that the hands near it lie over, in it and in a frame next to it:
    the lesser of the two."""

    time_s: float
    over: float


@dataclass(frozen=True, slots=True)
class HandLimits:
    """Measured: docs/decisions/0031."""

    max_over: float = 0.05  # hands beside the face 0.05 and less, but for 4 of 260
    # Of the oval's longer side, from it to the wrist: hands before a face 0.07 and more, a puckered mouth 0 and less.
    wrist_outside: float = 0.03
    # Correlation with the usual frame from which on the frame least like it is none to look at; each look costs 10 ms.
    alike: float = 0.9


def rows_to_look_at(patterns: Patterns, limits: HandLimits = HandLimits()) -> list[int]:
    """Rows of the track: the frame that is most like the others, and the one that is least like it."""
    if not patterns.rows:
        return []
    usual = int(np.argmax(patterns.vectors @ patterns.vectors.mean(axis=0)))
    alike = patterns.vectors @ patterns.vectors[usual]
    least = int(np.argmin(alike))
    unlike = [least] if least != usual and alike[least] < limits.alike else []
    return [patterns.rows[place] for place in (usual, *unlike)]


def look_for_hands(
    engines: Engines,
    track: FaceTrack,
    pictures: Sequence[Pixels],
    patterns: Patterns,
    limits: HandLimits = HandLimits(),
) -> tuple[HandLook, ...]:
    """Look at two of the track's frames, `pictures` (RGB), and where a hand is over the face at those next to it."""

    def shares(rows: Sequence[int]) -> dict[int, float]:
        if not rows:
            return {}
        boxes = [_box(track.points[row]) for row in rows]
        found = engines.inference.call(INFERENCE_S, hands_near, [pictures[row] for row in rows], boxes)
        return {row: share_under(track.points[row], hands, limits) for row, hands in zip(rows, found, strict=True)}

    over = shares(rows_to_look_at(patterns, limits))
    beside = {row: _next_to(row, patterns) for row, share in over.items() if share > limits.max_over}
    again = over | shares(sorted({near for rows in beside.values() for near in rows} - over.keys()))
    return tuple(
        HandLook(
            float(track.times_s[row]),
            min(share, max((again[near] for near in beside[row]), default=0.0)) if row in beside else share,
        )
        for row, share in over.items()
    )


def _next_to(row: int, patterns: Patterns) -> tuple[int, ...]:
    """The rows with a face before and after that one."""
    place = patterns.rows.index(row)
    return patterns.rows[max(0, place - 1) : place] + patterns.rows[place + 1 : place + 2]


def share_under(points: NDArray[Any], hands: Sequence[NDArray[Any]], limits: HandLimits = HandLimits()) -> float:
    """The share of the face's oval that lies inside the outline of a hand; `points` (478, 2), `hands` (21, 2) each, in
    the same pixels. What has its wrist within the oval is no hand but a part of the face.
    """
    oval = points[list(OVAL)]
    corner = oval.min(axis=0)
    scale = _OVAL_PX / max(float(np.ptp(oval, axis=0).max()), 1.0)
    face, under = (np.zeros((_OVAL_PX, _OVAL_PX), np.uint8) for _ in range(2))
    cv2.fillPoly(face, [_pixels(oval, corner, scale)], (1,))
    edge = (oval - corner).astype(np.float32) * np.float32(scale)
    for hand in hands:
        x, y = ((hand[_WRIST] - corner) * scale).tolist()
        if cv2.pointPolygonTest(edge, (x, y), True) <= -limits.wrist_outside * _OVAL_PX:
            cv2.fillConvexPoly(under, cv2.convexHull(_pixels(hand, corner, scale)), (1,))
    return float((face & under).sum() / max(int(face.sum()), 1))


def judge_hand(looks: Sequence[HandLook], limits: HandLimits = HandLimits()) -> Finding:
    """A hand over the face in any of the looks. The score is the largest share of the face under one."""
    if not looks:
        return Finding("hand", Outcome.NOT_CHECKED)
    over = [look for look in looks if look.over > limits.max_over]
    return Finding(
        "hand",
        Outcome.FAIL if over else Outcome.PASS,
        ("face_occluded",) if over else (),
        score=round(max(look.over for look in looks), 3),
        threshold=limits.max_over,
        model="hand_landmarker",
        version="float16/1",
        moments=tuple(moment_at(look.time_s) for look in sorted(over, key=lambda look: look.time_s)),
        measured={"frames": len(looks)},
    )


def _box(points: NDArray[Any]) -> tuple[float, float, float, float]:
    (left, top), (right, bottom) = points.min(axis=0).tolist(), points.max(axis=0).tolist()
    return left, top, right - left, bottom - top


def _pixels(points: NDArray[Any], corner: NDArray[Any], scale: float) -> NDArray[np.int32]:
    return np.asarray(np.round((points - corner) * scale), np.int32)
