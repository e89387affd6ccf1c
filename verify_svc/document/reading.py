"""A sheet read: which way up, what kind of page, which fields. Runs in inference children."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from verify_svc.document.fingers import lies_finger
from verify_svc.document.kind import may_prove, recognise
from verify_svc.document.layouts.every import LAYOUTS
from verify_svc.document.layouts.layout import CARD_ASPECT, Layout
from verify_svc.document.layouts.numbers import LONG_ROW
from verify_svc.document.name_reading import settle_names
from verify_svc.document.number_reading import settle_number
from verify_svc.document.reader import FieldRead, Line, height_of, read_quad, skim_quad, width_of
from verify_svc.document.upright import skimmed_upright, telling
from verify_svc.document.watermark import hides_text
from verify_svc.inference.text import Quad, TextReader, paddle_reader
from verify_svc.media.pictures import Pixels


@dataclass(frozen=True, slots=True)
class ReadingLimits:
    """How a sheet is read, and when a number counts as read."""

    search_side_px: int = 960  # measured: tiny detection finds the lines of cards and licences at it
    card_side_px: int = 736  # measured: the same lines of a card that fills the sheet, in half the time
    label_shape: float = 7.0  # labels are no longer than so many times their height
    max_lines: int = 90  # of one page; a page of running text is cut there
    exact: frozenset[str] = frozenset({"number", "name", "legal_person"})  # rare characters, no doubt: always read
    optional: frozenset[str] = frozenset({"valid_until"})  # licences since 2019 say none: not looked for
    most_doubtful: int = 12  # skimmed lines that are read because the kind is missing
    most_missing: int = 8  # the same because a field is missing
    few_words_score: float = 0.8  # guessed: so surely skimmed one of few words is it
    most_shape: float = 22.0  # guessed: longer lines are small print, no field
    rounds: int = 3  # a label that is read anew shows another field
    paragraph_lines: int = 4  # so many long lines under one another are running text: 经营范围


@dataclass(frozen=True, slots=True, eq=False)
class SheetReading:
    """What a sheet says. Boxes are in pixels of the sheet turned by `turn_deg` clockwise.

    `number` is how sure the number is, as `settle_number` says: only `sure` counts as read. `watermarked`: a watermark
    hides something that must be read and was not; `covered`: a finger may.
    """

    kind: str | None
    turn_deg: int
    fields: Mapping[str, FieldRead] = field(repr=False)
    number: str
    line_count: int
    mean_score: float
    text_height_px: float
    line_quads: tuple[Quad, ...] = field(repr=False, default=())
    texts: tuple[str, ...] = field(repr=False, default=())
    watermarked: bool = False
    covered: bool = False


def read_sheet(pixels: Pixels, wanted: str, limits: ReadingLimits = ReadingLimits()) -> SheetReading:
    """Read a sheet in the child's own reader. `wanted` is the kind asked for: another kind is named, not read."""
    return read_with(paddle_reader(), pixels, wanted, limits)


def read_with(reader: TextReader, pixels: Pixels, wanted: str, limits: ReadingLimits) -> SheetReading:
    """The same with a given reader."""
    card = wanted in LAYOUTS and LAYOUTS[wanted].small and _is_card_shaped(pixels)
    sides_px = (limits.card_side_px, limits.search_side_px) if card else (limits.search_side_px,)
    for side_px in sides_px:
        turn_deg, upright, quads, lines = skimmed_upright(reader, pixels, side_px)
        kind = recognise(lines)
        if may_prove(kind, wanted):
            lines = _skim_rest(reader, upright, quads, lines, limits)
            if recognise(lines, wanted) is None:
                doubtful = [line for line in lines if line.doubtful]
                lines = _read_again(reader, upright, lines, doubtful[: limits.most_doubtful])
            kind = recognise(lines, wanted)
        if kind is not None and kind in LAYOUTS and LAYOUTS[kind].small:
            break
    fields: dict[str, FieldRead] = {}
    number = "missing"
    if kind == wanted and kind in LAYOUTS:
        layout = LAYOUTS[kind]
        lines = _read_what_counts(reader, upright, lines, layout, limits)
        fields = dict(layout.fields_of(lines))
        if layout.numbers:
            settled, number = settle_number(reader, upright, lines, fields.get("number"), layout.numbers)
            if settled is not None and layout.told_by_number is not None:
                fields |= layout.told_by_number(settled, lines)
            if layout.settled is not None:
                settled, number = layout.settled(settled, number, lines)
                fields.pop("number", None)
            fields |= {"number": settled} if settled is not None else {}
        fields |= settle_names(reader, upright, lines, fields, layout.names_end)
    unread = wanted in LAYOUTS and (kind is None or (kind == wanted and not _is_read(LAYOUTS[wanted], fields, number)))
    found = fields["number"].quad if number == "unsure" else None
    means = [float(np.mean(line.scores)) for line in lines if line.scores]
    return SheetReading(
        kind=kind,
        turn_deg=turn_deg,
        fields=fields,
        number=number,
        line_count=len(quads),
        mean_score=float(np.mean(means)) if means else 0.0,
        text_height_px=float(np.median([height_of(quad) for quad in quads])) if quads else 0.0,
        line_quads=tuple(quads),
        texts=tuple(line.text for line in lines),
        watermarked=unread and hides_text(reader, upright, found),
        covered=unread and lies_finger(upright),
    )


