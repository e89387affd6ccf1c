"""Where everything stands on a form that the service prints: for the printer, and with the form's code for the reader.

Lengths are millimetres from the upper left corner of the A4 sheet.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

PAGE_WIDE, PAGE_HIGH = 210.0, 297.0
LEFT, WIDE, LABEL_WIDE = 24.0, 162.0, 48.0
LINE_HIGH, ROW_MORE = 7.5, 4.5
"""A row of the table is as high as its lines and a little more."""
PAD = 3.0
"""Between a row's frame and the room for its text."""
TEXT_FROM = PAD + 1.0
"""Between a row's frame and its text: the printer leaves a millimetre before what it writes."""
PARAGRAPH_LINE_HIGH = 8.0
_TITLE_TOP, _TITLE_HIGH, _AFTER_TITLE, _AFTER_TABLE = 34.0, 14.0, 6.0, 5.0
_BEFORE_FOOT, _FOOT_TOP, _TO_DATE = 18.0, 200.0, 20.0
_CODE_WIDE, _CODE_TOP, _CODE_RIGHT = 22.0, 12.0, 20.0


@dataclass(frozen=True, slots=True)
class Box:
    """A level rectangle."""

    left: float
    top: float
    wide: float
    high: float

    @property
    def middle(self) -> tuple[float, float]:
        """Its centre (x, y)."""
        return self.left + self.wide / 2, self.top + self.high / 2


@dataclass(frozen=True, slots=True)
class Layout:
    """One form's places: of the table a label and a value for each row; the foot's words begin at `foot`."""

    code: Box
    title: Box
    labels: tuple[Box, ...]
    values: tuple[Box, ...]
    paragraphs: Box
    foot: float

    @property
    def date(self) -> float:
        """Where the words that ask for the date begin."""
        return self.foot + _TO_DATE


def lay_out(rows: Sequence[int], paragraph_lines: int) -> Layout:
    """The places of a form whose rows have so many lines each, and so many lines of text below them.

    >>> lay_out([1, 2], 3).values[1]
    Box(left=72.0, top=66.0, wide=114.0, high=19.5)
    """
    y = _TITLE_TOP + _TITLE_HIGH + _AFTER_TITLE
    labels, values = [], []
    for lines in rows:
        high = ROW_MORE + LINE_HIGH * lines
        labels.append(Box(LEFT, y, LABEL_WIDE, high))
        values.append(Box(LEFT + LABEL_WIDE, y, WIDE - LABEL_WIDE, high))
        y += high
    paragraphs = Box(LEFT, y + _AFTER_TABLE, WIDE, PARAGRAPH_LINE_HIGH * paragraph_lines)
    return Layout(
        code=Box(PAGE_WIDE - _CODE_RIGHT - _CODE_WIDE, _CODE_TOP, _CODE_WIDE, _CODE_WIDE),
        title=Box(LEFT, _TITLE_TOP, WIDE, _TITLE_HIGH),
        labels=tuple(labels),
        values=tuple(values),
        paragraphs=paragraphs,
        foot=max(paragraphs.top + paragraphs.high + _BEFORE_FOOT, _FOOT_TOP),
    )
