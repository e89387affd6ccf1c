"""Seals and name stamps: round ones with the unit's name along the ring, worn and unevenly inked."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from tests.specimens.papers import SANS, SERIF_BOLD, SIMPLIFIED

Floats = NDArray[np.float32]


def round_seal(
    name: str, dots: float, dice: np.random.Generator, *, turn_deg: float, code: str = "", font: str = SERIF_BOLD
) -> Floats:
    """Coverage (0 to 1) of a company's seal: 40 mm, ring, star, the name along the ring, `code` along its foot."""
    size = round(46 * dots)
    stamp, middle, radius = Image.new("L", (size, size), 0), size / 2, 20 * dots
    pen = ImageDraw.Draw(stamp)
    pen.ellipse([middle - radius, middle - radius, middle + radius, middle + radius], outline=255, width=round(dots))
    turns = np.arange(10) * np.pi / 5 - np.pi / 2
    reach = np.where(np.arange(10) % 2 == 0, radius * 0.34, radius * 0.13)
    pen.polygon([(middle + r * np.cos(a), middle + r * np.sin(a)) for a, r in zip(turns, reach, strict=True)], fill=255)
    span = min(285.0, 21.0 * len(name))
    glyph_mm = min(5.2, 76 / len(name))
    _along(stamp, name, np.linspace(-span / 2, span / 2, len(name)), glyph_mm * dots, radius * 0.79, font)
    if code:
        _along(stamp, code, np.linspace(218, 142, len(code)), 2.0 * dots, -radius * 0.88, SANS)
    turned = np.asarray(stamp.rotate(-turn_deg, Image.Resampling.BICUBIC), np.float32) / 255
    return np.asarray(turned * _wear(turned.shape, dice), np.float32)


def name_stamp(name: str, dots: float, dice: np.random.Generator) -> Floats:
    """Coverage of a square stamp of a person's name."""
    side = round(16 * dots)
    stamp = Image.new("L", (side, side), 0)
    pen = ImageDraw.Draw(stamp)
    pen.rectangle([2, 2, side - 3, side - 3], outline=255, width=round(0.8 * dots))
    face = ImageFont.truetype(SERIF_BOLD, round(6 * dots), index=SIMPLIFIED)
    for i, character in enumerate((name + "印")[:4]):
        pen.text((side * (0.71 - 0.43 * (i // 2)), side * (0.29 + 0.43 * (i % 2))), character, 255, face, anchor="mm")
    return np.asarray(np.asarray(stamp, np.float32) / 255 * _wear(stamp.size, dice), np.float32)


def _along(
    stamp: Image.Image, text: str, turns: NDArray[np.float64], glyph_px: float, radius: float, font: str
) -> None:
    """Characters around the middle, `turns` clockwise from the top; a radius below 0 turns their feet outward."""
    face = ImageFont.truetype(font, max(6, round(glyph_px)), index=SIMPLIFIED)
    middle = stamp.width / 2
    for character, turn in zip(text, turns, strict=True):
        glyph = Image.new("L", stamp.size, 0)
        pen = ImageDraw.Draw(glyph)
        pen.text((middle, middle - abs(radius)), character, 255, face, anchor="mm")
        if radius < 0:
            box = (round(middle - glyph_px), round(middle + radius - glyph_px))
            cut = glyph.crop((*box, box[0] + round(2 * glyph_px), box[1] + round(2 * glyph_px)))
            glyph.paste(cut.rotate(180), box)
        stamp.paste(255, mask=glyph.rotate(-turn, Image.Resampling.BICUBIC))


def _wear(shape: tuple[int, ...], dice: np.random.Generator) -> Floats:
    fine = np.asarray(dice.normal(0, 1, shape), np.float32)
    coarse = cv2.GaussianBlur(np.asarray(dice.normal(0, 1, shape), np.float32), (0, 0), shape[0] / 8)
    peak = max(1e-6, float(np.abs(coarse).max()))
    soft = cv2.GaussianBlur(fine, (0, 0), 1.5)
    return np.asarray(np.clip(0.86 + 0.16 * coarse / peak + 0.22 * soft, 0.1, 1.0), np.float32)
