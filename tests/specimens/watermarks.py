"""Writes a watermark over a picture, as people do before they hand a certificate on."""

from __future__ import annotations

import io
import random
from dataclasses import dataclass, replace

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from tests.specimens.papers import SANS, SANS_BOLD, SERIF, SIMPLIFIED

WORDS = (
    "仅供网站备案使用",
    "仅供办理ICP备案",
    "仅限实名认证 他用无效",
    "仅用于域名备案，再次复印无效",
    "此证件仅供示例云审核",
    "示例科技专用",
    "南京青梧示例科技有限公司",
    "复印无效",
    "ICP FILING ONLY",
    "仅供示例云计算有限公司办理网站备案使用，他用无效",
)
COLOURS = ((96, 96, 96), (160, 160, 160), (0, 0, 0), (210, 30, 30), (40, 70, 190), (30, 130, 60), (230, 150, 20))


@dataclass(frozen=True, slots=True)
class Watermark:
    """`size` and `apart` (between lines, and between the words of a line) are shares of the picture's longer side,
    `opacity` 0 to 1, `at` where a single line's middle lies (shares of the sides); `tiled` repeats it all over.
    """

    words: str = WORDS[0]
    size: float = 0.03
    lean_deg: float = 30.0
    colour: tuple[int, int, int] = COLOURS[0]
    opacity: float = 0.5
    font: str = SANS
    tiled: bool = True
    apart: float = 0.08
    at: tuple[float, float] = (0.5, 0.5)


def some_watermark(seed: int, words: tuple[str, ...] = WORDS) -> Watermark:
    """One of many."""
    dice = random.Random(seed)
    mark = Watermark(
        words=dice.choice(words),
        size=dice.uniform(0.018, 0.045),
        lean_deg=dice.choice([0.0, 0.0, 15.0, 20.0, 30.0, 30.0, 45.0, 45.0, 60.0, -15.0, -20.0, -30.0, -45.0]),
        colour=dice.choice(COLOURS),
        opacity=dice.uniform(0.2, 1.0),
        font=dice.choice([SANS, SANS_BOLD, SERIF]),
        apart=dice.uniform(0.01, 0.12),
    )
    if dice.random() < 0.4:
        return replace(
            mark,
            tiled=False,
            size=dice.uniform(0.03, 0.09),
            at=(dice.uniform(0.3, 0.7), dice.uniform(0.15, 0.85)),
        )
    return mark


def marked(data: bytes, mark: Watermark, quality: int = 90) -> bytes:
    """A picture's bytes, upright by its EXIF, with the watermark over it; JPEG."""
    from PIL import ImageOps

    image = ImageOps.exif_transpose(Image.open(io.BytesIO(data))).convert("RGB")
    long = max(image.size)
    face = ImageFont.truetype(mark.font, max(8, round(mark.size * long)), index=SIMPLIFIED)
    left, top, right, bottom = (round(edge) for edge in face.getbbox(mark.words))
    side = round(2.2 * long)
    layer = Image.new("L", (side, side), 0)
    pen = ImageDraw.Draw(layer)
    if mark.tiled:
        wide, high = right - left + mark.apart * long, (bottom - top) + mark.apart * long
        for row in range(int(side / high) + 1):
            for column in range(-1, int(side / wide) + 1):
                pen.text(((column + 0.5 * (row % 2)) * wide, row * high), mark.words, font=face, fill=255)
    else:
        pen.text(((side - right) / 2, (side - bottom) / 2), mark.words, font=face, fill=255)
    layer = layer.rotate(mark.lean_deg, Image.Resampling.BICUBIC)
    middle = (0.5, 0.5) if mark.tiled else mark.at
    x, y = side // 2 - round(middle[0] * image.width), side // 2 - round(middle[1] * image.height)
    cover = np.asarray(layer.crop((x, y, x + image.width, y + image.height)), np.float32)[..., None] / 255
    pixels = np.asarray(image, np.float32)
    over = pixels * (1 - cover * mark.opacity) + np.array(mark.colour, np.float32) * cover * mark.opacity
    out = io.BytesIO()
    Image.fromarray(over.clip(0, 255).astype(np.uint8)).save(out, "JPEG", quality=quality)
    return out.getvalue()
