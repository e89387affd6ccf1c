"""A small frame from a page: a JPEG of little weight, or nothing."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from verify_svc.media.frame import FRAME_LIMITS, read_frame
from verify_svc.media.pictures import PictureError


def _coded(width: int, height: int, kind: str = ".jpg", noise: bool = False) -> bytes:
    picture = np.full((height, width, 3), (10, 20, 200), np.uint8)  # BGR: red
    if noise:
        picture = np.random.default_rng(1).integers(0, 255, picture.shape, np.uint8)
    return bytes(cv2.imencode(kind, picture)[1].tobytes())


def test_a_frame_comes_in_rgb_and_at_most_480_px_long() -> None:
    assert read_frame(_coded(360, 480))[0, 0].argmax() == 0
    assert read_frame(_coded(960, 540)).shape == (270, 480, 3)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (lambda: b"", "file_unreadable"),
        (lambda: b"\xff\xd8\xff" + bytes(40), "file_unreadable"),
        (lambda: _coded(360, 480)[:400], "file_unreadable"),
        (lambda: _coded(360, 480, ".png"), "file_type_not_allowed"),
        (lambda: b"GIF89a" + bytes(40), "file_type_not_allowed"),
        (lambda: _coded(400, 400) + bytes(FRAME_LIMITS.max_bytes), "file_too_large"),
        (lambda: _coded(1200, 900), "file_too_large"),
        (lambda: _coded(1000, 100), "file_unreadable"),
    ],
    ids=["empty", "no picture", "cut off", "png", "gif", "too many bytes", "too many pixels", "a strip"],
)
def test_anything_else_is_refused(data: Callable[[], bytes], reason: str) -> None:
    with pytest.raises(PictureError) as fault:
        read_frame(data())
    assert fault.value.reason == reason
