"""Prints a form filled in with entered data: A4 pages as a PDF, each with a code that names session, form and page."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from io import BytesIO
from pathlib import Path

import segno
import uharfbuzz
from fpdf import FPDF
from fpdf.fonts import TTFFont

from verify_svc.certificate.kinds import FormKind
from verify_svc.form.code import FormCode
from verify_svc.form.layout import (
    LABEL_WIDE,
    LEFT,
    PAD,
    PAGE_WIDE,
    SMALL,
    TEXT_FROM,
    USUAL,
    WIDE,
    Box,
    Layout,
    Setting,
    divide,
    lay_out,
)
from verify_svc.form.template import TEMPLATES, Printed
from verify_svc.session.filing import Expected

_FONTS = Path("/usr/share/fonts/opentype/noto")  # the package fonts-noto-cjk
_SIMPLIFIED = 2  # the face of the collection with mainland forms
_CERTIFICATES: Mapping[str, str] = {
    "id_card": "居民身份证",
    "temporary_id_card": "临时居民身份证",
    "passport": "护照",
    "mainland_travel_permit": "来往内地（大陆）通行证",
    "residence_permit": "港澳台居民居住证",
    "household_register": "户口簿",
    "business_licence": "营业执照",
    "institution_certificate": "事业单位法人证书",
    "social_organisation_certificate": "社会团体法人登记证书",
    "private_non_enterprise_certificate": "民办非企业单位登记证书",
    "law_firm_licence": "律师事务所执业许可证",
    "organisation_code_certificate": "组织机构代码证",
}


class NotPrinted(Exception):
    """That subject has no such form, or it isn't ours to print."""


def printable(unit: bool) -> tuple[FormKind, ...]:
    """The forms that the service prints for a unit or an individual."""
    return tuple(kind for kind, template in TEMPLATES.items() if _subject(unit) in template.printed)


def print_form(kind: FormKind, session_id: str, expected: Expected) -> bytes:
    """The PDF. Raises NotPrinted."""
    template = TEMPLATES[kind]
    printed = template.printed.get(_subject(expected.subject.kind == "unit"))
    if printed is None:
        raise NotPrinted(kind.value)
    values = _values(expected)
    labels = [text for row in printed.rows for text in row]
    foot = [printed.signature, _DATE, *([printed.seal] if printed.seal is not None else [])]
    letters = "".join([template.title, *labels, *values.values(), *printed.paragraphs, *foot, _PAGE_NUMBER, _OTHERS])
    with blank_page(letters) as pdf:
        pdf.set_title(template.title)
        # Of both sizes the one that takes fewer pages: each is signed for, photographed and sent.
        settings = [(setting, _set_in_lines(pdf, printed, values, setting)) for setting in (USUAL, SMALL)]
        divided = [(divide(text.counts, len(text.paragraphs), setting), setting, text) for setting, text in settings]
        pages, setting, text = min(divided, key=lambda each: len(each[0]))
        done = [0] * len(pages[0])
        for number, counts in enumerate(pages, 1):
            if number > 1:
                pdf.add_page()
            here = text.part(done, counts)
            code = FormCode(session_id, kind, template.version, counts, setting is SMALL, number, len(pages))
            layout = lay_out(counts[:-1], counts[-1], setting)
            _code(pdf, code, layout.code)
            _title(pdf, template.title, layout.title)
            for (label, value), (left, right) in zip(here.rows, layout.rows, strict=True):
                _row(pdf, label, value, left, right, setting)
            _text(pdf, here.paragraphs, layout.paragraphs, setting)
            if number == len(pages):
                _foot(pdf, printed, layout)
            if len(pages) > 1:
                _number(pdf, number, len(pages), layout.number)
            done = [before + count for before, count in zip(done, counts, strict=True)]
        return bytes(pdf.output())


