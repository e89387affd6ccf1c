"""Text lines written by hand, as a reader would give them."""

from __future__ import annotations

import numpy as np

from verify_svc.document.reader import Line


def line(text: str, left: float, top: float, height: float = 30.0, score: float = 0.99) -> Line:
    """A level line; characters are as wide as high, digits and letters half."""
    widths = [height * (0.55 if character.isascii() else 1.0) for character in text]
    whole = sum(widths) or 1.0
    right = left + whole
    quad = np.array([[left, top], [right, top], [right, top + height], [left, top + height]], np.float32)
    ends = np.cumsum(widths)
    places = tuple(float((end - width / 2) / whole) for end, width in zip(ends, widths, strict=True))
    return Line(quad, text, (score,) * len(text), places)
