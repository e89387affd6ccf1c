"""Limits fit on half of the people and tried on the others."""

from __future__ import annotations

import pytest

from verify_svc.bench.halves import Value, errors, fit, fit_limit, halves, split, too_few


def _values(people: int, good: float, bad: float) -> list[Value]:
    """Three good clips and two bad ones of each person, a little apart."""
    return [
        Value(f"p{person}", level + 0.01 * person, is_bad)
        for person in range(people)
        for level, is_bad in ((good, False),) * 3 + ((bad, True),) * 2
    ]


def test_nobody_is_in_both_halves_and_those_with_faults_are_dealt_out_first() -> None:
    values = [*_values(4, 1, 2), *(Value(f"good{n}", 1, False) for n in range(7))]
    one, other = split(values)
    assert not {v.person for v in one} & {v.person for v in other}
    assert [len({v.person for v in half if v.bad}) for half in (one, other)] == [2, 2]
    assert len(one) + len(other) == len(values)


def test_halves_are_the_same_whatever_the_order() -> None:
    assert halves(["a", "b", "c", "d"]) == halves(["d", "c", "b", "a"])


@pytest.mark.parametrize(("below", "good", "bad"), [(False, 1.0, 2.0), (True, 2.0, 1.0)])
def test_a_limit_lies_in_the_middle_of_the_gap(below: bool, good: float, bad: float) -> None:
    values = [Value("a", good, False), Value("b", bad, True)]
    assert fit_limit(values, below, most_wrong=0.0) == 1.5


def test_of_the_good_at_most_so_many_are_given_up() -> None:
    values = [Value("a", level, False) for level in (1.0, 1.0, 1.0, 5.0)] + [Value("b", 3.0, True)]
    assert errors(values, fit_limit(values, below=False, most_wrong=0.0), below=False).missed == 1
    assert errors(values, fit_limit(values, below=False, most_wrong=0.25), below=False).wrong == 1


def test_a_fit_reports_each_half_by_the_limit_of_the_other() -> None:
    fitted = fit(_values(10, 1, 2), below=False, most_wrong=0.02)
    assert 1.1 < fitted.limit < 2
    assert (fitted.others.wrong, fitted.others.good) == (0, 30)
    assert (fitted.others.missed, fitted.others.bad) == (0, 20)


def test_too_few_clips_or_people_are_told() -> None:
    assert too_few(_values(10, 1, 2)) == ""
    assert "too few: bad" in too_few([v for v in _values(10, 1, 2) if not v.bad])
    assert "too few: good" in too_few(_values(2, 1, 2))
