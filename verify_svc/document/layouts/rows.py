"""Lines side by side as rows, labels in them, and the values that the labels announce."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np

from verify_svc.document.reader import FieldRead, Line, field_of, width_of

_SAME_ROW = 0.55  # of a line's height: lines whose middles differ by less stand side by side
_NEXT_COLUMN = 2.6  # line heights between two lines of one row that belong to different columns
_NEXT_LINE = 1.8  # line heights from one line of a value to its next at most
_LABEL_REACH = 12.0  # line heights from a label to its value at most
_MOST_OFF = 1.2  # line heights that print stands above or below the labels of its form at most
_AS_FAR = 0.3  # line heights by which values that are off together differ
NO_VALUE = " :：·.、"  # what may stand between a label and its value
_LEAST_OFF = 3  # so many values must be off by as much, and more than stand beside their labels


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """Lines side by side, from left to right."""

    lines: tuple[Line, ...]

    @property
    def text(self) -> str:
        return "".join(line.text for line in self.lines)

    def between(self, start: int, end: int) -> list[Line]:
        """The characters from `start` to before `end` of `text`, as parts of the row's lines."""
        parts, place = [], 0
        for line in self.lines:
            first, last = max(start, place), min(end, place + len(line.text))
            if first < last:
                parts.append(line.part(first - place, last - place))
            place += len(line.text)
        return parts


@dataclass(frozen=True, slots=True, eq=False)
class Labelled:
    """A label as found, and the lines of its value on the same row (none: the value is missing or elsewhere)."""

    label: str
    row: int
    left: float
    value: tuple[Line, ...]

    def field(self) -> FieldRead | None:
        return field_of(self.value)


def rows_of(lines: Sequence[Line]) -> list[Row]:
    """Rows from top to bottom. A page that lies askew is straightened by the median lean of its lines."""
    if not lines:
        return []
    tilt = _tilt(lines)
    along, down = np.array([np.cos(tilt), np.sin(tilt)]), np.array([-np.sin(tilt), np.cos(tilt)])
    placed = sorted(
        ((float(line.quad.mean(axis=0) @ down), float(line.quad[0] @ along), line) for line in lines),
        key=lambda item: item[0],
    )
    rows: list[list[tuple[float, Line]]] = []
    heights: list[float] = []
    middles: list[float] = []
    for middle, left, line in placed:
        near = [i for i in range(len(rows)) if abs(middle - middles[i]) < _SAME_ROW * min(line.height, heights[i])]
        if near:
            rows[near[-1]].append((left, line))
        else:
            rows.append([(left, line)])
            heights.append(line.height)
            middles.append(middle)
    return [Row(tuple(line for _, line in sorted(row, key=lambda item: item[0]))) for row in rows]


def in_register(lines: Sequence[Line], words: Collection[str]) -> list[Line]:
    """`lines`, the labels moved beside what was printed for them where the print of a form is out of register.

    Forms are printed with labels, and filled in by another machine: all values may stand most of a line too high or
    too low. `words` are the form's labels, of which pieces are known too.
    """
    if not lines:
        return []
    tilt = _tilt(lines)
    along, down = np.array([np.cos(tilt), np.sin(tilt)]), np.array([-np.sin(tilt), np.cos(tilt)])
    labels = [line for line in lines if _is_piece(line, words)]
    known = {id(line) for line in labels}
    values = [line for line in lines if id(line) not in known]
    away: list[list[float]] = []  # of each label, how far below it whatever may be its value stands, in line heights
    for label in labels:
        right = float(label.quad[1] @ along)
        steps = [(float(value.quad[0] @ along) - right, value) for value in values]
        beside = [value for step, value in steps if -0.5 * label.height < step < _LABEL_REACH * label.height]
        offs = [float((value.quad.mean(axis=0) - label.quad.mean(axis=0)) @ down) / label.height for value in beside]
        away.append([off for off in offs if abs(off) < _MOST_OFF])
    level = sum(any(abs(off) < _SAME_ROW for off in offs) for offs in away)
    likeliest = max(
        (off for offs in away for off in offs),
        key=lambda off: sum(any(abs(other - off) < _AS_FAR for other in offs) for offs in away),
        default=0.0,
    )
    alike = [min(offs, key=lambda off: abs(off - likeliest)) for offs in away if offs]
    alike = [off for off in alike if abs(off - likeliest) < _AS_FAR]
    if len(alike) < max(_LEAST_OFF, level + 1):
        return list(lines)
    height = float(np.median([label.height for label in labels]))
    move = (down * float(np.median(alike)) * height).astype(np.float32)
    return [replace(line, quad=line.quad + move) if id(line) in known else line for line in lines]


