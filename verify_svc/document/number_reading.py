"""A certificate's number as it counts: sure at the first reading, else at a second, larger one. Never repaired."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from verify_svc.document.layouts.numbers import LONG_ROW, NumberShape, find_number
from verify_svc.document.reader import FieldRead, Line, height_of, read_quad, skim_quad, width_of
from verify_svc.inference.text import Quad, TextReader
from verify_svc.media.pictures import Pixels, resize


@dataclass(frozen=True, slots=True)
class NumberLimits:
    """When a number counts as read, and how the second reading goes."""

    second_side_px: int = 1280  # measured: the second, larger reading
    second_rows: float = 4.0  # guessed: line heights above and below what may hold it are searched
    second_lines: int = 6  # looked at then, nearest to where the number may stand
    second_unclear: int = 2  # of them are read where none looks like holding a number
    second_reach: float = 4.0  # line heights that a line of a spaced number is read further; measured: 2 to 5 do
    second_growths: tuple[float, ...] = (0.06, 0.15)  # of the line's height, around it: the first letters stay whole
    min_number_score: float = 0.5  # measured: docs/decisions/0009; lowest probability of a character
    min_unchecked_score: float = 0.9  # guessed: of each character of a number without a check digit, in both readings
    min_printed_score: float = 0.97  # guessed: so sure of each character that the print itself is wrong


def settle_number(
    reader: TextReader,
    upright: Pixels,
    lines: Sequence[Line],
    first: FieldRead | None,
    shapes: Sequence[NumberShape],
    limits: NumberLimits = NumberLimits(),
) -> tuple[FieldRead | None, str]:
    """The number, and how sure it is: `sure`, `invalid` (surely read, its check digit wrong as printed), `unsure` or
    `missing`. `first` is what the first reading of the sheet gave.
    """
    checked = all(shape.checked for shape in shapes)
    if checked and first is not None and _is_sure(first, shapes, limits):
        return first, "sure"
    second = _read_larger(reader, upright, lines, shapes, limits)
    if not checked:
        return first or second, _read_twice(first, second, limits)
    if second is not None and _is_sure(second, shapes, limits):
        return second, "sure"
    if first is None or second is None:
        kept = first or second
        return kept, "missing" if kept is None else "unsure"
    if first.value == second.value and min(first.score, second.score) >= limits.min_printed_score:
        return first, "invalid"
    return max(first, second, key=lambda number: number.score), "unsure"


def _read_twice(first: FieldRead | None, second: FieldRead | None, limits: NumberLimits) -> str:
    """How sure a number without a check digit is: both readings must give it, surely."""
    if first is None or second is None:
        return "missing" if first is second else "unsure"
    alike = first.value == second.value
    return "sure" if alike and min(first.score, second.score) >= limits.min_unchecked_score else "unsure"


def _is_sure(number: FieldRead, shapes: Sequence[NumberShape], limits: NumberLimits) -> bool:
    return any(shape.holds(number.value) for shape in shapes) and number.score >= limits.min_number_score


def _read_larger(
    reader: TextReader, upright: Pixels, lines: Sequence[Line], shapes: Sequence[NumberShape], limits: NumberLimits
) -> FieldRead | None:
    """The number at a larger size: lines searched at 1280 px, those skimmed that can hold it, those read that may,
    with more around them.

    Two different readings that are both sure cancel out.
    """
    scale = max(1.0, limits.second_side_px / max(upright.shape[:2]))
    hints = [line for line in lines if _LABEL.search(line.text.replace(" ", "")) or _may_hold_number(line, shapes)]
    top, bottom = _rows_around(hints, upright.shape[0], limits)
    part = upright[top:bottom]
    large = resize(part, scale) if scale > 1 else part
    least = min(shape.least_shape for shape in shapes)
    side_px = round(limits.second_side_px * max(part.shape[:2]) / max(upright.shape[:2]))
    quads = [quad for quad in reader.find_lines(large, side_px) if width_of(quad) > least * height_of(quad)]
    above = np.array([0, top], np.float32)
    quads = sorted(quads, key=lambda quad: _distance_to_hint(quad / np.float32(scale) + above, hints))
    quads = quads[: limits.second_lines]
    holding = [quad for quad in quads if _may_hold_number(skim_quad(reader, large, quad), shapes)]
    if any(shape.spaced for shape in shapes):
        holding += [_reaching(quad, limits.second_reach) for quad in holding]
    found: list[FieldRead] = []
    for grow in limits.second_growths:
        read = []
        for quad in holding or quads[: limits.second_unclear]:
            line = read_quad(reader, large, quad, grow)
            read.append(Line(line.quad / np.float32(scale) + above, line.text, line.scores, line.places))
        numbers = [find_number(read, shape) for shape in shapes]
        found += [number for number in numbers if number is not None]
    sure = [number for number in found if _is_sure(number, shapes, limits)]
    if len({number.value for number in sure}) == 1:
        return sure[0]
    return found[0] if found and not sure else None


def _reaching(quad: Quad, heights: float) -> Quad:
    """The line with some of its heights more at its end."""
    across = quad[1] - quad[0]
    more = across / max(1.0, float(np.linalg.norm(across))) * height_of(quad) * heights
    return np.asarray(quad + np.stack([more * 0, more, more, more * 0]), np.float32)


def _rows_around(hints: Sequence[Line], height: int, limits: NumberLimits) -> tuple[int, int]:
    """From which row to before which the number may stand: some line heights around the hints, else anywhere."""
    if not hints:
        return 0, height
    around = limits.second_rows
    top = min(hint.middle - around * hint.height for hint in hints)
    bottom = max(hint.middle + around * hint.height for hint in hints)
    return max(0, int(top)), min(height, int(bottom) + 1)


def _may_hold_number(line: Line, shapes: Sequence[NumberShape]) -> bool:
    """Whether the line has such a number, a row of digits and letters that may be part of one, or something behind a
    number's label.
    """
    text = line.text.replace(" ", "")
    label = _LABEL.search(text)
    behind = label is not None and len(text) - label.end() >= _BEHIND_LABEL
    return behind or bool(_ROW.search(text)) or any(find_number([line], shape) is not None for shape in shapes)


def _distance_to_hint(quad: Quad, hints: Sequence[Line]) -> float:
    """How far, in line heights, the line stands from the nearest line that may hold the number; far without one."""
    middle, height = float(quad[:, 1].mean()), max(1.0, height_of(quad))
    away = min((abs(middle - hint.middle) / height for hint in hints), default=99.0)
    return round(away) + abs(width_of(quad) / height - 12) / 100


_LABEL = re.compile(r"信用代码[:：]?|^代码(?![\u3400-\u9fff])|^码[:：]|代码[:：]|注册号[:：]?|身份号码[:：]?")
_ROW = re.compile(LONG_ROW)
_BEHIND_LABEL = 4  # characters: fewer are no part of a number that could be read
