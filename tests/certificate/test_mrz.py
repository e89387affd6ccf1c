"""The machine-readable zone: check digits see every change but those of ten."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verify_svc.certificate.mrz import check_digit, names_in, parse_data_line

LINE = "L898902C36UTO7408122F1204159ZE184226B<<<<<10"
LETTERS_AND_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def test_the_specimen_of_the_standard() -> None:
    data = parse_data_line(LINE)
    assert data is not None
    assert (data.number, data.nationality, data.sex, data.holds) == ("L898902C3", "UTO", "F", True)
    assert (data.birth_days, data.expiry_day) == ((dt.date(1974, 8, 12),), dt.date(2012, 4, 15))


@pytest.mark.parametrize("fillers", [0, 3, 9])
def test_how_many_fillers_were_read_does_not_matter(fillers: int) -> None:
    line = "L582397883UTO7703067M2801153" + "<" * (14 - fillers) + "08"
    data = parse_data_line(line.ljust(42, "<") if fillers == 9 else line)
    assert data is None or data.number == "L58239788"
    whole = parse_data_line("L582397883UTO7703067M2801153<<<<<<<<<<<<<<08")
    assert whole is not None
    assert whole.holds


@given(st.integers(0, 43), st.sampled_from(LETTERS_AND_DIGITS))
def test_a_changed_character_is_seen_unless_it_weighs_the_same(place: int, other: str) -> None:
    changed = LINE[:place] + other + LINE[place + 1 :]
    data = parse_data_line(changed)
    counted = place not in (10, 11, 12, 20)  # nationality and sex have no check digit
    weighs_alike = (int(other, 36) - (0 if LINE[place] == "<" else int(LINE[place], 36))) % 10 == 0
    if data is not None and counted and not weighs_alike:
        assert not data.holds


@given(st.text(LETTERS_AND_DIGITS, min_size=1, max_size=14))
def test_the_twins_of_the_check_digit_weigh_the_same(text: str) -> None:
    for one, other in (("G", "6"), ("S", "8"), ("B", "1")):
        assert check_digit(text.replace(one, other)) == check_digit(text)


def test_a_travel_document_of_two_lines_of_36() -> None:
    data = parse_data_line("D231458907UTO7408122F1204159<<<<<<<6")
    assert data is not None
    assert (data.number, data.holds) == ("D23145890", True)


def test_a_short_number_is_filled_up() -> None:
    number = "X4RTBZ<<<"
    born, ends = "900307", "310408"
    head, middle = number + check_digit(number), born + check_digit(born)
    tail = ends + check_digit(ends) + "<" * 15
    data = parse_data_line(f"{head}D<<{middle}M{tail}{check_digit(head + middle + tail)}")
    assert data is not None
    assert (data.number, data.nationality, data.holds) == ("X4RTBZ", "D", True)


@pytest.mark.parametrize("line", ["", "P<UTOERIKSSON<<ANNA<MARIA", "L898902C36UTO740812", "江苏省南京市"])
def test_other_text_is_no_data_line(line: str) -> None:
    assert parse_data_line(line) is None


def test_a_day_that_is_none_does_not_hold() -> None:
    born = "901399"
    head, tail = "L898902C36", "3104080" + "<" * 15
    middle = born + check_digit(born)
    data = parse_data_line(f"{head}UTO{middle}F{tail}{check_digit(head + middle + tail)}")
    assert data is not None
    assert not data.holds


def test_names_of_the_first_line() -> None:
    assert names_in("P<UTOVAN<DER<BERG<<JO<<<<<<<<<<<<<<<<<<<<<<<") == "VAN DER BERG JO"
