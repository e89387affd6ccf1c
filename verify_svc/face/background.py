"""What is behind the person: its colour, brightness and evenness."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from verify_svc.face.track import CHIN
from verify_svc.session.finding import Finding, Moment, Outcome

_GRID = 256
_MASK_BELOW = 0.1
_ERODE = 9  # cells: hair's edges are a mixture


@dataclass(frozen=True, slots=True)
class Wall:
    """The background of one frame above the chin, in CIE Lab: `lightness` median L 0–100, `chroma` of the median
    a, b; `unevenness` standard deviation of L; `texture` mean absolute Laplacian of L; `spread` 95th percentile of
    the chroma's distance from the median; `tilt` the difference of L between its left and right halves; `share` of the
    upper picture that was judged."""

    time_s: float
    lightness: float
    chroma: float
    unevenness: float
    texture: float
    spread: float
    tilt: float
    share: float


def look_at_wall(
    time_s: float, grid: NDArray[np.uint8], mask: NDArray[np.float32], points: NDArray[Any]
) -> Wall | None:
    """Measure one RGB frame at the size of its person mask: `grid` (256, 256, 3), `mask` (256, 256), `points` (478, 2)
    in their cells. None where hardly any background is in view."""
    chin_row = int(np.clip(points[CHIN, 1], 8, _GRID))
    clear = cv2.erode((mask < _MASK_BELOW).astype(np.uint8), np.ones((_ERODE, _ERODE), np.uint8))[:chin_row] > 0
    share = float(clear.mean())
    if share < 0.03:
        return None
    # One row more for the Laplacian.
    lab = np.asarray(cv2.cvtColor(grid[: chin_row + 1].astype(np.float32) / 255, cv2.COLOR_RGB2LAB), np.float32)
    rough = np.abs(cv2.Laplacian(lab[..., 0], cv2.CV_32F)[:chin_row][clear])
    lab = lab[:chin_row]
    lightness, a, b = (lab[..., place][clear] for place in range(3))
    middle = (float(np.median(a)), float(np.median(b)))
    return Wall(
        time_s,
        lightness=float(np.median(lightness)),
        chroma=float(np.hypot(*middle)),
        unevenness=float(lightness.std()),
        texture=float(rough.mean()),
        spread=float(np.percentile(np.hypot(a - middle[0], b - middle[1]), 95)),
        tilt=_tilt(lab[..., 0], clear),
        share=share,
    )


@dataclass(frozen=True, slots=True)
class BackgroundLimits:
    """Units as in `Wall`. Measured: white walls of phone pictures L 67–87, chroma 2–10, unevenness ≤ 6; blue chroma
    24–45, beige 15–21, things on the wall unevenness 10 and more, texture 0.7–12, spread 10–80."""

    min_lightness: float = 62.0
    max_chroma: float = 12.0
    max_unevenness: float = 10.0
    max_texture: float = 0.9
    max_spread: float = 14.0
    min_frames: int = 1


def judge_background(walls: Sequence[Wall], lit: bool, limits: BackgroundLimits = BackgroundLimits()) -> Finding:
    """White or nearly so, and even. `lit`: the light allows a judgement. The score is the lightness."""
    if len(walls) < limits.min_frames:
        return Finding("background", Outcome.NOT_CHECKED)
    middle = {name: float(np.median([getattr(wall, name) for wall in walls])) for name in _MEASURES}
    white = (
        middle["lightness"] >= limits.min_lightness
        and middle["chroma"] <= limits.max_chroma
        and middle["unevenness"] <= limits.max_unevenness
        and middle["texture"] <= limits.max_texture
        and middle["spread"] <= limits.max_spread
    )
    measured: dict[str, float | int | str | bool | None] = {name: round(middle[name], 2) for name in _MEASURES[1:]}
    if not white and not lit:
        return Finding("background", Outcome.NOT_CHECKED, score=round(middle["lightness"], 1), measured=measured)
    return Finding(
        "background",
        Outcome.PASS if white else Outcome.FAIL,
        () if white else ("background_not_white",),
        score=round(middle["lightness"], 1),
        threshold=limits.min_lightness,
        model="selfie_segmentation",
        version="general, 256x256",
        moments=() if white else (Moment(walls[0].time_s, round(walls[0].time_s + 0.5, 3)),),
        measured=measured,
    )


def wall_tilt(walls: Sequence[Wall], limits: BackgroundLimits = BackgroundLimits()) -> float | None:
    """The clip's median difference of lightness from one side of the wall to the other; None where no wall is seen,
    but things: a dark cupboard on one side is no shadow."""
    plain = [wall.tilt for wall in walls if wall.texture <= limits.max_texture and wall.spread <= limits.max_spread]
    return float(np.median(plain)) if len(plain) > len(walls) / 2 else None


_MEASURES = ("lightness", "chroma", "unevenness", "texture", "spread", "tilt", "share")


def _tilt(lightness: NDArray[np.float32], clear: NDArray[np.bool_]) -> float:
    sides = slice(_GRID // 3), slice(_GRID - _GRID // 3, _GRID)
    halves = [lightness[:, side][clear[:, side]] for side in sides]
    if min(half.size for half in halves) < 50:
        return 0.0
    return float(abs(np.median(halves[0]) - np.median(halves[1])))
