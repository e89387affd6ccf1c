"""A form as the service prints it: one page, set as Chinese is, with a code; signed and photographed it passes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pypdfium2
import pytest
from PIL import Image

from tests.session.journey import a_person, a_unit, an_individual
from tests.specimens.forms import PENS, lay_ink
from tests.specimens.hand import handwriting
from tests.specimens.papers import RED, Sheet
from tests.specimens.photographs import Shot, photograph
from tests.specimens.stamps import round_seal
from verify_svc.certificate.kinds import FormKind
from verify_svc.form.check import FormWanted, check_form
from verify_svc.form.code import find_code, parse_code
from verify_svc.form.layout import LEFT, Box, lay_out
from verify_svc.form.printing import NotPrinted, blank_page, broken, print_form, printable
from verify_svc.inference.engines import Engines, make_engines
from verify_svc.session.filing import Expected, Site
from verify_svc.session.forms import entry_of

SESSION = "vs_0123456789abcdefghijklmn"
DAY = dt.date(2026, 11, 22)
LONG = replace(
    a_unit(),
    subject=replace(a_unit().subject, name="示例（北京）人工智能与先进制造技术研究应用推广中心有限责任公司第一分公司"),
    site=Site("示例网站", tuple(f"{word}.shili.example.com" for word in ("dong", "xi", "nan", "bei"))),
)
UNIT = replace(a_unit(), site=Site("示例网站", ("example.com", "shili.cn")))
ALONE = replace(an_individual(), site=Site("示例网站", ("example.com",)))


def pages(pdf: bytes, dots: float) -> list[Image.Image]:
    """The pages at so many pixels a millimetre."""
    with pypdfium2.PdfDocument(pdf) as document:
        return [page.render(scale=dots * 25.4 / 72).to_pil().convert("RGB") for page in document]


def text_of(pdf: bytes) -> str:
    with pypdfium2.PdfDocument(pdf) as document:
        return "".join(page.get_textpage().get_text_range() for page in document)


@pytest.mark.parametrize("entered", [UNIT, ALONE], ids=["unit", "individual"])
def test_every_form_is_one_page_with_the_data_and_a_code(entered: Expected) -> None:
    for kind in printable(entered.subject.kind == "unit"):
        pdf = print_form(kind, SESSION, entered)
        (page,) = pages(pdf, 6)
        found = find_code(np.ascontiguousarray(np.asarray(page)[:, :, ::-1]))
        assert found is not None
        code, _ = found
        assert (code.session_id, code.kind, code.version) == (SESSION, kind, 1)
        text = text_of(pdf)
        assert entered.subject.name in text
        assert entered.subject.certificate.number in text


@pytest.mark.parametrize("entered", [UNIT, LONG, ALONE], ids=["unit", "long names", "individual"])
def test_all_that_is_printed_stands_where_the_code_says(entered: Expected) -> None:
    for kind in printable(entered.subject.kind == "unit"):
        (page,) = pages(print_form(kind, SESSION, entered), 6)
        ink = np.asarray(page.convert("L")) < 128
        found = find_code(np.ascontiguousarray(np.asarray(page)[:, :, ::-1]))
        assert found is not None
        code, _ = found
        layout = lay_out(code.lines[:-1], code.lines[-1])
        foot = Box(LEFT, layout.foot, 150, layout.date + 8 - layout.foot)
        for box in (layout.code, layout.title, *layout.labels, *layout.values, layout.paragraphs, foot):
            left, top = (round(side * 6) for side in (box.left, box.top))
            right, bottom = (round(side * 6) for side in (box.left + box.wide, box.top + box.high))
            assert ink[top:bottom, left:right].any()
            ink[top - 3 : bottom + 3, left - 3 : right + 3] = False
        assert not ink.any()


def test_more_domains_than_a_page_holds_leave_room_to_sign() -> None:
    domains = tuple(f"shili-{number}.example.com" for number in range(80))
    entered = replace(UNIT, site=Site("示例网站", domains))
    for kind in printable(True):
        pdf = print_form(kind, SESSION, entered)
        assert len(pages(pdf, 2)) == 1
        text = "".join(text_of(pdf).split())
        assert "等80个域名" in text
        assert "日期：" in text
        assert "shili-5.example.com" in text


def test_an_individual_authorises_nobody() -> None:
    assert FormKind.AUTHORISATION not in printable(False)
    with pytest.raises(NotPrinted):
        print_form(FormKind.AUTHORISATION, SESSION, ALONE)


@pytest.mark.parametrize(
    "text", ["", "VFORM1 vs_1 no_such_form 1", "VFORM1 vs_1 commitment_letter", "https://x.example"]
)
def test_other_codes_are_none_of_ours(text: str) -> None:
    assert parse_code(text) is None


def test_lines_break_as_in_chinese_print() -> None:
    text = "不制作、复制、发布、传播法律法规禁止的信息，网站example.com（示例）除外；" * 4
    with blank_page(text) as page:
        for wide in range(36, 90, 3):
            lines = broken(page, text, wide)
            assert "".join(lines) == text
            assert not any(line[0] in "、，。；）" or line[-1] in "（" for line in lines)
            assert sum("example.com" in line for line in lines) == 4
            assert all(page.get_string_width(line) <= wide + 0.1 for line in lines)


@pytest.fixture(scope="module")
def engines() -> Iterator[Engines]:
    made = make_engines()
    yield made
    made.close()


def signed(entered: Expected, kind: FormKind, seal: bool = True) -> Image.Image:
    """The printed form with a signature, a date and a seal in their places."""
    dice = np.random.default_rng(7)
    sheet = Sheet(210, 297, 7, (255, 255, 255))
    (printed,) = pages(print_form(kind, SESSION, entered), 7)
    sheet.image.paste(printed.resize(sheet.image.size))
    foot = 200 * 7
    dark = np.asarray(printed.convert("L"))[foot:, : 100 * 7] < 128
    y = (foot + int(np.flatnonzero(dark.any(axis=1))[0])) / 7
    lay_ink(sheet, handwriting(a_person().name, 70, dice, 4), 64, y - 8, PENS["blue"])
    lay_ink(sheet, handwriting(f"{DAY.year}年{DAY.month}月{DAY.day}日", 42, dice, 3), 40, y + 17, PENS["blue"])
    if seal:
        lay_ink(sheet, round_seal(entered.subject.name, 7, dice, turn_deg=12) * 0.9, 128, y - 14, RED)
    return sheet.image


@pytest.mark.weights
@pytest.mark.parametrize("entered", [UNIT, ALONE], ids=["unit", "individual"])
@pytest.mark.parametrize("kind", [FormKind.VERIFICATION, FormKind.COMMITMENT])
def test_a_printed_form_that_is_signed_and_photographed_is_clear(
    engines: Engines, entered: Expected, kind: FormKind
) -> None:
    unit = entered.subject.kind == "unit"
    picture = photograph(signed(entered, kind, unit), Shot(seed=8, lean_deg=2))
    report = check_form(engines, picture, FormWanted(kind, unit, entry_of(entered, DAY, DAY)))
    assert (report.result, report.reasons) == ("clear", ())
    assert report.properties["code"] == {"kind": kind.value, "version": 1}
