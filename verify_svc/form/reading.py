"""A form laid flat is read: which one it is, what it says, its seals, its place to sign, its date.

Runs in inference children. Boxes are in pixels of the sheet turned upright by `turn_deg` clockwise.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from verify_svc.certificate.kinds import FormKind
from verify_svc.document.layouts.rows import Row, rows_of
from verify_svc.document.page import Corners
from verify_svc.document.reader import FieldRead, Line, field_of, height_of, read_quad, skim_quad, width_of
from verify_svc.document.reading import ReadingLimits
from verify_svc.document.upright import skimmed_upright
from verify_svc.form.code import FormCode, find_code
from verify_svc.form.fields import box, date_in, fields_of
from verify_svc.form.ink import InkMeasures, measure_ink
from verify_svc.form.places import Place, find_date, find_seal_words, find_signature
from verify_svc.form.seal import Ink, Seal, dark_ink, find_seals, red_ink, stamped_ink, unrolled, without_red
from verify_svc.form.template import TEMPLATES, Template
from verify_svc.inference.text import TextRead, TextReader, paddle_reader
from verify_svc.media.pictures import Pixels

A4_WIDE_MM = 210.0


@dataclass(frozen=True, slots=True)
class FormReadingLimits:
    """How a form is read."""

    max_lines: int = 60  # a dense form has some 50
    title_above: float = 0.4  # of the sheet's height: a title stands higher
    printed_wide: float = 0.55  # measured: of a printed form's sheet, lines of its paragraphs are wider
    page_margin: float = 0.03  # with so much around it a page is laid flat


@dataclass(frozen=True, slots=True, eq=False)
class SealRead:
    """A seal and what stands along its ring (None: nothing could be read)."""

    quad: Corners
    red: bool
    cover: float
    name: FieldRead | None = field(repr=False)


@dataclass(frozen=True, slots=True, eq=False)
class FormReading:
    """What a form says. `kind` is the form that its title names, None where no title was found.

    `signature` and `date_place` are None where no words ask for them. `date_ink` tells whether something is written
    there that may be no date, `date_words` how many printed 年, 月 and 日 stand there. `code` is that of a form that we
    printed ourselves.
    """

    kind: FormKind | None
    turn_deg: int
    fields: Mapping[str, FieldRead] = field(repr=False)
    seals: tuple[SealRead, ...]
    seal_place: Corners | None
    signature: Corners | None
    ink: InkMeasures | None
    date_place: Corners | None
    date: FieldRead | None = field(repr=False)
    date_ink: InkMeasures | None
    date_words: int
    phrases_found: int
    line_count: int
    mean_score: float
    text_height_px: float
    line_quads: tuple[Corners, ...] = field(repr=False, default=())
    code: FormCode | None = None


def read_form(pixels: Pixels, wanted: str, page_found: bool) -> FormReading:
    """Read a form in the child's own reader."""
    return read_form_with(paddle_reader(), pixels, FormKind(wanted), page_found)


def read_form_with(
    reader: TextReader,
    pixels: Pixels,
    wanted: FormKind,
    page_found: bool,
    limits: FormReadingLimits = FormReadingLimits(),
) -> FormReading:
    """The same with a given reader. `wanted` says whose labels are looked for where no title is found."""
    code = find_code(pixels)
    turn_deg, upright, quads, lines = skimmed_upright(reader, pixels, ReadingLimits().search_side_px)
    done = {id(line.quad) for line in lines}
    rest = sorted((quad for quad in quads if id(quad) not in done), key=lambda quad: -width_of(quad))
    if code is not None:
        # Our own print: its paragraphs are known, what was filled in is short.
        rest = [quad for quad in rest if width_of(quad) < limits.printed_wide * upright.shape[1]]
    lines = lines + [skim_quad(reader, upright, quad) for quad in rest[: limits.max_lines]]
    lines = [line for line in lines if line.text]
    kind = tell(lines, upright.shape[0], limits) or (None if code is None else code.kind)
    template = TEMPLATES[kind or wanted]
    lines = _read_what_counts(reader, upright, lines, template)
    rows = rows_of(lines)
    kind = kind or tell(lines, upright.shape[0], limits)
    margin = limits.page_margin if page_found else 0.0
    px_per_mm = min(upright.shape[:2]) / (A4_WIDE_MM * (1 + 2 * margin))
    seals = find_seals(upright, px_per_mm) if template.seal is not None else []
    signature = find_signature(template, rows)
    date_place = find_date(template, rows, signature)
    red = red_ink(upright)
    unsealed = without_red(upright, red)
    date, date_words = (None, 0) if date_place is None else _date(reader, unsealed, date_place, lines)
    grey = [seal for seal in seals if not seal.red]
    seal_words = find_seal_words(template, rows)
    means = [float(np.mean(line.scores)) for line in lines if line.scores]
    return FormReading(
        kind=kind,
        turn_deg=turn_deg,
        fields=fields_of(template, rows),
        seals=tuple(_seal_read(reader, upright, red, seal) for seal in seals),
        seal_place=None if seal_words is None else _around(seal_words, px_per_mm),
        signature=None if signature is None else signature.area,
        ink=None if signature is None else _ink(upright, unsealed, signature, grey),
        date_place=None if date_place is None else date_place.area,
        date=date,
        date_ink=None if date_place is None else _ink(upright, unsealed, date_place, grey),
        date_words=date_words,
        phrases_found=len(template.phrases) if code is not None else _phrases(template, rows),
        code=code,
        line_count=len(quads),
        mean_score=float(np.mean(means)) if means else 0.0,
        text_height_px=float(np.median([height_of(quad) for quad in quads])) if quads else 0.0,
        line_quads=tuple(quads),
    )


