"""A form's text in lines and on pages: what is filled in, how wide it is set, how many sheets it takes."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import uharfbuzz

from verify_svc.certificate.kinds import FormKind
from verify_svc.form.layout import LABEL_WIDE, PAD, SMALL, TEXT_FROM, USUAL, WIDE, Setting, divide
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


_MM_PER_PT = 25.4 / 72


class Ruler:
    """How wide text is in the forms' typeface at a size, in millimetres."""

    def __init__(self, size_pt: float) -> None:
        self._mm_per_unit: float = size_pt * _MM_PER_PT / face("Regular").upem

    def wide(self, text: str) -> float:
        """The width of a line."""
        return sum(_advance(letter) for letter in text) * self._mm_per_unit


@dataclass(frozen=True, slots=True)
class Lines:
    """A form's text broken in lines: rows of label and value, then the paragraphs."""

    rows: tuple[tuple[str, tuple[str, ...]], ...] = field(repr=False)
    paragraphs: tuple[str, ...] = field(repr=False)

    @property
    def counts(self) -> tuple[int, ...]:
        """The lines of each row."""
        return tuple(len(value) for _, value in self.rows)

    def part(self, done: Sequence[int], counts: Sequence[int]) -> Lines:
        """What stands on a page: so many lines of each row and of the text, from those on."""
        rows = [
            (label, value[start : start + count])
            for (label, value), start, count in zip(self.rows, done[:-1], counts[:-1], strict=True)
        ]
        return Lines(tuple(row for row in rows if row[1]), self.paragraphs[done[-1] : done[-1] + counts[-1]])


def page_count(kind: FormKind, expected: Expected) -> int | None:
    """On how many pages that form is printed; None where it isn't ours to print."""
    printed = TEMPLATES[kind].printed.get(expected.subject.kind)
    return None if printed is None else len(on_pages(printed, values_of(expected))[0])


def on_pages(printed: Printed, values: Mapping[str, str]) -> tuple[list[tuple[int, ...]], Setting, Lines]:
    """The lines of each row on each page, how they are set, and the text in lines: of both sizes the one that takes
    fewer pages, since each is signed for, photographed and sent.
    """
    settings = [(setting, _set_in_lines(printed, values, setting)) for setting in (USUAL, SMALL)]
    divided = [(divide(text.counts, len(text.paragraphs), setting), setting, text) for setting, text in settings]
    return min(divided, key=lambda each: len(each[0]))


def values_of(expected: Expected) -> Mapping[str, str]:
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


def _set_in_lines(printed: Printed, values: Mapping[str, str], setting: Setting) -> Lines:
    ruler = Ruler(setting.size_pt)
    wide = WIDE - LABEL_WIDE - 2 * PAD
    rows = tuple((label, tuple(broken(ruler, value.format(**values), wide))) for label, value in printed.rows)
    # Two characters in front of a paragraph, as in print.
    lines = [
        line
        for text in printed.paragraphs
        for line in broken(ruler, "　　" + text.format(**values), WIDE - TEXT_FROM + PAD)
    ]
    return Lines(rows, tuple(lines))


def broken(ruler: Ruler, text: str, wide_mm: float) -> list[str]:
    """`text` in lines of at most that width: words and numbers stay whole where they fit a line, and no line begins
    with a mark that closes or ends with one that opens.
    """
    lines: list[str] = []
    line: list[str] = []
    for piece in _PIECE.findall(text):
        if ruler.wide("".join(line) + piece) <= wide_mm:
            line.append(piece)
            continue
        moved = len(line) > 1 and (piece[0] in _CLOSING or line[-1] in _OPENING)
        rest = (line.pop() if moved else "") + piece
        lines += ["".join(line)] if line else []
        rest = rest.lstrip()
        while ruler.wide(rest) > wide_mm:
            fits = bisect_right(range(1, len(rest)), wide_mm, key=lambda end: ruler.wide(rest[:end]))
            lines.append(rest[:fits])
            rest = rest[fits:]
        # In pieces again: of a word and the mark behind it, either may have to go to the next line.
        line = _PIECE.findall(rest)
    return [*lines, "".join(line)]


_PIECE = re.compile(r"[!-~]+|.", re.DOTALL)
_CLOSING, _OPENING = "、，。；：！？）》」』”’", "（《「『“‘"


@cache
def face(name: str) -> uharfbuzz.Face:
    """The typeface's file, mapped once for each process."""
    blob = uharfbuzz.Blob.from_file_path(str(_FONTS / f"NotoSerifCJK-{name}.ttc"))
    return uharfbuzz.Face(blob, _SIMPLIFIED)


@cache
def _font() -> uharfbuzz.Font:
    return uharfbuzz.Font(face("Regular"))


@cache
def _advance(letter: str) -> int:
    """In units of the typeface; of a letter that it lacks that of its empty box."""
    return int(_font().get_glyph_h_advance(_font().get_nominal_glyph(ord(letter)) or 0))
