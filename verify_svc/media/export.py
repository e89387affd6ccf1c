"""A picture as a file for somebody else's system: within its bytes and pixels, as fine as fits, and nothing besides.

Quality goes first, then size. At the largest size allowed the finest quality that fits is taken; where even the least
quality doesn't fit, the picture is made smaller by as much as the overrun suggests, and the search begins again.
The number of encodings is bounded. Pixels alone are written: no EXIF, no colour profile, nothing of what came in.
"""

from __future__ import annotations

import io
import math
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from verify_svc.media.pictures import Pixels, resize


class FileFormat(StrEnum):
    """What a file is written as. Values are the API's words."""

    JPG = "jpg"
    PNG = "png"

    @property
    def media_type(self) -> str:
        """The format's media type."""
        return "image/jpeg" if self is FileFormat.JPG else "image/png"


@dataclass(frozen=True, slots=True)
class FileWanted:
    """The other system's limits; None: as large as it is. `a4_share`: the picture shows an A4 sheet, which takes
    that share of its longer side. `date_mark` is written into its lower right corner; empty: nothing is.
    """

    max_bytes: int | None = None
    max_side_px: int | None = None
    format: FileFormat = FileFormat.JPG
    a4_share: float | None = None
    date_mark: str = ""


@dataclass(frozen=True, slots=True)
class ExportLimits:
    """How a picture is made to fit. Qualities are libjpeg's."""

    qualities: tuple[int, ...] = (40, 45, 50, 55, 60, 65, 70, 75, 80, 85, 90, 95)
    least_quality: int = 70  # measured: docs/decisions/0014
    fine_colour_from: int = 90  # colour is halved below, as every camera does
    smallest_side_px: int = 480  # guessed: no certificate can be read below
    png_level: int = 3  # measured: 1 s for an A4 sheet at 300 dpi, 2.8 s at 6 for 5 % less
    max_encodings: int = 24  # measured: 0.1 s for a JPEG of that size
    least_dpi: int = 300  # what authorities ask of scans


@dataclass(frozen=True, slots=True)
class Exported:
    """A file that keeps to its limits. `quality` is None for PNG, which loses nothing."""

    data: bytes = field(repr=False)
    format: FileFormat
    width_px: int
    height_px: int
    quality: int | None


A4_LONG_IN = 297 / 25.4
_METRES_PER_INCH = 0.0254
_MARK_SHARE = 20  # the picture's width over the height of a date's figures, as cameras write them
_SMALLEST_MARK_PX = 14


def fit(pixels: Pixels, wanted: FileWanted, limits: ExportLimits = ExportLimits()) -> Exported | None:
    """The picture within its limits, or None where it would get too small to be read."""
    longest = max(pixels.shape[:2])
    scale = min(1.0, (wanted.max_side_px or longest) / longest)
    encodings = 0
    while encodings < limits.max_encodings and (scale == 1.0 or scale * longest >= limits.smallest_side_px):
        sized = _marked(pixels if scale == 1.0 else resize(pixels, scale), wanted.date_mark)
        qualities = tuple(quality for quality in limits.qualities if quality >= limits.least_quality)
        if wanted.format is FileFormat.PNG:
            qualities = (0,)
        least = _encoded(sized, wanted, qualities[0], limits)
        encodings += 1
        if wanted.max_bytes is None or len(least.data) <= wanted.max_bytes:
            return _finest(sized, wanted, qualities, least, limits)
        # Bytes go with the area; the step is bounded on both sides, as no picture is equally busy everywhere.
        scale *= min(0.95, max(0.5, 0.99 * math.sqrt(wanted.max_bytes / len(least.data))))
    return None


def _marked(pixels: Pixels, mark: str) -> Pixels:
    """A copy with the mark, white with a dark edge so that it is seen on any ground; the same where there is none."""
    if not mark:
        return pixels
    image = Image.fromarray(pixels[:, :, ::-1])
    margin = image.width / _MARK_SHARE
    draw = ImageDraw.Draw(image)
    font = ImageFont.load_default(max(margin, _SMALLEST_MARK_PX))
    at = (image.width - margin, image.height - margin)
    edge = max(1, round(margin / 12))
    draw.text(at, mark, (255, 255, 255), font, anchor="rs", stroke_width=edge, stroke_fill=(40, 40, 40))
    return np.ascontiguousarray(np.asarray(image)[:, :, ::-1])


def _finest(
    pixels: Pixels, wanted: FileWanted, qualities: tuple[int, ...], least: Exported, limits: ExportLimits
) -> Exported:
    """The finest quality that fits, by bisection: the least is known to."""
    best, low, high = least, 1, len(qualities)
    if wanted.max_bytes is None:
        low = max(low, high - 1)
    while low < high:
        middle = (low + high) // 2
        tried = _encoded(pixels, wanted, qualities[middle], limits)
        if wanted.max_bytes is None or len(tried.data) <= wanted.max_bytes:
            best, low = tried, middle + 1
        else:
            high = middle
    return best


def _encoded(pixels: Pixels, wanted: FileWanted, quality: int, limits: ExportLimits) -> Exported:
    height, width = pixels.shape[:2]
    image = Image.fromarray(pixels[:, :, ::-1])
    out = io.BytesIO()
    dpi = _dpi(max(width, height), wanted, limits)
    density = {} if dpi is None else {"dpi": (dpi, dpi)}
    if wanted.format is FileFormat.PNG:
        image.save(out, "PNG", compress_level=limits.png_level, **density)
        return Exported(out.getvalue(), wanted.format, width, height, None)
    subsampling = 0 if quality >= limits.fine_colour_from else 2
    image.save(out, "JPEG", quality=quality, subsampling=subsampling, optimize=True, **density)
    return Exported(out.getvalue(), wanted.format, width, height, quality)


def _dpi(longest_px: int, wanted: FileWanted, limits: ExportLimits) -> float | None:
    """The density to write. A sheet with fewer pixels than 300 to an inch is said to be printed smaller than A4."""
    if wanted.a4_share is None:
        return None
    dpi = max(limits.least_dpi, round(longest_px * wanted.a4_share / A4_LONG_IN))
    # PNG counts whole pixels a metre: rounded up, so that what is read back is no less.
    return math.ceil(dpi / _METRES_PER_INCH) * _METRES_PER_INCH if wanted.format is FileFormat.PNG else dpi