@dataclass(frozen=True, slots=True)
class _Lines:
    """A form's text broken in lines: rows of label and value, then the paragraphs."""

    rows: tuple[tuple[str, tuple[str, ...]], ...] = field(repr=False)
    paragraphs: tuple[str, ...] = field(repr=False)

    @property
    def counts(self) -> tuple[int, ...]:
        """The lines of each row."""
        return tuple(len(value) for _, value in self.rows)

    def part(self, done: Sequence[int], counts: Sequence[int]) -> _Lines:
        """What stands on a page: so many lines of each row and of the text, from those on."""
        rows = [
            (label, value[start : start + count])
            for (label, value), start, count in zip(self.rows, done[:-1], counts[:-1], strict=True)
        ]
        return _Lines(tuple(row for row in rows if row[1]), self.paragraphs[done[-1] : done[-1] + counts[-1]])


def _set_in_lines(pdf: FPDF, printed: Printed, values: Mapping[str, str], setting: Setting) -> _Lines:
    pdf.set_font("serif", "", setting.size_pt)
    wide = WIDE - LABEL_WIDE - 2 * PAD
    rows = tuple((label, tuple(broken(pdf, value.format(**values), wide))) for label, value in printed.rows)
    # Two characters in front of a paragraph, as in print.
    lines = [
        line
        for text in printed.paragraphs
        for line in broken(pdf, "　　" + text.format(**values), WIDE - TEXT_FROM + PAD)
    ]
    return _Lines(rows, tuple(lines))


@contextmanager
def blank_page(letters: str) -> Iterator[FPDF]:
    """A page of A4 with the forms' typeface, as far as `letters` need it. What it keeps open of it is closed behind it.

    The whole typeface has 65,000 signs: to read it and to leave out all but these took 1.5 s.
    """
    page = FPDF(format="A4")
    page.set_lang("zh-CN")
    try:
        for style, name in (("", "Regular"), ("B", "Bold")):
            key = f"serif{style}"
            # The library takes whatever its font reader takes; a file would lie on disk unsealed.
            font = TTFFont(page, BytesIO(_signs(name, letters)), key, style)  # type: ignore[arg-type]
            font.ttfont.recalcBBoxes = False
            page.fonts[key] = font
        page.set_auto_page_break(False)
        page.set_margins(LEFT, 20, PAGE_WIDE - LEFT - WIDE)
        page.add_page()
        page.set_font("serif", "", USUAL.size_pt)
        yield page
    finally:
        for kept in page.fonts.values():
            if isinstance(kept, TTFFont):
                kept.close()


def _signs(name: str, letters: str) -> bytes:
    """The typeface's signs for these letters alone, as a font of their own."""
    wanted = uharfbuzz.SubsetInput()
    wanted.sets(uharfbuzz.SubsetInputSets.UNICODE).update({ord(letter) for letter in letters + " "})
    wanted.sets(uharfbuzz.SubsetInputSets.DROP_TABLE_TAG).update(_NEEDLESS)
    wanted.flags = uharfbuzz.SubsetFlags.NO_HINTING | uharfbuzz.SubsetFlags.DESUBROUTINIZE
    return bytes(uharfbuzz.subset(_face(name), wanted).blob.data)


@cache
def _face(name: str) -> uharfbuzz.Face:
    """The typeface's file, mapped once for each process."""
    blob = uharfbuzz.Blob.from_file_path(str(_FONTS / f"NotoSerifCJK-{name}.ttc"))
    return uharfbuzz.Face(blob, _SIMPLIFIED)


# Upright setting and the shapes of other scripts.
_NEEDLESS = {int.from_bytes(tag.encode(), "big") for tag in ("vhea", "vmtx", "VORG", "GSUB", "GPOS", "BASE")}
_TITLE_PT, _NUMBER_PT = 20, 9
_DATE = "日期："
_PAGE_NUMBER, _OTHERS = "第 {page} 页 / 共 {pages} 页", "0123456789—　"


def _subject(unit: bool) -> str:
    return "unit" if unit else "individual"


def _values(expected: Expected) -> Mapping[str, str]:
    """What is filled in."""
    subject, person = expected.subject, expected.responsible_person
    return {
        "name": subject.name,
        "certificate": _CERTIFICATES.get(subject.certificate.kind, ""),
        "number": subject.certificate.number,
        "site": expected.site.name or "—",
        "domains": "、".join(expected.site.domains) or "—",
        "person": person.name,
        "person_number": "—" if person.certificate is None else person.certificate.number,
    }


