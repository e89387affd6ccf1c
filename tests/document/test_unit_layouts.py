"""Certificates of units, kind by kind. Lines are written by hand: no weights."""

from __future__ import annotations

import pytest

from tests.document.lines import line
from tests.specimens.certificates import some_body
from tests.specimens.papers import Unit
from verify_svc.document.layouts import business_licence, law_firm, organisation_code
from verify_svc.document.layouts.every import LAYOUTS
from verify_svc.document.layouts.unit_fields import department_agrees
from verify_svc.document.reader import Line

BODY = some_body(3, "12", "研究所")
UNIT = Unit()


def values(fields: object) -> dict[str, str]:
    assert isinstance(fields, dict)
    return {name: read.value for name, read in fields.items()}


def column(*rows: tuple[str, str]) -> list[Line]:
    """Labels under one another, values beside them."""
    return [
        line(text, 60 + 260 * place, 200 + 60 * row)
        for row, pair in enumerate(rows)
        for place, text in enumerate(pair)
        if text
    ]


@pytest.mark.parametrize(
    ("kind", "between", "lead", "sponsor", "term"),
    [
        ("institution_certificate", "宗旨和业务范围", "法定代表人", "举办单位", "有效期"),
        ("social_organisation_certificate", "业务范围", "法定代表人", "业务主管单位", "有效期限"),
        ("private_non_enterprise_certificate", "业务范围", "单位负责人", "业务主管单位", "有效期限"),
    ],
)
def test_fields_beside_their_labels(kind: str, between: str, lead: str, sponsor: str, term: str) -> None:
    lines = column(
        ("统一社会信用代码", BODY.number),
        ("名称", "示例研究所"),
        (between, "开展研究"),
        ("住所", "示例路1号"),
        (lead, "林知夏"),
        (sponsor, "示例局"),
        (term, "自2022年03月18日至2027年03月17日"),
    )
    assert values(LAYOUTS[kind].fields_of(lines)) == {
        "number": BODY.number,
        "name": "示例研究所",
        "address": "示例路1号",
        "legal_person": "林知夏",
        "sponsor": "示例局",
        "valid_from": "2022-03-18",
        "valid_until": "2027-03-17",
    }


def test_a_law_firms_name_may_stand_without_a_label() -> None:
    lines = [*column(("负责人", "林知夏"), ("发证日期", "2021年05月03日")), line("北京市示例律师事务所", 60, 100)]
    assert values(law_firm.fields_of(lines)) == {
        "name": "北京市示例律师事务所",
        "legal_person": "林知夏",
        "issued_on": "2021-05-03",
    }


def test_the_code_stands_beside_its_label_not_in_the_registration() -> None:
    code = BODY.organisation_code
    lines = column(("代码：", code), ("机构名称：", "示例公司"), ("登记号：", "组代管320199-012345-1"))
    assert values(organisation_code.fields_of(lines)) == {"number": code, "name": "示例公司"}


def test_a_form_that_was_filled_in_out_of_register_is_read_along_the_print() -> None:
    rows = [
        ("代码：", BODY.organisation_code),
        ("机构名称：", "示例公司"),
        ("地", "示例路1号示例大厦"),
        ("有效期：", "自2013年07月19日"),
    ]
    for off in (-26, 24):
        print_ = [line(text, 320, 200 + 60 * row + off) for row, (_, text) in enumerate(rows)]
        labels = [line(label, 60, 200 + 60 * row) for row, (label, _) in enumerate(rows)]
        more = [line("址:", 200, 320), line("至2017年07月18日", 320, 416 + off)]
        assert values(organisation_code.fields_of([*labels, *print_, *more])) == {
            "number": BODY.organisation_code,
            "name": "示例公司",
            "address": "示例路1号示例大厦",
            "valid_from": "2013-07-19",
            "valid_until": "2017-07-18",
        }


