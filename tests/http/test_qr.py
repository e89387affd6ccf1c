"""QR codes read back, on whole pixels, with their quiet zone."""

from __future__ import annotations

import re

import cv2
import numpy as np
import pytest
import zxingcpp

from verify_svc.http.qr import MIN_SIDE_PX, QUIET_ZONE_MODULES, qr_png, qr_svg

URL = "https://verify.example/m/#Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFy"


def test_the_svg_has_whole_pixel_modules_and_the_quiet_zone() -> None:
    svg = qr_svg(URL)
    size = re.search(r'width="(\d+)" height="(\d+)"', svg)
    scale = re.search(r"scale\((\d+)\)", svg)
    assert size
    assert scale
    side_px, scale_px = int(size[1]), int(scale[1])
    assert size[1] == size[2]
    assert side_px % scale_px == 0
    assert side_px - 2 * QUIET_ZONE_MODULES * scale_px >= MIN_SIDE_PX
    assert 'fill="#fff"' in svg


def test_the_svg_needs_no_inline_style() -> None:
    assert "style" not in qr_svg(URL)


@pytest.mark.parametrize("text", [URL, "http://192.168.1.20:8443/m/#abc"])
def test_the_png_reads_back(text: str) -> None:
    picture = cv2.imdecode(np.frombuffer(qr_png(text), np.uint8), cv2.IMREAD_GRAYSCALE)
    assert picture is not None
    assert [code.text for code in zxingcpp.read_barcodes(picture)] == [text]
