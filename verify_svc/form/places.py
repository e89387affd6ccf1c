"""Where on a form one signs and dates: beside the printed words that ask for it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from verify_svc.document.layouts.rows import Row
from verify_svc.document.page import Corners
from verify_svc.document.reader import Line
from verify_svc.form.fields import box
from verify_svc.form.template import Template


@dataclass(frozen=True, slots=True)
class PlaceLimits:
    """How far from its words a place reaches, in heights of those words."""

    sign_wide: float = 13.0  # measured: names of four characters end within 11
    sign_above: float = 2.4  # measured: names written large rise 2 above the words' middle
    sign_below: float = 1.9  # measured
    date_wide: float = 20.0  # measured: printed 年 月 日 with room between them end within 17
    date_above: float = 1.5  # measured
    date_below: float = 1.4  # measured
    print_shape: float = 4.0  # a line of print is so many times longer than high, and more


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """A place and the words that ask for it, as boxes in pixels of the upright sheet; `high`: the words' height."""

    label: Corners
    area: Corners
    high: float


def find_signature(template: Template, rows: Sequence[Row], limits: PlaceLimits = PlaceLimits()) -> Place | None:
    """The place to sign: beside the lowest of the surest words."""
    for pattern in template.signature:
        label = _lowest(rows, pattern)
        if label is not None:
            return _beside(label, rows, limits.sign_wide, limits.sign_above, limits.sign_below, limits)
    return None


def find_date(
    template: Template, rows: Sequence[Row], signature: Place | None, limits: PlaceLimits = PlaceLimits()
) -> Place | None:
    """The place for the date: beside the words nearest to the place to sign, else the lowest ones."""
    if template.date is None:
        return None
    words = _found(rows, template.date) or _found(rows, _YEAR_MONTH_DAY)
    if not words:
        return None
    if signature is None:
        label = words[-1]
    else:
        middle = float(signature.label[:, 1].mean())
        label = min(
            words, key=lambda word: abs(word.middle - middle) + (0 if word.middle > middle else 4 * word.height)
        )
    if _YEAR_MONTH_DAY.search(label.text):
        left, right = label.left - 6 * label.height, label.right + 2 * label.height
        top, bottom = label.middle - limits.date_above * label.height, label.middle + limits.date_below * label.height
        return Place(label.quad, box(left, top, right, bottom), label.height)
    return _beside(label, rows, limits.date_wide, limits.date_above, limits.date_below, limits)


def find_seal_words(template: Template, rows: Sequence[Row]) -> Line | None:
    """The printed words that ask for the seal."""
    return None if template.seal is None else _lowest(rows, template.seal)


# Words that ask for something else than what is written before them.
_ASKS = re.compile(r"[盖签章]|日\s*期|单位|主办|^[（(]")
_YEAR_MONTH_DAY = re.compile(r"^\s*年\s*月\s*日")


def _found(rows: Sequence[Row], pattern: re.Pattern[str]) -> list[Line]:
    """The words found, from top to bottom, each as a part of its line."""
    found = []
    for row in rows:
        for match in pattern.finditer(row.text):
            parts = row.between(match.start(), match.end())
            if parts:
                found.append(_up_to_colon(row, match.end(), parts[-1]))
    return found


def _up_to_colon(row: Row, end: int, line: Line) -> Line:
    """The words with the bracket and colon that follow them."""
    rest = re.match(r"[\s)）】:：]*", row.text[end:])
    more = row.between(end, end + rest.end()) if rest is not None and rest.end() else []
    if not more:
        return line
    quad = line.quad.copy()
    quad[1:3] = more[-1].quad[1:3]
    return Line(quad, line.text, line.scores, line.places)


def _lowest(rows: Sequence[Row], pattern: re.Pattern[str]) -> Line | None:
    found = _found(rows, pattern)
    return found[-1] if found else None


def _beside(label: Line, rows: Sequence[Row], wide: float, above: float, below: float, limits: PlaceLimits) -> Place:
    """The room to the right of the words, up to the next print on any side."""
    # A box around words and what is written after them is as high as the writing.
    high = min(label.height, 1.25 * float(np.median([line.height for row in rows for line in row.lines])))
    left, right = label.right - 0.1 * high, label.right + wide * high
    top, bottom = label.middle - above * high, label.middle + below * high
    for row in rows:
        for line in row.lines:
            if line.height > 1.35 * high or line.score < 0.5:
                continue  # written by hand, or read badly: no print to stop at
            same_row = abs(line.middle - label.middle) < 0.6 * high
            asks = _ASKS.search(line.text) is not None
            if same_row and asks and left + high < line.left < right:
                right = line.left
            long = line.right - line.left > limits.print_shape * line.height and _is_level(line)
            over = line.left < right and line.right > left
            if over and not same_row and (long or asks):
                if line.middle < label.middle - high:
                    top = max(top, line.middle + 0.5 * line.height)
                elif line.middle > label.middle + high:
                    bottom = min(bottom, line.middle - 0.6 * line.height)
            if not same_row and asks and line.middle > label.middle + 0.9 * high and line.right < left + high:
                bottom = min(bottom, line.middle - 0.6 * line.height)  # the date's own row begins there
    return Place(label.quad, box(left, top, right, max(bottom, top + high)), high)


def _is_level(line: Line) -> bool:
    return abs(float(line.quad[1, 1] - line.quad[0, 1])) < 0.25 * line.height
