"""Names are read once more where that may change them: with a reader written by hand."""

from __future__ import annotations

import numpy as np
import pytest

from tests.document.lines import OneLine, line
from verify_svc.document.name_reading import settle_names
from verify_svc.document.reader import FieldRead, Line, field_of

PAGE = np.full((200, 900, 3), 230, np.uint8)


def value_in(of: Line, start: int) -> FieldRead:
    read = field_of([of.part(start, len(of.text))])
    assert read is not None
    return read


def settled(reader: OneLine, name: str, text: str, start: int, score: float) -> FieldRead:
    whole = line(text, 40, 40, score=score)
    return settle_names(reader, PAGE, [whole], {name: value_in(whole, start)}, None)[name]


def test_a_representative_read_with_the_label_is_read_without_it() -> None:
    found = settled(OneLine(":严兴镛"), "legal_person", "法定代表人严兴镛", 5, 0.97)
    assert (found.value, found.score) == ("严兴镛", 0.98)


@pytest.mark.parametrize(("score", "value"), [(0.94, "严兴镛"), (0.4, "严兴铺")], ids=["surely", "unsurely"])
def test_where_both_readings_differ_neither_accuses(score: float, value: str) -> None:
    found = settled(OneLine("严兴镛", score), "legal_person", "法定代表人严兴铺", 5, 0.97)
    assert found.value == value
    assert found.score <= 0.5


@pytest.mark.parametrize(("score", "reads"), [(0.99, 0), (0.8, 1)], ids=["sure", "doubtful"])
def test_a_units_long_name_is_read_again_only_where_it_is_doubtful(score: float, reads: int) -> None:
    reader = OneLine("南京示例科技有限公司")
    found = settled(reader, "name", "名称南京示例科技有限公司", 2, score)
    assert (found.value, len(reader.shapes)) == ("南京示例科技有限公司", reads)


def test_a_reading_that_says_something_else_is_not_taken() -> None:
    found = settled(OneLine("注册资本叁佰万元整"), "legal_person", "法定代表人严兴镛", 5, 0.97)
    assert found.value == "严兴镛"


def test_a_name_on_a_line_of_its_own_is_not_read_again() -> None:
    reader = OneLine("林知夏")
    assert settled(reader, "legal_person", "林知夏", 0, 0.7).value == "林知夏"
    assert reader.shapes == []
