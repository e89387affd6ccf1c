"""QR codes are read whichever way up, bounded, and never more than wanted."""

from __future__ import annotations

import io

import numpy as np
import pytest
import segno
from PIL import Image

from verify_svc.media.codes import CodeLimits, read_codes


def drawn(*says: str) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    pictures = []
    for text in says:
        out = io.BytesIO()
        segno.make(text, micro=False).save(out, kind="png", scale=4, border=6)
        pictures.append(Image.open(io.BytesIO(out.getvalue())).convert("L"))
    sheet = Image.new("L", (sum(each.width for each in pictures), max(each.height for each in pictures)), 255)
    left = 0
    for each in pictures:
        sheet.paste(each, (left, 0))
        left += each.width
    return np.asarray(sheet, np.uint8)


@pytest.mark.parametrize("quarter", range(4))
def test_a_code_is_read_whichever_way_up(quarter: int) -> None:
    assert read_codes(np.ascontiguousarray(np.rot90(drawn("统一社会信用代码：1"), quarter))) == ("统一社会信用代码：1",)


def test_no_more_codes_are_taken_than_allowed() -> None:
    picture = drawn("one", "two", "three")
    assert len(read_codes(picture)) == 3
    assert len(read_codes(picture, CodeLimits(max_codes=2))) == 2


def test_a_text_longer_than_allowed_is_left_out() -> None:
    assert read_codes(drawn("a" * 60), CodeLimits(max_characters=50)) == ()


def test_noise_holds_no_code() -> None:
    noise = np.random.default_rng(1).integers(0, 256, (700, 900), np.uint8)
    assert read_codes(noise) == ()
