"""Noise under speech, taken away."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from verify_svc.session.finding import Moment
from verify_svc.speech.noise import NoiseLimits, without_noise

_RATE_HZ = 16_000
_SPOKEN = (Moment(1.0, 1.5), Moment(2.5, 3.0))


def _voiced() -> NDArray[np.float32]:
    """A buzz where speech is: the first tones of 150 Hz."""
    at_s = np.arange(4 * _RATE_HZ) / _RATE_HZ
    spoken = sum(((at_s > stretch.start_s) & (at_s < stretch.end_s)) * 1.0 for stretch in _SPOKEN)
    tones = sum(np.sin(2 * np.pi * 150 * number * at_s) / number for number in range(1, 12))
    return np.asarray(0.1 * spoken * tones, np.float32)


def _hiss(level: float) -> NDArray[np.float32]:
    return np.asarray(level * np.random.default_rng(7).standard_normal(4 * _RATE_HZ), np.float32)


def _error_db(sound: NDArray[np.float32], meant: NDArray[np.float32]) -> float:
    return float(10 * np.log10(np.mean((sound - meant) ** 2) / np.mean(meant**2)))


def test_speech_in_noise_comes_nearer_to_speech() -> None:
    meant = _voiced()
    noisy = meant + _hiss(0.03)
    assert _error_db(without_noise(noisy, _RATE_HZ, _SPOKEN), meant) < _error_db(noisy, meant) - 5


def test_a_pause_keeps_as_much_of_the_noise_as_the_floor_says() -> None:
    clean = without_noise(_voiced() + _hiss(0.03), _RATE_HZ, _SPOKEN)
    assert np.std(clean[: _RATE_HZ // 2]) / 0.03 == pytest.approx(NoiseLimits().floor, rel=0.15)


def test_speech_without_noise_stays_as_it_is() -> None:
    meant = _voiced()
    assert _error_db(without_noise(meant + _hiss(1e-5), _RATE_HZ, _SPOKEN), meant) < -40


@pytest.mark.parametrize("size", [0, 1, 511, 16_001])
def test_the_sound_keeps_its_length(size: int) -> None:
    assert without_noise(np.ones(size, np.float32), _RATE_HZ, ()).shape == (size,)


def test_without_pauses_nothing_is_known_of_the_noise() -> None:
    noisy = _voiced() + _hiss(0.03)
    assert without_noise(noisy, _RATE_HZ, [Moment(0.0, 4.0)]) is noisy
