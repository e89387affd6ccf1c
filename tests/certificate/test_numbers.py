"""Numbers hold together or they don't; nothing repairs them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric, uscc

from verify_svc.certificate.numbers import (
    CREDIT_CODE_ALPHABET,
    birth_date_in,
    credit_codes_in,
    is_credit_code,
    is_id_number,
    is_known_province,
    is_licence_number,
    is_organisation_code,
    is_registration_number,
    is_residence_number,
    normalise_number,
    same_number,
    sex_in,
)

days = st.dates(dt.date(1900, 1, 1), dt.date(2026, 11, 22))
counties = st.integers(110000, 659999).map(str)
orders = st.integers(1, 999).map("{:03d}".format)


@given(counties, days, orders)
def test_an_id_number_with_its_check_digit_holds_and_tells_birth_date_and_sex(
    county: str, born: dt.date, order: str
) -> None:
    body = f"{county}{born:%Y%m%d}{order}"
    number = body + str(ric.calc_check_digit(body + "0"))
    assert is_id_number(number)
    assert birth_date_in(number) == born
    assert sex_in(number) == ("男" if int(order[-1]) % 2 else "女")


@given(counties, days, orders, st.integers(0, 16), st.integers(1, 9))
def test_one_changed_digit_of_an_id_number_is_seen(
    county: str, born: dt.date, order: str, place: int, step: int
) -> None:
    body = f"{county}{born:%Y%m%d}{order}"
    number = body + str(ric.calc_check_digit(body + "0"))
    changed = number[:place] + str((int(number[place]) + step) % 10) + number[place + 1 :]
    assert not is_id_number(changed)


def id_number(county: str, born: dt.date, order: str) -> str:
    body = f"{county}{born:%Y%m%d}{order}"
    return body + str(ric.calc_check_digit(body + "0"))


def credit_code(tail: str) -> str:
    body = "91320199" + tail
    return body + str(uscc.calc_check_digit(body + "0"))


def registration_number(body: str) -> str:
    return next(f"{body}{digit}" for digit in "0123456789" if is_registration_number(f"{body}{digit}"))


tails = st.text(CREDIT_CODE_ALPHABET, min_size=9, max_size=9)
bodies = st.integers(10**13, 10**14 - 1).map(str)
id_numbers = st.builds(id_number, counties, days, orders)
credit_codes = st.builds(credit_code, tails)
registration_numbers = st.builds(registration_number, bodies)
numbers = st.one_of(
    st.tuples(id_numbers, st.just(is_id_number), st.just("0123456789X")),
    st.tuples(credit_codes, st.just(is_credit_code), st.just(CREDIT_CODE_ALPHABET)),
    st.tuples(registration_numbers, st.just(is_registration_number), st.just("0123456789")),
)
Kind = tuple[str, Callable[[str], bool], str]


@given(numbers)
def test_no_number_holds_with_any_one_character_changed(made: Kind) -> None:
    number, holds, alphabet = made
    assert holds(number)
    for place, character in enumerate(number):
        for other in alphabet.replace(character, ""):
            assert not holds(number[:place] + other + number[place + 1 :])


@given(numbers, st.integers(0, 16))
def test_no_number_holds_with_two_neighbours_exchanged(made: Kind, place: int) -> None:
    number, holds, _ = made
    if place + 1 < len(number) and number[place] != number[place + 1]:
        changed = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
        # MOD 11,10 alone lets some pass; such a number is another one all the same.
        assert not holds(changed) or holds is is_registration_number
        assert not same_number(changed, number)


@given(numbers, st.data())
def test_a_number_with_two_characters_changed_is_another_one_even_where_it_holds(
    made: Kind, data: st.DataObject
) -> None:
    number, _, alphabet = made
    places = data.draw(st.lists(st.integers(0, len(number) - 1), min_size=2, max_size=2, unique=True))
    changed = list(number)
    for place in places:
        changed[place] = data.draw(st.sampled_from(alphabet.replace(number[place], "")))
    assert not same_number("".join(changed), number)


@given(st.lists(credit_codes, max_size=3, unique=True), st.sampled_from(("&", "/", " ", "，", "\n")))
def test_codes_are_found_wherever_they_stand_in_a_text(codes: list[str], between: str) -> None:
    text = between.join(["http://www.example.cn/?uniscid=", *codes, "end"])
    assert credit_codes_in(text) == tuple(codes)


@given(st.text(max_size=40) | st.from_regex(r"\A[0-9٠-٩]{6}[0-9]{8}[0-9A-Z²]{1,5}\Z"))
def test_any_text_is_a_number_or_none(text: str) -> None:
    for holds in (is_id_number, is_credit_code, is_licence_number, is_organisation_code, is_residence_number):
        assert holds(text) in (True, False)
    assert same_number(text, text)


@given(st.text("0189AXZaxz０９Ａｘ -·－", max_size=24))
def test_a_number_once_made_comparable_stays_as_it_is(typed: str) -> None:
    assert normalise_number(normalise_number(typed)) == normalise_number(typed)


def test_an_id_number_with_an_impossible_birth_date_does_not_hold() -> None:
    body = "32019919900230402"
    assert not is_id_number(body + str(ric.calc_check_digit(body + "0")))


@given(st.text(CREDIT_CODE_ALPHABET, min_size=9, max_size=9), st.integers(110000, 659999))
def test_a_credit_code_with_its_check_character_holds(tail: str, region: int) -> None:
    body = f"91{region}{tail}"
    assert is_credit_code(body + str(uscc.calc_check_digit(body + "0")))


@given(st.text(CREDIT_CODE_ALPHABET, min_size=9, max_size=9), st.integers(8, 16), st.integers(1, 30))
def test_one_changed_character_of_a_credit_code_is_seen(tail: str, place: int, step: int) -> None:
    body = "91320199" + tail
    number = body + str(uscc.calc_check_digit(body + "0"))
    other = CREDIT_CODE_ALPHABET[(CREDIT_CODE_ALPHABET.index(number[place]) + step) % 31]
    assert not is_credit_code(number[:place] + other + number[place + 1 :])


def test_a_registration_number_of_an_older_licence_holds() -> None:
    assert is_registration_number("110108000000016")
    assert is_licence_number("110108000000016")
    assert not is_registration_number("110108000000017")


@pytest.mark.parametrize("number", ["", "abc", "91", "9132019９MA1Q8K3T7X", "1101054912310021"])
def test_what_is_no_number_does_not_hold(number: str) -> None:
    assert not is_id_number(number)
    assert not is_credit_code(number)


@given(st.text("0123456789X", min_size=18, max_size=18))
def test_numbers_are_compared_however_they_were_typed(number: str) -> None:
    typed = " " + number[:6].translate(str.maketrans("0123456789", "０１２３４５６７８９")) + " " + number[6:].lower()
    assert normalise_number(typed) == number
    assert same_number(number, typed)


def test_numbers_that_differ_are_not_the_same() -> None:
    assert not same_number("11010519491231002X", "110105194912310021")


def organisation_code(body: str) -> str:
    return next(f"{body}-{digit}" for digit in "0123456789X" if is_organisation_code(f"{body}-{digit}"))


@given(st.text(CREDIT_CODE_ALPHABET, min_size=8, max_size=8))
def test_an_organisation_code_has_one_check_digit(body: str) -> None:
    assert sum(is_organisation_code(f"{body}{digit}") for digit in "0123456789X") == 1


@given(st.text(CREDIT_CODE_ALPHABET, min_size=8, max_size=8), st.integers(0, 7), st.integers(1, 30))
def test_a_changed_character_of_an_organisation_code_is_seen(body: str, place: int, step: int) -> None:
    code = organisation_code(body)
    other = CREDIT_CODE_ALPHABET[(CREDIT_CODE_ALPHABET.index(code[place]) + step) % 31]
    if (int(other, 36) - int(code[place], 36)) % 11:  # the sum is taken modulo 11
        assert not is_organisation_code(code[:place] + other + code[place + 1 :])


@pytest.mark.parametrize("number", ["", "D2143569", "D2143569--X", "D2143569-x", "D214356O-", "组代管320199-012345-1"])
def test_other_text_is_no_organisation_code(number: str) -> None:
    assert not is_organisation_code(number)


@pytest.mark.parametrize(("province", "known"), [("11", True), ("54", True), ("71", True), ("81", True), ("16", False)])
def test_provinces_are_those_of_the_standard(province: str, known: bool) -> None:
    assert is_known_province(f"{province}0105194912310020") is known


def test_a_residence_permits_number_begins_with_its_place() -> None:
    assert is_residence_number("83000019910430630X")
    assert not is_residence_number("11010519491231002X")


GOOD = "91110000600037341L"


@pytest.mark.parametrize(
    "text", [GOOD, f"?uniscid={GOOD}&uuid=686db02b", f"统一社会信用代码：{GOOD}|主体类型", f'"ei":"{GOOD}","d":"2024"']
)
def test_a_credit_code_is_found_in_a_text(text: str) -> None:
    assert credit_codes_in(f"{text} {GOOD}") == (GOOD,)


@pytest.mark.parametrize("text", ["", GOOD[:-1] + "X", f"a{GOOD}", f"{GOOD}0", GOOD.lower(), GOOD[:9] + " " + GOOD[9:]])
def test_what_is_no_whole_code_is_none(text: str) -> None:
    assert credit_codes_in(text) == ()
