"""Prints a form filled in with entered data: A4 pages as a PDF, each with a code that names session, form and page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO

import segno
import uharfbuzz
from fpdf import FPDF
from fpdf.fonts import TTFFont

from verify_svc.certificate.kinds import FormKind
from verify_svc.form.code import FormCode
from verify_svc.form.layout import LEFT, PAD, PAGE_WIDE, SMALL, USUAL, WIDE, Box, Layout, Setting, lay_out
from verify_svc.form.lines import face, on_pages, values_of
from verify_svc.form.template import TEMPLATES, Printed
from verify_svc.session.filing import Expected


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
    values = values_of(expected)
    labels = [text for row in printed.rows for text in row]
    foot = [printed.signature, _DATE, *([printed.seal] if printed.seal is not None else [])]
    letters = "".join([template.title, *labels, *values.values(), *printed.paragraphs, *foot, _PAGE_NUMBER, _OTHERS])
    with blank_page(letters) as pdf:
        pdf.set_title(template.title)
        pages, setting, text = on_pages(printed, values)
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
    return bytes(uharfbuzz.subset(face(name), wanted).blob.data)


# Upright setting and the shapes of other scripts.
_NEEDLESS = {int.from_bytes(tag.encode(), "big") for tag in ("vhea", "vmtx", "VORG", "GSUB", "GPOS", "BASE")}
_TITLE_PT, _NUMBER_PT = 20, 9
_DATE = "日期："
_PAGE_NUMBER, _OTHERS = "第 {page} 页 / 共 {pages} 页", "0123456789—　"


def _subject(unit: bool) -> str:
    return "unit" if unit else "individual"


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