def _title(page: FPDF, title: str, box: Box) -> None:
    page.set_font("serif", "B", _TITLE_PT)
    page.set_xy(box.left, box.top)
    page.cell(box.wide, box.high, title, align="C")


def _row(page: FPDF, label: str, value: Sequence[str], left: Box, right: Box, setting: Setting) -> None:
    high = setting.line_high
    for box in (left, right):
        page.rect(box.left, box.top, box.wide, box.high)
    page.set_font("serif", "", setting.size_pt)
    for number, line in enumerate(value):
        page.set_xy(right.left + PAD, right.top + setting.row_more / 2 + high * number)
        page.cell(right.wide - 2 * PAD, high, line)
    page.set_font("serif", "B", setting.size_pt)
    page.set_xy(left.left + PAD, left.top + (left.high - high) / 2)
    page.cell(left.wide - 2 * PAD, high, label)


def _text(page: FPDF, lines: Sequence[str], box: Box, setting: Setting) -> None:
    page.set_font("serif", "", setting.size_pt)
    for number, line in enumerate(lines):
        page.set_xy(box.left, box.top + setting.paragraph_line_high * number)
        page.cell(box.wide, setting.paragraph_line_high, line)


def _number(page: FPDF, number: int, count: int, box: Box) -> None:
    page.set_font("serif", "", _NUMBER_PT)
    page.set_xy(box.left, box.top)
    page.cell(box.wide, box.high, _PAGE_NUMBER.format(page=number, pages=count), align="C")


def broken(page: FPDF, text: str, wide_mm: float) -> list[str]:
    """`text` in lines of at most that width: words and numbers stay whole where they fit a line, and no line begins
    with a mark that closes or ends with one that opens.
    """
    lines: list[str] = []
    line: list[str] = []
    for piece in _PIECE.findall(text):
        if page.get_string_width("".join(line) + piece) <= wide_mm:
            line.append(piece)
            continue
        moved = len(line) > 1 and (piece[0] in _CLOSING or line[-1] in _OPENING)
        rest = (line.pop() if moved else "") + piece
        lines += ["".join(line)] if line else []
        rest = rest.lstrip()
        while page.get_string_width(rest) > wide_mm:
            fits = bisect_right(range(1, len(rest)), wide_mm, key=lambda end: page.get_string_width(rest[:end]))
            lines.append(rest[:fits])
            rest = rest[fits:]
        # In pieces again: of a word and the mark behind it, either may have to go to the next line.
        line = _PIECE.findall(rest)
    return [*lines, "".join(line)]


_PIECE = re.compile(r"[!-~]+|.", re.DOTALL)
_CLOSING, _OPENING = "、，。；：！？）》」』”’", "（《「『“‘"


def _foot(page: FPDF, printed: Printed, layout: Layout) -> None:
    """Where one signs, seals and dates. Nothing else stands there, so that what is written is found."""
    page.set_font("serif", "", USUAL.size_pt)
    page.set_xy(LEFT, layout.foot)
    page.cell(60, 8, printed.signature)
    page.set_xy(LEFT, layout.date)
    page.cell(60, 8, _DATE)
    if printed.seal is not None:
        page.set_xy(LEFT + 100, layout.foot)
        page.cell(40, 8, printed.seal)


def _code(page: FPDF, code: FormCode, box: Box) -> None:
    """The code, as squares that print sharp."""
    rows = [list(row) for row in segno.make(code.text, error="m", micro=False).matrix_iter(border=0)]
    module = box.wide / len(rows)
    page.set_fill_color(0)
    for y, row in enumerate(rows):
        start = None
        for x, dark in enumerate([*row, 0]):
            if dark and start is None:
                start = x
            elif not dark and start is not None:
                page.rect(box.left + start * module, box.top + y * module, (x - start) * module, module, style="F")
                start = None
