"""Finds round seals on a form laid flat, red ones and grey ones, and unrolls the name along their ring.

Nothing here knows whose seal it should be. Lengths are millimetres on the sheet unless they end in `_px`.
"""

from __future__ import annotations

from dataclasses import dataclass

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


def red_ink(sheet: Pixels, limits: SealLimits = SealLimits()) -> Ink:
    """Red on the paper, whatever the light's colour."""
    white = _white(sheet)
    red = np.minimum(white[:, :, 2] - white[:, :, 1], white[:, :, 2] - white[:, :, 0] + 40)
    return scaled(red, limits.least_red, limits.full_red)


def stamped_ink(sheet: Pixels, red: Ink) -> Ink:
    """The red ink as sharp as the picture has it: cameras keep lightness fine and colour coarse.

    Print beneath the seal is in it too.
    """
    green = np.asarray(sheet[:, :, 1], np.float32)
    sharp = scaled(paper_of(green) - green, LEAST_DARK, FULL_DARK)
    return np.asarray(sharp * np.minimum(1.0, 4 * cv2.dilate(red, np.ones((3, 3), np.uint8))), np.float32)


def without_red(sheet: Pixels, red: Ink) -> Pixels:
    """The sheet as it were without its red ink: what is dark in red light, on white where only red is."""
    light = np.asarray(sheet[:, :, 2], np.float32)
    veil = np.minimum(1.0, 3.0 * red)
    plain = light * (1 - veil) + np.maximum(light, paper_of(light)) * veil
    return np.repeat(plain.clip(0, 255).astype(np.uint8)[:, :, None], 3, axis=2)


def dark_ink(sheet: Pixels) -> Ink:
    """Whatever is darker than the paper around it. Red counts as it looks to who sees no colours."""
    grey = cv2.cvtColor(sheet, cv2.COLOR_BGR2GRAY).astype(np.float32)
    return scaled(paper_of(grey) - grey, LEAST_DARK, FULL_DARK)


def find_seals(sheet: Pixels, px_per_mm: float, limits: SealLimits = SealLimits()) -> list[Seal]:
    """Red seals, the surest first; where there is none, grey ones."""
    red = red_ink(sheet, limits)
    found = _circles(red, px_per_mm, True, limits)
    return found or _circles(dark_ink(sheet), px_per_mm, False, limits)


