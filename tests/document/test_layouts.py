"""Lines to fields, kind by kind. Lines are written by hand: no weights."""

from __future__ import annotations

import pytest

from tests.document.lines import line
from tests.specimens.papers import Person, Unit
from verify_svc.document.layouts import business_licence, id_card_emblem, id_card_portrait, unit_fields
from verify_svc.document.layouts.numbers import NumberShape, find_number
from verify_svc.document.reader import Line

PERSON = Person(address="江苏省南京市示例区梧桐路18号")
UNIT = Unit()


def card() -> list[Line]:
    born = PERSON.born
    return [
        line("姓名", 50, 60),
        line(PERSON.name, 150, 58, 36),
        line("性别女", 50, 130),
        line("民族汉", 250, 132),
        line(f"出生{born.year}年{born.month}月{born.day}日", 50, 205),
        line("住址", 50, 280),
        line(PERSON.address[:12], 150, 280),
        line(PERSON.address[12:], 150, 322),
        line("样张", 700, 400, 16),
        line("公民身份号码", 50, 450),
        line(PERSON.number, 300, 448, 36),
    ]


def values(fields: object) -> dict[str, str]:
    assert isinstance(fields, dict)
    return {name: read.value for name, read in fields.items()}


def test_all_fields_of_the_portrait_side() -> None:
    assert values(id_card_portrait.fields_of(card())) == {
        "number": PERSON.number,
        "name": PERSON.name,
        "sex": "女",
        "nationality": "汉",
        "birth_date": PERSON.born.isoformat(),
        "address": PERSON.address,
    }


def test_a_name_without_its_label_is_the_row_above_the_first_label() -> None:
    unlabelled = [one for one in card() if one.text != "姓名"]
    assert values(id_card_portrait.fields_of(unlabelled))["name"] == PERSON.name


def test_text_over_the_portrait_is_no_address() -> None:
    stray = [*card(), line("某某照相馆", 720, 322)]
    assert values(id_card_portrait.fields_of(stray))["address"] == PERSON.address


def test_a_field_that_is_not_there_is_left_out() -> None:
    assert "number" not in id_card_portrait.fields_of([one for one in card() if PERSON.number not in one.text])


def test_both_ends_of_the_emblem_sides_validity() -> None:
    lines = [
        line("签发机关", 50, 100),
        line("南京市公安局示例分局", 220, 100),
        line("有效期限 2021.04.09-2041.04.09", 50, 160),
    ]
    assert values(id_card_emblem.fields_of(lines)) == {
        "authority": "南京市公安局示例分局",
        "valid_from": "2021-04-09",
        "valid_until": "2041-04-09",
    }


def test_a_card_without_an_end_is_valid_long_term() -> None:
    found = id_card_emblem.fields_of([line("有效期限2021.04.09-长期", 50, 160)])
    assert values(found)["valid_until"] == "long_term"


def licence() -> list[Line]:
    return [
        line("营业执照", 400, 40, 90),
        line("统一社会信用代码", 60, 60),
        line(UNIT.number, 60, 100, 34),
        line("名", 60, 200),
        line("称", 150, 200),
        line(UNIT.name, 230, 200),
        line("类", 60, 270),
        line("型 " + UNIT.kind, 183, 270),
        line("法定代表人", 60, 340),
        line(UNIT.legal_person, 230, 342),
        line("注册资本叁佰万元整", 800, 205),
        line("成立日期", 800, 275),
        line("2019年05月16日", 990, 275),
        line("营业期限2019年05月16日至长期", 800, 345),
        line("住", 800, 415),
        line("所", 900, 415),
        line(UNIT.address[:14], 990, 415),
        line(UNIT.address[14:], 990, 455),
        line("经营范围", 60, 410),
    ]


def test_all_fields_of_a_licence_in_two_columns() -> None:
    assert values(business_licence.fields_of(licence())) == {
        "number": UNIT.number,
        "name": UNIT.name,
        "type": UNIT.kind,
        "legal_person": UNIT.legal_person,
        "address": UNIT.address,
        "established_on": "2019-05-16",
        "valid_until": "long_term",
    }


def test_labels_whose_first_characters_were_read_as_one_column() -> None:
    spread = [one for one in licence() if one.text not in ("名", "类", "住")]
    found = values(business_licence.fields_of([*spread, line("名类", 60, 230)]))
    assert (found["name"], found["type"], found["address"]) == (UNIT.name, UNIT.kind, UNIT.address)


def test_labels_whose_last_characters_were_not_read() -> None:
    spread = [one for one in licence() if one.text not in ("称", "所", "型 " + UNIT.kind)]
    found = values(business_licence.fields_of([*spread, line(UNIT.kind, 230, 270)]))
    assert (found["name"], found["type"], found["address"]) == (UNIT.name, UNIT.kind, UNIT.address)


