"""Spoken digits: challenges laid from single recordings, read as asked and with one thing wrong.

The folder holds `labels.csv` (file, digits, language, speaker) and one recording a digit and take. A speaker who has
all ten digits reads challenges of six, no digit twice in a row, drawn from a fixed seed.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from verify_svc.bench.intervals import share
from verify_svc.inference.engines import Engines
from verify_svc.inference.speech import RATE_HZ, VOICE_HOP_S, DigitScores, score_digits, voice_probabilities
from verify_svc.session.finding import Outcome
from verify_svc.speech.again import hear
from verify_svc.speech.digits import judge_digits
from verify_svc.speech.voice import VoiceLimits, find_voice

Samples = NDArray[np.float32]

_EACH = 4  # challenges a speaker
_LENGTH = 6
_GAP_S = (0.25, 0.6)
_ASKED = "as asked"
_CHANGES = ("one digit wrong", "one digit missing", "one digit more at the end", "one digit more in the middle")
_LIMIT_S = 60.0


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
            for read in (_ASKED, *_CHANGES):
                samples = lay(voice, changed(asked, read, rng), rng)
                trials.append(_try(engines, voice, asked, read, samples))
    return trials


def table(trials: Sequence[Trial]) -> str:
    """Accepted and to be said again, by language and by how it was read, as Markdown."""
    lines = [
        "| language | read | challenges | speakers | accepted | say again | lowest, median score |",
        "|---|---|---|---|---|---|---|",
    ]
    for language in sorted({trial.language for trial in trials}):
        for read in (_ASKED, *_CHANGES):
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
    """Six digits, none twice in a row."""
    digits = ""
    while len(digits) < _LENGTH:
        digit = str(rng.integers(10))
        digits += digit if not digits.endswith(digit) else ""
    return digits


def changed(asked: str, read: str, rng: np.random.Generator) -> str:
    """What is said: the digits asked for, or with one thing wrong."""
    place = int(rng.integers(1, len(asked) - 1))
    near = asked[place - 1 : place + 2]
    other = str(rng.choice([digit for digit in "0123456789" if digit not in near and digit != asked[-1]]))
    return {
        _ASKED: asked,
        _CHANGES[0]: asked[:place] + other + asked[place + 1 :],
        _CHANGES[1]: asked[:place] + asked[place + 1 :],
        _CHANGES[2]: asked + other,
        _CHANGES[3]: asked[:place] + other + asked[place:],
    }[read]


def lay(voice: Voice, said: str, rng: np.random.Generator) -> Samples:
    """One take of each digit after another, with pauses, over a quiet room."""
    parts: list[Samples] = [np.zeros(RATE_HZ * 8 // 10, np.float32)]
    for digit in said:
        takes = voice.takes[digit]
        parts += [takes[int(rng.integers(len(takes)))], np.zeros(round(rng.uniform(*_GAP_S) * RATE_HZ), np.float32)]
    parts.append(np.zeros(RATE_HZ // 2, np.float32))
    speech = np.concatenate(parts)
    room = 0.0004 * rng.standard_normal(speech.size)
    return np.clip(speech + room, -0.99, 0.99).astype(np.float32)


def _try(engines: Engines, voice: Voice, asked: str, read: str, samples: Samples) -> Trial:
    probabilities = engines.inference.call(_LIMIT_S, voice_probabilities, samples)
    heard = find_voice(samples, RATE_HZ, probabilities, VOICE_HOP_S)

    def score(sound: Samples, digits: str, sure: float) -> DigitScores:
        return engines.inference.call(_LIMIT_S, score_digits, sound, digits, voice.language, sure)

    scores = hear(asked, samples, RATE_HZ, heard.stretches, score)
    finding = judge_digits(asked, scores, heard, VoiceLimits().min_noise_ratio_db)
    return Trial(voice.language, voice.speaker, read, finding.score or 0.0, finding.outcome)
