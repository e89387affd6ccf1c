"""Spoken digits: challenges laid from single recordings, read as asked and with one thing wrong.

The folder holds `labels.csv` (file, digits, language, speaker) and one recording a digit and take. A speaker who has
all ten digits reads challenges, drawn as the service draws them but from a fixed seed: with pauses, run together, in
noise, in a room that rings, through a telephone. What is said in place of a digit may be any of the ten.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

import av
import numpy as np
from numpy.typing import NDArray

from verify_svc.bench.intervals import share
from verify_svc.inference.engines import Engines
from verify_svc.inference.speech import RATE_HZ, VOICE_HOP_S, DigitScores, score_digits, voice_probabilities
from verify_svc.session.challenge import BYTES_NEEDED, draw
from verify_svc.session.finding import Outcome
from verify_svc.speech.again import hear
from verify_svc.speech.digits import judge_digits
from verify_svc.speech.voice import VoiceLimits, find_voice

Samples = NDArray[np.float32]

_EACH = 12  # challenges a speaker
_EACH_HARDER = 2
_WRONG_EACH = 3
_GAP_S = (0.25, 0.6)
_NO_GAP_S = (0.0, 0.05)
_ASKED, _WRONG = "as asked", "one digit wrong"
_CHANGES = ("one digit missing", "one digit more at the end", "one digit more in the middle")
_LIMIT_S = 60.0
_NOISE_DB = 15.0
_RINGS_S = 0.4  # until the room's echo is 60 dB down
_TELEPHONE_HZ = 3400.0


@dataclass(frozen=True, slots=True)
class Voice:
    """One speaker's takes of each digit, 16 kHz mono."""

    speaker: str
    language: str
    takes: Mapping[str, Sequence[Samples]] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Trial:
    """One challenge: how it was read, and what was made of it."""

    language: str
    speaker: str
    read: str
    score: float
    outcome: Outcome


def score_spoken(engines: Engines, folder: Path) -> list[Trial]:
    """Read every speaker's challenges to the scorer, as asked and changed."""
    rng = np.random.default_rng(20261122)
    trials = []
    for voice in read_voices(folder):
        for _ in range(_EACH):
            asked = draw_digits(rng)
            for read in (_ASKED, *[_WRONG] * _WRONG_EACH, *_CHANGES):
                trials.append(_try(engines, voice, asked, read, lay(voice, changed(asked, read, rng), rng)))
        for how, harder in _HARDER.items():
            for _ in range(_EACH_HARDER):
                asked = draw_digits(rng)
                for read in (_ASKED, *[_WRONG] * _WRONG_EACH):
                    sound = harder(voice, changed(asked, read, rng), rng)
                    trials.append(_try(engines, voice, asked, f"{read}, {how}", sound))
    return trials


def table(trials: Sequence[Trial]) -> str:
    """Accepted and to be said again, by language and by how it was read, as Markdown."""
    lines = [
        "| language | read | challenges | speakers | accepted | say again | lowest, median score |",
        "|---|---|---|---|---|---|---|",
    ]
    reads = dict.fromkeys(trial.read for trial in trials)
    for language in sorted({trial.language for trial in trials}):
        for read in reads:
            group = [trial for trial in trials if trial.language == language and trial.read == read]
            accepted = sum(trial.outcome is Outcome.PASS for trial in group)
            again = sum(trial.outcome is Outcome.INCONCLUSIVE for trial in group)
            scores = [trial.score for trial in group]
            lines.append(
                f"| {language} | {read} | {len(group)} | {len({trial.speaker for trial in group})} | {accepted}: "
                f"{share(accepted, len(group))} | {again} | {min(scores):.1f}, {float(np.median(scores)):.1f} |"
            )
    return "\n".join(lines)


def read_voices(folder: Path) -> list[Voice]:
    """The speakers who have a recording of each digit."""
    takes: dict[tuple[str, str], dict[str, list[Samples]]] = {}
    with (folder / "labels.csv").open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            if len(row["digits"]) == 1 and "yao" not in row["file"]:
                by_digit = takes.setdefault((row["speaker"], row["language"]), {})
                by_digit.setdefault(row["digits"], []).append(read_sound(folder / row["file"]))
    return [Voice(*key, takes=by_digit) for key, by_digit in sorted(takes.items()) if len(by_digit) == 10]


