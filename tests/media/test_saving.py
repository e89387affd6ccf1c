"""How finely a file was saved is read from its header."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from verify_svc.media.saving import luma_steps


def file_of(kind: str, size: tuple[int, int] = (64, 48), mode: str = "RGB", turn: int = 1, quality: int = 80) -> bytes:
    image, out = Image.new(mode, size), io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = turn
    image.save(out, kind, **({"exif": exif, "quality": quality} if kind == "JPEG" else {}))
    return out.getvalue()


def test_a_jpeg_tells_its_steps_by_frequency_down_and_across() -> None:
    # ITU-T T.81, table K.1, at quality 50: 16 11 10 … in the first row, 12 below.
    steps = luma_steps(file_of("JPEG", quality=50))
    assert steps is not None
    assert (steps[0, 0], steps[0, 1], steps[1, 0], steps[7, 7]) == (16, 11, 12, 99)


def test_a_picture_on_its_side_has_them_turned_too() -> None:
    straight, turned = luma_steps(file_of("JPEG", quality=50)), luma_steps(file_of("JPEG", quality=50, turn=6))
    assert straight is not None
    assert turned is not None
    assert np.array_equal(straight.T, turned)


def test_a_turned_picture_whose_blocks_end_elsewhere_tells_none() -> None:
    assert luma_steps(file_of("JPEG", (60, 48), turn=3)) is None
    assert luma_steps(file_of("JPEG", (60, 48), turn=1)) is not None


def test_png_loses_nothing() -> None:
    steps = luma_steps(file_of("PNG"))
    assert steps is not None
    assert np.array_equal(steps, np.ones((8, 8)))


@pytest.mark.parametrize("mode", ["CMYK"])
def test_other_colours_tell_none(mode: str) -> None:
    assert luma_steps(file_of("JPEG", mode=mode)) is None
