"""What a form's lines say: names by their labels, numbers and domains by their shape, the day however it is written."""

from __future__ import annotations

import pytest

from tests.document.lines import line
from verify_svc.certificate.kinds import FormKind
from verify_svc.document.layouts.rows import rows_of
from verify_svc.document.reader import Line
from verify_svc.form.fields import date_in, fields_of
from verify_svc.form.places import find_date, find_signature
from verify_svc.form.template import TEMPLATES

CODE, CARD = "91320199MA1Q8K3T7J", "320199199003074022"


def read(kind: FormKind, *lines: Line) -> dict[str, str]:
    return {name: field.value for name, field in fields_of(TEMPLATES[kind], rows_of(lines)).items()}


def test_a_table_says_whose_form_it_is() -> None:
    said = read(
        FormKind.VERIFICATION,
        line("主办单位名称", 100, 100),
        line("南京青梧示例科技有限公司", 400, 100),
        line("证件类型及号码", 100, 160),
        line(f"营业执照{CODE}", 400, 160),
        line("网站域名", 100, 220),
        line("www.Example.com", 400, 220),
        line("网站负责人", 100, 280),
        line(f"林知夏居民身份证{CARD}", 400, 280),
    )
    assert said == {
        "name": "南京青梧示例科技有限公司",
        "person": "林知夏",
        "numbers": CODE,
        "person_numbers": CARD,
        "domains": "example.com",
    }


def test_a_letter_names_whom_it_authorises_in_its_text() -> None:
    body = line(f"兹授权林知夏（身份证号码：{CARD}）作为网站example.com的网站负责人", 100, 200)
    said = read(FormKind.AUTHORISATION, line("单位名称：南京青梧示例科技有限公司", 100, 100), body)
    assert (said["name"], said["person"], said["person_numbers"]) == ("南京青梧示例科技有限公司", "林知夏", CARD)


def test_letters_that_a_number_can_not_have_are_the_digits_that_they_look_like() -> None:
    said = read(FormKind.VERIFICATION, line("9132O199MA1Q8K3T7J", 100, 100), line("32O19919900307402×", 100, 160))
    assert (said["numbers"], said["person_numbers"]) == (CODE, "32019919900307402X")


def test_an_e_mail_address_is_no_domain() -> None:
    assert "domains" not in read(FormKind.VERIFICATION, line("lin@mail.example", 100, 100))


@pytest.mark.parametrize(
    "written", ["2026年11月2日", "2026.11.02", "2O26年ll月2日", "2026-11-2", "日期：2026年 11月 02日", "2026/11/2"]
)
def test_a_day_is_read_however_it_is_written(written: str) -> None:
    found = date_in(line(written, 100, 100))
    assert found is not None
    assert found.value == "2026-11-02"


@pytest.mark.parametrize(
    ("written", "day"), [("2026年5月／日", "2026-05-01"), ("2026年/月3日", "2026-01-03"), ("2026#2月4日", "2026-02-04")]
)
def test_the_words_around_tell_a_leaning_one_and_a_spoilt_word(written: str, day: str) -> None:
    found = date_in(line(written, 100, 100))
    assert found is not None
    assert found.value == day


@pytest.mark.parametrize(
    ("written", "sure"),
    [
        ("2026年3月18", False),
        ("2026年3月18日", True),
        ("2026年3月1日", True),
        ("2026年3月8", True),
        ("2026.3.18", True),
    ],
)
def test_a_day_whose_word_may_have_been_read_as_its_last_digit_is_not_sure(written: str, sure: bool) -> None:
    found = date_in(line(written, 100, 100))
    assert found is not None
    assert (found.score > 0.5) is sure


@pytest.mark.parametrize("written", ["年月日", "2026年13月2日", "11月2日", "2026年2月30日"])
def test_what_is_no_day_is_none(written: str) -> None:
    assert date_in(line(written, 100, 100)) is None


def test_the_site_signs_below_the_verifier() -> None:
    rows = rows_of(
        [
            line("核验人签字：", 100, 700),
            line("日期：", 100, 760),
            line("网站负责人签字：", 100, 1000),
            line("单位盖章：", 700, 1000),
            line("日期：", 100, 1060),
        ]
    )
    place = find_signature(TEMPLATES[FormKind.VERIFICATION], rows)
    assert place is not None
    assert place.label[:, 1].mean() > 990
    assert place.area[:, 0].max() <= 700
    date = find_date(TEMPLATES[FormKind.VERIFICATION], rows, place)
    assert date is not None
    assert date.label[:, 1].mean() > 1050


def test_every_template_can_be_told_by_its_own_title() -> None:
    for kind, template in TEMPLATES.items():
        assert template.kind == kind
        told = [other for other, each in TEMPLATES.items() if each.told_by.search(template.title)]
        assert told == [kind]
        for printed in template.printed.values():
            text = "".join((*printed.paragraphs, *(value for row in printed.rows for value in row)))
            assert all(phrase.search(text) for phrase in template.phrases)
            assert any(pattern.search(printed.signature) for pattern in template.signature)
            assert printed.seal is None or (template.seal is not None and template.seal.search(printed.seal))
