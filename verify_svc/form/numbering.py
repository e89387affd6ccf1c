"""Which page of how many a sheet says it is: by our own code, else by the words at its foot or head."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from verify_svc.document.layouts.rows import Row, rows_of
from verify_svc.document.page import Corners
from verify_svc.document.reader import Line
from verify_svc.session.forms import LIMITS


@dataclass(frozen=True, slots=True)
class NumberingLimits:
    """Where a page's number stands, in shares of the sheet's height, and how many pages a form has at most."""

    edge: float = 0.12  # guessed: page numbers stand within 25 mm of the upper or lower edge, a margin around included
    most_pages: int = 30  # guessed: more is a date or a share


@dataclass(frozen=True, slots=True)
class PageNumber:
    """What a page says of itself: page `page` of `pages`, and how surely that was read (1: by our code)."""

    page: int
    pages: int
    score: float = 1.0


_FIGURES = {figure: value for value, figure in enumerate("一二三四五六七八九十", 1)} | dict.fromkeys("lI|", 1)
_NUMBER = "([0-9]{1,2}|[一二三四五六七八九十])"
_BETWEEN = r"[\s,，、/／()（）|·—-]*"
_BOTH = re.compile(
    rf"第\s*{_NUMBER}\s*页{_BETWEEN}共\s*{_NUMBER}\s*页|共\s*{_NUMBER}\s*页{_BETWEEN}第\s*{_NUMBER}\s*页", re.IGNORECASE
)
# Readers take the figure before "of" for a letter.
_ENGLISH = re.compile(r"Page\s*([0-9]{1,2}|[lI|])\s*(?:of|/)\s*([0-9]{1,2})(?![0-9])", re.IGNORECASE)
_BARE = re.compile(r"[\s—–-]*([0-9]{1,2})\s*[/／]\s*([0-9]{1,2})[\s—–-]*")
_LATER = re.compile(rf"[\s—–-]*第\s*{_NUMBER}\s*页[\s—–-]*")


def at_edge(quad: Corners, height_px: int, limits: NumberingLimits = NumberingLimits()) -> bool:
    """Whether a page's number may stand there."""
    middle = float(quad[:, 1].mean()) / height_px
    return middle < limits.edge or middle > 1 - limits.edge


def number_in(lines: Sequence[Line], limits: NumberingLimits = NumberingLimits()) -> PageNumber | None:
    """The number that lines near a page's edges give it, the lowest first; None where it says nothing or is the only
    page.

    >>> number_in([])
    """
    for row in reversed(rows_of(lines)):
        for found in _numbers(row):
            if 1 <= found.page <= found.pages <= limits.most_pages and found.pages > 1:
                return found
    return None


def missing_among(told: Sequence[PageNumber | None]) -> tuple[tuple[int, ...], bool]:
    """Which pages are not among those that came, and whether that is sure: a page that says nothing may be one of
    them, and a number may be misread.

    >>> missing_among([PageNumber(1, 3), PageNumber(3, 3)])
    ((2,), True)
    """
    numbers = [number for number in told if number is not None]
    count = max((number.pages for number in numbers), default=1)
    missing = tuple(sorted(set(range(1, count + 1)) - {number.page for number in numbers})) if numbers else ()
    sure = len(told) - len(numbers) < len(missing) and all(number.score >= LIMITS.accuses for number in numbers)
    return missing, sure


def _numbers(row: Row) -> Iterator[PageNumber]:
    text = row.text
    for match in (*_BOTH.finditer(text), *_ENGLISH.finditer(text)):
        yield _number(row, match)
    for alone in (_BARE.fullmatch(text), _LATER.fullmatch(text)):
        if alone is not None:
            yield _number(row, alone)


def _number(row: Row, match: re.Match[str]) -> PageNumber:
    """Page and number of pages; a later page that doesn't say how many there are is the last."""
    values = [_FIGURES.get(group) or int(group) for group in match.groups() if group is not None]
    if match.re is _BOTH and match[1] is None:
        values.reverse()
    score = min((score for line in row.between(*match.span()) for score in line.scores), default=0.0)
    return PageNumber(values[0], values[-1], score)
