"""Finds round seals on a form laid flat, red ones and grey ones.

Nothing here knows whose seal it should be. Lengths are millimetres on the sheet unless they end in `_px`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from verify_svc.document.page import Corners
from verify_svc.media.pictures import Pixels

Ink = NDArray[np.float32]
"""How much ink lies on each pixel, 0 to 1; shape (height, width)."""


@dataclass(frozen=True, slots=True)
class SealLimits:
    """What counts as a round seal: units' own are 38 to 45 mm wide, most of them 40 or 42."""

    radii_mm: tuple[float, float] = (15.0, 27.0)  # 38 to 45 mm and what a page of unknown size makes of it
    search_px_per_mm: float = 1.6  # guessed: a ring of 1 mm is still more than a pixel wide
    candidates: int = 4  # best circles that are looked at more closely
    min_cover: float = 0.6  # measured: share of the ring with ink; worn and overlapped seals ≥ 0.75, no other red ≥ 0.5
    min_grey_cover: float = 0.85  # measured: grey seals ≥ 0.95; circles through lines of print up to 0.69
    min_contrast: float = 0.18  # measured: ink on the ring less ink beside it; seals ≥ 0.3, print ≤ 0.1
    least_red: float = 18.0  # guessed: red over green on paper made white, 0 to 255: the faintest ink
    full_red: float = 110.0  # measured: fresh stamping ink


@dataclass(frozen=True, slots=True, eq=False)
class Seal:
    """A round seal. `centre` (x, y) and the half axes are pixels of the sheet, `lean_deg` turns the first axis
    clockwise; `cover` is the share of its ring that has ink.
    """

    centre: tuple[float, float]
    axes_px: tuple[float, float]
    lean_deg: float
    red: bool
    cover: float

    @property
    def radius_px(self) -> float:
        return (self.axes_px[0] + self.axes_px[1]) / 2

    @property
    def quad(self) -> Corners:
        """The square around it, clockwise from the top left."""
        (x, y), r = self.centre, self.radius_px * 1.06
        return np.array([[x - r, y - r], [x + r, y - r], [x + r, y + r], [x - r, y + r]], np.float32)

    def at(self, turns_rad: NDArray[np.floating], share: float | NDArray[np.floating] = 1.0) -> NDArray[np.float32]:
        """Points at `share` of the way from the centre to the ring, `turns_rad` clockwise from the top; (…, 2)."""
        lean = np.radians(self.lean_deg)
        along = turns_rad - np.pi / 2 - lean
        x, y = self.axes_px[0] * np.cos(along) * share, self.axes_px[1] * np.sin(along) * share
        return np.stack(
            [
                self.centre[0] + x * np.cos(lean) - y * np.sin(lean),
                self.centre[1] + x * np.sin(lean) + y * np.cos(lean),
            ],
            axis=-1,
        ).astype(np.float32)


LEAST_DARK, FULL_DARK = 26.0, 110.0
"""How much darker than the paper ink is: the faintest, and what counts as full. Guessed; 0 to 255."""


def red_ink(part: Pixels, sheet: Pixels | None = None, limits: SealLimits = SealLimits()) -> Ink:
    """Red on the paper, whatever the light's colour. `part` may be a part of the sheet, whose paper tells that."""
    scale = 1 / (limits.full_red - limits.least_red)
    more_blue, more_green, more_red = (_to_white(part if sheet is None else sheet) * scale).tolist()
    blue, green, red = cv2.split(part)
    none = -limits.least_red * scale
    over_green = cv2.addWeighted(red, more_red, green, -more_green, none, dtype=cv2.CV_32F)
    over_blue = cv2.addWeighted(red, more_red, blue, -more_blue, none + 40 * scale, dtype=cv2.CV_32F)
    ink = np.asarray(cv2.min(over_green, over_blue), np.float32)
    return np.clip(ink, 0, 1, out=ink)


def stamped_ink(sheet: Pixels, red: Ink) -> Ink:
    """The red ink as sharp as the picture has it: cameras keep lightness fine and colour coarse.

    Print beneath the seal is in it too.
    """
    green = np.asarray(sheet[:, :, 1], np.float32)
    sharp = scaled(paper_of(green) - green, LEAST_DARK, FULL_DARK)
    return np.asarray(sharp * np.minimum(1.0, 4 * cv2.dilate(red, np.ones((3, 3), np.uint8))), np.float32)


