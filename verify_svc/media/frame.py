"""A small frame that a page sends while it shows the camera's picture. Decoded in a decoding child, and forgotten."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from verify_svc.media.pictures import PictureError, PictureLimits, PictureType, check_bytes, decode, sniff

FRAME_LIMITS = PictureLimits(
    max_bytes=64 * 1024,  # 480 px on the long side take 12 to 30 kB
    max_pixels=1_000_000,
    max_side_px=1280,
    max_aspect=4.0,
    max_scans=3,  # a canvas writes baseline JPEGs: one scan, or one for each colour
    working_side_px=480,
)


def check_frame(data: bytes) -> None:
    """Cheap; decodes nothing. Raises PictureError for all but small JPEGs."""
    check_bytes(data, FRAME_LIMITS)
    if sniff(data) is not PictureType.JPEG:
        raise PictureError("file_type_not_allowed", "not a JPEG")


def read_frame(data: bytes) -> NDArray[np.uint8]:
    """RGB uint8 (height, width, 3), contiguous, at most 480 px long. Raises PictureError."""
    check_frame(data)
    pixels = decode(data, FRAME_LIMITS).pixels
    return np.ascontiguousarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB), np.uint8)
