"""How long an ID card is valid (Law on Resident Identity Cards, article 5)."""

from __future__ import annotations

import datetime as dt

_TERMS_YEARS = (5, 10, 20)
# The age that a holder has reached at issue, and the years for which the card then is valid; none: without end.
_TERM_FROM_AGE: tuple[tuple[int, int | None], ...] = ((0, 5), (16, 10), (26, 20), (46, None))
_LEEWAY_YEARS = 1  # guessed: what may lie between application and issue, on either side of a birthday


def is_term(start: dt.date, end: dt.date | None) -> bool:
    """Whether an ID card can be valid from `start` to `end`: 5, 10 or 20 years, or without end (None).

    >>> is_term(dt.date(2016, 2, 29), dt.date(2026, 2, 28)), is_term(dt.date(2016, 2, 29), dt.date(2027, 2, 28))
    (True, False)
    """
    return end is None or years_between(start, end) is not None


def term_fits_age(born: dt.date, start: dt.date, end: dt.date | None) -> bool:
    """Whether the holder's age at issue allows the card's term. A term that no card has fits any age.

    >>> term_fits_age(dt.date(1990, 3, 7), dt.date(2021, 4, 9), dt.date(2041, 4, 9))
    True
    >>> term_fits_age(dt.date(1990, 3, 7), dt.date(2021, 4, 9), None)
    False
    """
    years = None if end is None else years_between(start, end)
    if end is not None and years is None:
        return True
    age = start.year - born.year - ((start.month, start.day) < (born.month, born.day))
    return age >= 0 and any(_term_at(age + off) == years for off in range(-_LEEWAY_YEARS, _LEEWAY_YEARS + 1))


def _term_at(age: int) -> int | None:
    return [years for from_age, years in _TERM_FROM_AGE if max(age, 0) >= from_age][-1]


def years_between(start: dt.date, end: dt.date) -> int | None:
    """The term in whole years where it is one that cards have; the 29th of February may end a day early."""
    years = end.year - start.year
    same_day = abs((end.replace(year=2000) - start.replace(year=2000)).days) < 3
    return years if years in _TERMS_YEARS and same_day else None
