"""Whether a finger lies on a page: skin that comes in over its edge. Runs where something that must be read was not."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from verify_svc.media.pictures import Pixels, resize


@dataclass(frozen=True, slots=True)
class FingerLimits:
    """What counts as a finger. Colours in OpenCV's YCrCb; shares are of the sheet."""

    side_px: int = 400
    cr: tuple[int, int] = (138, 180)  # skin of every shade differs in lightness, hardly in colour
    cb: tuple[int, int] = (75, 124)
    min_cr_over_cb: int = 18  # less is paper and grey tables
    min_lightness: int = 40
    rim: float = 0.08  # of the shorter side: there the table may be seen
    min_share: float = 0.015  # measured within the rim: drawn fingers ≥ 0.016, other bad pictures ≤ 0.013 but two
    max_share: float = 0.35  # more is a table or a coloured page
    max_slope: float = 20.0  # grey levels: skin is smooth; print and seals are not
    most_sides: int = 2  # of the sheet that it reaches: a table is seen on all


def lies_finger(sheet: Pixels, limits: FingerLimits = FingerLimits()) -> bool:
    """Whether skin reaches from the sheet's edge far into it."""
    scale = limits.side_px / max(sheet.shape[:2])
    small = cv2.GaussianBlur(resize(sheet, scale) if scale < 1 else sheet, (0, 0), 1.5)
    lightness, red, blue = cv2.split(cv2.cvtColor(small, cv2.COLOR_BGR2YCrCb))
    grey = cv2.cvtColor(small, cv2.COLOR_BGR2GRAY)
    slope = np.asarray(cv2.magnitude(cv2.Sobel(grey, cv2.CV_32F, 1, 0), cv2.Sobel(grey, cv2.CV_32F, 0, 1)), np.float32)
    skin = (red >= limits.cr[0]) & (red <= limits.cr[1]) & (blue >= limits.cb[0]) & (blue <= limits.cb[1])
    skin &= (red.astype(np.int16) - blue >= limits.min_cr_over_cb) & (lightness > limits.min_lightness)
    square = np.ones((7, 7), np.uint8)
    opened = cv2.morphologyEx(skin.astype(np.uint8), cv2.MORPH_OPEN, square)
    count, parts = cv2.connectedComponents(opened)
    rim = round(limits.rim * min(parts.shape))
    for part in range(1, count):
        place = np.asarray(parts == part)
        sides = sum(bool(edge.any()) for edge in (place[0], place[-1], place[:, 0], place[:, -1]))
        within = float(place[rim:-rim, rim:-rim].sum()) / place.size
        if not 1 <= sides <= limits.most_sides or within < limits.min_share or place.mean() > limits.max_share:
            continue
        core = cv2.erode(place.astype(np.uint8), square).astype(bool)
        if core.any() and float(slope[core].mean()) <= limits.max_slope:
            return True
    return False
