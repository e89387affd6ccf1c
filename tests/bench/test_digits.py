"""Challenges read with one thing wrong."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from verify_svc.bench.digits import Voice, by_telephone, changed, draw_digits, in_a_room, in_noise, lay, run_together
from verify_svc.session.challenge import DIGITS


def test_challenges_are_those_that_the_service_draws() -> None:
    rng = np.random.default_rng(1)
    drawn = [draw_digits(rng) for _ in range(50)]
    assert {len(digits) for digits in drawn} == {6}
    assert set().union(*drawn) == set(DIGITS)
    assert all(one != other for digits in drawn for one, other in pairwise(digits))


def test_what_is_said_in_place_of_a_digit_may_be_one_that_is_never_asked_for() -> None:
    rng = np.random.default_rng(5)
    assert set().union(*(changed("483916", "one digit wrong", rng) for _ in range(200))) == set("0123456789")


@pytest.mark.parametrize(
    ("read", "length"),
    [("one digit wrong", 6), ("one digit missing", 5), ("one digit more at the end", 7)],
)
def test_each_reading_changes_what_it_says(read: str, length: int) -> None:
    said = changed("483026", read, np.random.default_rng(2))
    assert len(said) == length
    assert said != "483026"


def test_digits_are_laid_one_after_another_with_pauses() -> None:
    samples = lay(_beeping(4800), "12", np.random.default_rng(3))
    loud = np.abs(samples) > 0.05
    assert int(np.count_nonzero(np.diff(loud.astype(int)) == 1)) == 2


def test_digits_run_together_leave_no_pause_to_tell_them_by() -> None:
    samples = run_together(_beeping(4800), "1212", np.random.default_rng(3))
    loud = np.flatnonzero(np.abs(samples) > 0.05)
    assert loud[-1] - loud[0] < 4 * 4800 + 3 * 0.05 * 16_000


def test_noise_is_as_far_below_the_speech_as_it_says() -> None:
    samples = in_noise(_beeping(4800), "12", np.random.default_rng(3))
    level_db = 20 * np.log10(float(samples[:8000].std()) / 0.1)
    assert level_db == pytest.approx(-15, abs=0.5)


def test_a_room_rings_after_the_digit() -> None:
    samples = in_a_room(_beeping(4800), "1", np.random.default_rng(3))
    after = np.flatnonzero(np.abs(samples) > 0.09)[-1] + 200
    assert float(samples[after : after + 1600].std()) > 5 * float(samples[:8000].std())


def test_a_telephone_has_no_high_tones() -> None:
    noise = np.random.default_rng(4).standard_normal(8000).astype(np.float32) * 0.1
    voice = Voice("s", "zh", {digit: [noise] for digit in "0123456789"})
    samples = by_telephone(voice, "1", np.random.default_rng(3))
    spectrum = np.abs(np.fft.rfft(samples)) ** 2
    assert spectrum[np.fft.rfftfreq(samples.size, 1 / 16_000) > 3500].sum() < 1e-6 * spectrum.sum()


def _beeping(size: int) -> Voice:
    beep = np.full(size, 0.1, np.float32)
    return Voice("s", "zh", {digit: [beep] for digit in "0123456789"})
