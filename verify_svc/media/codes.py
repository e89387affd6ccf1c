"""QR codes in a picture. What they say was written by anybody: it is bounded here, and no address in it is fetched."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import zxingcpp
from numpy.typing import NDArray

_QR = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)


@dataclass(frozen=True, slots=True)
class CodeLimits:
    """What is taken from one picture."""

    max_codes: int = 8  # guessed: a licence has one, a letterhead one or two more
    max_characters: int = 3_000  # ISO/IEC 18004: 2,953 bytes, 1,817 Chinese characters at most


def read_codes(grey: NDArray[np.uint8], limits: CodeLimits = CodeLimits()) -> tuple[str, ...]:
    """What the QR codes in `grey`, shape (height, width), say, whichever way up they are. Runs in a child."""
    found = [code.text for code in zxingcpp.read_barcodes(grey, formats=_QR)]
    return tuple(text for text in found if text and len(text) <= limits.max_characters)[: limits.max_codes]
