"""How finely a picture file was saved. Runs in decoding children, on what was decoded before."""

from __future__ import annotations

import io
import warnings

import numpy as np
from numpy.typing import NDArray
from PIL import Image

_SIDE = 8
_ON_ITS_SIDE = (5, 6, 7, 8)  # EXIF orientations that swap width and height


def luma_steps(data: bytes) -> NDArray[np.float32] | None:
    """The steps to which a JPEG's brightness was rounded, by vertical and horizontal frequency of the upright picture;
    shape (8, 8). Ones for PNG, which rounds to whole numbers. None for what has no such steps, and for a picture that
    is turned so that its blocks don't begin at the upper left corner.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a decoder's remarks about odd files are no fault of ours
        with Image.open(io.BytesIO(data)) as image:
            if image.format == "PNG":
                return np.ones((_SIDE, _SIDE), np.float32)
            tables = getattr(image, "quantization", {})
            if image.mode not in ("RGB", "L") or 0 not in tables or len(tables[0]) != _SIDE * _SIDE:
                return None
            steps = np.asarray(tables[0], np.float32).reshape(_SIDE, _SIDE)
            turn = image.getexif().get(0x0112, 1)
            whole = image.width % _SIDE == 0 and image.height % _SIDE == 0
    if turn != 1 and not whole:
        return None
    return np.ascontiguousarray(steps.T) if turn in _ON_ITS_SIDE else steps