def read_sound(path: Path) -> Samples:
    """A recording as 16 kHz mono at −20 dBFS, without the silence round it."""
    resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE_HZ)
    parts: list[NDArray[np.int16]] = []
    with av.open(str(path)) as container:
        for frame in container.decode(audio=0):
            parts += [piece.to_ndarray()[0] for piece in resampler.resample(frame)]
    parts += [piece.to_ndarray()[0] for piece in resampler.resample(None)]
    samples = np.concatenate(parts).astype(np.float32) / 32768
    loud = np.flatnonzero(np.abs(samples) > 0.03 * np.abs(samples).max())
    samples = samples[max(0, loud[0] - RATE_HZ // 40) : loud[-1] + RATE_HZ // 20]
    return np.asarray(samples * 0.1 / max(float(np.sqrt((samples**2).mean())), 1e-6), np.float32)


def draw_digits(rng: np.random.Generator) -> str:
    """The digits of a challenge."""
    return draw(rng.bytes(BYTES_NEEDED))[0]


def changed(asked: str, read: str, rng: np.random.Generator) -> str:
    """The digits asked for, as asked or with one thing wrong."""
    place = int(rng.integers(1, len(asked) - 1))
    near = asked[place - 1 : place + 2]
    other = str(rng.choice([digit for digit in "0123456789" if digit not in near and digit != asked[-1]]))
    return {
        _ASKED: asked,
        _WRONG: asked[:place] + other + asked[place + 1 :],
        _CHANGES[0]: asked[:place] + asked[place + 1 :],
        _CHANGES[1]: asked + other,
        _CHANGES[2]: asked[:place] + other + asked[place:],
    }[read]


def lay(voice: Voice, said: str, rng: np.random.Generator, gap_s: tuple[float, float] = _GAP_S) -> Samples:
    """One take of each digit after another, with pauses, over a quiet room."""
    parts: list[Samples] = [np.zeros(RATE_HZ * 8 // 10, np.float32)]
    for digit in said:
        takes = voice.takes[digit]
        parts += [takes[int(rng.integers(len(takes)))], np.zeros(round(rng.uniform(*gap_s) * RATE_HZ), np.float32)]
    parts.append(np.zeros(RATE_HZ // 2, np.float32))
    speech = np.concatenate(parts)
    room = 0.0004 * rng.standard_normal(speech.size)
    return np.clip(speech + room, -0.99, 0.99).astype(np.float32)


def run_together(voice: Voice, said: str, rng: np.random.Generator) -> Samples:
    """The digits without pauses."""
    return lay(voice, said, rng, _NO_GAP_S)


def in_noise(voice: Voice, said: str, rng: np.random.Generator) -> Samples:
    """White noise `_NOISE_DB` below the speech."""
    samples = lay(voice, said, rng)
    loud = float(np.sqrt((samples[np.abs(samples) > 0.01] ** 2).mean()))
    noise = loud * 10 ** (-_NOISE_DB / 20) * rng.standard_normal(samples.size)
    return np.clip(samples + noise, -0.99, 0.99).astype(np.float32)


def in_a_room(voice: Voice, said: str, rng: np.random.Generator) -> Samples:
    """An echo that dies away evenly, half as strong as the voice."""
    samples = lay(voice, said, rng)
    size = round(_RINGS_S * RATE_HZ)
    echo = rng.standard_normal(size) * 10 ** (-3 * np.arange(size) / size)
    echo[: RATE_HZ // 200] = 0
    echo *= 0.5 / float(np.sqrt((echo**2).sum()))
    echo[0] = 1
    length = samples.size + size
    heard = np.fft.irfft(np.fft.rfft(samples, length) * np.fft.rfft(echo, length), length)[: samples.size]
    return np.clip(heard, -0.99, 0.99).astype(np.float32)


def by_telephone(voice: Voice, said: str, rng: np.random.Generator) -> Samples:
    """Nothing above `_TELEPHONE_HZ`, as in sound of 8 kHz."""
    samples = lay(voice, said, rng)
    spectrum = np.fft.rfft(samples)
    spectrum[np.fft.rfftfreq(samples.size, 1 / RATE_HZ) > _TELEPHONE_HZ] = 0
    return np.fft.irfft(spectrum, samples.size).astype(np.float32)


_HARDER: Mapping[str, Callable[[Voice, str, np.random.Generator], Samples]] = MappingProxyType(
    {"run together": run_together, "in noise": in_noise, "in a room": in_a_room, "by telephone": by_telephone}
)


def _try(engines: Engines, voice: Voice, asked: str, read: str, samples: Samples) -> Trial:
    probabilities = engines.inference.call(_LIMIT_S, voice_probabilities, samples)
    heard = find_voice(samples, RATE_HZ, probabilities, VOICE_HOP_S).of_digits(len(asked))

    def score(sound: Samples, digits: str, sure: float) -> DigitScores:
        return engines.inference.call(_LIMIT_S, score_digits, sound, digits, voice.language, sure)

    scores = hear(asked, samples, RATE_HZ, heard, score)
    finding = judge_digits(asked, scores, heard, VoiceLimits().min_noise_ratio_db)
    return Trial(voice.language, voice.speaker, read, finding.score or 0.0, finding.outcome)
