"""Ink at the place to sign: pen strokes, print, a stamp of the name, or none.

Lengths are shares of the height of the printed words beside the place, so that no page size need be known.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from verify_svc.document.page import Corners
from verify_svc.form.seal import FULL_DARK, LEAST_DARK, Ink, Seal, paper_of, scaled
from verify_svc.media.pictures import Pixels


@dataclass(frozen=True, slots=True)
class InkMeasures:
    """What lies at the place to sign. `amount`: inked area over the square of the height of the printed words' box;
    `tall`: height of what is written over that of the printed words; `off`: how far its middle lies from theirs;
    `blue`: how much bluer than grey the ink is (0 to 255); `axial`: share of its edges that lie level or upright;
    `framed`: whether it stands in a square frame, as a stamp does; `hidden`: share of the place under a grey seal.
    """

    amount: float
    tall: float
    off: float
    blue: float
    axial: float
    framed: bool
    hidden: float


def measure_ink(
    sheet: Pixels, unsealed: Pixels, place: Corners, label: Corners, high: float, grey_seals: Sequence[Seal] = ()
) -> InkMeasures:
    """Measure the ink within `place` (a level rectangle) beside the printed `label`, in pixels of the sheet.

    `unsealed` is the sheet without its red ink, `high` the height of the printed words.
    """
    high = max(6.0, high)
    left, top, right, bottom = _inside(place, sheet)
    if right - left < 4 or bottom - top < 4:
        return InkMeasures(0.0, 0.0, 0.0, 0.0, 0.0, False, 0.0)
    area = sheet[top:bottom, left:right]
    ink = _pen_ink(unsealed[top:bottom, left:right])
    framed = _is_framed(ink, high)
    ink = _without_rules(ink, high)
    hidden = 0.0
    for seal in grey_seals:
        veil = _veil(seal, left, top, ink.shape)
        hidden = max(hidden, float(veil.mean()))
        ink = np.where(veil > 0, np.float32(0), ink)
    ink = _without_specks(ink, high)
    written = ink > 0.4
    tall = off = blue = 0.0
    if written.any():
        print_first, print_last = _reach(sheet, label, high)
        first, last = np.percentile(np.nonzero(written)[0], [3, 97]) + top
        tall = float(last - first) / (print_last - print_first)
        off = float(first + last - print_first - print_last) / 2 / (print_last - print_first)
        sure = written & (ink > 0.7)
        colour = area[sure] if sure.any() else area[written]
        mean = colour.mean(axis=0) * (235.0 / np.maximum(40, np.median(area.reshape(-1, 3), axis=0)))
        blue = float(mean[0] - mean[2])
    return InkMeasures(float(ink.sum()) / high**2, tall, off, blue, _axial(ink), framed, hidden)


def _reach(sheet: Pixels, label: Corners, high: float) -> tuple[float, float]:
    """From where to where the printed words reach, in rows of the sheet: their box may be larger by half."""
    left, top, right, bottom = _inside(label, sheet)
    middle = float(label[:, 1].mean())
    usual = (middle - 0.36 * high, middle + 0.36 * high)
    if right - left < 4 or bottom - top < 4:
        return usual
    rows = np.nonzero(_pen_ink(sheet[top:bottom, left:right]) > 0.4)[0]
    if len(rows) < 20:
        return usual
    first, last = np.percentile(rows, [3, 97]) + top
    return (float(first), float(last)) if last - first > 0.3 * high else usual


def _inside(quad: Corners, sheet: Pixels) -> tuple[int, int, int, int]:
    height, width = sheet.shape[:2]
    (left, top), (right, bottom) = quad.min(axis=0), quad.max(axis=0)
    return max(0, round(left)), max(0, round(top)), min(width, round(right)), min(height, round(bottom))


def _pen_ink(area: Pixels) -> Ink:
    light = np.asarray(area[:, :, 2], np.float32)
    return scaled(paper_of(light) - light, LEAST_DARK, FULL_DARK)


def _without_rules(ink: Ink, high: float) -> Ink:
    """Ink less the lines on which one signs and the borders of cells."""
    mask = (ink > 0.3).astype(np.uint8)
    long = max(9, round(3.2 * high))
    level = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((1, long), np.uint8))
    upright = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((long, 1), np.uint8))
    rules = np.asarray((level > 0) | (upright > 0), np.uint8)
    thick = max(3, round(0.2 * high) | 1)
    return np.where(cv2.dilate(rules, np.ones((thick, thick), np.uint8)) > 0, np.float32(0), ink)


def _without_specks(ink: Ink, high: float) -> Ink:
    count, labels, stats, _ = cv2.connectedComponentsWithStats((ink > 0.3).astype(np.uint8), connectivity=8)
    large = np.array([i > 0 and stats[i, cv2.CC_STAT_AREA] > 0.012 * high**2 for i in range(count)])
    return np.where(large[labels], ink, np.float32(0))


def _is_framed(ink: Ink, high: float) -> bool:
    """Whether a square frame of 1.6 to 5 characters stands in the place: a stamp of the name has one."""
    mask = cv2.morphologyEx((ink > 0.3).astype(np.uint8), cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    for contour in contours:
        x, y, wide, tall = cv2.boundingRect(contour)
        if not (1.6 * high < wide < 5 * high and 0.75 < wide / max(1, tall) < 1.33):
            continue
        points = contour[:, 0, :]
        near = max(2.0, 0.06 * wide)
        sides = [
            np.ptp(points[np.abs(points[:, axis] - side) < near][:, 1 - axis], axis=0)
            if (np.abs(points[:, axis] - side) < near).any()
            else 0
            for axis, side in ((0, x), (0, x + wide), (1, y), (1, y + tall))
        ]
        if min(sides) > 0.8 * min(wide, tall):
            return True
    return False


def _veil(seal: Seal, left: int, top: int, shape: tuple[int, ...]) -> NDArray[np.uint8]:
    """Where a grey seal lies on the place."""
    veil = np.zeros(shape, np.uint8)
    centre = (round(seal.centre[0] - left), round(seal.centre[1] - top))
    cv2.circle(veil, centre, round(seal.radius_px * 1.06), (1,), -1)
    return veil


def _axial(ink: Ink) -> float:
    """Share of the edges' strength within 9° of level or upright, 0 where there are none."""
    if ink.shape[0] < 4 or ink.shape[1] < 4:
        return 0.0
    soft = cv2.GaussianBlur(ink, (0, 0), 1.0)
    gx, gy = cv2.Sobel(soft, cv2.CV_32F, 1, 0), cv2.Sobel(soft, cv2.CV_32F, 0, 1)
    strength = np.hypot(gx, gy)
    if float(strength.sum()) < 1.0:
        return 0.0
    off = np.abs((np.degrees(np.arctan2(gy, gx)) + 45) % 90 - 45)
    return float(strength[off < 9].sum() / strength.sum())
