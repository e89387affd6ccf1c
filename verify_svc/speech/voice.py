"""Sound and voice activity → spoken stretches, level and noise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from verify_svc.session.finding import Finding, Moment, Outcome

Floats = NDArray[np.float32]

_QUIETEST_DBFS = -120.0
_HUM_HZ = 100
_FRAME = 512
_WINDOW = np.hanning(_FRAME).astype(np.float32)
ENVELOPE_HZ = 100
# After a stretch, when its fading is over in a dry room and its echo still sounds in another; and how long before the
# next one, whose onset is not to count.
_ECHO_S, _ONSET_S, _FEWEST_FRAMES = (0.15, 0.3), 0.05, 3
TREBLE_HZ = 4000  # what sound of 8 kHz ends at


@dataclass(frozen=True, slots=True)
class VoiceLimits:
    """When a sound track is fit to be heard."""

    begin_probability: float = 0.5  # silero's own default
    end_probability: float = 0.35  # silero's own default: 0.15 below
    join_gap_s: float = 0.18  # measured, 46 clips: stops inside a digit ≤ 0.13 s, gaps between digits ≥ 0.25 s
    shortest_stretch_s: float = 0.10
    # A digit that broke in two. Measured, docs/decisions/0020: the pause in it ≤ 0.29 s and less than half of any
    # between digits, its shorter part ≤ 0.22 s.
    broken_gap_s: float = 0.3
    broken_part_s: float = 0.25
    broken_share: float = 0.5
    min_level_dbfs: float = -48.0  # measured: talkers −10…−30; guessed: below it a phone's own noise is as loud
    min_voice_share: float = 0.04  # measured: every real clip of digits ≥ 0.26, silence, noise and tones 0
    min_noise_ratio_db: float = 10.0  # measured: the scorer still hears 6 % fewer at 10 dB of white noise
    max_clipped_share: float = 0.02  # guessed; of the loudest samples of speech, at full scale


@dataclass(frozen=True, slots=True)
class Voice:
    """What the sound track holds.

    `stretches` are spoken stretches in seconds on the clip's clock; `level_dbfs` the speech's level (95th percentile
    of 10 ms frames, full scale = 0; the whole track's where there is no speech); `noise_ratio_db` speech over
    pauses, None where one of them is missing; `voice_share` the share of time that is speech; `treble_db` the power
    above `TREBLE_HZ` over all; `fall_db` speech over what is heard soon after a stretch, None where none has a pause
    after it.
    """

    stretches: tuple[Moment, ...]
    level_dbfs: float
    noise_ratio_db: float | None
    voice_share: float
    clipped_share: float
    duration_s: float
    treble_db: float
    envelope_dbfs: Floats = field(repr=False)  # `ENVELOPE_HZ`
    fall_db: float | None = None

    @property
    def spoken_s(self) -> float:
        """Seconds of speech."""
        return sum(stretch.end_s - stretch.start_s for stretch in self.stretches)

    def of_digits(self, count: int, limits: VoiceLimits = VoiceLimits()) -> Voice:
        """The same, where so many digits are expected: while there are more stretches, one digit in two parts is made
        whole. Its parts are far nearer to each other than any digits are, and one of them is too short for a digit."""
        stretches = list(self.stretches)
        while len(stretches) > max(count, 2):
            gaps_s = [later.start_s - earlier.end_s for earlier, later in pairwise(stretches)]
            place = int(np.argmin(gaps_s))
            first, second = stretches[place : place + 2]
            others_s = gaps_s[:place] + gaps_s[place + 1 :]
            part_s = min(each.end_s - each.start_s for each in (first, second))
            far = gaps_s[place] > min(limits.broken_gap_s, limits.broken_share * min(others_s))
            if far or part_s > limits.broken_part_s:
                break
            stretches[place : place + 2] = [Moment(first.start_s, second.end_s)]
        return replace(self, stretches=tuple(stretches))


def find_voice(
    samples: Floats, rate_hz: int, probabilities: Floats, hop_s: float, limits: VoiceLimits = VoiceLimits()
) -> Voice:
    """Measure 16-bit-scaled mono `samples` (±1) with the voice activity of every `hop_s` seconds."""
    stretches = _stretches(probabilities, hop_s, limits)
    hop = rate_hz // ENVELOPE_HZ
    frames = samples[: samples.size // hop * hop].reshape(-1, hop).astype(np.float64)
    envelope = 10 * np.log10(np.mean(frames**2, axis=1) + 1e-12)
    times_s = (np.arange(envelope.size) + 0.5) / ENVELOPE_HZ
    spoken, near = np.zeros(envelope.size, np.bool_), np.zeros(envelope.size, np.bool_)
    for stretch in stretches:
        spoken |= (times_s >= stretch.start_s) & (times_s <= stretch.end_s)
        # A digit's onset comes before, its fading after what the detector calls speech.
        near |= (times_s >= stretch.start_s - 0.15) & (times_s <= stretch.end_s + 0.25)
    speech, pauses = envelope[spoken], envelope[~near]
    ratio = None
    if speech.size and pauses.size >= 20:
        ratio = float(_mean_dbfs(speech) - _mean_dbfs(pauses))
    heard = speech if speech.size else envelope
    return Voice(
        stretches=stretches,
        level_dbfs=float(np.percentile(heard, 95)) if heard.size else _QUIETEST_DBFS,
        noise_ratio_db=ratio,
        voice_share=float(np.mean(probabilities >= limits.begin_probability)) if probabilities.size else 0.0,
        clipped_share=float(np.mean(np.abs(samples) >= 0.999)) if samples.size else 0.0,
        duration_s=samples.size / rate_hz,
        treble_db=_treble_db(samples, rate_hz),
        envelope_dbfs=envelope.astype(np.float32),
        fall_db=_fall_db(envelope, times_s, stretches, speech),
    )


def judge_sound(voice: Voice | None, limits: VoiceLimits = VoiceLimits()) -> Finding:
    """Is there sound, is it loud enough, is anyone speaking? `None`: the clip has no sound track.

    Noise is judged with the digits: a noisy clip whose digits were heard is good enough.
    """
    if voice is None:
        return Finding("sound", Outcome.FAIL, ("audio_missing",))
    reasons = []
    if voice.level_dbfs < limits.min_level_dbfs:
        reasons.append("audio_too_quiet")
    if voice.voice_share < limits.min_voice_share or not voice.stretches:
        reasons.append("speech_not_found")
    if voice.clipped_share > limits.max_clipped_share and voice.stretches:
        reasons.append("audio_too_noisy")
    return Finding(
        "sound",
        Outcome.FAIL if reasons else Outcome.PASS,
        tuple(reasons),
        score=round(voice.level_dbfs, 1),
        threshold=limits.min_level_dbfs,
        moments=voice.stretches,
        measured={
            "voice_share": round(voice.voice_share, 3),
            "noise_ratio_db": None if voice.noise_ratio_db is None else round(voice.noise_ratio_db, 1),
            "clipped_share": round(voice.clipped_share, 4),
            "duration_s": round(voice.duration_s, 2),
        },
    )


def _stretches(probabilities: Floats, hop_s: float, limits: VoiceLimits) -> tuple[Moment, ...]:
    spans: list[list[float]] = []
    begun: int | None = None
    for number, probability in enumerate([*probabilities, 0.0]):
        if begun is None and probability >= limits.begin_probability:
            begun = number
        elif begun is not None and probability < limits.end_probability:
            start_s, end_s = begun * hop_s, number * hop_s
            if spans and start_s - spans[-1][1] < limits.join_gap_s:
                spans[-1][1] = end_s
            else:
                spans.append([start_s, end_s])
            begun = None
    long = [span for span in spans if span[1] - span[0] >= limits.shortest_stretch_s]
    return tuple(Moment(round(start_s, 3), round(end_s, 3)) for start_s, end_s in long)


def _fall_db(
    envelope: NDArray[np.float64],
    times_s: NDArray[np.float64],
    stretches: Sequence[Moment],
    speech: NDArray[np.float64],
) -> float | None:
    """The median over the stretches: one sound in a pause tells nothing of the room."""
    ends_s = [*(stretch.start_s - _ONSET_S for stretch in stretches[1:]), np.inf]
    left = []
    for stretch, end_s in zip(stretches, ends_s, strict=False):
        soon = (times_s >= stretch.end_s + _ECHO_S[0]) & (times_s <= min(stretch.end_s + _ECHO_S[1], end_s))
        if soon.sum() >= _FEWEST_FRAMES:
            left.append(_mean_dbfs(envelope[soon]))
    return float(_mean_dbfs(speech) - np.median(left)) if left else None


def _treble_db(samples: Floats, rate_hz: int) -> float:
    frames = samples[: samples.size // _FRAME * _FRAME].reshape(-1, _FRAME) * _WINDOW
    power = (np.abs(np.fft.rfft(frames)) ** 2).sum(axis=0)
    hz = np.fft.rfftfreq(_FRAME, 1 / rate_hz)
    return float(10 * np.log10((power[hz > TREBLE_HZ].sum() + 1e-12) / (power[hz > _HUM_HZ].sum() + 1e-12)))


def _mean_dbfs(levels: NDArray[np.float64]) -> float:
    return float(10 * np.log10(np.mean(10 ** (levels / 10))))
