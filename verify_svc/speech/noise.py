"""Noise under speech, known from its pauses, taken away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from verify_svc.session.finding import Moment

Samples = NDArray[np.float32]

_FRAME = 512
_HOP = _FRAME // 4
_WINDOW = np.sqrt(np.hanning(_FRAME + 1)[:-1])  # once before and once after: four in a row sum up to two
_NOTHING = 1e-12


@dataclass(frozen=True, slots=True)
class NoiseLimits:
    """What of the sound is noise alone, and how much of it is taken away. Measured together: docs/decisions/0029."""

    from_speech_s: float = 0.25  # a digit's onset comes before, its fading after what the detector calls speech
    shortest_pauses_s: float = 0.2  # all together; with less nothing is known of the noise
    floor: float = 0.18  # of the amplitude is left where there is noise alone (−15 dB)
    smoothing: float = 0.96  # how much the frame before counts in what is taken for speech (Ephraim and Malah, 1984)
    quietest: float = 0.003  # the least ratio of speech to noise in power that is thought of (−25 dB)


def without_noise(
    samples: Samples, rate_hz: int, stretches: Sequence[Moment], limits: NoiseLimits = NoiseLimits()
) -> Samples:
    """The same sound with less of the noise that the pauses between the spoken stretches hold (Wiener's filter, the
    speech under the noise estimated from frame to frame). As it was, where the pauses are too short to know it."""
    padded = np.pad(samples, _FRAME)
    frames = np.lib.stride_tricks.sliding_window_view(padded, _FRAME)[::_HOP]
    spectra = np.fft.rfft(frames * _WINDOW, axis=1)
    times_s = (np.arange(len(frames)) * _HOP - _FRAME / 2) / rate_hz
    pauses = (times_s >= 0) & (times_s < samples.size / rate_hz)
    for stretch in stretches:
        pauses &= (times_s < stretch.start_s - limits.from_speech_s) | (times_s > stretch.end_s + limits.from_speech_s)
    if np.count_nonzero(pauses) * _HOP < limits.shortest_pauses_s * rate_hz:
        return samples
    power = np.abs(spectra) ** 2
    ratios = power / (power[pauses].mean(axis=0) + _NOTHING)
    return _laid_together(spectra * _gains(ratios, limits), samples.size)


def _gains(ratios: NDArray[np.float64], limits: NoiseLimits) -> NDArray[np.float64]:
    """What is left of each amplitude, frame by frame; `ratios` are powers over the noise's."""
    gains = np.empty_like(ratios)
    speech = np.zeros(ratios.shape[1])
    for number, ratio in enumerate(ratios):
        expected = limits.smoothing * speech + (1 - limits.smoothing) * np.maximum(ratio - 1, 0)
        expected = np.maximum(expected, limits.quietest)
        gains[number] = np.maximum(expected / (1 + expected), limits.floor)
        speech = gains[number] ** 2 * ratio
    return gains


def _laid_together(spectra: NDArray[np.complex128], size: int) -> Samples:
    quarters = (np.fft.irfft(spectra, axis=1) * _WINDOW).reshape(len(spectra), 4, _HOP)
    hops = np.zeros((len(spectra) + 3, _HOP))
    for number in range(4):
        hops[number : number + len(spectra)] += quarters[:, number]
    return np.asarray(hops.reshape(-1)[_FRAME : _FRAME + size] / 2, np.float32)
