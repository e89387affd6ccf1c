"""What hides the lower face: a mask differs in colour from the forehead, a hand shows no lips and no movement.

The mesh never loses a covered face, so finding one says nothing; nor does the embedding's norm say it surely.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from verify_svc.face.quality import lab_of
from verify_svc.face.track import LEFT_IRIS, RIGHT_IRIS, FaceTrack, moment_at
from verify_svc.media.pictures import resize
from verify_svc.session.finding import Finding, Outcome

_EYES_PX = 64
_DARKEST = 16  # L = 116 (Y / Yn)^⅓ − 16
_BURNT = 250  # of a channel: red is full long before a bright face is white
_BURNT_SHARE = 0.3  # guessed
_LIPS = (61, 185, 40, 39, 37, 0, 267, 269, 270, 409, 291, 375, 321, 405, 314, 17, 84, 181, 91, 146)
_MOUTH = (78, 191, 80, 81, 82, 13, 312, 311, 310, 415, 308, 324, 318, 402, 317, 14, 87, 178, 88, 95)
_LOWER_FACE = (205, 2, 425, 434, 394, 379, 152, 150, 169, 214)
_FOREHEAD = (9, 107, 66, 69, 108, 151, 337, 299, 296, 336)
_UNDER_EYES = ((110, 24, 23, 22, 26, 231, 230, 229, 228), (339, 254, 253, 252, 256, 451, 450, 449, 448))
_FRINGE = 15.0  # L, by which hair is darker than the skin under the eyes; measured: docs/decisions/0008


@dataclass(frozen=True, slots=True)
class LowerFace:
    """Distances in CIE Lab in one frame: `lighter` is how much lighter (L) and `chroma_from_forehead` how far in a, b
    the lower face's median colour is from the forehead's, or from the skin's under the eyes where hair hangs over the
    forehead. `lip_contrast` is the lips' distance from the skin round them over that skin's L + 16: light that is k
    times weaker makes L + 16, a and b all smaller by the cube root of k (CIE 1976), so that dim and dark skin shows its
    lips as well as fair skin in fair light."""

    time_s: float
    lighter: float
    chroma_from_forehead: float
    lip_contrast: float


@dataclass(frozen=True, slots=True)
class CoverLimits:
    """Measured on 46 made clips and 57 real ones (12 masks, 2 hands), the lips' contrast on 158 real ones:
    docs/decisions/0008."""

    mask_chroma: float = 18.0  # masks 18–39 (two white ones 8); uncovered ≤ 16.5, beards too
    mask_lighter: float = 30.0  # white masks 38 and 53; uncovered ≤ 16 (beards darken: to −30)
    lip_contrast: float = 0.05  # plain masks and hands ≤ 0.041; uncovered silent mouths ≥ 0.060
    lip_range: float = 0.06  # covered mouths mostly ≤ 0.04: pale lips that move are not covered
    no_lips: float = 0.03  # hands 0–0.009: no lips at all; the mesh then moves by sound or chance up to 0.07
    no_lips_range: float = 0.10
    bare: float = 0.013  # however much moves: hands and masks 0–0.01, the palest lips, of a grey film, 0.024
    talking_range: float = 0.10  # talkers 0.12 and more
    talking_factor: float = 1.35  # guessed: half a clip with a mask, half without
    covered_share: float = 0.25  # guessed: of the frames
    min_frames: int = 2


def look_at_lower_face(time_s: float, picture: NDArray[np.uint8], points: NDArray[Any]) -> LowerFace | None:
    """Measure one RGB frame; `points` (478, 2) in its pixels. None where the face leaves the picture, and where the
    forehead is burnt out, so that its colour is none to compare with."""
    left, top = np.maximum(points.min(axis=0) - 8, 0).astype(int)
    right, bottom = (points.max(axis=0) + 8).astype(int)
    part = picture[top:bottom, left:right]
    scale = _EYES_PX / max(float(np.linalg.norm(points[RIGHT_IRIS] - points[LEFT_IRIS])), 1.0)
    if min(part.shape[:2], default=0) * scale < 16:
        return None
    small = resize(part, scale)
    mesh = (points - [left, top]) * scale
    mouth = _inside(small, mesh, _LIPS)
    lips = mouth & ~_inside(small, mesh, _MOUTH)
    ring = _grown(mouth, 13) & ~_grown(mouth, 5)
    lower = _inside(small, mesh, _LOWER_FACE) & ~_grown(mouth, 9)
    forehead = _inside(small, mesh, _FOREHEAD)
    under_eyes = np.bitwise_or(*(_inside(small, mesh, outline) for outline in _UNDER_EYES))
    colours = [
        small.reshape(-1, 3)[np.flatnonzero(area.view(np.bool_))] for area in (lips, ring, lower, forehead, under_eyes)
    ]
    if min(map(len, colours)) < 20:
        return None
    if float((colours[3].max(axis=1) >= _BURNT).mean()) > _BURNT_SHARE:
        return None
    lip, skin, chin, brow, bag = map(_median_lab, colours)
    if brow[0] < bag[0] - _FRINGE:
        brow = bag
    return LowerFace(
        time_s,
        lighter=float(chin[0] - brow[0]),
        chroma_from_forehead=float(np.linalg.norm((chin - brow)[1:])),
        lip_contrast=float(np.linalg.norm(lip - skin) / (skin[0] + _DARKEST)),
    )


def judge_cover(track: FaceTrack, looks: Sequence[LowerFace], limits: CoverLimits = CoverLimits()) -> Finding:
    """A mask or a hand over the lower face. The score is the share of frames that look covered.

    To be asked of frames in fair light: in the dark all colours are alike, burnt out they are false.
    """
    if len(looks) < limits.min_frames or not track.found.any():
        return Finding("cover", Outcome.NOT_CHECKED)
    gaps = track.lip_gap[track.found]
    moved = float(np.subtract(*np.percentile(gaps, [95, 5])))
    # Whose lips move is talking, and needs to look far more like a mask.
    sure = limits.talking_factor if moved >= limits.talking_range else 1.0
    covered = [
        look.chroma_from_forehead >= limits.mask_chroma * sure
        or look.lighter >= limits.mask_lighter * sure
        or (moved < limits.lip_range and look.lip_contrast < limits.lip_contrast)
        or (moved < limits.no_lips_range and look.lip_contrast < limits.no_lips)
        or look.lip_contrast < limits.bare
        for look in looks
    ]
    share = float(np.mean(covered))
    occluded = share > limits.covered_share
    moments = tuple(moment_at(look.time_s) for look, is_covered in zip(looks, covered, strict=True) if is_covered)
    return Finding(
        "cover",
        Outcome.FAIL if occluded else Outcome.PASS,
        ("face_occluded",) if occluded else (),
        score=round(share, 3),
        threshold=limits.covered_share,
        moments=moments if occluded else (),
        measured={
            "chroma_from_forehead": round(float(np.median([look.chroma_from_forehead for look in looks])), 1),
            "lip_contrast": round(float(np.median([look.lip_contrast for look in looks])), 3),
        },
    )


def _median_lab(colours: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Of RGB colours (N, 3)."""
    lab = lab_of(colours)
    middle = [(len(lab) - 1) // 2, len(lab) // 2]
    return np.asarray(np.partition(lab.T, middle, axis=1)[:, middle].mean(axis=1))  # a third of np.median's time


def _inside(picture: NDArray[np.uint8], mesh: NDArray[Any], outline: tuple[int, ...]) -> NDArray[np.uint8]:
    """1 where the picture lies within the outline."""
    mask = np.zeros(picture.shape[:2], np.uint8)
    return np.asarray(cv2.fillPoly(mask, [np.round(mesh[list(outline)]).astype(np.int32)], (1,)), np.uint8)


def _grown(mask: NDArray[np.uint8], size: int) -> NDArray[np.uint8]:
    return np.asarray(cv2.dilate(mask, np.ones((size, size), np.uint8)), np.uint8)