def without_red(sheet: Pixels, red: Ink, top: int = 0) -> Pixels:
    """The sheet as it were, from row `top` on, without those rows' red ink: what is dark in red light, on white where
    only red is.
    """
    light = np.asarray(sheet[top:, :, 2], np.float32)
    veil = np.minimum(1.0, 3.0 * red)
    plain = light * (1 - veil) + np.maximum(light, paper_of(light)) * veil
    bare = sheet.copy()
    bare[top:] = plain.clip(0, 255).astype(np.uint8)[:, :, None]
    return bare


def dark_ink(sheet: Pixels) -> Ink:
    """Whatever is darker than the paper around it. Red counts as it looks to who sees no colours."""
    grey = cv2.cvtColor(sheet, cv2.COLOR_BGR2GRAY).astype(np.float32)
    return scaled(paper_of(grey) - grey, LEAST_DARK, FULL_DARK)


def find_seals(
    sheet: Pixels, px_per_mm: float, red: Ink, top: int = 0, limits: SealLimits = SealLimits()
) -> list[Seal]:
    """Red seals, the surest first; where there is none, grey ones. They are looked for from row `top` on, whose red ink
    is `red`, and where none is there on the whole sheet.
    """
    found = [_moved(seal, 0, -top) for seal in _circles(red, px_per_mm, True, limits)]
    if top and not found:
        found = _circles(red_ink(sheet, limits=limits), px_per_mm, True, limits)
    return found or _circles(dark_ink(sheet), px_per_mm, False, limits)


def cut_out(seal: Seal, sheet: Pixels) -> tuple[slice, slice, Seal]:
    """The rows and columns of the sheet that the seal lies on, with as much again around it, and the seal as it lies
    there.
    """
    (x, y), reach = seal.centre, 2 * seal.radius_px
    top, left = max(0, int(y - reach)), max(0, int(x - reach))
    rows, columns = slice(top, min(sheet.shape[0], int(y + reach))), slice(left, min(sheet.shape[1], int(x + reach)))
    return rows, columns, _moved(seal, left, top)


def _moved(seal: Seal, left: int, top: int) -> Seal:
    """The seal on a part of the sheet that begins at that column and row."""
    return replace(seal, centre=(seal.centre[0] - left, seal.centre[1] - top))