def _is_piece(line: Line, words: Collection[str]) -> bool:
    """Whether the line is a label or a piece of one, and nothing else."""
    text = re.sub(r"[\W_]", "", line.text)
    return bool(text) and any(text in word for word in words)


def labelled(rows: Sequence[Row], labels: re.Pattern[str]) -> list[Labelled]:
    """Every label that `labels` finds, with what follows it in its row up to the next label or column."""
    found = []
    for number, row in enumerate(rows):
        matches = list(labels.finditer(row.text))
        for i, match in enumerate(matches):
            end = matches[i + 1].start() if i + 1 < len(matches) else len(row.text)
            label = row.between(match.start(), match.end())
            value = _adjoining(label[-1], row.between(match.end(), end))
            found.append(Labelled(re.sub(r"\W", "", match.group()), number, label[0].left, tuple(value)))
    return found


def labelled_by_end(rows: Sequence[Row], ends: str) -> list[Labelled]:
    """Lines that begin with the last character of a label, whose first one was read with others or not at all.

    A certificate spreads its labels: 名 and 称 stand far apart, and 名, 类, 住 under one another.
    """
    found = []
    for number, row in enumerate(rows):
        for place, line in enumerate(row.lines):
            text = re.sub(r"^[\W_]+", "", line.text)  # of the first character a speck may have been read
            if not text or text[0] not in ends:
                continue
            start = len(line.text) - len(text)
            rest = [line.part(start + 1, len(line.text))] if len(text) > 1 else []
            value = _adjoining(line.part(start, start + 1), [*rest, *row.lines[place + 1 :]])
            found.append(Labelled(text[0], number, line.left, tuple(value)))
    return found


def labelled_by_beginning(rows: Sequence[Row], beginnings: str, ends: Collection[str]) -> list[Labelled]:
    """Lines that are the first character of a label and no more: its last one was not read, or stands by itself.

    One of the `ends` by itself is no value: that is hidden or empty.
    """
    found = []
    for number, row in enumerate(rows):
        for place, line in enumerate(row.lines):
            text = line.text.strip()
            if len(text) == 1 and text in beginnings:
                rest = [after for after in row.lines[place + 1 :] if after.text.strip(" :：") not in ends]
                found.append(Labelled(text, number, line.left, tuple(_adjoining(line, rest))))
    return found


def continued(value: Sequence[Line], rows: Sequence[Row], row: int, stop: re.Pattern[str], most: int = 3) -> list[Line]:
    """`value` with the lines that stand below it, aligned with it, before anything that `stop` finds."""
    lines = list(value)
    if not lines:
        return lines
    first = lines[0]
    stopped = {id(line) for below in rows[row + 1 :] for line in _stopping(below, stop)}
    for below in rows[row + 1 :]:
        if len(lines) > most:
            break
        last = lines[-1]
        near = [
            line
            for line in below.lines
            if abs(line.left - first.left) < 1.6 * first.height
            and 0.4 * first.height < line.middle - last.middle < _NEXT_LINE * first.height
            and 0.6 < line.height / first.height < 1.6
        ]
        if near and id(near[0]) in stopped:
            break
        if len(near) == 1:
            lines.append(near[0])
    return lines


def _stopping(row: Row, stop: re.Pattern[str]) -> list[Line]:
    """The lines of a row from the one on in which something that `stop` finds begins: label and value."""
    match = stop.search(row.text)
    place = 0
    for number, line in enumerate(row.lines):
        place += len(line.text)
        if (match is not None and match.start() < place) or stop.match(line.text):
            return list(row.lines[number:])
    return []


def _adjoining(label: Line, lines: Sequence[Line]) -> list[Line]:
    """The lines that follow the label without a gap that separates columns."""
    kept: list[Line] = []
    for line in lines:
        if not line.text.strip(NO_VALUE):
            continue
        before, reach = (kept[-1], _NEXT_COLUMN) if kept else (label, _LABEL_REACH)
        if line.left - before.right > reach * max(line.height, before.height):
            break
        kept.append(line)
    if kept:
        text = kept[0].text
        kept[0] = kept[0].part(len(text) - len(text.lstrip(NO_VALUE)), len(text))
    return kept


def _tilt(lines: Sequence[Line]) -> float:
    wide = sorted(lines, key=lambda line: width_of(line.quad), reverse=True)[:8]
    leans = [np.arctan2(*(line.quad[1] - line.quad[0])[::-1]) for line in wide]
    return float(np.median(leans))
