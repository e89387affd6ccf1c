"""What a page says of itself, and which pages are missing among those that came."""

from __future__ import annotations

import numpy as np
import pytest

from verify_svc.document.reader import Line
from verify_svc.form.fields import box
from verify_svc.form.numbering import PageNumber, at_edge, missing_among, number_in


def line(text: str, top: float = 960, left: float = 400, score: float = 0.99) -> Line:
    quad = box(left, top, left + 20 * len(text), top + 20)
    return Line(quad, text, (score,) * len(text), tuple(np.linspace(0.02, 0.98, len(text)).tolist()))


@pytest.mark.parametrize(
    ("text", "page", "pages"),
    [
        ("第1页共3页", 1, 3),
        ("第 2 页 / 共 3 页", 2, 3),
        ("第一页，共两页", 0, 0),
        ("第二页，共三页", 2, 3),
        ("共3页 第1页", 1, 3),
        ("第12页（共12页）", 12, 12),
        ("1/3", 1, 3),
        ("- 2 / 2 -", 2, 2),
        ("Page 1 of 3", 1, 3),
        ("Page lof 3", 1, 3),
        ("page 2/4", 2, 4),
        ("第3页", 3, 3),
        ("第1页", 0, 0),
        ("第1页共1页", 0, 0),
        ("3/1", 0, 0),
        ("1/99", 0, 0),
        ("2026/11/22", 0, 0),
        ("日期：11/22", 0, 0),
        ("合同第1/3条", 0, 0),
        ("", 0, 0),
    ],
)
def test_a_page_number_is_told_from_other_figures(text: str, page: int, pages: int) -> None:
    found = number_in([line("网站备案信息真实性核验单", 20), line(text)])
    assert (found.page, found.pages) if found else (page, pages) == (0, 0)
    assert found is None or found == PageNumber(page, pages, found.score)


def test_words_that_stand_apart_are_one_number() -> None:
    found = number_in([line("第1页", left=300), line("共2页", left=500, score=0.7)])
    assert found == PageNumber(1, 2, 0.7)


def test_only_what_stands_near_an_edge_numbers_a_page() -> None:
    assert at_edge(line("1/3").quad, 1000)
    assert at_edge(line("1/3", top=30).quad, 1000)
    assert not at_edge(line("1/3", top=600).quad, 1000)


@pytest.mark.parametrize(
    ("told", "missing", "sure"),
    [
        ([None], (), True),
        ([None, None], (), True),
        ([PageNumber(1, 2)], (2,), True),
        ([PageNumber(2, 2)], (1,), True),
        ([PageNumber(2, 2), PageNumber(1, 2)], (), True),
        ([PageNumber(1, 4), PageNumber(3, 4)], (2, 4), True),
        ([PageNumber(1, 3), PageNumber(1, 3)], (2, 3), True),
        ([PageNumber(1, 2), PageNumber(2, 3)], (3,), True),
        ([PageNumber(1, 2), None], (2,), False),
        ([PageNumber(1, 3), None], (2, 3), True),
        ([PageNumber(1, 2, 0.6)], (2,), False),
    ],
)
def test_what_is_missing_is_said_where_it_is_sure(
    told: list[PageNumber | None], missing: tuple[int, ...], sure: bool
) -> None:
    found, surely = missing_among(told)
    assert found == missing
    assert not missing or surely is sure
