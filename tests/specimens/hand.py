"""Writes as a hand does: strokes of a pen of uneven pressure along paths that no two times are the same.

Digits are drawn from strokes of our own; characters are the bones of a typeface's glyphs, bent and pulled.
"""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

Floats = NDArray[np.float32]
KAI = "/usr/share/fonts/truetype/arphic/ukai.ttc"

# Strokes in a box of 0 to 1, x to the right and y down.
_STROKES: dict[str, tuple[tuple[tuple[float, float], ...], ...]] = {
    "0": (((0.5, 0.02), (0.2, 0.2), (0.14, 0.6), (0.4, 0.98), (0.74, 0.8), (0.84, 0.4), (0.62, 0.06), (0.48, 0.04)),),
    "1": (((0.52, 0.02), (0.5, 0.5), (0.48, 0.98)),),
    "2": (((0.16, 0.24), (0.4, 0.02), (0.76, 0.16), (0.68, 0.5), (0.2, 0.94), (0.5, 0.9), (0.88, 0.94)),),
    "3": (((0.2, 0.1), (0.66, 0.06), (0.74, 0.3), (0.42, 0.46), (0.8, 0.62), (0.68, 0.94), (0.18, 0.92)),),
    "4": (((0.46, 0.02), (0.12, 0.62), (0.88, 0.6)), ((0.66, 0.3), (0.62, 0.98))),
    "5": (((0.3, 0.08), (0.24, 0.46), (0.6, 0.4), (0.8, 0.66), (0.56, 0.96), (0.16, 0.9)), ((0.3, 0.08), (0.8, 0.04))),
    "6": (((0.66, 0.02), (0.3, 0.36), (0.2, 0.76), (0.46, 0.98), (0.76, 0.78), (0.58, 0.52), (0.24, 0.68)),),
    "7": (((0.14, 0.1), (0.84, 0.06), (0.56, 0.5), (0.42, 0.98)),),
    "8": (
        (
            (0.7, 0.14),
            (0.4, 0.03),
            (0.22, 0.22),
            (0.7, 0.64),
            (0.66, 0.92),
            (0.36, 0.97),
            (0.22, 0.7),
            (0.64, 0.36),
            (0.72, 0.14),
        ),
    ),
    "9": (((0.72, 0.26), (0.4, 0.06), (0.2, 0.32), (0.46, 0.52), (0.74, 0.24), (0.7, 0.6), (0.56, 0.98)),),
    ".": (((0.46, 0.9), (0.52, 0.96)),),
    "-": (((0.16, 0.52), (0.84, 0.48)),),
    "/": (((0.8, 0.02), (0.2, 1.0)),),
}


def handwriting(text: str, height_px: int, dice: np.random.Generator, pen_px: float) -> Floats:
    """Coverage (0 to 1) of `text` written in characters of about `height_px`, with room around it."""
    pad = height_px // 2
    wide = sum(_width(character) for character in text)
    canvas = np.zeros((height_px * 2, int(wide * height_px * 1.1) + 2 * pad), np.float32)
    x, drift, slant = float(pad), 0.0, float(dice.uniform(-0.05, 0.25))
    for character in text:
        size = height_px * float(dice.uniform(0.85, 1.12))
        drift = 0.6 * drift + float(dice.normal(0, 0.05)) * height_px
        for stroke in _paths(character, dice):
            points = stroke * size * np.array([_width(character), 1.0])
            points[:, 0] += x + slant * (size - points[:, 1])
            points[:, 1] += height_px * 0.5 + drift
            _draw(canvas, points, pen_px * float(dice.uniform(0.85, 1.15)))
        x += _width(character) * size * float(dice.uniform(0.94, 1.12))
    pressure = cv2.GaussianBlur(np.asarray(dice.normal(0, 1, canvas.shape), np.float32), (0, 0), height_px / 6)
    pressure = 0.86 + 0.1 * pressure / max(1e-6, float(np.abs(pressure).max()))
    return np.asarray(np.clip(canvas, 0, 1) * pressure, np.float32)


def _width(character: str) -> float:
    return {"1": 0.36, ".": 0.3, "/": 0.5, "-": 0.5}.get(character, 0.6 if character.isdigit() else 1.0)


def _paths(character: str, dice: np.random.Generator) -> list[Floats]:
    """The character's strokes as dense paths in a box of 0 to 1, a little different each time."""
    if character in _STROKES:
        return [_curve(np.array(stroke) + dice.normal(0, 0.03, (len(stroke), 2))) for stroke in _STROKES[character]]
    bend = dice.normal(0, 0.05, (2, 3, 3)).astype(np.float32)
    lean = float(dice.uniform(-0.12, 0.12))
    paths = []
    for bone in _bones(character):
        grid = [cv2.resize(each, (64, 64), interpolation=cv2.INTER_CUBIC) for each in bend]
        cells = np.clip((bone * 63).astype(int), 0, 63)
        moved = bone + np.stack([each[cells[:, 1], cells[:, 0]] for each in grid], axis=1)
        moved[:, 1] -= lean * (moved[:, 0] - 0.5)
        paths.append(np.asarray(moved, np.float32))
    return paths


@cache
def _bones(character: str) -> list[Floats]:
    """The glyph's centre lines, as runs of neighbouring points."""
    glyph = Image.new("L", (112, 112), 0)
    ImageDraw.Draw(glyph).text((6, 2), character, 255, ImageFont.truetype(KAI, 100))
    thin = cv2.ximgproc.thinning(np.asarray(np.asarray(glyph) > 110, np.uint8) * 255)
    left = {(int(x), int(y)) for y, x in np.argwhere(thin > 0)}
    runs = []
    while left:
        ends = [p for p in left if sum((p[0] + i, p[1] + j) in left for i in (-1, 0, 1) for j in (-1, 0, 1)) == 2]
        run = [min(ends or left)]
        left.discard(run[0])
        while near := [p for p in left if max(abs(p[0] - run[-1][0]), abs(p[1] - run[-1][1])) == 1]:
            run.append(near[0])
            left.discard(near[0])
        if len(run) > 3:
            runs.append(np.asarray(np.asarray(run, np.float32)[::2] / 106, np.float32))
    return runs


def _curve(points: NDArray[np.float64]) -> Floats:
    """A smooth path through the points (Catmull-Rom)."""
    ends = np.concatenate([points[:1], points, points[-1:]])
    t = np.linspace(0, 1, 12)[:, None]
    parts = []
    for a, b, c, d in zip(ends, ends[1:], ends[2:], ends[3:], strict=False):
        parts.append(
            0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t * t + (3 * b - a - 3 * c + d) * t * t * t)
        )
    return np.asarray(np.concatenate(parts), np.float32)


def _draw(canvas: Floats, points: NDArray[np.floating], pen_px: float) -> None:
    fine = np.round(points * 16).astype(np.int32)
    mask = np.zeros(canvas.shape, np.uint8)
    cv2.polylines(mask, [fine], False, (255,), max(1, round(pen_px)), cv2.LINE_AA, 4)
    np.maximum(canvas, mask.astype(np.float32) / 255, out=canvas)
