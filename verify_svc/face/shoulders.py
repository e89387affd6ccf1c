"""Whether the shoulders are dressed: skin on both of them, of the colour of the person's own cheeks, that begins at
the neck (docs/decisions/0026).

Beside the own cheeks no colour of skin is dark or pale. A coat that has it is told by the collar: between it and the
chin something else is worn. Of hair and headscarves that have it nothing is said: they hang down beside the face.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from verify_svc.face.quality import lab_of
from verify_svc.face.track import CHIN, LEFT_IRIS, RIGHT_IRIS
from verify_svc.media.pictures import resize
from verify_svc.session.finding import Finding, Moment, Outcome

Pixels = NDArray[np.uint8]

_EYES_PX = 16
_CHEEKS = (205, 50, 101, 118, 425, 280, 330, 347)
_PERSON = 0.7  # of the mask
# Aside of the chin, from and to; below it, from and to; in distances of the irises. The whole shoulder, and the outer
# one, which straps leave bare.
_SHOULDERS = ((1.3, 3.2, 0.55, 1.9), (2.1, 3.4, 0.55, 2.4))
_NECK = (0.0, 0.9, 0.5, 1.1)
_BESIDE = (1.35, 2.0, -1.7, -0.3)  # of the face, beyond the ears
_LEAST_PX, _LEAST_NECK_PX = 40, 20  # of each
_LEAST_CHROMA = 10.0  # of the cheeks: paler in a grey picture, which tells nothing by colour


@dataclass(frozen=True, slots=True)
class Shoulders:
    """One frame: `bare` is the share of skin on the shoulder that shows less, `neck` that of the neck, 0–1."""

    time_s: float
    bare: float
    neck: float


@dataclass(frozen=True, slots=True)
class SkinLimits:
    """How far skin elsewhere may be from the cheeks', in CIE Lab: angle in the plane of a and b and chroma over the
    cheeks', each round its `_middle`; lightness L above the cheeks'. Measured: docs/decisions/0026."""

    hue_middle_rad: float = 0.08
    hue_rad: float = 0.22
    chroma_middle: float = 0.9
    chroma: float = 0.35
    darkest: float = -15.0
    darkest_neck: float = -40.0  # the chin's shadow lies on it, and that of the cheeks beside them
    lightest: float = 25.0
    beside: float = 0.4  # of what hangs down on one side of the face


@dataclass(frozen=True, slots=True)
class ShoulderLimits:
    """Units as in `Shoulders`. Measured: docs/decisions/0026."""

    bare: float = 0.3
    neck: float = 0.3
    bare_in_one: float = 0.4  # where one frame decides


def look_at_shoulders(
    time_s: float, picture: Pixels, mask: NDArray[np.float32], points: NDArray[Any], limits: SkinLimits = SkinLimits()
) -> Shoulders | None:
    """Measure one RGB frame with its person mask (256, 256); `points` (478, 2) in its pixels. None where a shoulder or
    the cheeks are out of the picture, where it has no colours, and where hair or a scarf has the skin's."""
    scale = _EYES_PX / max(float(np.linalg.norm(points[RIGHT_IRIS] - points[LEFT_IRIS])), 1.0)
    small, mesh = resize(picture, scale), points * scale
    cheeks = _cheeks(small, mesh)
    if cheeks is None or float(np.hypot(cheeks[1], cheeks[2])) < _LEAST_CHROMA:
        return None
    person = cv2.resize(mask, small.shape[1::-1], interpolation=cv2.INTER_AREA) > _PERSON
    rows, columns = np.nonzero(cv2.erode(person.astype(np.uint8), np.ones((3, 3), np.uint8)))
    middle = (mesh[CHIN, 0] + mesh[[RIGHT_IRIS, LEFT_IRIS], 0].mean()) / 2
    across = (columns - middle) / _EYES_PX
    down = (rows - mesh[CHIN, 1]) / _EYES_PX
    skin, shaded = _skin(lab_of(small[rows, columns]), cheeks, limits)

    def share(where: NDArray[np.bool_], of: NDArray[np.bool_], least_px: int) -> float | None:
        return float(of[where].mean()) if int(where.sum()) >= least_px else None

    def place(from_x: float, to_x: float, from_y: float, to_y: float) -> NDArray[np.bool_]:
        aside = (np.abs(across) >= from_x) & (np.abs(across) < to_x)
        return np.asarray(aside & (down > from_y) & (down < to_y))

    def sides(where: tuple[float, float, float, float], of: NDArray[np.bool_]) -> list[float | None]:
        return [share(place(*where) & side, of, _LEAST_PX) for side in (across < 0, across > 0)]

    if any(seen is not None and seen >= limits.beside for seen in sides(_BESIDE, shaded)):
        return None
    found = []
    for shoulder in _SHOULDERS:
        right, left = sides(shoulder, skin)
        found += [] if right is None or left is None else [min(right, left)]
    neck = share(place(*_NECK), shaded, _LEAST_NECK_PX)
    return Shoulders(time_s, max(found), neck or 0.0) if found else None


def judge_shoulders(looks: Sequence[Shoulders], clear: bool, limits: ShoulderLimits = ShoulderLimits()) -> Finding:
    """Bare shoulders, in half of the looks and more. `clear`: light and bare cheeks allow a judgement. The score is
    the looks' median share of skin."""
    if not looks or not clear:
        return Finding("shoulders", Outcome.NOT_CHECKED)
    shown = [look for look in looks if look.bare >= limits.bare and look.neck >= limits.neck]
    bare = len(shown) >= len(looks) / 2
    return Finding(
        "shoulders",
        Outcome.FAIL if bare else Outcome.PASS,
        ("shoulders_bare",) if bare else (),
        score=round(float(np.median([look.bare for look in looks])), 3),
        threshold=limits.bare,
        moments=tuple(Moment(round(look.time_s, 3), round(look.time_s + 0.1, 3)) for look in shown) if bare else (),
        measured={"neck": round(float(np.median([look.neck for look in looks])), 3)},
    )


def _cheeks(picture: Pixels, mesh: NDArray[Any]) -> NDArray[np.float64] | None:
    height, width = picture.shape[:2]
    at = [(x, y) for x, y in np.round(mesh[list(_CHEEKS)]).astype(int) if 1 < x < width - 2 and 1 < y < height - 2]
    if len(at) < len(_CHEEKS) - 2:
        return None
    patches = [picture[y - 1 : y + 2, x - 1 : x + 2].reshape(-1, 3) for x, y in at]
    return np.asarray(np.median(lab_of(np.concatenate(patches)), 0))


def _skin(lab: NDArray[Any], cheeks: NDArray[np.float64], limits: SkinLimits) -> list[NDArray[np.bool_]]:
    """Which of the colours (N, 3) are the cheeks': in their light, and in the chin's shadow too."""
    lighter, a, b = lab[:, 0] - cheeks[0], lab[:, 1], lab[:, 2]
    turned = np.arctan2(b, a) - np.arctan2(cheeks[2], cheeks[1]) - limits.hue_middle_rad
    hue = np.abs((turned + np.pi) % (2 * np.pi) - np.pi)
    chroma = np.abs(np.hypot(a, b) / np.hypot(cheeks[1], cheeks[2]) - limits.chroma_middle)
    alike = (hue < limits.hue_rad) & (chroma < limits.chroma) & (lighter < limits.lightest)
    return [np.asarray(alike & (lighter > darkest)) for darkest in (limits.darkest, limits.darkest_neck)]
