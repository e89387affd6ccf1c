"""Dates as certificates print them."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verify_svc.certificate.dates import months_later, parse_date, parse_dates, parse_english_dates, says_long_term

days = st.dates(dt.date(1950, 1, 1), dt.date(2060, 12, 31))


@given(days)
def test_every_day_is_read_in_every_way_of_writing_it(day: dt.date) -> None:
    for text in (f"{day:%Y年%m月%d日}", f"{day.year}年{day.month}月{day.day}日", f"{day:%Y.%m.%d}", f"{day:%Y-%m-%d}"):
        assert parse_date(text) == day


@given(days, days)
def test_both_ends_of_a_validity_are_read(begins: dt.date, ends: dt.date) -> None:
    assert parse_dates(f"{begins:%Y.%m.%d}-{ends:%Y.%m.%d}") == [begins, ends]


WIDE = str.maketrans("0123456789.-/", "０１２３４５６７８９．－／")
MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
NUMERALS = "〇一二三四五六七八九"


def in_words(number: int) -> str:
    """十六 for 16, 二十 for 20."""
    tens, ones = divmod(number, 10)
    ten = "" if tens == 0 else "十" if tens == 1 else f"{NUMERALS[tens]}十"
    return ten + (NUMERALS[ones] if ones else "")


@given(days)
def test_every_day_is_read_in_full_width_figures_and_with_spaces(day: dt.date) -> None:
    for text in (f"{day:%Y年%m月%d日}", f"{day:%Y.%m.%d}", f"{day:%Y-%m-%d}", f"{day:%Y/%m/%d}"):
        assert parse_date(text.translate(WIDE)) == day
        assert parse_date(" ".join(text)) == parse_date("\u3000".join(text)) == day


@given(days, st.sampled_from("〇零○"))
def test_every_day_is_read_in_numerals(day: dt.date, nought: str) -> None:
    year = "".join(NUMERALS[int(figure)] for figure in str(day.year)).replace("〇", nought)
    assert parse_date(f"{year}年{in_words(day.month)}月{in_words(day.day)}日") == day


@given(days)
def test_every_day_of_a_passport_is_read(day: dt.date) -> None:
    month = MONTHS[day.month - 1]
    for text in (f"{day.day:02d} {month} {day.year}", f"{day.day:02d} {day.month}月/{month} {day.year}"):
        assert day in parse_english_dates(text)
    assert day in parse_english_dates(f"{day.day:02d} {month} {day.year % 100:02d}")


@given(st.text(max_size=60) | st.text("0123456789年月日.-/一二十〇长期JANUG ０１２", max_size=60))
def test_any_text_has_dates_or_none(text: str) -> None:
    for day in (*parse_dates(text), *parse_english_dates(text)):
        assert isinstance(day, dt.date)
    assert says_long_term(text) in (True, False)


def test_no_day_of_the_calendar_is_no_date() -> None:
    assert parse_date("2023年02月30日") is None


@pytest.mark.parametrize(
    "text",
    ["2013.05.02-长期", "2019年01月01日至无固定期限", "永久", "2013.05.02-长　期", "長期", "自2009年05月16日至长期"],
)
def test_a_validity_without_an_end(text: str) -> None:
    assert says_long_term(text)


@given(days, st.integers(0, 30))
def test_months_later_is_that_many_months_later(day: dt.date, months: int) -> None:
    later = months_later(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day <= day.day
