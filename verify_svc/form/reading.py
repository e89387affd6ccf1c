"""A form laid flat is read: which one it is, what it says, its seals, its place to sign, its date.

Runs in inference children. Boxes are in pixels of the sheet turned upright by `turn_deg` clockwise.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from verify_svc.certificate.kinds import FormKind
from verify_svc.document.layouts.rows import Row, rows_of
from verify_svc.document.page import Corners
from verify_svc.document.reader import FieldRead, Line, field_of, height_of, read_quad
from verify_svc.form.code import FormCode, find_code
from verify_svc.form.fields import box, date_in
from verify_svc.form.ink import InkMeasures, measure_ink
from verify_svc.form.numbering import PageNumber
from verify_svc.form.places import Place, find_date, find_seal_words, find_signature
from verify_svc.form.printed import read_printed
from verify_svc.form.ring import unrolled
from verify_svc.form.seal import Seal, cut_out, dark_ink, find_seals, red_ink, stamped_ink, without_red
from verify_svc.form.template import TEMPLATES
from verify_svc.form.text import read_text
from verify_svc.inference.text import TextRead, TextReader, paddle_reader
from verify_svc.media.pictures import Pixels
from verify_svc.session.forms import LIMITS


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
    printed ourselves, `number` that of a page that says it is one of several.
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
    phrases: frozenset[int]
    line_count: int
    mean_score: float
    text_height_px: float
    line_quads: tuple[Corners, ...] = field(repr=False, default=())
    code: FormCode | None = None
    number: PageNumber | None = None


def read_form(pixels: Pixels, wanted: str, page_found: bool) -> FormReading:
    """Read a form in the child's own reader."""
    return read_form_with(paddle_reader(), pixels, FormKind(wanted), page_found)


def read_form_with(reader: TextReader, pixels: Pixels, wanted: FormKind, page_found: bool) -> FormReading:
    """The same with a given reader. `wanted` says whose labels are looked for where no title is found."""
    found = find_code(pixels)
    code = None if found is None else found[0]
    text = None if found is None or not page_found else read_printed(reader, pixels, *found)
    if text is None:
        text = read_text(reader, pixels, wanted, page_found)
    template, upright, rows = TEMPLATES[text.kind or wanted], text.upright, rows_of(text.lines)
    red = red_ink(upright[text.foot_px :], upright)
    seals = find_seals(upright, text.px_per_mm, red, text.foot_px) if template.seal is not None else []
    signature = find_signature(template, rows)
    date_place = find_date(template, rows, signature)
    unsealed = without_red(upright, red, text.foot_px)
    date, date_words = (None, 0) if date_place is None else _date(reader, unsealed, date_place, text.lines)
    grey = [seal for seal in seals if not seal.red]
    seal_words = find_seal_words(template, rows)
    means = [float(np.mean(line.scores)) for line in text.lines if line.scores]
    return FormReading(
        kind=text.kind,
        turn_deg=text.turn_deg,
        fields=text.fields,
        seals=tuple(_seal_read(reader, upright, seal) for seal in seals),
        seal_place=None if seal_words is None else _around(seal_words, text.px_per_mm),
        signature=None if signature is None else signature.area,
        ink=None if signature is None else _ink(upright, unsealed, signature, grey),
        date_place=None if date_place is None else date_place.area,
        date=date,
        date_ink=None if date_place is None else _ink(upright, unsealed, date_place, grey),
        date_words=date_words,
        phrases=text.phrases,
        code=code,
        number=text.number if code is None or code.pages == 1 else PageNumber(code.page, code.pages),
        line_count=len(text.quads),
        mean_score=float(np.mean(means)) if means else 0.0,
        text_height_px=float(np.median([height_of(quad) for quad in text.quads])) if text.quads else 0.0,
        line_quads=tuple(text.quads),
    )


def _ink(upright: Pixels, unsealed: Pixels, place: Place, grey: Sequence[Seal]) -> InkMeasures:
    return measure_ink(upright, unsealed, place.area, place.label, place.high, grey)


def _around(words: Line, px_per_mm: float) -> Corners:
    """Where a seal of 42 mm over those words would lie."""
    x, y, reach = (words.left + words.right) / 2, words.middle, 21 * px_per_mm
    return box(x - reach, y - reach, x + reach, y + reach)


def _seal_read(reader: TextReader, upright: Pixels, seal: Seal) -> SealRead:
    """The seal's name, by colour alone and as sharp as the picture is: what stood beneath it spoils the one, coarse
    colours the other.
    """
    rows, columns, moved = cut_out(seal, upright)
    area = upright[rows, columns]
    red = red_ink(area, upright)
    inks = [stamped_ink(area, red), red] if seal.red else [dark_ink(area)]
    strips = [strip for ink in inks if (strip := unrolled(ink, moved)) is not None]
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
    """The day written at its place: of the place read as a whole, where that is sure, else the surest of that and line
    by line. Where there is none, how many words of a date are printed there.
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
    in_one = read_quad(reader, unsealed, whole)
    day = date_in(in_one)
    if day is not None and day.score >= LIMITS.accuses:
        return day, 0
    pieces = [read_quad(reader, unsealed, line.quad) for line in within]
    read = [in_one, *pieces, *(_in_one(row) for row in rows_of(pieces))]
    dates = [date for line in read if (date := date_in(line)) is not None]
    words = max(sum(character in "年月日" for character in line.text) for line in read)
    return (max(dates, key=lambda date: date.score) if dates else None), words
