"""The photograph itself: decoded, its page laid flat, its quality measured. Runs in decoding children."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from verify_svc.document.code import NO_CODES, CodesFound, find_codes
from verify_svc.document.page import Page, PageLimits, find_page, flatten, map_points
from verify_svc.document.tampering import FirstSaving, find_first_saving
from verify_svc.media.pictures import Pixels, decode, resize
from verify_svc.media.saving import luma_steps

RelativeCorners = tuple[tuple[float, float], ...]
"""Four corners (x, y) as fractions of the upright picture's width and height, clockwise from the top left."""

CARD_SIDE_PX = 1600  # measured: reads and measures as at 2048, in 9 % less time
_MEASURED_SIDE_PX = 800
_COLOUR_SIDE_PX = 400
_TILE_PX = 512
_DIM, _PAPER = 110.0, 210.0  # lightness of paper: below the first it is raised to the second before reading


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is wanted of a photograph: its page laid flat, at most `side_px` long; its QR codes read, if `coded`; the
    trace of a first saving looked for, if `traced`.
    """

    side_px: int = 2048  # a licence wants 1920 (measured)
    coded: bool = False
    traced: bool = False


@dataclass(frozen=True, slots=True)
class PhotoMeasures:
    """What was measured on the page.

    `sharpness`: the steepest edges' slope over the page's range of lightness, per pixel at 800 px long (0–0.35).
    `light`: lightness of the paper (90th percentile, 0–255), `middle` the median. `contrast`: 99th less 1st percentile.
    `burnt_share`: share of the page in burnt-out blobs. `chroma`: Lab distance of the page's most colourful spots
    from its median colour. `grid`: how far a regular fine pattern stands out of the spectrum (log units).
    """

    sharpness: float
    light: float
    contrast: float
    burnt_share: float
    chroma: float
    grid: float
    middle: float


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """The page laid flat (not yet upright), or the whole picture where no page was found.

    `to_picture` maps sheet pixels to pixels of the EXIF-upright picture, whose size is `width_px` × `height_px`;
    `page` is in those pixels too. `codes` and the trace of a first `saving` are there where they were looked for.
    """

    pixels: Pixels
    to_picture: NDArray[np.float64]
    width_px: int
    height_px: int
    page: Page | None
    measures: PhotoMeasures
    codes: CodesFound = NO_CODES
    saving: FirstSaving | None = None


def prepare(
    data: bytes,
    corners: RelativeCorners | None = None,
    rotate_deg: int = 0,
    whole: bool = False,
    wanted: Wanted = Wanted(),
) -> Sheet:
    """Decode an upload and lay its page flat: by the applicant's `corners` where given, else by what is found.

    `rotate_deg` is the applicant's own clockwise turn, a multiple of 90; `whole` takes the whole picture.
    Raises PictureError.
    """
    decoded = decode(data)
    pixels, shrink = decoded.pixels, np.diag([1 / decoded.scale, 1 / decoded.scale, 1.0])
    limits = PageLimits()
    page: Page | None = None
    margin = limits.margin
    if corners is not None and not whole:
        size = np.array([pixels.shape[1], pixels.shape[0]], np.float32)
        page = Page(np.asarray(np.array(corners, np.float32) * size, np.float32), 0.0, 1.0, (False,) * 4)
        margin = 0.01  # the applicant's own crop: little more than it
    elif not whole:
        page = find_page(pixels, limits)
    if page is None:
        side = max(pixels.shape[:2])
        scale = min(1.0, wanted.side_px / side)
        sheet, to_working = (resize(pixels, scale) if scale < 1 else pixels), np.diag([1 / scale, 1 / scale, 1.0])
    else:
        sheet, to_working = flatten(pixels, page.corners, margin, wanted.side_px)
    codes = find_codes(pixels, page) if wanted.coded else NO_CODES
    recorded = decoded.recorded if wanted.traced else None
    steps = None if recorded is None else luma_steps(data)
    saving = None if recorded is None or steps is None else find_first_saving(recorded, steps)
    to_picture = shrink @ to_working
    if rotate_deg % 360:
        sheet, to_picture = _turn(sheet, to_picture, rotate_deg % 360)
    if page is not None:
        page = replace(page, corners=map_points(page.corners, shrink))
    measures = measure(sheet)
    if measures.light < _DIM:  # dark text on dark paper is found and read better when the paper is light
        sheet = np.asarray(cv2.convertScaleAbs(sheet, alpha=_PAPER / max(8.0, measures.light)), np.uint8)
    return Sheet(sheet, to_picture, decoded.width_px, decoded.height_px, page, measures, codes, saving)


def measure(sheet: Pixels) -> PhotoMeasures:
    """Measure a sheet's quality. The outermost 4 % are left out: they may show the table."""
    small = resize(sheet, _MEASURED_SIDE_PX / max(sheet.shape[:2]))
    inset = max(1, round(min(small.shape[:2]) * 0.04))
    small = small[inset:-inset, inset:-inset]
    grey = cv2.cvtColor(small, cv2.COLOR_BGR2GRAY)
    levels = np.cumsum(cv2.calcHist([grey], [0], None, [256], [0, 256])[:, 0])
    low, middle, bright, high = (
        float(np.searchsorted(levels, share * levels[-1])) for share in (0.01, 0.5, 0.90, 0.99)
    )
    soft = cv2.GaussianBlur(grey, (0, 0), 1.0)
    slope = _f32(cv2.magnitude(cv2.Sobel(soft, cv2.CV_32F, 1, 0), cv2.Sobel(soft, cv2.CV_32F, 0, 1))) / 8
    blue, green, red = cv2.split(small)
    least = np.asarray(cv2.min(cv2.min(blue, green), red))
    burnt = cv2.erode(np.asarray(least >= 250, np.uint8), np.ones((15, 15), np.uint8))
    return PhotoMeasures(
        sharpness=float(np.percentile(slope, 99.5)) / max(1.0, high - low),
        light=bright,
        contrast=high - low,
        burnt_share=float(burnt.mean()),
        chroma=_chroma(small),
        grid=_grid(sheet),
        middle=middle,
    )


