"""Where everything stands on a form that the service prints: for the printer, and with the form's code for the reader.

Lengths are millimetres from the upper left corner of the A4 sheet.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

PAGE_WIDE, PAGE_HIGH = 210.0, 297.0
LEFT, WIDE, LABEL_WIDE = 24.0, 162.0, 48.0
PAD = 3.0
"""Between a row's frame and the room for its text."""
TEXT_FROM = PAD + 1.0
"""Between a row's frame and its text: the printer leaves a millimetre before what it writes."""
_TITLE_TOP, _TITLE_HIGH, _AFTER_TITLE, _AFTER_TABLE = 34.0, 14.0, 6.0, 5.0
_BEFORE_FOOT, _FOOT_TOP, _TO_DATE = 18.0, 200.0, 20.0
_CODE_WIDE, _CODE_TOP, _CODE_RIGHT = 22.0, 12.0, 20.0
_TABLE_TOP = _TITLE_TOP + _TITLE_HIGH + _AFTER_TITLE
_LAST_LINE, _LAST_FOOT = 277.0, 252.0
"""Lower on a page no line of print ends; below the second there is no room to date and to seal."""
_WHOLE_ROW = 8
"""A row of so many lines is not divided: a name of 200 characters stays in one piece."""
_WITH_FOOT = 2
"""So many lines of the text stand above the place to sign: nobody signs a page that says nothing."""


@dataclass(frozen=True, slots=True)
class Setting:
    """How large a form is set: a row of its table is as high as its lines and a little more (`row_more`)."""

    size_pt: float
    line_high: float
    row_more: float
    paragraph_line_high: float


USUAL, SMALL = Setting(12.0, 7.5, 4.5, 8.0), Setting(9.0, 5.4, 3.4, 6.0)
"""The smaller one (小五) where a form takes fewer pages in it."""


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
    """One page's places: of the table a label and a value for each row, None for one that stands on another page; the
    foot's words begin at `foot`, the page's number stands in `number`.
    """

    setting: Setting
    code: Box
    title: Box
    labels: tuple[Box | None, ...]
    values: tuple[Box | None, ...]
    paragraphs: Box
    foot: float
    number: Box

    @property
    def date(self) -> float:
        """Where the words that ask for the date begin."""
        return self.foot + _TO_DATE

    @property
    def rows(self) -> tuple[tuple[Box, Box], ...]:
        """Label and value of those rows that stand on this page, from the top."""
        pairs = zip(self.labels, self.values, strict=True)
        return tuple((label, value) for label, value in pairs if label is not None and value is not None)


def lay_out(rows: Sequence[int], paragraph_lines: int, setting: Setting = USUAL) -> Layout:
    """The places of a page whose rows have so many lines each, and so many lines of text below them.

    >>> lay_out([1, 2], 3).values[1]
    Box(left=72.0, top=66.0, wide=114.0, high=19.5)
    """
    y = _TABLE_TOP
    labels: list[Box | None] = []
    values: list[Box | None] = []
    for lines in rows:
        high = setting.row_more + setting.line_high * lines
        labels.append(Box(LEFT, y, LABEL_WIDE, high) if lines else None)
        values.append(Box(LEFT + LABEL_WIDE, y, WIDE - LABEL_WIDE, high) if lines else None)
        y += high if lines else 0.0
    paragraphs = Box(LEFT, y + _AFTER_TABLE, WIDE, setting.paragraph_line_high * paragraph_lines)
    return Layout(
        setting=setting,
        code=Box(PAGE_WIDE - _CODE_RIGHT - _CODE_WIDE, _CODE_TOP, _CODE_WIDE, _CODE_WIDE),
        title=Box(LEFT, _TITLE_TOP, WIDE, _TITLE_HIGH),
        labels=tuple(labels),
        values=tuple(values),
        paragraphs=paragraphs,
        foot=max(paragraphs.top + paragraphs.high + _BEFORE_FOOT, _FOOT_TOP),
        number=Box(LEFT, PAGE_HIGH - 16.0, WIDE, 8.0),
    )


def divide(rows: Sequence[int], paragraph_lines: int, setting: Setting) -> list[tuple[int, ...]]:
    """A form's lines on its pages: for each page those of every row, then those of the text. The last has the foot.

    >>> divide([1, 40], 6, USUAL)
    [(1, 27, 0), (0, 13, 6)]
    """
    pages: list[tuple[int, ...]] = []
    page, y = [0] * len(rows), _TABLE_TOP
    for row, wanted in enumerate(rows):
        left = wanted
        while left:
            room = int((_LAST_LINE - y - setting.row_more) / setting.line_high)
            if left > room and (wanted <= _WHOLE_ROW or room < 1):
                pages.append((*page, 0))
                page, y = [0] * len(rows), _TABLE_TOP
                continue
            page[row] = min(left, room)
            y += setting.row_more + setting.line_high * page[row]
            left -= page[row]
            if left:
                pages.append((*page, 0))
                page, y = [0] * len(rows), _TABLE_TOP
    left, high = paragraph_lines, setting.paragraph_line_high
    most = int((_LAST_FOOT - _BEFORE_FOOT - _AFTER_TABLE - _TABLE_TOP) / high)
    while left > int((_LAST_FOOT - _BEFORE_FOOT - _AFTER_TABLE - y) / high):
        # A text that fits the last page stands there whole, with what signs it.
        here = 0 if left <= most else max(0, min(int((_LAST_LINE - _AFTER_TABLE - y) / high), left - _WITH_FOOT))
        pages.append((*page, here))
        left -= here
        page, y = [0] * len(rows), _TABLE_TOP
    return [*pages, (*page, left)]
