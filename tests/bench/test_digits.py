"""Challenges read with one thing wrong."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from verify_svc.bench.digits import Voice, changed, draw_digits, lay


def test_no_digit_comes_twice_in_a_row() -> None:
    rng = np.random.default_rng(1)
    for _ in range(50):
        digits = draw_digits(rng)
        assert len(digits) == 6
        assert all(one != other for one, other in pairwise(digits))


@pytest.mark.parametrize(
    ("read", "length"),
    [("as asked", 6), ("one digit wrong", 6), ("one digit missing", 5), ("one digit more at the end", 7)],
)
def test_each_reading_changes_what_it_says(read: str, length: int) -> None:
    said = changed("483026", read, np.random.default_rng(2))
    assert len(said) == length
    assert (said == "483026") == (read == "as asked")


def test_digits_are_laid_one_after_another_with_pauses() -> None:
    beep = np.full(4800, 0.1, np.float32)
    voice = Voice("s", "zh", {digit: [beep] for digit in "0123456789"})
    samples = lay(voice, "12", np.random.default_rng(3))
    loud = np.abs(samples) > 0.05
    assert int(np.count_nonzero(np.diff(loud.astype(int)) == 1)) == 2