def _chroma(small: Pixels) -> float:
    tiny = cv2.GaussianBlur(resize(small, _COLOUR_SIDE_PX / max(small.shape[:2])), (0, 0), 1.0)
    lab = cv2.cvtColor(tiny, cv2.COLOR_BGR2LAB).astype(np.float32)
    away = [_f32(plane) - np.float32(np.median(plane)) for plane in cv2.split(lab)[1:]]
    return float(np.percentile(_f32(cv2.magnitude(away[0], away[1])), 99.8))


def _grid(sheet: Pixels) -> float:
    """How far a screen's pixels stand out: they beat with the camera's.

    The pattern stands in both colour channels and, finely, in lightness, as narrow peaks of the spectrum. Printed
    guilloche is coarse and one-coloured: the lower of the colour channels counts, and of lightness the fine half.
    """
    height, width = sheet.shape[:2]
    if min(height, width) < _TILE_PX:
        return 0.0
    window = np.outer(np.hanning(_TILE_PX), np.hanning(_TILE_PX)).astype(np.float32)
    corners = [
        (int(top), int(left))
        for top in np.linspace(0, height - _TILE_PX, 2)
        for left in np.linspace(0, width - _TILE_PX, 3)
    ]
    packed = np.zeros((3, _TILE_PX, _TILE_PX), np.float32)
    for top, left in corners:
        luma_chroma = cv2.cvtColor(sheet[top : top + _TILE_PX, left : left + _TILE_PX], cv2.COLOR_BGR2YCrCb)
        for channel, tile in enumerate(cv2.split(luma_chroma)):
            packed[channel] += _spectrum((_f32(tile) - np.float32(cv2.mean(tile)[0])) * window)
    powers = [_unpacked(spectrum) for spectrum in packed]
    # Chroma that JPEG halved and the decoder spread again echoes near half a cycle a pixel: colour counts below.
    bands = ((0.25, 0.5), (0.06, 0.475), (0.06, 0.475))
    found = [_standing_out(power, *band) for power, band in zip(powers, bands, strict=True)]
    return found[0] + min(found[1:])