def _to_white(sheet: Pixels) -> NDArray[np.float32]:
    """By how much each colour is raised for the paper to be white: lamps are yellow, shadows blue."""
    step = max(1, min(sheet.shape[:2]) // 512)  # every so many pixels tell as much, in a tenth of the time
    every = np.ascontiguousarray(sheet[::step, ::step])
    small = cv2.resize(every, (64, 64), interpolation=cv2.INTER_AREA).reshape(-1, 3).astype(np.float32)
    bright = small[small.sum(axis=1) >= np.percentile(small.sum(axis=1), 60)]
    return np.asarray(235.0 / np.maximum(40.0, np.median(bright, axis=0)), np.float32)


def paper_of(grey: NDArray[np.float32]) -> NDArray[np.float32]:
    """The paper's own lightness everywhere: what is left when small dark things are closed."""
    small = cv2.resize(grey, None, fx=0.125, fy=0.125, interpolation=cv2.INTER_AREA)
    closed = cv2.GaussianBlur(cv2.dilate(small, np.ones((9, 9), np.uint8)), (0, 0), 5)
    return np.asarray(cv2.resize(closed, (grey.shape[1], grey.shape[0])), np.float32)


def scaled(values: NDArray[np.float32], least: float, full: float) -> Ink:
    """`values` from 0 at `least` to 1 at `full`."""
    return np.asarray(np.clip((values - least) / (full - least), 0, 1), np.float32)


def _circles(ink: Ink, px_per_mm: float, red: bool, limits: SealLimits) -> list[Seal]:
    shrink = limits.search_px_per_mm / px_per_mm
    shrunk = cv2.resize(ink, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA)
    small: Ink = np.asarray(np.minimum(1.0, shrunk * 2), np.float32)
    if float(small.sum()) < limits.radii_mm[0] * limits.search_px_per_mm:
        return []
    seals: list[Seal] = []
    for score, x, y, radius in _guesses(small, limits):
        if score < 0.5 * limits.min_contrast:
            break
        seal = _settled(ink, (x / shrink, y / shrink), radius / shrink, px_per_mm, red, limits)
        apart = (
            all(np.hypot(*np.subtract(seal.centre, other.centre)) > other.radius_px for other in seals)
            if seal
            else False
        )
        if seal is not None and apart:
            seals.append(seal)
    return sorted(seals, key=lambda seal: -seal.cover)


def _guesses(small: Ink, limits: SealLimits) -> list[tuple[float, int, int, float]]:
    """Where rings may be: score, centre and radius in pixels of the small picture, best first."""
    low, high = (round(radius * limits.search_px_per_mm) for radius in limits.radii_mm)
    reach = high + 4
    left, top, wide, tall = cv2.boundingRect(np.asarray(small > _SPECK, np.uint8))
    # Beyond a ring's reach from the ink there is none.
    from_x, from_y = max(0, left - reach), max(0, top - reach)
    inked = small[from_y : top + tall + reach, from_x : left + wide + reach]
    best = np.full(inked.shape, -1.0, np.float32)
    size = np.zeros(inked.shape, np.float32)
    for radius, kernel in _rings(low, high):
        score = cv2.filter2D(inked, cv2.CV_32F, kernel, borderType=cv2.BORDER_CONSTANT)
        better = score > best
        best = np.asarray(np.where(better, score, best), np.float32)
        size = np.asarray(np.where(better, np.float32(radius), size), np.float32)
    found = []
    for _ in range(limits.candidates):
        _, most, _, (column, row) = cv2.minMaxLoc(best)
        found.append((float(most), from_x + int(column), from_y + int(row), float(size[row, column])))
        cv2.circle(best, (column, row), low // 2, (-1.0,), -1)
    return found


@cache
def _rings(low: int, high: int) -> tuple[tuple[int, NDArray[np.float32]], ...]:
    """For each radius a kernel that adds up what lies on a ring, less what lies beside it."""
    reach = high + 4
    y, x = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    away = np.hypot(x, y)
    rings = []
    for radius in range(low, high + 1):
        kernel = np.zeros(away.shape, np.float32)
        on = np.abs(away - radius) < 1.0
        beside = (np.abs(away - radius) > 2.2) & (np.abs(away - radius) < 3.6)
        kernel[on], kernel[beside] = 1 / on.sum(), -1 / beside.sum()
        rings.append((radius, kernel))
    return tuple(rings)


_SPECK = 0.05  # of full ink: less is the paper's own


def _settled(
    ink: Ink, centre: tuple[float, float], radius_px: float, px_per_mm: float, red: bool, limits: SealLimits
) -> Seal | None:
    """The seal at a guess, its ring fitted as an ellipse; None when there is no ring."""
    seal = Seal(centre, (radius_px, radius_px), 0.0, red, 0.0)
    turns = np.linspace(0, 2 * np.pi, 240, endpoint=False)
    for reach in (0.16, 0.09):
        shares = np.linspace(1 - reach, 1 + reach, 41)
        rays = sampled(ink, seal, turns, shares)
        peak = rays.argmax(axis=1)
        kept = rays.max(axis=1) > 0.25
        if kept.mean() < 0.5 * limits.min_cover:
            return None
        offs = shares[peak]
        kept &= np.abs(offs - np.median(offs[kept])) < 0.5 * reach
        points = seal.at(turns, offs)[kept]
        if len(points) < 40:
            return None
        (x, y), (wide, high), lean = cv2.fitEllipse(points)
        if not 0.8 < wide / max(1.0, high) < 1.25 or np.hypot(x - seal.centre[0], y - seal.centre[1]) > 0.3 * radius_px:
            return None
        seal = Seal((float(x), float(y)), (wide / 2, high / 2), float(lean), red, 0.0)
    on = sampled(ink, seal, turns, np.linspace(0.965, 1.035, 9)).max(axis=1)
    beside = sampled(ink, seal, turns, np.linspace(1.07, 1.15, 5)).mean(axis=1)
    cover, contrast = float((on > 0.25).mean()), float(np.minimum(1, on).mean() - beside.mean())
    if cover < (limits.min_cover if red else limits.min_grey_cover) or contrast < limits.min_contrast:
        return None
    if not limits.radii_mm[0] <= seal.radius_px / px_per_mm <= limits.radii_mm[1]:
        return None
    return Seal(seal.centre, seal.axes_px, seal.lean_deg, red, cover)


def sampled(ink: Ink, seal: Seal, turns: NDArray[np.floating], shares: NDArray[np.floating]) -> Ink:
    """Ink along rays; shape (turns, shares)."""
    places = seal.at(turns[:, None], shares[None, :])
    return np.asarray(cv2.remap(ink, places[:, :, 0], places[:, :, 1], cv2.INTER_LINEAR), np.float32)
