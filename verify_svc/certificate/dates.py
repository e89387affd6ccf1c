"""Dates as certificates print them."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata

from verify_svc.certificate.names import simplify

LONG_TERM = "long_term"
"""How a validity without an end is written in reports."""

_DATE = re.compile(r"([12][0-9]{3})[年.\-/·:]?([01]?[0-9])[月.\-/·:]?([0-3]?[0-9])日?")
_NUMERALS = {**dict.fromkeys("〇零○O0", 0), **{numeral: i + 1 for i, numeral in enumerate("一二三四五六七八九")}}
_CHINESE = re.compile(
    r"([一二][〇零○O0一二三四五六七八九]{3})年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})日"
)
_LONG_TERM = re.compile(r"长期|永久|不约定|无固定期限|无期限|长$")


def parse_date(text: str) -> dt.date | None:
    """The first date in `text`.

    >>> parse_date("2021年5月03日"), parse_date("成立日期 2021.05.03")
    (datetime.date(2021, 5, 3), datetime.date(2021, 5, 3))
    """
    dates = parse_dates(text)
    return dates[0] if dates else None


def parse_dates(text: str) -> list[dt.date]:
    """All dates in `text`, in order, in figures or as older papers write them; what is no day is left out.

    >>> parse_dates("二〇〇九年五月十六日至二〇二九年十二月三十一日")
    [datetime.date(2009, 5, 16), datetime.date(2029, 12, 31)]
    >>> parse_dates("二0一五年八月六日")
    [datetime.date(2015, 8, 6)]
    >>> parse_dates("２０２１．０５．０３")
    [datetime.date(2021, 5, 3)]
    """
    found = []
    plain = _CHINESE.sub(_in_figures, _plain(text))
    for year, month, day in _DATE.findall(plain):
        try:
            found.append(dt.date(int(year), int(month), int(day)))
        except ValueError:
            continue
    return found


def _in_figures(match: re.Match[str]) -> str:
    year = "".join(str(_NUMERALS[numeral]) for numeral in match[1])
    return f"{year}年{_below_hundred(match[2])}月{_below_hundred(match[3])}日"


def _below_hundred(text: str) -> int:
    """十六 is 16, 三十 is 30."""
    tens, ten, ones = text.rpartition("十")
    return (_NUMERALS.get(tens, 1) * 10 if ten else 0) + _NUMERALS.get(ones, 0)


def says_long_term(text: str) -> bool:
    """Whether `text` gives a validity without an end.

    >>> says_long_term("2013.05.02-长期")
    True
    """
    return bool(_LONG_TERM.search(simplify(_plain(text))))


def _plain(text: str) -> str:
    """Half-width and without spaces."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


def months_later(day: dt.date, months: int) -> dt.date:
    """The same day `months` later, or that month's last.

    >>> months_later(dt.date(2026, 11, 30), 3)
    datetime.date(2027, 2, 28)
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    following = dt.date(year + month // 11, (month + 1) % 12 + 1, 1)
    last = (following - dt.timedelta(days=1)).day
    return dt.date(year, month + 1, min(day.day, last))


_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_ENGLISH = re.compile(
    r"(?<![0-9])([0-3]?[0-9])[ .\-/]*(?:[01]?[0-9]月/?)?([A-Z]{3})[A-Z]*(?:[/ ]*[A-ZÛÉ]+)?"
    r"[ .\-/]*([0-9]{4}|[0-9]{2})(?![0-9])"
)
_DAY_FIRST = re.compile(r"(?<![0-9])([0-3][0-9])[ .\-/]?([01][0-9])[ .\-/]?([12][0-9]{3})(?![0-9])")


def parse_english_dates(text: str) -> list[dt.date]:
    """All dates as passports print them: day, month by name or figures, year; a year of two figures is given in both
    centuries.

    >>> parse_english_dates("12 AUG/AOUT 74"), parse_english_dates("07 3月/MAR 1990")
    ([datetime.date(1974, 8, 12), datetime.date(2074, 8, 12)], [datetime.date(1990, 3, 7)])
    """
    found = []
    for day, word, year in _ENGLISH.findall(text.upper()):
        if word in _MONTHS:
            found += [(year_, _MONTHS.index(word) + 1, int(day)) for year_ in _years(year)]
    found += [(int(year), int(month), int(day)) for day, month, year in _DAY_FIRST.findall(text)]
    days = []
    for year, month, day in found:
        try:
            days.append(dt.date(year, month, day))
        except ValueError:
            continue
    return [*days, *parse_dates(text)]


def _years(text: str) -> list[int]:
    return [int(text)] if len(text) == 4 else [1900 + int(text), 2000 + int(text)]