def _spectrum(tile: NDArray[np.float32]) -> NDArray[np.float32]:
    """The absolute values of the tile's spectrum in OpenCV's packed order, which `_unpacked` lays out."""
    packed = cv2.dft(tile)
    return _f32(cv2.sqrt(cv2.mulSpectrums(packed, packed, 0, conjB=True)))


def _unpacked(packed: NDArray[np.float32]) -> NDArray[np.float32]:
    """Absolute values as `numpy.fft.rfft2` lays its spectrum out.

    >>> tile = np.random.default_rng(0).normal(size=(_TILE_PX, _TILE_PX)).astype(np.float32)
    >>> bool(np.allclose(_unpacked(_spectrum(tile)), np.abs(np.fft.rfft2(tile)), rtol=1e-3, atol=1e-2))
    True
    """
    power = np.empty((_TILE_PX, _TILE_PX // 2 + 1), np.float32)
    power[:, 1:-1] = packed[:, 1:-1:2]
    for column in (0, -1):  # the first and the last are packed along themselves
        half = np.concatenate([packed[:1, column], packed[1::2, column]])
        power[: half.size, column] = half
        power[half.size :, column] = half[-2:0:-1]
    return power


def _f32(values: object) -> NDArray[np.float32]:
    return np.asarray(values, np.float32)


def _standing_out(power: NDArray[np.float32], coarsest: float, finest: float) -> float:
    """The highest peak over the median of its surroundings, in natural log units, JPEG's own grid left out.

    Peaks below `coarsest` and above `finest` cycles a pixel don't count.
    """
    level = np.log(np.fft.fftshift(power, axes=0) + np.float32(1e-3))
    low, high = float(level.min()), float(level.max())
    if high - low < 1e-6:
        return 0.0
    byte = ((level - np.float32(low)) * np.float32(255 / (high - low))).astype(np.uint8)
    middle = cv2.medianBlur(np.ascontiguousarray(byte[::2, ::2]), 11)  # every second value tells as much
    around = cv2.resize(middle, byte.shape[1::-1], interpolation=cv2.INTER_NEAREST).astype(np.float32)
    around = around * np.float32((high - low) / 255) + np.float32(low)
    return float(np.where(_counted(coarsest, finest), level - around, 0.0).max())


@cache
def _counted(coarsest: float, finest: float) -> NDArray[np.bool_]:
    """Where in the shifted spectrum peaks count."""
    across = np.fft.rfftfreq(_TILE_PX)[None, :]
    down = np.fft.fftshift(np.fft.fftfreq(_TILE_PX))[:, None]
    eighths = (np.abs((across * 8 + 0.5) % 1 - 0.5) < 0.05) & (np.abs((down * 8 + 0.5) % 1 - 0.5) < 0.05)
    within = (np.hypot(across, down) > coarsest) & (across <= finest) & (np.abs(down) <= finest)
    return np.asarray(within & ~eighths)


def _turn(sheet: Pixels, to_picture: NDArray[np.float64], clockwise_deg: int) -> tuple[Pixels, NDArray[np.float64]]:
    height, width = sheet.shape[:2]
    back = {
        90: np.array([[0, 1, 0], [-1, 0, height], [0, 0, 1]], float),
        180: np.array([[-1, 0, width], [0, -1, height], [0, 0, 1]], float),
        270: np.array([[0, -1, width], [1, 0, 0], [0, 0, 1]], float),
    }[clockwise_deg]
    turns = {90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}
    return np.asarray(cv2.rotate(sheet, turns[clockwise_deg]), np.uint8), to_picture @ back
