"""Prints a form filled in with entered data, as a PDF page of A4 with a code that names session, form and version."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import segno
from fpdf import FPDF
from fpdf.enums import XPos, YPos
from fpdf.fonts import TTFFont

from verify_svc.certificate.kinds import FormKind
from verify_svc.form.code import FormCode
from verify_svc.form.template import TEMPLATES, Printed, Template
from verify_svc.session.filing import Expected

_FONTS = Path("/usr/share/fonts/opentype/noto")  # the package fonts-noto-cjk
_SIMPLIFIED = 2  # the face of the collection with mainland forms
_LEFT, _WIDE, _LABEL_WIDE = 24.0, 162.0, 48.0  # mm
_CODE_MM = 22.0
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
    with blank_page() as page:
        page.set_title(template.title)
        _fill(page, template, printed, session_id, expected)
        return bytes(page.output())


@contextmanager
def blank_page() -> Iterator[FPDF]:
    """A page of A4 with the forms' typeface. What it keeps open of the fonts is closed behind it."""
    page = FPDF(format="A4")
    page.set_lang("zh-CN")
    try:
        for style, name in (("", "Regular"), ("B", "Bold")):
            page.add_font("serif", style, _FONTS / f"NotoSerifCJK-{name}.ttc", collection_font_number=_SIMPLIFIED)
        page.set_auto_page_break(False)
        page.set_margins(_LEFT, 20, 210 - _LEFT - _WIDE)
        page.add_page()
        page.set_font("serif", "", 12)
        yield page
    finally:
        for font in page.fonts.values():
            if isinstance(font, TTFFont):
                font.close()


def _fill(page: FPDF, template: Template, printed: Printed, session_id: str, expected: Expected) -> None:
    kind = template.kind
    _code(page, FormCode(session_id, kind, template.version))
    page.set_y(34)
    page.set_font("serif", "B", 20)
    page.cell(_WIDE, 14, template.title, align="C", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    page.ln(6)
    values = _values(expected)
    _rows(page, printed, values)
    page.ln(5)
    page.set_font("serif", "", 12)
    for paragraph in printed.paragraphs:
        # Two characters in front of a paragraph, as in print.
        for line in broken(page, "　　" + paragraph.format(**values), _WIDE):
            page.cell(_WIDE, 8, line, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    _foot(page, printed)


def _subject(unit: bool) -> str:
    return "unit" if unit else "individual"


def _values(expected: Expected) -> Mapping[str, str]:
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


def _rows(page: FPDF, printed: Printed, values: Mapping[str, str]) -> None:
    for label, value in printed.rows:
        page.set_font("serif", "", 12)
        text = value.format(**values)
        lines = broken(page, text, _WIDE - _LABEL_WIDE - 6)
        high = 4.5 + 7.5 * len(lines)
        top = page.get_y()
        page.rect(_LEFT, top, _LABEL_WIDE, high)
        page.rect(_LEFT + _LABEL_WIDE, top, _WIDE - _LABEL_WIDE, high)
        for number, line in enumerate(lines):
            page.set_xy(_LEFT + _LABEL_WIDE + 3, top + 2.25 + 7.5 * number)
            page.cell(_WIDE - _LABEL_WIDE - 6, 7.5, line)
        page.set_font("serif", "B", 12)
        page.set_xy(_LEFT + 3, top + (high - 7.5) / 2)
        page.cell(_LABEL_WIDE - 6, 7.5, label)
        page.set_xy(_LEFT, top + high)


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


def _foot(page: FPDF, printed: Printed) -> None:
    """Where one signs, seals and dates. Nothing else stands there, so that what is written is found."""
    page.set_font("serif", "", 12)
    y = max(page.get_y() + 18, 200.0)
    page.set_xy(_LEFT, y)
    page.cell(60, 8, printed.signature)
    page.set_xy(_LEFT, y + 20)
    page.cell(60, 8, "日期：")
    if printed.seal is not None:
        page.set_xy(_LEFT + 100, y)
        page.cell(40, 8, printed.seal)


def _code(page: FPDF, code: FormCode) -> None:
    """The code in the upper right corner, as squares that print sharp."""
    rows = [list(row) for row in segno.make(code.text, error="m", micro=False).matrix_iter(border=0)]
    module = _CODE_MM / len(rows)
    left, top = 210 - 20 - _CODE_MM, 12.0
    page.set_fill_color(0)
    for y, row in enumerate(rows):
        start = None
        for x, dark in enumerate([*row, 0]):
            if dark and start is None:
                start = x
            elif not dark and start is not None:
                page.rect(left + start * module, top + y * module, (x - start) * module, module, style="F")
                start = None