def _read_what_counts(reader: TextReader, upright: Pixels, lines: list[Line], template: Template) -> list[Line]:
    """The lines with those read of which fields are made; where a field that must be there is missing, all that were
    skimmed doubtfully.
    """
    rows = rows_of(lines)
    fields = fields_of(template, rows)
    needed = {name for needs in template.needs.values() for name in needs} - {"signature", "seal", "date", "person"}
    lacking = not needed <= set(fields)
    read = []
    for line in lines:
        makes_field = any(_lies_in(line, made.quad) for made in fields.values()) or _has_value(line)
        counts = makes_field or (lacking and line.doubtful)
        read.append(read_quad(reader, upright, line.quad) if line.skimmed and counts else line)
    return [line for line in read if line.text]


def _lies_in(line: Line, quad: Corners) -> bool:
    x, y = (line.left + line.right) / 2, line.middle
    (left, top), (right, bottom) = quad.min(axis=0), quad.max(axis=0)
    holds = line.left < (left + right) / 2 < line.right
    return bool(top <= y <= bottom and (left <= x <= right or holds))


def _has_value(line: Line) -> bool:
    """Whether a certificate's number may stand in the line, though skimming lost a character of it."""
    return re.search(r"[0-9A-Za-z]{12}", line.text) is not None


def tell(lines: Sequence[Line], height_px: int, limits: FormReadingLimits = FormReadingLimits()) -> FormKind | None:
    """The form whose title stands on the page: the tallest line near the top that is one."""
    titles = [
        (line.height if line.middle < limits.title_above * height_px else 0.0, template.kind)
        for line in lines
        if len(line.text) < 26
        for template in TEMPLATES.values()
        if template.told_by.search(re.sub(r"\s", "", line.text))
    ]
    return max(titles)[1] if titles else None


def _ink(upright: Pixels, unsealed: Pixels, place: Place, grey: Sequence[Seal]) -> InkMeasures:
    return measure_ink(upright, unsealed, place.area, place.label, place.high, grey)


def _phrases(template: Template, rows: Sequence[Row]) -> int:
    text = "".join(row.text for row in rows)
    return sum(phrase.search(text) is not None for phrase in template.phrases)


def _around(words: Line, px_per_mm: float) -> Corners:
    """Where a seal of 42 mm over those words would lie."""
    x, y, reach = (words.left + words.right) / 2, words.middle, 21 * px_per_mm
    return box(x - reach, y - reach, x + reach, y + reach)


def _seal_read(reader: TextReader, upright: Pixels, red: Ink, seal: Seal) -> SealRead:
    """The seal's name, by colour alone and as sharp as the picture is: what stood beneath it spoils the one, coarse
    colours the other.
    """
    inks = [stamped_ink(upright, red), red] if seal.red else [dark_ink(upright)]
    strips = [strip for ink in inks if (strip := unrolled(ink, seal)) is not None]
    reads = [read for strip in strips if (read := reader.read_line(strip)).text]
    if not reads:
        return SealRead(seal.quad, seal.red, seal.cover, None)
    best = _fused(reads)
    return SealRead(seal.quad, seal.red, seal.cover, FieldRead(best.text, best.scores, seal.quad))


def _fused(reads: Sequence[TextRead]) -> TextRead:
    """Of readings of one length each character as it was read more surely; else the surer reading.

    A character that was lost leaves a reading as sure as it was: of sure readings the longer one counts.
    """
    if len({len(read.text) for read in reads}) > 1:
        return max(reads, key=_surely_long)
    surest = np.array([read.scores for read in reads]).argmax(axis=0).tolist()
    text = "".join(reads[i].text[at] for at, i in enumerate(surest))
    return TextRead(text, tuple(reads[i].scores[at] for at, i in enumerate(surest)), reads[0].places)


def _surely_long(read: TextRead) -> tuple[bool, int, float]:
    least = min(read.scores)
    return (least >= _SURE, len(read.text) if least >= _SURE else 0, float(np.mean(read.scores)))


_SURE = 0.8  # guessed: lowest probability of a character in a sure reading of a ring


def _in_one(row: Row) -> Line:
    """A row's lines as one: year, month and day may stand apart from each other."""
    joined = field_of(row.lines)
    if joined is None:
        return row.lines[0]
    places = tuple(np.linspace(0, 1, len(joined.value)).tolist())
    return Line(joined.quad, joined.value, joined.char_scores, places)


def _date(reader: TextReader, unsealed: Pixels, place: Place, lines: Sequence[Line]) -> tuple[FieldRead | None, int]:
    """The day written at its place, the surest of the place read as a whole and line by line; and how many words of
    a date are printed there.
    """
    (left, top), (right, bottom) = place.area.min(axis=0), place.area.max(axis=0)
    within = [
        line
        for line in lines
        if top < line.middle < bottom and line.right > left and line.left < right and line.height < bottom - top
    ]
    if not within:
        return None, 0
    points = np.concatenate([line.quad for line in within])
    high = float(np.median([line.height for line in within]))
    whole = box(
        max(left, float(points[:, 0].min())) - 0.2 * high,
        max(top, float(points[:, 1].min()) - 0.1 * high),
        min(right, float(points[:, 0].max())) + 0.3 * high,
        min(bottom, float(points[:, 1].max()) + 0.1 * high),
    )
    pieces = [read_quad(reader, unsealed, line.quad) for line in within]
    read = [read_quad(reader, unsealed, whole), *pieces, *(_in_one(row) for row in rows_of(pieces))]
    dates = [date for line in read if (date := date_in(line)) is not None]
    words = max(sum(character in "年月日" for character in line.text) for line in read)
    return (max(dates, key=lambda date: date.score) if dates else None), words
