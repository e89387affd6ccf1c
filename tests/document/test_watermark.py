"""Which words are a watermark's, and that a picture is told of it only when it hides something."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.document.lines import line
from tests.specimens.papers import business_licence, id_card_portrait, some_person, some_unit
from tests.specimens.photographs import Shot, photograph
from tests.specimens.watermarks import Watermark, marked
from verify_svc.certificate.kinds import CertificateKind
from verify_svc.document.check import DocumentWanted, check_document
from verify_svc.document.reader import Line
from verify_svc.document.watermark import watermark_lines
from verify_svc.inference.engines import Engines

PRINT = [line(f"第{name}项的内容不同", 100, 100 + 60 * row) for row, name in enumerate("甲乙丙丁戊己庚")]


def leaning(text: str, left: float, top: float, lean_deg: float = 30.0) -> Line:
    level = line(text, left, top)
    angle = np.radians(lean_deg)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]], np.float32)
    middle = level.quad.mean(axis=0)
    return replace(level, quad=(level.quad - middle) @ turn + middle)


def test_words_across_the_print_are_a_watermark() -> None:
    tiles = [leaning("示例云存证", 100, top) for top in (100, 220, 340)]
    assert watermark_lines([*PRINT, *tiles]) == tiles


def test_words_that_read_otherwise_each_time_are_one_where_there_are_many() -> None:
    tiles = [leaning(text, 120, 100 + 90 * row) for row, text in enumerate(("示侧云", "不例去在", "汞例云", "云存证"))]
    assert watermark_lines([*PRINT, *tiles]) == tiles


def test_words_all_over_hide_how_the_page_lies() -> None:
    tiles = [leaning("复印无效复印无效", 100, 100 + 40 * row, 13) for row in range(9)]
    assert watermark_lines(tiles) == tiles


def test_level_words_again_and_again_are_a_watermark() -> None:
    tiles = [line("示例云存证", 100 + 30 * row, 130 + 40 * row) for row in range(9)]
    assert watermark_lines([*PRINT, *tiles]) == tiles


@pytest.mark.parametrize("text", ["仅供网站备案使用", "仅限实名认证他用无效", "复印件无效"])
def test_one_line_that_says_what_the_copy_is_for_is_a_watermark(text: str) -> None:
    assert [mark.text for mark in watermark_lines([*PRINT, line(text, 100, 600)])] == [text]


@pytest.mark.parametrize(
    "own",
    [
        [leaning(text, 300, 300, lean) for text, lean in (("市场监督", 20), ("管理局", 50), ("示例区", -40))],
        [line("道路货物运输", 100, 600 + 40 * row) for row in range(6)],
        [line("电子营业执照文件仅供信息参考", 100, 600)],
        [line("0000000000000000", 100, 600)],
        [leaning(f"第{name}项另一张纸", 1500, 100 + 60 * row, 20) for row, name in enumerate("甲乙丙丁戊")],
    ],
    ids=["seal", "running text", "small print", "zeros", "another paper beside it"],
)
def test_what_stands_on_papers_is_no_watermark(own: list[Line]) -> None:
    assert watermark_lines([*PRINT, *own]) == []


CARD = photograph(id_card_portrait(some_person(1)), Shot(seed=1))
LICENCE = photograph(business_licence(some_unit(2)), Shot(seed=2))
OVER = [
    (CARD, CertificateKind.ID_CARD_PORTRAIT, Watermark("示例云存证", lean_deg=30, opacity=0.8)),
    (CARD, CertificateKind.ID_CARD_PORTRAIT, Watermark("仅供备案使用", lean_deg=0, opacity=0.9, apart=0.02)),
    (LICENCE, CertificateKind.BUSINESS_LICENCE, Watermark("复印无效", lean_deg=-20, opacity=1.0, apart=0.02)),
]


@pytest.mark.weights
@pytest.mark.parametrize(("data", "kind", "mark"), OVER)
def test_a_watermark_over_what_can_not_be_read_is_named_and_the_lens_not_blamed(
    engines: Engines, data: bytes, kind: CertificateKind, mark: Watermark
) -> None:
    report = check_document(engines, marked(data, mark), DocumentWanted(kind))
    assert report.reasons == ("document_watermark", "document_unreadable")


@pytest.mark.weights
@pytest.mark.parametrize(("data", "kind", "mark"), OVER)
def test_a_light_watermark_refuses_nothing(
    engines: Engines, data: bytes, kind: CertificateKind, mark: Watermark
) -> None:
    light = replace(mark, opacity=0.12, apart=0.08)
    assert check_document(engines, marked(data, light), DocumentWanted(kind)).reasons == ()


@pytest.mark.weights
@pytest.mark.parametrize("fault", ["blurred", "moved", "dark", "glare", "covered", "small", "cut_off"])
def test_another_fault_is_not_called_a_watermark(engines: Engines, fault: str) -> None:
    hurt = photograph(id_card_portrait(some_person(1)), Shot(fault, seed=4))
    report = check_document(engines, hurt, DocumentWanted(CertificateKind.ID_CARD_PORTRAIT))
    assert report.reasons
    assert "document_watermark" not in report.reasons
