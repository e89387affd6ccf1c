"""Lines as they lie on a page."""

from __future__ import annotations

import numpy as np
import pytest

from tests.document.lines import OneLine, line
from verify_svc.document.reader import Line, parallel, read_quad
from verify_svc.inference.text import Quad


def quad(left: float, top: float, width: float, lean_deg: float = 0.0, height: float = 20.0) -> Quad:
    """A box of a line that leans clockwise by that much."""
    lean = np.radians(lean_deg)
    along, down = np.array([np.cos(lean), np.sin(lean)]), np.array([-np.sin(lean), np.cos(lean)])
    start = np.array([left, top])
    corners = [start, start + along * width, start + along * width + down * height, start + down * height]
    return np.array(corners, np.float32)


def a_page(lean_deg: float = 0.0) -> list[Quad]:
    return [quad(50, 60 * i, 260, lean_deg) for i in range(8)]


@pytest.mark.parametrize("page_deg", [-6.0, 0.0, 5.0])
@pytest.mark.parametrize("mark_deg", [-38.0, 30.0])
def test_a_watermark_is_left_out(page_deg: float, mark_deg: float) -> None:
    page, marks = a_page(page_deg), [quad(40 + 90 * i, 100, 200, mark_deg) for i in range(12)]
    assert len(parallel([*marks, *page])) == len(page)


def test_a_page_that_leans_as_a_whole_stays() -> None:
    assert len(parallel(a_page(28.0))) == 8


def test_single_characters_stay_however_their_boxes_lean() -> None:
    assert len(parallel([*a_page(), quad(10, 10, 22, 40.0)])) == 9


def test_few_lines_do_not_tell_how_a_page_lies() -> None:
    assert len(parallel([quad(0, 0, 200), quad(0, 90, 200, 30.0)])) == 2


def skimmed(text: str, places: tuple[float, ...], score: float = 0.99) -> Line:
    quad = np.array([[0, 0], [160, 0], [160, 20], [0, 20]], np.float32)
    return Line(quad, text, (score,) * len(text), places, skimmed=True)


@pytest.mark.parametrize(
    ("line", "doubtful"),
    [
        (skimmed("南京示例科技有限公司", tuple(i / 10 + 0.05 for i in range(10))), False),
        (skimmed("南京示例科技有限公司", tuple(i / 10 + 0.05 for i in range(10)), 0.9), True),
        (skimmed("南京示例科有限公司", (0.05, 0.15, 0.25, 0.35, 0.45, 0.7, 0.8, 0.9, 0.97)), True),
        (skimmed("南京示例科技有限", tuple(i / 10 + 0.05 for i in range(8))), True),
        (skimmed("公司(自然人独资", tuple(i / 8 + 0.06 for i in range(8))), True),
    ],
    ids=["whole", "unsure", "a gap within", "a gap at the end", "an open bracket"],
)
def test_a_skimmed_line_is_doubtful_where_a_character_may_be_wrong_or_lost(line: Line, doubtful: bool) -> None:
    assert line.doubtful == doubtful
    assert not Line(line.quad, line.text, line.scores, line.places).doubtful


def test_points_and_spaces_cast_no_doubt() -> None:
    line = skimmed("所 南京市", (0.1, 0.3, 0.5, 0.7, 0.9))
    assert not Line(line.quad, line.text, (0.99, 0.2, 0.99, 0.99, 0.99), line.places, skimmed=True).doubtful


def test_a_part_of_a_part_has_the_box_of_its_characters() -> None:
    whole = line("法定代表人 王彦志", 0, 0, 30.0)
    name = whole.part(5, 9).part(1, 4)
    assert name.text == "王彦志"
    assert name.left == pytest.approx(whole.right - 90, abs=12)
    assert name.right == pytest.approx(whole.right)
    assert name.places == pytest.approx([1 / 6, 1 / 2, 5 / 6], abs=0.06)


@pytest.mark.parametrize(
    ("width", "digits", "shape"),
    [(240.0, 18, 9.18), (200.0, 18, 9.18), (400.0, 18, 15.0), (160.0, 18, 8.0), (240.0, 0, 12.0)],
    ids=["set wide", "a little wide", "with a label: no closer than three quarters", "close already", "no digits"],
)
def test_digits_that_stand_wide_are_laid_close_before_they_are_read(width: float, digits: int, shape: float) -> None:
    reader = OneLine()
    read_quad(reader, np.full((200, 500, 3), 200, np.uint8), quad(20, 20, width), digits=digits)
    assert reader.shapes == [pytest.approx(shape, abs=0.06)]
