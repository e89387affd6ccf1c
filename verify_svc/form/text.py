"""The text of any form: which one its title names, and the lines of which its fields are made, read."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from verify_svc.certificate.kinds import FormKind
from verify_svc.document.layouts.rows import Row, rows_of
from verify_svc.document.page import Corners
from verify_svc.document.reader import FieldRead, Line, read_quad, skim_quad, width_of
from verify_svc.document.reading import ReadingLimits
from verify_svc.document.upright import skimmed_upright
from verify_svc.form.fields import fields_of
from verify_svc.form.layout import PAGE_WIDE
from verify_svc.form.numbering import PageNumber, at_edge, number_in
from verify_svc.form.template import TEMPLATES, Template
from verify_svc.inference.text import TextReader
from verify_svc.media.pictures import Pixels


@dataclass(frozen=True, slots=True)
class TextLimits:
    """How much of a form is looked at."""

    max_lines: int = 60  # a dense form has some 50
    title_above: float = 0.4  # of the sheet's height: a title stands higher
    page_margin: float = 0.03  # with so much around it a page is laid flat


@dataclass(frozen=True, slots=True, eq=False)
class FormText:
    """A form's text. Boxes are in pixels of `upright`, the sheet turned by `turn_deg` clockwise.

    `quads` are all lines found, `lines` those looked at. Whoever knows where the form's foot is says from which row
    on (`foot_px`) it is signed, sealed and dated. `phrases` are those of the template that stand there, by their
    places in it, `number` is that of a page that says it is one of several.
    """

    kind: FormKind | None
    turn_deg: int
    upright: Pixels
    quads: Sequence[Corners]
    lines: Sequence[Line]
    fields: Mapping[str, FieldRead] = field(repr=False)
    phrases: frozenset[int]
    px_per_mm: float
    foot_px: int = 0
    number: PageNumber | None = None


def read_text(
    reader: TextReader, pixels: Pixels, wanted: FormKind, page_found: bool, limits: TextLimits = TextLimits()
) -> FormText:
    """Read a sheet. `wanted` says whose labels are looked for where no title is found."""
    turn_deg, upright, quads, lines = skimmed_upright(reader, pixels, ReadingLimits().search_side_px)
    done = {id(line.quad) for line in lines}
    rest = sorted((quad for quad in quads if id(quad) not in done), key=lambda quad: -width_of(quad))
    numbers = [quad for quad in rest[limits.max_lines :] if at_edge(quad, upright.shape[0])]
    lines = lines + [skim_quad(reader, upright, quad) for quad in (*rest[: limits.max_lines], *numbers)]
    lines = [line for line in lines if line.text]
    kind = tell(lines, upright.shape[0], limits)
    template = TEMPLATES[kind or wanted]
    lines = _read_what_counts(reader, upright, lines, template)
    rows = rows_of(lines)
    margin = limits.page_margin if page_found else 0.0
    return FormText(
        kind=kind or tell(lines, upright.shape[0], limits),
        turn_deg=turn_deg,
        upright=upright,
        quads=quads,
        lines=lines,
        fields=fields_of(template, rows),
        phrases=_phrases(template, rows),
        px_per_mm=min(upright.shape[:2]) / (PAGE_WIDE * (1 + 2 * margin)),
        number=_number(reader, upright, lines),
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


def tell(lines: Sequence[Line], height_px: int, limits: TextLimits = TextLimits()) -> FormKind | None:
    """The form whose title stands on the page: the tallest line near the top that is one."""
    titles = [
        (line.height if line.middle < limits.title_above * height_px else 0.0, template.kind)
        for line in lines
        if len(line.text) < 26
        for template in TEMPLATES.values()
        if template.told_by.search(re.sub(r"\s", "", line.text))
    ]
    return max(titles)[1] if titles else None


def _phrases(template: Template, rows: Sequence[Row]) -> frozenset[int]:
    text = "".join(row.text for row in rows)
    return frozenset(place for place, phrase in enumerate(template.phrases) if phrase.search(text) is not None)


def _number(reader: TextReader, upright: Pixels, lines: Sequence[Line]) -> PageNumber | None:
    """The page's number, read by the larger network where skimming found one."""
    edge = [line for line in lines if at_edge(line.quad, upright.shape[0])]
    if number_in(edge) is None:
        return None
    return number_in([read_quad(reader, upright, line.quad) for line in edge])
