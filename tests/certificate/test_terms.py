"""How long an ID card is valid."""

from __future__ import annotations

import datetime as dt

import pytest

from verify_svc.certificate.terms import is_term, term_fits_age

ISSUED = dt.date(2021, 4, 9)


def years_on(years: int | None) -> dt.date | None:
    return None if years is None else ISSUED.replace(year=ISSUED.year + years)


@pytest.mark.parametrize("years", [5, 10, 20, None])
def test_a_card_is_valid_for_5_10_or_20_years_or_without_end(years: int | None) -> None:
    assert is_term(ISSUED, years_on(years))


@pytest.mark.parametrize("end", [dt.date(2031, 4, 19), dt.date(2033, 4, 9), dt.date(2011, 4, 9), ISSUED])
def test_no_card_has_another_term(end: dt.date) -> None:
    assert not is_term(ISSUED, end)


@pytest.mark.parametrize(
    ("age", "years"), [(3, 5), (15, 5), (16, 10), (25, 10), (26, 20), (45, 20), (46, None), (80, None)]
)
def test_each_age_at_issue_has_its_term(age: int, years: int | None) -> None:
    assert term_fits_age(dt.date(2021 - age, 4, 1), ISSUED, years_on(years))


@pytest.mark.parametrize(("age", "years"), [(16, 5), (15, 10), (26, 10), (25, 20), (46, 20), (45, None)])
def test_around_the_birthday_either_term_will_do(age: int, years: int | None) -> None:
    assert term_fits_age(dt.date(2021 - age, 4, 1), ISSUED, years_on(years))


@pytest.mark.parametrize(("age", "years"), [(30, 5), (30, 10), (30, None), (12, 10), (12, 20), (60, 20), (60, 10)])
def test_a_term_of_another_age_does_not_fit(age: int, years: int | None) -> None:
    assert not term_fits_age(dt.date(2021 - age, 4, 1), ISSUED, years_on(years))


def test_nobody_has_a_card_before_birth() -> None:
    assert not term_fits_age(dt.date(2022, 1, 1), ISSUED, years_on(5))


def test_a_misread_term_accuses_nobody() -> None:
    assert term_fits_age(dt.date(1990, 1, 1), ISSUED, dt.date(2033, 4, 9))
