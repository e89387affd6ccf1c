"""A form that we printed, read by what its code says: where each field stands is known, and what needs no reading.

All of it is checked on the sheet. Where the code isn't at its place or something isn't where it was printed, there is
no such reading, and the page is read as any other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from verify_svc.certificate.numbers import is_credit_code, is_id_number
from verify_svc.document.page import Corners
from verify_svc.document.reader import FieldRead, Line, field_of, parallel, read_quad, skim_quad, turned, turned_back
from verify_svc.form.code import FormCode
from verify_svc.form.fields import numbers_and_domains
from verify_svc.form.layout import (
    LEFT,
    PAGE_HIGH,
    PAGE_WIDE,
    TEXT_FROM,
    USUAL,
    WIDE,
    Box,
    Layout,
    lay_out,
)
from verify_svc.form.template import TEMPLATES
from verify_svc.form.text import FormText
from verify_svc.inference.text import TextReader
from verify_svc.media.pictures import Pixels, resize

Points = NDArray[np.float64]
"""Points (x, y); shape (n, 2)."""
Map = NDArray[np.float64]
"""From pixels of the upright sheet to millimetres on the page; shape (2, 3)."""


@dataclass(frozen=True, slots=True)
class PrintedLimits:
    """When a sheet is what its code says. Lengths are millimetres."""

    search_side_px: int = 736  # measured: finds every line of our print, in half the time of 960
    margins: tuple[float, ...] = (0.03, 0.01)  # as pages are laid flat: by their edges, by the applicant's crop
    max_lean_deg: float = 10.0  # guessed: of the code's upper edge on a page laid flat
    max_shift: float = 12.0  # guessed: the code is so near to where the page's edges have it
    near: float = 0.5  # guessed: a row's first line is so near to where page and code have it, of a row's height
    max_residual: float = 1.5  # guessed: of all rows, once the page is fitted to them
    least_text: float = 0.6  # guessed: share of the text's lines that are there
    foot_above: float = 34.0  # a seal over the words that ask for it reaches 30 above them
    max_foot_lines: int = 12  # three are printed, the others are written by hand


def read_printed(
    reader: TextReader, pixels: Pixels, code: FormCode, quad: Corners, limits: PrintedLimits = PrintedLimits()
) -> FormText | None:
    """Read what was filled in and what stands at the foot of a page laid flat. `quad` are the code's corners."""
    template = TEMPLATES[code.kind]
    rows = next((one.rows for one in template.printed.values() if len(one.rows) == len(code.lines) - 1), None)
    turn_deg = _turn(quad, limits)
    if code.version != template.version or rows is None or turn_deg is None:
        return None
    if not any(code.lines) or (code.pages == 1 and 0 in code.lines):
        return None
    layout = lay_out(code.lines[:-1], code.lines[-1], code.setting)
    upright = turned(pixels, turn_deg)
    # Turned back by the rest of a whole turn: turned.
    code_px = turned_back(quad, (360 - turn_deg) % 360, upright.shape[1], upright.shape[0]).mean(axis=0)
    shrink = min(1.0, limits.search_side_px / max(upright.shape[:2]))
    small = resize(upright, shrink) if shrink < 1 else upright
    quads = parallel([found / np.float32(shrink) for found in reader.find_lines(small, limits.search_side_px)])
    to_mm = _fitted(upright, code_px, quads, layout, limits)
    if to_mm is None:
        return None
    middles = _mapped(to_mm, np.array([found.mean(axis=0) for found in quads], np.float64))
    title = [skim_quad(reader, upright, each) for each in _within(quads, middles, layout.title, layout.title.high)]
    if not any(template.told_by.search(re.sub(r"\s", "", line.text)) for line in title):
        return None
    pitch = layout.setting.paragraph_line_high
    text = {int((y - layout.paragraphs.top) // pitch) for x, y in middles if _holds(layout.paragraphs, x, y)}
    if len(text) < limits.least_text * code.lines[-1]:
        return None
    cells = {}
    for (_, value), box in zip(rows, layout.values, strict=True):
        if box is None:
            continue
        found = _within(quads, middles, box, layout.setting.line_high)
        if not found:
            return None
        cells[value] = [line for each in _adjoined(found) if (line := _read(reader, upright, each, value)) is not None]
    to_px = np.linalg.inv(np.vstack([to_mm, [0.0, 0.0, 1.0]]))[:2]
    lines, foot_px = [line for line in (*title, *(line for cell in cells.values() for line in cell)) if line.text], 0
    if code.page == code.pages:
        foot = Box(0.0, layout.foot - limits.foot_above, PAGE_WIDE, PAGE_HIGH - layout.foot + limits.foot_above)
        within = _within(quads, middles, foot, USUAL.line_high)
        below = [each for each in within if not _holds(layout.paragraphs, *_middle(to_mm, each))]
        lines += [line for each in below[: limits.max_foot_lines] if (line := skim_quad(reader, upright, each)).text]
        foot_px = max(0, int(_mapped(to_px, np.array([[LEFT, foot.top], [LEFT + WIDE, foot.top]]))[:, 1].min()))
    return FormText(
        kind=code.kind,
        turn_deg=turn_deg,
        upright=upright,
        quads=quads,
        lines=lines,
        fields=_fields(cells),
        phrases=frozenset(range(len(template.phrases)) if code.lines[-1] else ()),
        px_per_mm=float(np.sqrt(abs(np.linalg.det(to_px[:, :2])))),
        foot_px=foot_px,
    )


def _turn(quad: Corners, limits: PrintedLimits) -> int | None:
    """How far the sheet is to be turned clockwise for the code to stand upright."""
    along = quad[1] - quad[0]
    lean = float(np.degrees(np.arctan2(along[1], along[0])))
    turn_deg = round(-lean / 90) * 90
    return turn_deg % 360 if abs(lean + turn_deg) <= limits.max_lean_deg else None


def _fitted(
    upright: Pixels, code_px: NDArray[np.float32], quads: Sequence[Corners], layout: Layout, limits: PrintedLimits
) -> Map | None:
    """The page as its edges and its code have it, then as its rows lie: paper bends and edges are found roughly."""
    high, wide = upright.shape[:2]
    maps = []
    for margin in limits.margins:
        across, down = PAGE_WIDE * (1 + 2 * margin) / wide, PAGE_HIGH * (1 + 2 * margin) / high
        by_edges = np.array([[across, 0.0, -PAGE_WIDE * margin], [0.0, down, -PAGE_HIGH * margin]])
        off = np.array(layout.code.middle) - _mapped(by_edges, code_px[None].astype(np.float64))[0]
        by_edges[:, 2] += off
        maps.append((float(np.hypot(*off)), by_edges))
    shift, to_mm = min(maps, key=lambda each: each[0])
    if shift > limits.max_shift or not quads:
        return None
    starts = np.array([[(quad[0] + quad[3]) / 2] for quad in quads], np.float64)[:, 0]
    pairs = [(code_px.astype(np.float64), np.array(layout.code.middle))]
    near = limits.near * (layout.setting.line_high + layout.setting.row_more)
    for place in _row_starts(layout):
        # Each row is sought where those above it say: the page may be bent, and the next is near.
        if len(pairs) > _ENOUGH:
            to_mm = _affine(pairs)
        away = np.hypot(*(_mapped(to_mm, starts) - place).T)
        if away.min() > near:
            return None
        pairs.append((starts[int(away.argmin())], place))
    if len(pairs) == 1:
        return to_mm  # a page without rows
    to_mm = _affine(pairs)
    off_mm = _mapped(to_mm, np.array([at for at, _ in pairs])) - np.array([place for _, place in pairs])
    return to_mm if float(np.sqrt((off_mm**2).sum(axis=1).mean())) <= limits.max_residual else None


_ENOUGH = 4  # points that settle an affine map well


def _row_starts(layout: Layout) -> Iterator[Points]:
    """Where the first line of each label and each value begins, from the top."""
    for label, value in layout.rows:
        yield np.array([label.left + TEXT_FROM, label.middle[1]])
        yield np.array([value.left + TEXT_FROM, value.top + (layout.setting.row_more + layout.setting.line_high) / 2])


def _affine(pairs: Sequence[tuple[Points, Points]]) -> Map:
    at = np.array([[*point, 1.0] for point, _ in pairs])
    solved, *_ = np.linalg.lstsq(at, np.array([place for _, place in pairs]), rcond=None)
    return np.asarray(solved.T, np.float64)


def _mapped(by: Map, points: Points) -> Points:
    return np.asarray(points @ by[:, :2].T + by[:, 2], np.float64)


def _middle(to_mm: Map, quad: Corners) -> tuple[float, float]:
    x, y = _mapped(to_mm, quad.mean(axis=0)[None].astype(np.float64))[0].tolist()
    return x, y


def _holds(box: Box, x: float, y: float) -> bool:
    return box.left <= x <= box.left + box.wide and box.top <= y <= box.top + box.high


def _within(quads: Sequence[Corners], middles: Points, box: Box, line_high: float) -> list[Corners]:
    """The lines within the box, from top to bottom and left to right."""
    inside = [
        (round((y - box.top) / line_high), x, quad)
        for quad, (x, y) in zip(quads, middles, strict=True)
        if _holds(box, x, y)
    ]
    return [quad for _, _, quad in sorted(inside, key=lambda each: each[:2])]


def _adjoined(quads: Sequence[Corners]) -> list[Corners]:
    """The same with what was found of a line in pieces put together: a domain has no gaps."""
    whole: list[Corners] = []
    for quad in quads:
        before = whole[-1] if whole else None
        high = float(np.linalg.norm(quad[3] - quad[0]))
        if before is not None and np.linalg.norm(quad[0] - before[1]) < _GAP * high:
            whole[-1] = np.array([before[0], quad[1], quad[2], before[3]], np.float32)
        else:
            whole.append(quad)
    return whole


_GAP = 0.8  # line heights between the pieces of a line; print has no such spaces there


def _read(reader: TextReader, upright: Pixels, quad: Corners, value: str) -> Line | None:
    """One line of a value. Names are read; numbers and domains are skimmed, and read unless that was sure."""
    if value == _SITE:
        return None  # nobody compares it
    if value in _NAMES:
        return read_quad(reader, upright, quad)
    line = skim_quad(reader, upright, quad)
    numbers = re.findall("[0-9A-Z]{18}", line.text)
    sure = not line.doubtful and all(is_credit_code(number) or is_id_number(number) for number in numbers)
    told = bool(numbers) or (value == _DOMAINS and _has_sure_points(line))
    return line if sure and told else read_quad(reader, upright, quad)


def _has_sure_points(line: Line) -> bool:
    """Whether what stands between a domain's words is surely what it was read as: a point lost cuts it in two."""
    within = zip(line.text[:-1], line.scores[:-1], strict=True)
    return all(char in ".-、" and score >= _SURE_POINT for char, score in within if not char.isalnum())


_SURE_POINT = 0.9  # guessed: as sure as what accuses


_SITE, _DOMAINS = "{site}", "{domains}"
_NAMES = {"{name}": "name", "{person}": "person"}


def _fields(cells: Mapping[str, Sequence[Line]]) -> Mapping[str, FieldRead]:
    fields = numbers_and_domains([line for cell in cells.values() for line in cell])
    for value, name in _NAMES.items():
        read = field_of(cells.get(value, ()))
        if read is not None:
            fields[name] = read
    return fields
