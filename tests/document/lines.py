"""Text lines written by hand, as a reader would give them, and a reader that gives one."""

from __future__ import annotations

import numpy as np

from verify_svc.document.reader import Line
from verify_svc.inference.text import Picture, Quad, TextRead


def line(text: str, left: float, top: float, height: float = 30.0, score: float = 0.99) -> Line:
    """A level line; characters are as wide as high, digits and letters half."""
    widths = [height * (0.55 if character.isascii() else 1.0) for character in text]
    whole = sum(widths) or 1.0
    right = left + whole
    quad = np.array([[left, top], [right, top], [right, top + height], [left, top + height]], np.float32)
    ends = np.cumsum(widths)
    places = tuple(float((end - width / 2) / whole) for end, width in zip(ends, widths, strict=True))
    return Line(quad, text, (score,) * len(text), places)


class OneLine:
    """A reader that says the same of every crop, and notes how wide each was for its height."""

    def __init__(self, text: str = "", score: float = 0.98) -> None:
        self.read = TextRead(text, (score,) * len(text), tuple((i + 0.5) / len(text) for i in range(len(text))))
        self.shapes: list[float] = []

    def read_line(self, crop: Picture) -> TextRead:
        self.shapes.append(crop.shape[1] / crop.shape[0])
        return self.read

    skim_line = read_line

    def find_lines(self, picture: Picture, side_px: int) -> list[Quad]:
        return []

    def turn_of(self, picture: Picture) -> tuple[float, float, float, float]:
        return 1.0, 0.0, 0.0, 0.0
