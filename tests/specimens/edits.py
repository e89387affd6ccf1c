"""Pictures opened and changed as a forger, or an honest hand, would: characters moved or drawn anew, a mark laid over.

Boxes are left, top, right, bottom in pixels. Nothing is saved here: `photographs.as_jpeg` saves.
"""

from __future__ import annotations

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from tests.specimens.papers import SANS, SIMPLIFIED
from tests.specimens.photographs import Pixels

Box = tuple[int, int, int, int]


def move_part(pixels: Pixels, source: Box, left: int, top: int) -> Pixels:
    """What stands in `source` pasted once more, its upper left corner at (left, top), with a soft edge."""
    changed = pixels.copy()
    part = pixels[source[1] : source[3], source[0] : source[2]]
    place = np.s_[top : top + part.shape[0], left : left + part.shape[1]]
    alpha = np.zeros(part.shape[:2], np.float32)
    alpha[2:-2, 2:-2] = 1
    alpha = np.asarray(cv2.GaussianBlur(alpha, (0, 0), 1.0), np.float32)[..., None]
    changed[place] = (part * alpha + changed[place] * (1 - alpha)).round().astype(np.uint8)
    return changed


def draw_over(pixels: Pixels, box: Box, text: str, font: str, seed: int = 1) -> Pixels:
    """The box wiped with its paper's colour and noise, and `text` written there as soft as print in a photograph."""
    changed, dice = pixels.copy(), np.random.default_rng(seed)
    left, top, right, bottom = box
    part = pixels[top:bottom, left:right].astype(np.float32)
    paper, ink = (np.percentile(part, share, axis=(0, 1)) for share in (80, 2))
    face = ImageFont.truetype(font, round((bottom - top) * 1.0), index=SIMPLIFIED)
    mask = Image.new("L", (right - left, bottom - top))
    ImageDraw.Draw(mask).text(((right - left) / 2, (bottom - top) / 2), text, 255, face, anchor="mm")
    alpha = cv2.GaussianBlur(np.asarray(mask, np.float32) / 255, (0, 0), 1.0)[..., None]
    noise = cv2.GaussianBlur(dice.normal(0, 3, part.shape).astype(np.float32), (0, 0), 0.7)
    changed[top:bottom, left:right] = (paper * (1 - alpha) + ink * alpha + noise).clip(0, 255).astype(np.uint8)
    return changed


def mark_all_over(pixels: Pixels, words: str = "仅供ICP备案使用", share: float = 0.4) -> Pixels:
    """A watermark in rows over the whole picture, as many people lay on their papers before they send them."""
    picture = Image.fromarray(pixels[:, :, ::-1]).convert("RGBA")
    layer = Image.new("RGBA", picture.size)
    pen, face = ImageDraw.Draw(layer), ImageFont.truetype(SANS, picture.width // 30, index=SIMPLIFIED)
    for row in range(-2, 14):
        place = (picture.width * 0.03 * row, picture.height * row / 12)
        pen.text(place, f"{words}　　" * 4, (110, 110, 110, round(255 * share)), face)
    marked = Image.alpha_composite(picture, layer.rotate(20)).convert("RGB")
    return np.ascontiguousarray(np.asarray(marked, np.uint8)[:, :, ::-1])