def _is_read(layout: Layout, fields: Mapping[str, FieldRead], number: str) -> bool:
    """Whether everything that must be read was read surely."""
    values = {name: read.value for name, read in fields.items()}
    return layout.is_read(values, {name: read.score for name, read in fields.items()}, number)


def _is_card_shaped(pixels: Pixels) -> bool:
    height, width = pixels.shape[:2]
    return bool(abs(max(height, width) / min(height, width) / CARD_ASPECT - 1) < _CARD_LIKE)


def _skim_rest(
    reader: TextReader, upright: Pixels, quads: Sequence[Quad], lines: list[Line], limits: ReadingLimits
) -> list[Line]:
    """All lines but running text, whose first is skimmed. Short lines first: labels say what need not be read, and
    which line is the number's: it will be read anyway, and is at once.
    """
    done = {id(line.quad) for line in lines}
    skipped = _running_text(quads, limits.paragraph_lines)
    rest = [quad for i, quad in enumerate(quads) if id(quad) not in done and i not in skipped]
    rest = sorted(rest, key=telling, reverse=True)[: limits.max_lines]
    short = [quad for quad in rest if width_of(quad) <= limits.label_shape * height_of(quad)]
    read = lines + [skim_quad(reader, upright, quad) for quad in short]
    layout = LAYOUTS.get(recognise(read) or "")
    if layout is not None:
        foot = upright.shape[0] * layout.foot_from
        rest = [quad for quad in rest if float(quad[:, 1].mean()) < foot and not _in_running_text(quad, read, layout)]
    taken = {id(quad) for quad in short}
    rest = [quad for quad in rest if id(quad) not in taken]
    if layout is not None and layout.number_lowest:
        (shape,) = layout.numbers
        number = _lowest_long(rest, shape.least_shape)
        read += [read_quad(reader, upright, quad, digits=shape.digits + 1) for quad in rest if quad is number]
        rest = [quad for quad in rest if quad is not number]
    read += [skim_quad(reader, upright, quad) for quad in rest]
    return [line for line in read if line.text]


def _lowest_long(quads: Sequence[Quad], least_shape: float) -> Quad | None:
    """The lowest of the lines that are so many times as long as high."""
    long = [quad for quad in quads if width_of(quad) > least_shape * height_of(quad)]
    return max(long, key=lambda quad: float(quad[:, 1].mean()), default=None)


def _read_what_counts(
    reader: TextReader, upright: Pixels, lines: Sequence[Line], layout: Layout, limits: ReadingLimits
) -> list[Line]:
    """The lines, those read that make a field and are doubtful or of a field that must be exact. Where a field is
    missing, a doubtful line may be it.
    """
    left = limits.most_missing
    for _ in range(limits.rounds):
        fields = layout.fields_of(lines)
        wanting = bool(set(layout.fields) - fields.keys() - limits.optional)
        counting = [line for line in lines if line.skimmed and _makes_field(line, fields, layout, limits)]
        settled = _settled(fields, layout, limits)
        doubtful = [line for line in lines if wanting and line.doubtful and _may_be_field(line, layout, limits)]
        doubtful = [line for line in doubtful if not any(_shares(line.quad, fields[name].quad) for name in settled)]
        doubtful = doubtful[:left]
        if not counting and not doubtful:
            break
        left -= len(doubtful)
        lines = _read_again(reader, upright, lines, [*counting, *doubtful])
    return [line for line in lines if line.text]


