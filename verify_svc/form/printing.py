"""Prints a form filled in with entered data, as a PDF page of A4 with a code that names session, form and version."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
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
    LINE_HIGH,
    PAD,
    PAGE_WIDE,
    PARAGRAPH_LINE_HIGH,
    ROW_MORE,
    WIDE,
    Box,
    Layout,
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
    domains = expected.site.domains
    values = _values(expected, domains)
    labels = [text for row in printed.rows for text in row]
    foot = [printed.signature, _DATE, *([printed.seal] if printed.seal is not None else [])]
    letters = "".join([template.title, *labels, *values.values(), *printed.paragraphs, *foot, _AND_MORE, _OTHERS])
    with blank_page(letters) as page:
        page.set_title(template.title)
        # Two characters in front of a paragraph, as in print.
        lines = [line for text in printed.paragraphs for line in broken(page, "　　" + text.format(**values), WIDE)]
        for count in range(min(len(domains), _MOST_DOMAINS), -1, -1):
            values = _values(expected, domains[:count])
            broken_rows = [(label, _broken_value(page, value.format(**values))) for label, value in printed.rows]
            layout = lay_out([len(value) for _, value in broken_rows], len(lines))
            if layout.date <= _LAST_DATE:
                break
        counts = (*(len(value) for _, value in broken_rows), len(lines))
        _code(page, FormCode(session_id, kind, template.version, counts), layout.code)
        _title(page, template.title, layout.title)
        for (label, value), left, right in zip(broken_rows, layout.labels, layout.values, strict=True):
            _row(page, label, value, left, right)
        _text(page, lines, layout.paragraphs)
        _foot(page, printed, layout)
        return bytes(page.output())


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
        page.set_font("serif", "", _SIZE_PT)
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
_SIZE_PT, _TITLE_PT = 12, 20
_DATE = "日期："
_AND_MORE, _OTHERS = "等{count}个域名", "0123456789—　"
_MOST_DOMAINS = 60  # short ones, all that fit
_LAST_DATE = 272.0
"""Lower on the page the date and a seal have no room (mm): then not every domain is listed, and an operator looks."""


def _subject(unit: bool) -> str:
    return "unit" if unit else "individual"


def _values(expected: Expected, domains: Sequence[str]) -> Mapping[str, str]:
    """What is filled in. Where `domains` are but the first of all, the number of all is said."""
    subject, person = expected.subject, expected.responsible_person
    listed, count = "、".join(domains), len(expected.site.domains)
    return {
        "name": subject.name,
        "certificate": _CERTIFICATES.get(subject.certificate.kind, ""),
        "number": subject.certificate.number,
        "site": expected.site.name or "—",
        "domains": listed + (_AND_MORE.format(count=count) if len(domains) < count else "") or "—",
        "person": person.name,
        "person_number": "—" if person.certificate is None else person.certificate.number,
    }


def _broken_value(page: FPDF, text: str) -> list[str]:
    page.set_font("serif", "", _SIZE_PT)
    return broken(page, text, WIDE - LABEL_WIDE - 2 * PAD)


def _title(page: FPDF, title: str, box: Box) -> None:
    page.set_font("serif", "B", _TITLE_PT)
    page.set_xy(box.left, box.top)
    page.cell(box.wide, box.high, title, align="C")


def _row(page: FPDF, label: str, value: Sequence[str], left: Box, right: Box) -> None:
    for box in (left, right):
        page.rect(box.left, box.top, box.wide, box.high)
    page.set_font("serif", "", _SIZE_PT)
    for number, line in enumerate(value):
        page.set_xy(right.left + PAD, right.top + ROW_MORE / 2 + LINE_HIGH * number)
        page.cell(right.wide - 2 * PAD, LINE_HIGH, line)
    page.set_font("serif", "B", _SIZE_PT)
    page.set_xy(left.left + PAD, left.top + (left.high - LINE_HIGH) / 2)
    page.cell(left.wide - 2 * PAD, LINE_HIGH, label)


def _text(page: FPDF, lines: Sequence[str], box: Box) -> None:
    page.set_font("serif", "", _SIZE_PT)
    for number, line in enumerate(lines):
        page.set_xy(box.left, box.top + PARAGRAPH_LINE_HIGH * number)
        page.cell(box.wide, PARAGRAPH_LINE_HIGH, line)


def broken(page: FPDF, text: str, wide_mm: float) -> list[str]:
    """`text` in lines of at most that width: words and numbers stay whole where they fit a line, and no line begins
    with a mark that closes or ends with one that opens.
    """
    lines, line = [], ""
    for piece in _PIECE.findall(text):
        if not line or page.get_string_width(line + piece) <= wide_mm:
            line += piece
            continue
        if (piece[0] in _CLOSING and len(line) > 1) or line[-1] in _OPENING:
            line, piece = line[:-1], line[-1] + piece
        lines.append(line)
        line = piece.lstrip()
        while page.get_string_width(line) > wide_mm:
            fits = next(end for end in range(len(line), 0, -1) if page.get_string_width(line[:end]) <= wide_mm)
            lines.append(line[:fits])
            line = line[fits:]
    return [*lines, line]


_PIECE = re.compile(r"[!-~]+|.", re.DOTALL)
_CLOSING, _OPENING = "、，。；：！？）》」』”’", "（《「『“‘"


def _foot(page: FPDF, printed: Printed, layout: Layout) -> None:
    """Where one signs, seals and dates. Nothing else stands there, so that what is written is found."""
    page.set_font("serif", "", _SIZE_PT)
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
