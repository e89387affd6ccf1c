"""Stretches of speech, level, noise."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from verify_svc.session.finding import Outcome
from verify_svc.speech.voice import Voice, find_voice, judge_sound

_RATE_HZ, _HOP_S = 16_000, 0.032


def _heard(
    spans_s: list[tuple[float, float]],
    level: float = 0.1,
    noise: float = 0.001,
    seconds: float = 6.0,
    rings_s: float = 0.0,
) -> Voice:
    times_s = np.arange(round(seconds * _RATE_HZ)) / _RATE_HZ
    rng = np.random.default_rng(2)
    samples = noise * rng.standard_normal(times_s.size)
    steps = np.arange(0, seconds, _HOP_S)
    probabilities: NDArray[np.float32] = np.full(steps.size, 0.02, np.float32)
    for start_s, end_s in spans_s:
        inside = (times_s >= start_s) & (times_s < end_s)
        samples[inside] += level * np.sin(2 * np.pi * 200 * times_s[inside])
        probabilities[(steps >= start_s) & (steps < end_s)] = 0.95
        if rings_s:  # until it is 60 dB down
            after_s = np.maximum(times_s - end_s, 0)
            echo = level * np.sin(2 * np.pi * 200 * times_s) * 10 ** (-3 * after_s / rings_s)
            samples[times_s >= end_s] += echo[times_s >= end_s]
    return find_voice(samples.astype(np.float32), _RATE_HZ, probabilities, _HOP_S)


def test_separated_digits_are_separate_stretches() -> None:
    voice = _heard([(1.0, 1.5), (2.0, 2.5), (3.0, 3.5)])
    assert [round(stretch.start_s, 1) for stretch in voice.stretches] == [1.0, 2.0, 3.0]


def test_a_stop_inside_a_digit_does_not_split_it() -> None:
    assert len(_heard([(1.0, 1.25), (1.38, 1.6)]).stretches) == 1


@pytest.mark.parametrize(
    ("spans_s", "stretches"),
    [
        ([(1.0, 1.5), (2.4, 2.75), (2.97, 3.16), (4.0, 4.5)], 3),  # the second one's end stands apart
        ([(1.0, 1.5), (2.4, 2.75), (2.97, 3.4), (4.0, 4.5)], 4),  # as long as a digit
        ([(1.0, 1.5), (1.9, 2.3), (2.6, 2.8), (3.1, 3.6)], 4),  # all are near
    ],
)
def test_a_digit_that_broke_in_two_is_made_whole(spans_s: list[tuple[float, float]], stretches: int) -> None:
    assert len(_heard(spans_s).of_digits(3).stretches) == stretches


def test_nothing_is_joined_where_no_stretch_is_too_many() -> None:
    voice = _heard([(1.0, 1.5), (2.4, 2.75), (2.97, 3.16), (4.0, 4.5)])
    assert voice.of_digits(4).stretches == voice.stretches


def test_clicks_are_no_speech() -> None:
    assert _heard([(1.0, 1.05)]).stretches == ()


def test_the_ratio_to_noise_is_measured() -> None:
    quiet, loud = _heard([(1, 2), (3, 4)], noise=0.0005), _heard([(1, 2), (3, 4)], noise=0.05)
    assert quiet.noise_ratio_db is not None
    assert loud.noise_ratio_db is not None
    assert quiet.noise_ratio_db > 40
    assert loud.noise_ratio_db == pytest.approx(5, abs=3)


def test_sound_of_a_telephone_has_no_treble() -> None:
    hiss = np.random.default_rng(4).standard_normal(4 * _RATE_HZ).astype(np.float32)
    spectrum = np.fft.rfft(hiss)
    spectrum[np.fft.rfftfreq(hiss.size, 1 / _RATE_HZ) > 3400] = 0
    dull = np.fft.irfft(spectrum).astype(np.float32)
    quiet = np.zeros(125, np.float32)
    assert find_voice(hiss, _RATE_HZ, quiet, _HOP_S).treble_db == pytest.approx(-3, abs=0.5)
    assert find_voice(dull, _RATE_HZ, quiet, _HOP_S).treble_db < -60


def test_a_room_that_rings_is_told_by_how_far_the_sound_falls_after_each_stretch() -> None:
    digits_s = [(1.0, 1.4), (2.0, 2.4), (3.0, 3.4), (4.0, 4.4)]
    dry, ringing = _heard(digits_s, noise=0.0005), _heard(digits_s, noise=0.0005, rings_s=0.6)
    noisy, connected = _heard(digits_s, noise=0.005), _heard([(1.0, 5.9)])
    assert dry.fall_db is not None
    assert ringing.fall_db is not None
    assert dry.fall_db > 40
    assert ringing.fall_db == pytest.approx(60 * 0.225 / 0.6, abs=4)
    assert ringing.noise_ratio_db is not None
    assert ringing.noise_ratio_db > ringing.fall_db + 4
    assert noisy.fall_db == pytest.approx(noisy.noise_ratio_db, abs=1)
    assert connected.fall_db is None


def test_good_sound_passes() -> None:
    assert judge_sound(_heard([(1, 2), (3, 4)])).outcome is Outcome.PASS


def test_no_sound_track_is_named() -> None:
    assert judge_sound(None).reasons == ("audio_missing",)


def test_a_silent_room_is_named() -> None:
    assert judge_sound(_heard([], noise=0.0003)).reasons == ("audio_too_quiet", "speech_not_found")


def test_noise_without_speech_is_named() -> None:
    assert judge_sound(_heard([], noise=0.1)).reasons == ("speech_not_found",)


def test_whispering_far_away_is_too_quiet() -> None:
    assert judge_sound(_heard([(1, 2), (3, 4)], level=0.002, noise=0.00005)).reasons == ("audio_too_quiet",)
