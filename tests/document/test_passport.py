"""Zone and visual part of a passport must agree. Lines are written by hand: no weights."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.document.lines import line
from tests.specimens.travel import Traveller
from verify_svc.document.layouts import passport
from verify_svc.document.reader import FieldRead, Line


def page(holder: Traveller, printed: str | None = None, zone: tuple[str, str] | None = None) -> list[Line]:
    first, second = zone or holder.zone
    return [
        line("PASSPORT", 50, 20, 40),
        line("Passport No.", 500, 60, 20),
        line(printed if printed is not None else holder.number, 500, 90),
        line("Surname", 200, 150, 20),
        line(holder.surname, 200, 180),
        line("Date of birth", 200, 240, 20),
        line("07 MAR 1990", 200, 270),
        line(first, 50, 500),
        line(second, 50, 560),
    ]


def settled(lines: list[Line]) -> tuple[str | None, str]:
    zone = passport.fields_of(lines).get("number")
    how = "missing" if zone is None else "sure" if passport.ZONE.holds(zone.value) else "unsure"
    number, state = passport.settled(zone, how, lines)
    return (None if number is None else number.value), state


def values(fields: object) -> dict[str, str]:
    assert isinstance(fields, dict)
    return {name: read.value for name, read in fields.items() if isinstance(read, FieldRead)}


def test_number_in_both_parts_is_sure() -> None:
    assert settled(page(Traveller())) == ("L898902C3", "sure")


@pytest.mark.parametrize(
    ("true", "misread"), [("G1234B678", "61234B678"), ("S12345678", "812345678"), ("AB1234567", "A11234567")]
)
def test_twins_of_the_check_digit_are_told_by_the_visual_part(true: str, misread: str) -> None:
    first, second = Traveller(number=true).zone
    wrong = misread + second[9:]
    assert passport.ZONE.holds(wrong)  # the zone alone can't see it
    assert settled(page(Traveller(number=true), printed=true, zone=(first, wrong)))[1] == "unsure"


def test_a_number_that_the_visual_part_lacks_is_unsure() -> None:
    assert settled(page(Traveller(), printed="unlesbar"))[1] == "unsure"


def test_a_number_doubtfully_read_in_the_visual_part_is_unsure() -> None:
    lines = page(Traveller(), printed="")
    assert settled([*lines, line("L898902C3", 500, 90, score=0.4)])[1] == "unsure"
    assert settled([*lines, line("L898902C3", 500, 90, score=0.6)])[1] == "sure"


@pytest.mark.parametrize(("true", "printed"), [("LO9890IC3", "L0989O1C3"), ("L09890123", "LO989O123")])
def test_o_and_i_may_be_printed_like_figures_for_the_zone_tells_them_apart(true: str, printed: str) -> None:
    assert settled(page(Traveller(number=true), printed=printed)) == (true, "sure")


def test_an_o_that_the_zone_was_misread_without_is_taken_as_printed_where_the_check_digits_hold() -> None:
    holder = Traveller(number="VP9KFO57W")
    first, second = holder.zone
    misread = (first, second.replace("FO", "F0"))
    assert not passport.ZONE.holds(misread[1])
    assert settled(page(holder, printed="VP9KFO57W", zone=misread)) == ("VP9KFO57W", "sure")
    assert settled(page(holder, printed="VP9KF057W", zone=misread))[1] == "unsure"


@pytest.mark.parametrize("filler", "<〈＜‹くヘへ丶Λ∧＾^")
def test_fillers_are_read_as_many_signs(filler: str) -> None:
    holder = Traveller(number="X4RTBZ11")
    first, second = (row.replace("<", filler) for row in holder.zone)
    lines = page(holder, zone=(first, second))
    assert settled(lines) == ("X4RTBZ11", "sure")
    assert values(passport.fields_of(lines))["name"] == values(passport.fields_of(page(holder)))["name"]


def test_the_century_of_a_birth_is_the_printed_one() -> None:
    holder = Traveller(born=dt.date(1921, 3, 7))
    assert values(passport.fields_of(page(holder)))["birth_date"] == "2021-03-07"  # printed is another day
    printed = [*page(holder), line("07.03.1921", 500, 270)]
    assert values(passport.fields_of(printed))["birth_date"] == "1921-03-07"


def test_without_a_zone_there_is_no_number() -> None:
    assert settled(page(Traveller())[:-1]) == (None, "missing")


def test_chinese_numbers_have_neither_o_nor_i() -> None:
    holder = Traveller(state="CHN", number="E01234560", han="林知夏", optional="MEPDLKNBPO")
    first, second = holder.zone
    misread = "EO123456O" + second[9:]
    assert settled(page(holder, zone=(first, misread.replace("NBPO", "NBP0")))) == ("E01234560", "sure")


def test_fillers_may_be_read_as_other_marks() -> None:
    first, second = Traveller().zone
    lines = page(Traveller(), zone=(first.replace("<<", "《", 1), second.replace("<<<<", "《〈ヘ")))
    assert settled(lines) == ("L898902C3", "sure")


def test_fields_come_from_both_parts() -> None:
    lines = [*page(Traveller()), line("08 APR/AVR 31", 500, 270), line("ERIKSSON, ANNA-MARIA", 200, 330)]
    found = values(passport.fields_of(lines))
    assert found["name"] == "ERIKSSON ANNA-MARIA"
    assert (found["birth_date"], found["valid_until"]) == ("1990-03-07", "2031-04-08")
    assert (found["sex"], found["nationality"]) == ("女", "UTO")


def test_a_number_of_letters_is_no_name() -> None:
    lines = page(Traveller(number="INQQSOUTO", optional="ZE184226B"))
    assert values(passport.fields_of([lines[-1], *lines[:-1]]))["name"] == "ERIKSSON ANNA MARIA"


def test_a_chinese_name_is_found_without_the_zones_names() -> None:
    holder = Traveller("LIN", "ZHIXIA", "林知夏", state="CHN", number="E12345678")
    lines = [*page(holder)[:-2], line("林知夏", 200, 330), line("LIN,ZHIXIA", 200, 368)]
    found = values(passport.fields_of(lines))
    assert (found["name"], found["latin_name"]) == ("林知夏", "LIN ZHIXIA")


def test_a_chinese_name_stands_above_the_one_in_letters() -> None:
    holder = Traveller("LIN", "ZHIXIA", "林知夏", state="CHN", number="E12345678")
    lines = [*page(holder), line("姓名/Name", 200, 300, 20), line("林知夏", 200, 330), line("LIN, ZHIXIA", 200, 368)]
    found = values(passport.fields_of(lines))
    assert (found["name"], found["latin_name"]) == ("林知夏", "LIN ZHIXIA")
