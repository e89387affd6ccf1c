"""Files of every sort that show the same card come out as the same card."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from tests.specimens.picture_files import card, picture_files
from verify_svc.media.pictures import decode

WHOLE = (
    "JPEG",
    "JPEG progressive",
    "JPEG restarts",
    "JPEG restarts cut",
    "JPEG full colour",
    "JPEG RGB kept",
    "JPEG CMYK",
    "JPEG YCCK",
    "JPEG EXIF 1",
    "JPEG EXIF 65535",
    "JPEG EXIF byte",
    "JPEG EXIF cut",
    "JPEG profile",
    "JPEG profile hurt",
    "JPEG profile huge",
    "MPO",
    "PNG",
    "PNG interlaced",
    "PNG 4 bits",
    "PNG palette",
    "PNG RGBA",
    "PNG with a clear colour",
    "PNG 16 bits RGB",
    "PNG 16 bits RGBA",
    "APNG",
    "PNG EXIF hurt",
    "HEIC",
    "HEIC clear",
    "HEIC of several",
    "HEIC EXIF hurt",
)
GREY = ("JPEG grey", "PNG L", "PNG LA", "PNG 16 bits", "HEIC grey")


def away(name: str) -> float:
    """The mean difference from the card, of 255."""
    shown = np.asarray(card().convert("L") if name in GREY else card(), np.float32)
    pixels = cv2.resize(decode(picture_files()[name]).pixels, (320, 240))[:, :, ::-1].astype(np.float32)
    return float(np.abs(pixels - (shown[..., None] if name in GREY else shown)).mean())


@pytest.mark.parametrize("name", [*WHOLE, *GREY])
def test_every_sort_shows_the_same_card(name: str) -> None:
    assert away(name) < 8


@pytest.mark.parametrize(("name", "sides"), [("HEIC tiles", (384, 256)), ("HEIC many tiles", (2048, 2048))])
def test_the_tiles_of_a_heic_are_laid_side_by_side(name: str, sides: tuple[int, int]) -> None:
    picture = decode(picture_files()[name])
    assert (picture.width_px, picture.height_px) == sides
    tile = picture.pixels[:128, :128].astype(np.float32)
    assert np.abs(picture.pixels[128:256, 256:384] - tile).mean() < 3
