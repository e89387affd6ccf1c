"""The digits of a challenge and their times."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verify_svc.session.challenge import BYTES_NEEDED, draw


@given(st.binary(min_size=BYTES_NEEDED, max_size=BYTES_NEEDED))
def test_six_digits_none_twice_in_a_row_within_eight_to_nine_seconds(random: bytes) -> None:
    digits, reveals_s, duration_s = draw(random)
    assert len(digits) == len(reveals_s) == 6
    assert all(one != other for one, other in itertools.pairwise(digits))
    assert all(1.0 <= later - earlier <= 1.4 for earlier, later in itertools.pairwise(reveals_s))
    assert 8.0 <= duration_s <= 9.0
    assert duration_s - reveals_s[-1] >= 1.0


def test_every_digit_comes_up_about_as_often_in_every_place() -> None:
    counts = [[0] * 10 for _ in range(6)]
    for number in range(4000):
        seed = b"".join((number * 7919 * (place + 1) * 104729 % 2**32).to_bytes(4, "big") for place in range(12))
        for place, digit in enumerate(draw(seed)[0]):
            counts[place][int(digit)] += 1
    assert all(300 < count < 500 for place in counts for count in place)


def test_too_few_bytes_are_refused() -> None:
    with pytest.raises(ValueError, match="random bytes"):
        draw(b"short")