def test_a_name_that_is_hidden_is_not_the_end_of_its_label() -> None:
    hidden = [one for one in licence() if one.text not in (UNIT.name, UNIT.address[:14], UNIT.address[14:])]
    assert {"name", "address"}.isdisjoint(business_licence.fields_of(hidden))


@pytest.mark.parametrize("kind", ["有限责任公司", "股份有限公司(非上市)"])
def test_a_name_ends_before_a_type_that_was_read_as_its_second_line(kind: str) -> None:
    joined = [one for one in licence() if one.text != UNIT.name]
    found = business_licence.fields_of([*joined, line("江苏示例科技有限公司" + kind, 230, 200)])
    assert found["name"].value == "江苏示例科技有限公司"
    assert len(found["name"].char_scores) == 10


def test_a_name_whose_label_a_watermark_hides_is_the_line_above_the_type() -> None:
    hidden = [one for one in licence() if one.text not in ("名", "称")]
    assert values(business_licence.fields_of(hidden))["name"] == UNIT.name


@pytest.mark.parametrize("above", ["（副　本）", UNIT.number, "营业执照"])
def test_what_else_stands_above_the_type_is_no_name(above: str) -> None:
    hidden = [one for one in licence() if one.text not in ("名", "称", UNIT.name)]
    assert "name" not in values(business_licence.fields_of([*hidden, line(above, 230, 200)]))


def test_a_name_ends_where_the_next_label_and_its_value_were_read_as_one_line() -> None:
    joined = [one for one in licence() if one.text not in ("类", "型 " + UNIT.kind)]
    lines = [*joined, line("多生", 60, 235), line("型" + UNIT.kind, 215, 235)]
    assert values(business_licence.fields_of(lines))["name"] == UNIT.name


def test_a_value_ends_where_the_scope_beside_it_was_read_as_the_same_line() -> None:
    joined = [one for one in licence() if one.text != UNIT.legal_person]
    lines = [*joined, line(UNIT.legal_person + "一般项目：软件开发，许可项目以外的", 230, 342)]
    assert values(business_licence.fields_of(lines))["legal_person"] == UNIT.legal_person


def test_an_older_licence_has_a_registration_number() -> None:
    lines = [line("营业执照", 400, 40, 90), line("注册号110108000000016", 60, 100)]
    assert values(business_licence.fields_of(lines))["number"] == "110108000000016"


@pytest.mark.parametrize(("printed", "value"), [("O", "0"), ("I", "1")])
def test_letters_that_a_credit_code_cannot_have_are_digits(printed: str, value: str) -> None:
    number = f"9132019{printed}MA1Q8K3T7X"
    found = find_number([line(number, 0, 0)], unit_fields.CREDIT_CODE)
    assert found is not None
    assert found.value == number.replace(printed, value)


@pytest.mark.parametrize("mark", [" 1-1", " 1/1", "(1-1)", "（1-1）", "  2－1"])
@pytest.mark.parametrize("shape", [unit_fields.CREDIT_CODE, business_licence.REGISTRATION_NUMBER])
def test_a_copys_mark_behind_the_number_is_no_part_of_it(mark: str, shape: NumberShape) -> None:
    number = UNIT.number if shape is unit_fields.CREDIT_CODE else "310000400000018"
    found = find_number([line(number + mark, 0, 0)], shape)
    assert found is not None
    assert found.value == number


def test_a_longer_row_of_digits_holds_no_number() -> None:
    assert find_number([line("1000000020150819000 2-1", 0, 0)], business_licence.REGISTRATION_NUMBER) is None


def test_a_wrong_check_digit_is_never_repaired() -> None:
    wrong = PERSON.number[:-1] + ("1" if PERSON.number[-1] != "1" else "2")
    found = find_number([line(wrong, 0, 0)], id_card_portrait.NUMBER)
    assert found is not None
    assert found.value == wrong


def test_of_two_numbers_the_one_that_holds_together_is_taken() -> None:
    lines = [line("320199199003074020", 0, 0), line(PERSON.number, 0, 60, score=0.7)]
    found = find_number(lines, id_card_portrait.NUMBER)
    assert found is not None
    assert found.value == PERSON.number


def test_the_box_of_a_number_is_its_part_of_the_line() -> None:
    found = find_number([line("公民身份号码" + PERSON.number, 0, 0, 30)], id_card_portrait.NUMBER)
    assert found is not None
    assert abs(float(found.quad[0, 0]) - 6 * 30) < 15