def _read_again(reader: TextReader, upright: Pixels, lines: Sequence[Line], skimmed: Sequence[Line]) -> list[Line]:
    """`lines`, with those of `skimmed` read."""
    chosen = {id(line) for line in skimmed}
    return [read_quad(reader, upright, line.quad) if id(line) in chosen else line for line in lines]


def _may_be_field(line: Line, layout: Layout, limits: ReadingLimits) -> bool:
    """Whether the line may be a field or its label: it isn't small print, and on a sheet's layout no Latin pattern."""
    told = layout.small or bool(_CHINESE.search(line.text) or _NUMBER.search(line.text.replace(" ", "")))
    return told and width_of(line.quad) <= limits.most_shape * line.height


def _makes_field(line: Line, fields: Mapping[str, FieldRead], layout: Layout, limits: ReadingLimits) -> bool:
    """Whether the line is part of a field, or a number of whatever kind, and must be read for it."""
    names = {name for name, read in fields.items() if _shares(line.quad, read.quad)}
    written = bool(_NUMBER.search(line.text.replace(" ", "")))
    unsettled = names - _settled(fields, layout, limits)
    return written or bool(names & limits.exact) or (line.doubtful and bool(unsettled))


def _settled(fields: Mapping[str, FieldRead], layout: Layout, limits: ReadingLimits) -> set[str]:
    """The fields that surely say one of their few words."""
    return {
        name
        for name, words in layout.few_words.items()
        if name in fields and fields[name].value in words and fields[name].score >= limits.few_words_score
    }


def _shares(one: Quad, other: Quad) -> bool:
    """Whether a good part of one box lies in the other."""
    (left, top, right, bottom), (x, y, until_x, until_y) = _bounds(one), _bounds(other)
    shared = max(0.0, min(right, until_x) - max(left, x)) * max(0.0, min(bottom, until_y) - max(top, y))
    return shared > _GOOD_PART * min((right - left) * (bottom - top), (until_x - x) * (until_y - y))


def _bounds(quad: Quad) -> tuple[float, float, float, float]:
    xs, ys = zip(*quad.tolist(), strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def _in_running_text(quad: Quad, lines: Sequence[Line], layout: Layout) -> bool:
    """Whether the line belongs to text that nobody needs: beside its label or below, no further left, and no further
    column.
    """
    if layout.running_text is None:
        return False
    label = next((line for line in lines if layout.running_text.fullmatch(line.text.replace(" ", ""))), None)
    if label is None:
        return False
    left, height = float(quad[0, 0]), label.height
    below = float(quad[:, 1].mean()) > label.middle - 0.8 * height
    return below and label.right - height < left < label.right + 2.5 * height


def _running_text(quads: Sequence[Quad], least: int) -> set[int]:
    """Places of the lines that stand in a block of at least `least` lines, all but the block's first."""
    order = sorted(range(len(quads)), key=lambda i: float(quads[i][:, 1].mean()))
    blocks: list[list[int]] = []
    for i in order:
        left, middle, height = float(quads[i][0, 0]), float(quads[i][:, 1].mean()), height_of(quads[i])
        for block in blocks:
            last = quads[block[-1]]
            pitch = middle - float(last[:, 1].mean())
            alike = 0.6 < height / max(1.0, height_of(last)) < 1.6 and width_of(last) > 7 * height
            if alike and abs(left - float(last[0, 0])) < 1.2 * height and 0.5 * height < pitch < 1.3 * height:
                block.append(i)
                break
        else:
            blocks.append([i])
    return {i for block in blocks if len(block) >= least for i in block[1:]}


_CARD_LIKE = 0.04  # of the card's ratio of width to height
_GOOD_PART = 0.5  # of the smaller box
_NUMBER = re.compile(rf"{LONG_ROW}|<")
_CHINESE = re.compile("[\u3400-\u9fff]")
