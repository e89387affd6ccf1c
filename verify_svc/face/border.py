"""Does a straight border run along both sides of the face, as a screen, a frame or a sheet of paper has?

Where a person sits before a door or a shelf, its edge ends behind the shoulders. The edges of what a face is shown on
go on: past the head, the face and what is below the chin.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from verify_svc.face.track import moment_at
from verify_svc.inference.detector import DetectedFace
from verify_svc.session.finding import Finding, Outcome

Pixels = NDArray[np.uint8]
Shares = NDArray[np.float32]

_FACE_PX = 80  # the face's height as it is measured
# Of the face's height: how far above and below it an edge is followed, and where head, face and body meet.
_ABOVE, _BELOW = 0.4, 0.5
_HEAD_ENDS, _BODY_BEGINS, _LEAST_BODY = 0.4, 1.1, 0.2
# Of the face's width, from its middle: edges nearer are the face's own.
_NEAREST, _FARTHEST = 0.6, 1.8
_LEAST_WIDTH = 0.62  # of the height: a turned face's box is narrow
_MARGIN = 0.03  # of the picture's width: what lies nearer to its end is a recorder's bar
_LEANS_DEG = tuple(range(-14, 15, 2))


@dataclass(frozen=True, slots=True)
class BorderLimits:
    """`Border.share` is 0–1."""

    # Measured, docs/decisions/0022: clips and stills of living people 0.65 and less, 5 of 9 replays 0.95 and more.
    max_share: float = 0.8
    frames: int = 4  # looked at, over the whole clip; each costs 4 ms
    least_step: int = 8  # grey levels over two pixels; guessed: under it the coder's noise makes edges


@dataclass(frozen=True, slots=True)
class Border:
    """`share`: of the rows that a straight edge crosses on the side and in the part (beside the head, the face, the
    body) where it is least to be seen; both sides' edges lean alike."""

    time_s: float
    share: float


def look_for_border(
    time_s: float, picture: Pixels, face: DetectedFace, limits: BorderLimits = BorderLimits()
) -> Border | None:
    """Follow the edges beside the face in one RGB frame; None where too little below the chin is in the picture."""
    x, y, width, height = face.box
    scale = min(1.0, _FACE_PX / height)
    width = max(width, _LEAST_WIDTH * height)
    middle = x + face.box[2] / 2
    lean = (_ABOVE + 1 + _BELOW) * height * np.tan(np.radians(_LEANS_DEG[-1]))
    left = int(max(0, middle - _FARTHEST * width - lean))
    right = int(min(picture.shape[1], middle + _FARTHEST * width + lean))
    top = int(max(0, y - _ABOVE * height))
    bottom = int(min(picture.shape[0], y + (1 + _BELOW) * height))
    if bottom - y < (_BODY_BEGINS + _LEAST_BODY) * height or right - left < width or height < 1:
        return None
    near = cv2.resize(picture[top:bottom, left:right], None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    grey = cv2.cvtColor(near, cv2.COLOR_RGB2GRAY).astype(np.int16)
    parts = [round(scale * (y + part * height - top)) for part in (_HEAD_ENDS, _BODY_BEGINS)]
    if not 0 < parts[0] < parts[1] < grey.shape[0] or grey.shape[1] < 3:
        return None
    off = (np.arange(grey.shape[1]) + 0.5 - scale * (middle - left)) / (scale * width)
    column = left + (np.arange(grey.shape[1]) + 0.5) / scale
    inside = (column > _MARGIN * picture.shape[1]) & (column < (1 - _MARGIN) * picture.shape[1])
    sides = [(sign * off >= _NEAREST) & (sign * off <= _FARTHEST) & inside for sign in (-1, 1)]
    if not all(side.any() for side in sides):
        return Border(time_s, 0.0)
    shares = _lines(grey, parts, limits.least_step)
    best = np.stack([shares[:, side].max(axis=1) for side in sides], axis=1)
    alike = np.array([np.max(best[max(0, at - 1) : at + 2, 1]) for at in range(len(best))])
    return Border(time_s, round(float(np.minimum(best[:, 0], alike).max()), 3))


def judge_border(borders: Sequence[Border], limits: BorderLimits = BorderLimits()) -> Finding:
    """Whether any of the frames shows one. The score is the clearest border's share."""
    if not borders:
        return Finding("border", Outcome.NOT_CHECKED)
    clearest = max(borders, key=lambda border: border.share)
    found = clearest.share > limits.max_share
    return Finding(
        "border",
        Outcome.FAIL if found else Outcome.PASS,
        ("presentation_attack_suspected",) if found else (),
        score=clearest.share,
        threshold=limits.max_share,
        moments=(moment_at(clearest.time_s),) if found else (),
        measured={"frames": len(borders)},
    )


def _lines(grey: NDArray[np.int16], parts: Sequence[int], least_step: int) -> Shares:
    """For each lean and column (that of a line where the body begins): the least share, of the three parts, of rows
    in which an edge from dark to bright, or the other way, is within a pixel of that line."""
    height, width = grey.shape
    step = np.zeros_like(grey)
    step[:, 1:-1] = grey[:, 2:] - grey[:, :-2]
    edges = cv2.dilate(np.dstack([step > least_step, step < -least_step]).astype(np.uint8), np.ones((1, 3), np.uint8))
    slopes = np.tan(np.radians(_LEANS_DEG))
    shifts = np.round(np.outer(slopes, np.arange(height) - parts[1])).astype(int)
    wide = int(np.abs(shifts).max())
    padded = np.pad(edges, ((0, 0), (wide, wide), (0, 0)))
    # (rows, shifts, 2, columns): each row moved by so much.
    moved = np.lib.stride_tricks.sliding_window_view(padded, width, axis=1)
    turned = moved[np.arange(height), wide + shifts]
    bounds = pairwise([0, *parts, height])
    shares = [turned[:, a:b].sum(axis=1, dtype=np.float32) / (b - a) for a, b in bounds]
    return np.asarray(np.minimum.reduce(shares).max(axis=1))
