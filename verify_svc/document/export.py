"""A page as a file for a filing: from the original, laid flat, upright, within limits. Runs in decoding children."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from verify_svc.document.page import PageLimits, flatten
from verify_svc.document.preview import TURNS, Points
from verify_svc.media.export import Exported, ExportLimits, FileWanted, fit
from verify_svc.media.pictures import PictureLimits, decode

_SIDE_PX = 4096  # an A4 sheet at 300 dots an inch takes 3508


def export_page(
    data: bytes, corners: Points | None, rotate_deg: int, wanted: FileWanted, least_quality: int
) -> Exported | None:
    """The page within `corners` (from 0 to 1) turned clockwise, or the whole picture; None where it won't fit.

    Made from the original, so that it was compressed once less. Raises PictureError.
    """
    pixels = decode(data, PictureLimits(working_side_px=_SIDE_PX)).pixels
    if corners is not None:
        height, width = pixels.shape[:2]
        margin = PageLimits().margin
        pixels, _ = flatten(pixels, np.asarray(corners, np.float32) * (width, height), margin, _SIDE_PX)
        if wanted.a4_share is not None:
            wanted = replace(wanted, a4_share=wanted.a4_share / (1 + 2 * margin))
    if rotate_deg in TURNS:
        pixels = np.asarray(cv2.rotate(pixels, TURNS[rotate_deg]), np.uint8)
    return fit(pixels, wanted, ExportLimits(least_quality=least_quality))
