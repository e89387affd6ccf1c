"""Where lines of text are: as PaddleOCR's module finds them."""

from __future__ import annotations

import subprocess
import sys

import cv2
import numpy as np
import pytest

from verify_svc.inference.text import Picture, paddle_reader

pytestmark = pytest.mark.weights


def _page() -> Picture:
    """Two lines on a sheet that lies askew, whose sides the network doesn't take."""
    page = np.full((300, 500, 3), (235, 240, 245), np.uint8)
    cv2.putText(page, "91350100M000100Y43", (30, 70), cv2.FONT_HERSHEY_SIMPLEX, 1.2, (40, 20, 20), 2)
    cv2.putText(page, "2026-11-23", (260, 250), cv2.FONT_HERSHEY_SIMPLEX, 0.7, (20, 20, 150), 2)
    askew = cv2.getRotationMatrix2D((250, 150), -8, 1)
    return np.asarray(cv2.warpAffine(page, askew, (500, 300), borderValue=(235, 240, 245)), np.uint8)


def test_lines_are_found_where_paddleocr_finds_them() -> None:
    found = paddle_reader().find_lines(_page(), 500)

    said = [  # by PaddleOCR 3.7.0's TextDetection
        [[246, 229], [396, 249], [393, 278], [243, 258]],
        [[47, 9], [478, 69], [473, 107], [43, 47]],
    ]
    np.testing.assert_allclose(found, said, atol=1)


def test_a_line_that_was_searched_smaller_is_told_in_the_pictures_own_pixels() -> None:
    large = np.asarray(cv2.resize(_page(), None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC), np.uint8)

    whole, smaller = (
        sorted(line.mean(axis=0).tolist() for line in paddle_reader().find_lines(large, side_px))
        for side_px in (1000, 500)
    )

    np.testing.assert_allclose(whole, smaller, atol=6)


@pytest.mark.parametrize("size", [(300, 500), (20, 17), (1, 1)], ids=["sheet", "tiny", "one pixel"])
def test_an_empty_picture_has_no_lines(size: tuple[int, int]) -> None:
    assert paddle_reader().find_lines(np.full((*size, 3), 255, np.uint8), 500) == []


_SEARCH = """
import numpy as np
from verify_svc.bench.held import held_bytes
from verify_svc.inference.text import paddle_reader
import os
reader = paddle_reader()
reader.find_lines(np.full((96, 96, 3), 255, np.uint8), 96)
before = held_bytes(os.getpid())
reader.find_lines(np.full((960, 960, 3), 255, np.uint8), 960)
print(held_bytes(os.getpid()) - before)
"""


def test_a_page_that_was_searched_leaves_its_memory_to_others() -> None:
    done = subprocess.run([sys.executable, "-c", _SEARCH], capture_output=True, text=True, timeout=120, check=True)

    assert int(done.stdout) < 48 * 2**20  # 100 and more where it is kept
