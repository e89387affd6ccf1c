"""QR codes in a picture. What they say was written by anybody: it is bounded here, and no address in it is fetched."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import zxingcpp
from numpy.typing import NDArray

_QR = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)


@dataclass(frozen=True, slots=True)
class CodeLimits:
    """What is taken from one picture."""

    max_codes: int = 8  # guessed: a licence has one, a letterhead one or two more
    max_characters: int = 3_000  # ISO/IEC 18004: 2,953 bytes, 1,817 Chinese characters at most


@dataclass(frozen=True, slots=True, eq=False)
class PlacedCode:
    """A code and its four corners (x, y) in pixels, clockwise from its own upper left one; shape (4, 2)."""

    text: str = field(repr=False)
    quad: NDArray[np.float32]


def read_codes(grey: NDArray[np.uint8], limits: CodeLimits = CodeLimits()) -> tuple[str, ...]:
    """What the QR codes in `grey`, shape (height, width), say, whichever way up they are. Runs in a child."""
    return tuple(code.text for code in place_codes(grey, limits))


def place_codes(grey: NDArray[np.uint8], limits: CodeLimits = CodeLimits()) -> tuple[PlacedCode, ...]:
    """The same, with where they are."""
    found = []
    for code in zxingcpp.read_barcodes(grey, formats=_QR):
        if code.text and len(code.text) <= limits.max_characters:
            at = code.position
            corners = [(corner.x, corner.y) for corner in (at.top_left, at.top_right, at.bottom_right, at.bottom_left)]
            found.append(PlacedCode(code.text, np.array(corners, np.float32)))
    return tuple(found[: limits.max_codes])
