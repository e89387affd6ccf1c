"""A form as the service prints it: pages with a code, set as Chinese is; signed and photographed it passes."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from tests.session.journey import a_person, a_unit, an_individual
from tests.specimens.forms import PENS, lay_ink
from tests.specimens.hand import handwriting
from tests.specimens.papers import RED, Sheet
from tests.specimens.photographs import Shot, photograph
from tests.specimens.stamps import round_seal
from verify_svc.certificate.kinds import FormKind
from verify_svc.form.check import FormPicture, FormWanted, check_form
from verify_svc.form.code import FormCode, find_code, parse_code
from verify_svc.form.layout import LEFT, SMALL, USUAL, Box, Setting, divide, lay_out
from verify_svc.form.lines import Ruler, broken, page_count
from verify_svc.form.printing import NotPrinted, blank_page, print_form, printable
from verify_svc.inference.engines import Engines
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
ENDLESS = LONG.subject.name + "暨长江三角洲区域协同创新示范应用推广联合办公室（特殊普通合伙）"
UNENDING = replace(
    a_unit(),
    subject=replace(a_unit().subject, name="示" * 200),
    site=Site("网" * 200, tuple(".".join(("a" * 62, "b" * 63, "c" * 63, f"{number:050}")) for number in range(100))),
    responsible_person=replace(a_unit().responsible_person, name="金·" * 100),
)
RULER = Ruler(USUAL.size_pt)
ALONE = replace(an_individual(), site=Site("示例网站", ("example.com",)))


def with_domains(count: int) -> Expected:
    """A filing of a unit with a long name and so many domains."""
    domains = tuple(f"shili-{number}.zhong.example.com" for number in range(count))
    return replace(UNIT, subject=replace(UNIT.subject, name=ENDLESS), site=Site("示例网站" * 16, domains))


def pages(pdf: bytes, dots: float) -> list[Image.Image]:
    """The pages at so many pixels a millimetre."""
    with pypdfium2.PdfDocument(pdf) as document:
        return [page.render(scale=dots * 25.4 / 72).to_pil().convert("RGB") for page in document]


def text_of_pages(pdf: bytes) -> list[str]:
    with pypdfium2.PdfDocument(pdf) as document:
        return [page.get_textpage().get_text_range() for page in document]


def text_of(pdf: bytes) -> str:
    return "".join(text_of_pages(pdf))


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


@pytest.mark.parametrize(
    "entered",
    [UNIT, LONG, ALONE, with_domains(20), with_domains(50), with_domains(100), UNENDING],
    ids=["unit", "long names", "individual", "20 domains", "50 domains", "100 domains", "as long as can be"],
)
def test_all_that_is_printed_stands_where_its_pages_code_says(entered: Expected) -> None:
    for kind in printable(entered.subject.kind == "unit"):
        printed = pages(print_form(kind, SESSION, entered), 6)
        for number, page in enumerate(printed, 1):
            ink = np.asarray(page.convert("L")) < 128
            found = find_code(np.ascontiguousarray(np.asarray(page)[:, :, ::-1]))
            assert found is not None
            code, _ = found
            assert (code.page, code.pages) == (number, len(printed))
            layout = lay_out(code.lines[:-1], code.lines[-1], code.setting)
            foot = Box(LEFT, layout.foot, 150, layout.date + 8 - layout.foot)
            boxes = [layout.code, layout.title, *(box for row in layout.rows for box in row)]
            boxes += [layout.paragraphs] * bool(code.lines[-1])
            boxes += [foot] * (number == len(printed)) + [layout.number] * (len(printed) > 1)
            for box in boxes:
                left, top = (round(side * 6) for side in (box.left, box.top))
                right, bottom = (round(side * 6) for side in (box.left + box.wide, box.top + box.high))
                assert ink[top:bottom, left:right].any()
                ink[top - 3 : bottom + 3, left - 3 : right + 3] = False
            assert not ink.any()


@pytest.mark.parametrize(
    ("entered", "count"),
    [(with_domains(1), 1), (with_domains(8), 1), (with_domains(20), 1), (with_domains(50), 2), (with_domains(100), 2)],
    ids=["1", "8", "20", "50", "100"],
)
def test_every_domain_and_the_whole_name_are_printed(entered: Expected, count: int) -> None:
    for kind in printable(True):
        pdf = print_form(kind, SESSION, entered)
        text = "".join(text_of(pdf).split())
        assert all(domain in text for domain in entered.site.domains)
        assert entered.subject.name in text
        assert len(pages(pdf, 1)) == page_count(kind, entered) == count
        numbers = [f"第{page}页/共{count}页" for page in range(1, count + 1)]
        assert [number in text for number in numbers] == [count > 1] * count


def test_what_is_signed_stands_whole_on_the_page_with_the_place_to_sign() -> None:
    first, second = text_of_pages(print_form(FormKind.VERIFICATION, SESSION, with_domains(50)))
    assert "网站负责人签字" not in first
    assert "日期" not in first
    for words in ("本单位已核对", "由本单位承担责任", "网站负责人签字：", "单位盖章：", "日期："):
        assert words in second


@given(
    rows=st.lists(st.integers(1, 400), min_size=1, max_size=6),
    paragraphs=st.integers(1, 200),
    setting=st.sampled_from([USUAL, SMALL]),
)
def test_no_line_is_lost_and_none_runs_off_its_page(rows: list[int], paragraphs: int, setting: Setting) -> None:
    divided = divide(rows, paragraphs, setting)
    assert [sum(counts) for counts in zip(*divided, strict=True)] == [*rows, paragraphs]
    for number, counts in enumerate(divided, 1):
        assert any(counts)
        layout = lay_out(counts[:-1], counts[-1], setting)
        assert layout.paragraphs.top + layout.paragraphs.high <= layout.number.top + 1
        assert number < len(divided) or (layout.date <= 272 and counts[-1] >= min(2, paragraphs))
        assert FormCode("vs_1", FormKind.COMMITMENT, 1, counts) == parse_code(
            FormCode("vs_1", FormKind.COMMITMENT, 1, counts).text
        )


def test_a_mark_takes_the_whole_word_before_it_to_the_next_line() -> None:
    for wide in range(45, 70):
        lines = broken(RULER, "、".join(["shili.example.com"] * 9), wide)
        assert all(line.strip("、").split("、") == ["shili.example.com"] * line.count("shili") for line in lines)


def test_a_long_word_at_the_beginning_is_broken_too() -> None:
    lines = broken(RULER, "a" * 200 + "、x", 60)
    assert "".join(lines) == "a" * 200 + "、x"
    assert all(RULER.wide(line) <= 60 for line in lines)


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
    for wide in range(36, 90, 3):
        lines = broken(RULER, text, wide)
        assert "".join(lines) == text
        assert not any(line[0] in "、，。；）" or line[-1] in "（" for line in lines)
        assert sum("example.com" in line for line in lines) == 4
        assert all(RULER.wide(line) <= wide + 0.1 for line in lines)


@pytest.mark.parametrize("text", ["shili.example.com、", "示例网络科技（上海）有限公司 — AV To", "𠮷野"])
def test_the_ruler_measures_as_the_printer_sets(text: str) -> None:
    with blank_page(text) as page:
        assert RULER.wide(text) == pytest.approx(page.get_string_width(text))


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
    report = check_form(engines, [FormPicture(picture)], FormWanted(kind, unit, entry_of(entered, DAY, DAY)))
    assert (report.result, report.reasons) == ("clear", ())
    assert report.properties["code"] == {"kind": kind.value, "version": 1}
