"""Dates as certificates print them."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verify_svc.certificate.dates import months_later, parse_date, parse_dates, says_long_term

days = st.dates(dt.date(1950, 1, 1), dt.date(2060, 12, 31))


@given(days)
def test_every_day_is_read_in_every_way_of_writing_it(day: dt.date) -> None:
    for text in (f"{day:%Y年%m月%d日}", f"{day.year}年{day.month}月{day.day}日", f"{day:%Y.%m.%d}", f"{day:%Y-%m-%d}"):
        assert parse_date(text) == day


@given(days, days)
def test_both_ends_of_a_validity_are_read(begins: dt.date, ends: dt.date) -> None:
    assert parse_dates(f"{begins:%Y.%m.%d}-{ends:%Y.%m.%d}") == [begins, ends]


def test_no_day_of_the_calendar_is_no_date() -> None:
    assert parse_date("2023年02月30日") is None


@pytest.mark.parametrize("text", ["2013.05.02-长期", "2019年01月01日至无固定期限", "永久"])
def test_a_validity_without_an_end(text: str) -> None:
    assert says_long_term(text)


@given(days, st.integers(0, 30))
def test_months_later_is_that_many_months_later(day: dt.date, months: int) -> None:
    later = months_later(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day <= day.day
