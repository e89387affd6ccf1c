"""Hands near a face: MediaPipe's palm detector and hand landmarks on LiteRT, without its graph. Called in inference
children alone.

The detector knows palms and fists, before a face too; its boxes say little of where the fingers are, so that 21 points
are fitted to each palm. Nothing of either network was trained here (docs/decisions/0031).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

import numpy as np
from numpy.typing import NDArray

from verify_svc.inference.lite import in_task
from verify_svc.inference.manifest import weight_path
from verify_svc.inference.mesh import from_square
from verify_svc.inference.runtime import LiteNetwork

Pixels = NDArray[np.uint8]
Floats = NDArray[np.float32]

_PALM_SIDE_PX = 192  # of the detector's picture
_HAND_SIDE_PX = 224  # of the landmarks'
_ROUND_FACE = 2.2  # times the face's longer side: hands beside it are in view, and are told from those before it
_MIN_PALM = 0.5  # MediaPipe's own limit
_MIN_PRESENCE = 0.9  # measured: docs/decisions/0031; at MediaPipe's 0.5 collars and lapels are hands
_MOST_OVERLAP = 0.3  # of two palms' union, likewise
_MOST_HANDS = 2
_ROUND_PALM, _TOWARDS_FINGERS = 2.6, 0.5  # times the palm's side, likewise
_WRIST, _MIDDLE_FINGER = 0, 2  # of the palm's seven points: the line through them is the hand's
# The detector's grids, with the boxes that each cell moves.
_GRIDS = ((24, 2), (12, 6))


@dataclass(frozen=True, slots=True)
class Palm:
    """A palm in the detector's picture, in shares of its side: the middle, the side, and the seven points (7, 2)."""

    score: float
    middle: Floats = field(repr=False)
    side: float
    points: Floats = field(repr=False)


def hands_near(pictures: Sequence[Pixels], faces: Sequence[tuple[float, float, float, float]]) -> list[list[Floats]]:
    """The hands near the face of each RGB picture, surest first: 21 points (21, 2) each, in the picture's pixels.

    `faces`, one a picture, are boxes (x, y, width, height).
    """
    return [_hands(picture, face) for picture, face in zip(pictures, faces, strict=True)]


def _hands(picture: Pixels, face: tuple[float, float, float, float]) -> list[Floats]:
    x, y, width, height = face
    side = _ROUND_FACE * max(width, height, 1.0)
    corner = np.array([x + width / 2 - side / 2, y + height / 2 - side / 2])
    look = _square(picture, corner + side / 2, side, 0.0, _PALM_SIDE_PX)[0]
    fits = (_fit(picture, palm, corner, side) for palm in _palms(look))
    return [points for points in fits if points is not None]


def _palms(look: Pixels) -> list[Palm]:
    raw, logits = _detector()(look[None].astype(np.float32) / np.float32(255))
    scores = 1 / (1 + np.exp(-np.clip(logits[0, :, 0], -30, 30)))
    likely = np.flatnonzero(scores >= _MIN_PALM)
    kept: list[Palm] = []
    for place in likely[np.argsort(-scores[likely])]:
        numbers = (raw[0, place] / _PALM_SIDE_PX).reshape(9, 2)
        anchor = _anchors()[place]
        palm = Palm(float(scores[place]), numbers[0] + anchor, float(numbers[1].max()), numbers[2:] + anchor)
        if len(kept) < _MOST_HANDS and all(_overlap(palm, other) <= _MOST_OVERLAP for other in kept):
            kept.append(palm)
    return kept


def _overlap(one: Palm, other: Palm) -> float:
    """Of both squares, over their union."""
    near = (one.side + other.side) / 2 - np.abs(one.middle - other.middle)
    both = float(np.minimum(near, min(one.side, other.side)).clip(0).prod())
    return both / (one.side**2 + other.side**2 - both)


def _fit(picture: Pixels, palm: Palm, corner: NDArray[np.float64], side: float) -> Floats | None:
    """The hand's points in the picture; None where the landmarks see no hand."""
    wrist, finger = palm.points[_WRIST], palm.points[_MIDDLE_FINGER]
    turn = math.atan2(finger[0] - wrist[0], wrist[1] - finger[1])  # of a hand that points upwards: 0
    reach = palm.side * side
    middle = corner + palm.middle * side + _TOWARDS_FINGERS * reach * np.array([math.sin(turn), -math.cos(turn)])
    part, matrix = _square(picture, middle, _ROUND_PALM * reach, turn, _HAND_SIDE_PX)
    raw, presence = _landmarks()(part[None].astype(np.float32) / np.float32(255))[:2]
    if presence.item() < _MIN_PRESENCE:
        return None
    return np.asarray(raw.reshape(21, 3)[:, :2] @ matrix[:, :2].T + matrix[:, 2], np.float32)


def _square(
    picture: Pixels, middle: NDArray[np.float64], side: float, turn: float, side_px: int
) -> tuple[Pixels, NDArray[np.float64]]:
    """A turned square of the picture, black beyond its edge, and the way (2, 3) from its pixels to the picture's."""
    import cv2

    shrunk = int(side / side_px)
    if shrunk > 1:  # first: a warp alone would alias
        size = (max(1, picture.shape[1] // shrunk), max(1, picture.shape[0] // shrunk))
        picture = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)
    matrix = from_square(float(middle[0]), float(middle[1]), side, turn, side_px)
    way = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    part = cv2.warpAffine(picture, matrix / max(shrunk, 1), (side_px, side_px), flags=way)
    return np.asarray(part, np.uint8), matrix


@cache
def _anchors() -> Floats:
    """(2016, 2): the middle, x and y, of each box that the detector moves, in shares of its picture."""
    rows = []
    for cells, boxes in _GRIDS:
        places = (np.arange(cells) + 0.5) / cells
        across, down = np.meshgrid(places, places)
        rows.append(np.repeat(np.stack([across, down], axis=-1).reshape(-1, 2), boxes, axis=0))
    return np.concatenate(rows).astype(np.float32)


@cache
def _detector() -> LiteNetwork:
    return LiteNetwork(in_task(weight_path("hand_landmarker").read_bytes(), "hand_detector.tflite"))


@cache
def _landmarks() -> LiteNetwork:
    return LiteNetwork(in_task(weight_path("hand_landmarker").read_bytes(), "hand_landmarks_detector.tflite"))