def test_one_value_that_stands_too_high_moves_no_labels() -> None:
    lines = [*column(("名称", "示例研究所"), ("住所", "示例路1号"), ("举办单位", "")), line("示例局", 500, 294)]
    found = values(LAYOUTS["institution_certificate"].fields_of(lines))
    assert (found["name"], found["address"]) == ("示例研究所", "示例路1号")


def test_who_leads_a_unit_may_stand_in_brackets_beside_its_type() -> None:
    found = values(organisation_code.fields_of(column(("机构类型：", "企业法人(法定代表人：林知夏)"))))
    assert found == {"type": "企业法人", "legal_person": "林知夏"}


def test_who_leads_a_unit_may_stand_after_its_type_without_a_label() -> None:
    found = values(organisation_code.fields_of(column(("机构类型：", "企业法人林知夏"))))
    assert found == {"type": "企业法人", "legal_person": "林知夏"}
    assert (
        values(organisation_code.fields_of(column(("机构类型：", "企业非法人"), ("机构名称：", "示例公司"))))["type"]
        == "企业非法人"
    )


def test_characters_that_stand_far_apart_may_be_read_wide() -> None:
    code = BODY.organisation_code
    wide = "".join(chr(ord(character) + 0xFEE0) if character.isalnum() else character for character in code)
    assert values(organisation_code.fields_of(column(("代码：", wide))))["number"] == code


@pytest.mark.parametrize("mark", ["—", "－", "–"])
def test_a_codes_hyphen_may_be_read_as_a_dash(mark: str) -> None:
    code = BODY.organisation_code
    lines = column(("代码：", code.replace("-", mark)))
    assert values(organisation_code.fields_of(lines))["number"] == code


@pytest.mark.parametrize("title", ["法定代表人", "负责人", "经营者", "投资人", "执行事务合伙人", "首席代表"])
def test_who_speaks_for_a_unit_has_many_titles(title: str) -> None:
    assert values(business_licence.fields_of(column((title, "阿卜杜拉·买买提"))))["legal_person"] == "阿卜杜拉·买买提"


def test_of_a_partner_that_is_a_company_its_delegate_speaks() -> None:
    lines = column(("执行事务合伙人", "南京示例有限公司（委派代表：林知夏）"))
    assert values(business_licence.fields_of(lines))["legal_person"] == "林知夏"


@pytest.mark.parametrize("blank", ["***", "＊＊＊", "*", "——", "无字号", "★寅★", "*大大"])
def test_a_sole_trader_without_a_trade_name_goes_by_his_own(blank: str) -> None:
    lines = column(("名称", blank), ("类型", "个体工商户"), ("经营者", "林知夏"))
    assert values(business_licence.fields_of(lines))["name"] == "林知夏"


def test_the_type_goes_before_the_form_that_stands_above_it() -> None:
    lines = [
        *column(("名称", "示例便利店"), ("类型", "个体工商户")),
        line("组成形式", 700, 200),
        line("个人经营", 850, 200),
    ]
    assert values(business_licence.fields_of(lines))["type"] == "个体工商户"


def test_a_term_over_two_lines() -> None:
    lines = [*column(("营业期限", "2019年05月16日至")), line("2039年05月15日", 320, 240)]
    assert values(business_licence.fields_of(lines))["valid_until"] == "2039-05-15"


def test_a_term_of_which_only_the_beginning_was_read_has_no_end() -> None:
    assert "valid_until" not in values(business_licence.fields_of(column(("营业期限", "2019年05月16日至"))))


@pytest.mark.parametrize(("departments", "agrees"), [(("12",), True), (("51",), False), (("11", "12"), True)])
def test_a_credit_code_says_which_kind_of_unit_has_it(departments: tuple[str, ...], agrees: bool) -> None:
    found = department_agrees(*departments)({"number": BODY.number})
    assert [agreement.agrees for agreement in found] == [agrees]


def test_an_older_number_says_nothing_of_the_kind_of_unit() -> None:
    assert not department_agrees("91")({"number": "110108000000016"})
