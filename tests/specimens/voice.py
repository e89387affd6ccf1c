"""A sound track of digits said at given times, with room tone or noise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from tests.specimens.carriers import digit_path

RATE_HZ = 48_000
_SPEECH_LEVEL = 0.09  # root mean square of a digit, full scale 1: about −21 dBFS
_ROOM_LEVEL = 0.0004  # −68 dBFS

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Track:
    """`samples` mono at `RATE_HZ`, ±1; `spans_s` of each digit; `loudness` 0–1 every 10 ms, of the speech alone."""

    samples: Floats = field(repr=False)
    spans_s: tuple[tuple[float, float], ...]
    loudness: Floats = field(repr=False)


def say(
    digits: str, onsets_s: Sequence[float], seconds: float, noise_ratio_db: float | None = None, gain: float = 1.0
) -> Track:
    """Lay each digit at its onset; `noise_ratio_db` of speech over pink noise, None for a quiet room."""
    speech = np.zeros(round(seconds * RATE_HZ), np.float32)
    spans = []
    for digit, onset_s in zip(digits, onsets_s, strict=True):
        sound = digit_sound(digit)
        begin = round(onset_s * RATE_HZ)
        part = sound[: max(0, speech.size - begin)]
        speech[begin : begin + part.size] += part
        spans.append((round(onset_s, 3), round(onset_s + part.size / RATE_HZ, 3)))
    hop = RATE_HZ // 100
    frames = speech[: speech.size // hop * hop].reshape(-1, hop)
    level = np.convolve(np.sqrt((frames**2).mean(axis=1)), np.hanning(9) / np.hanning(9).sum(), mode="same")
    loudness = np.clip(level / (1.6 * _SPEECH_LEVEL), 0, 1) ** 0.7
    floor = _ROOM_LEVEL if noise_ratio_db is None else _SPEECH_LEVEL / 10 ** (noise_ratio_db / 20)
    samples = np.clip(speech * gain + floor * _pink_noise(speech.size), -0.99, 0.99)
    return Track(samples.astype(np.float32), tuple(spans), loudness.astype(np.float32))


@cache
def digit_sound(digit: str) -> Floats:
    """One recorded digit at a common loudness, without the silence round it."""
    parts: list[NDArray[Any]] = []
    resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE_HZ)
    with av.open(str(digit_path(digit)), format="g722") as container:
        for frame in container.decode(audio=0):
            parts += [piece.to_ndarray()[0] for piece in resampler.resample(frame)]
    parts += [piece.to_ndarray()[0] for piece in resampler.resample(None)]
    samples = np.concatenate(parts).astype(np.float32) / 32768
    loud = np.flatnonzero(np.abs(samples) > 0.03 * np.abs(samples).max())
    samples = samples[max(0, loud[0] - RATE_HZ // 50) : loud[-1] + RATE_HZ // 25]
    return np.asarray(samples * _SPEECH_LEVEL / np.sqrt((samples**2).mean()), np.float32)


def _pink_noise(count: int) -> NDArray[np.float64]:
    spectrum = np.fft.rfft(np.random.default_rng(7).standard_normal(count))
    spectrum[1:] /= np.sqrt(np.arange(1, spectrum.size))
    noise = np.fft.irfft(spectrum, count)
    return np.asarray(noise / noise.std())