def _white(sheet: Pixels) -> NDArray[np.float32]:
    """The sheet with its paper made white: lamps are yellow, shadows blue."""
    small = cv2.resize(sheet, (64, 64), interpolation=cv2.INTER_AREA).reshape(-1, 3).astype(np.float32)
    bright = small[small.sum(axis=1) >= np.percentile(small.sum(axis=1), 60)]
    return np.asarray(sheet.astype(np.float32) * (235.0 / np.maximum(40.0, np.median(bright, axis=0))), np.float32)


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
    best = np.full(small.shape, -1.0, np.float32)
    size = np.zeros(small.shape, np.float32)
    reach = high + 4
    y, x = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    away = np.hypot(x, y)
    for radius in range(low, high + 1):
        kernel = np.zeros(away.shape, np.float32)
        on = np.abs(away - radius) < 1.0
        beside = (np.abs(away - radius) > 2.2) & (np.abs(away - radius) < 3.6)
        kernel[on], kernel[beside] = 1 / on.sum(), -1 / beside.sum()
        score = cv2.filter2D(small, cv2.CV_32F, kernel, borderType=cv2.BORDER_CONSTANT)
        better = score > best
        best, size = np.where(better, score, best), np.where(better, np.float32(radius), size)
    found = []
    left = best.copy()
    for _ in range(limits.candidates):
        _, top, _, (column, row) = cv2.minMaxLoc(left)
        found.append((float(top), int(column), int(row), float(size[row, column])))
        cv2.circle(left, (column, row), low // 2, (-1.0,), -1)
    return found


def _settled(
    ink: Ink, centre: tuple[float, float], radius_px: float, px_per_mm: float, red: bool, limits: SealLimits
) -> Seal | None:
    """The seal at a guess, its ring fitted as an ellipse; None when there is no ring."""
    seal = Seal(centre, (radius_px, radius_px), 0.0, red, 0.0)
    turns = np.linspace(0, 2 * np.pi, 240, endpoint=False)
    for reach in (0.16, 0.09):
        shares = np.linspace(1 - reach, 1 + reach, 41)
        rays = _sampled(ink, seal, turns, shares)
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
    on = _sampled(ink, seal, turns, np.linspace(0.965, 1.035, 9)).max(axis=1)
    beside = _sampled(ink, seal, turns, np.linspace(1.07, 1.15, 5)).mean(axis=1)
    cover, contrast = float((on > 0.25).mean()), float(np.minimum(1, on).mean() - beside.mean())
    if cover < (limits.min_cover if red else limits.min_grey_cover) or contrast < limits.min_contrast:
        return None
    if not limits.radii_mm[0] <= seal.radius_px / px_per_mm <= limits.radii_mm[1]:
        return None
    return Seal(seal.centre, seal.axes_px, seal.lean_deg, red, cover)


def _sampled(ink: Ink, seal: Seal, turns: NDArray[np.floating], shares: NDArray[np.floating]) -> Ink:
    """Ink along rays; shape (turns, shares)."""
    places = seal.at(turns[:, None], shares[None, :])
    return np.asarray(cv2.remap(ink, places[:, :, 0], places[:, :, 1], cv2.INTER_LINEAR), np.float32)


@dataclass(frozen=True, slots=True)
class RingLimits:
    """Where along the ring the name stands, and how large it is unrolled. Shares are of the radius."""

    outer: tuple[float, float] = (0.88, 0.97)  # measured: the gap between ring and name lies in between
    inner: tuple[float, float] = (0.52, 0.72)  # measured: the gap between name and star
    least_level: float = 0.2  # guessed: of the densest circle of the name; less is the paper between it and the star
    height_px: int = 48  # what the reading network takes
    min_gap_deg: float = 14.0  # guessed: the name leaves at least so much of the ring free


def unrolled(ink: Ink, seal: Seal, limits: RingLimits = RingLimits()) -> Pixels | None:
    """The name along the ring as one line, dark on white, upright; None where nothing stands along it.

    A seal's number, small along its foot, stands in the outer half of the band alone and is left out.
    """
    turns = np.linspace(0, 2 * np.pi, 720, endpoint=False)
    shares = np.linspace(0.4, 1.0, 121)
    rays = _sampled(ink, seal, turns, shares)
    profile = cv2.GaussianBlur(rays.mean(axis=0)[None, :].astype(np.float32), (0, 0), 2)[0]
    top, bottom = _band(profile, shares, limits)
    middle = (top + bottom) / 2
    inner_half = rays[:, (shares > bottom) & (shares < middle)].mean(axis=1)
    begin, end = _written(inner_half, limits)
    if end - begin < np.radians(20):
        return None
    mean_px = seal.radius_px * (top + bottom) / 2
    scale = limits.height_px / (seal.radius_px * (top - bottom))
    along = np.linspace(begin, end, max(limits.height_px, round((end - begin) * mean_px * scale)))
    places = seal.at(along[None, :], np.linspace(top, bottom, limits.height_px)[:, None])
    strip = cv2.remap(ink, places[:, :, 0], places[:, :, 1], cv2.INTER_CUBIC)
    strip = np.clip(strip / max(0.2, float(np.percentile(strip, 97))), 0, 1)
    return np.repeat((255 - 235 * strip).astype(np.uint8)[:, :, None], 3, axis=2)


def _band(profile: NDArray[np.float32], shares: NDArray[np.floating], limits: RingLimits) -> tuple[float, float]:
    """Shares of the radius between which the name stands: from the gap under the ring to that over the star."""
    under_ring = np.flatnonzero((shares >= limits.outer[0]) & (shares <= limits.outer[1]))
    over_star = np.flatnonzero((shares >= limits.inner[0]) & (shares <= limits.inner[1]))
    top = int(under_ring[int(profile[under_ring].argmin())])
    lowest = int(over_star[int(profile[over_star].argmin())])
    level = float(profile[lowest:top].max())
    written = np.flatnonzero(profile[lowest:top] > limits.least_level * level)
    bottom = lowest + (int(written[0]) if len(written) else 0)
    return float(min(0.985, shares[top] + 0.01)), float(shares[max(lowest, bottom - 2)])


def _written(level: Ink, limits: RingLimits) -> tuple[float, float]:
    """From where to where, clockwise in radians, the ring is written on: all but the widest gap."""
    count = len(level)
    threshold = 0.25 * float(np.percentile(level, 90))
    bare = np.flatnonzero(level > threshold)
    if len(bare) < 2:
        return 0.0, 0.0
    gaps = np.diff(np.concatenate([bare, bare[:1] + count]))
    widest = int(gaps.argmax())
    if gaps[widest] < limits.min_gap_deg / 360 * count:
        return np.pi, 3 * np.pi  # nearly full: cut at the foot
    begin, end = bare[(widest + 1) % len(bare)], bare[widest]
    step = 2 * np.pi / count
    room = min(np.radians(4.0), gaps[widest] * step / 3)
    return float(begin * step - room), float((end if end > begin else end + count) * step + room)
