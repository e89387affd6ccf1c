"""Lips and sound: a mouth that stays still, or moves at other times than the voice sounds, did not say the digits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from verify_svc.session.finding import Finding, Moment, Outcome
from verify_svc.speech.voice import ENVELOPE_HZ, Voice

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class LipLimits:
    """The opening between the lips over the distance of the irises; the range is 95th less 5th percentile. Agreement
    is a correlation, −1 to 1."""

    # Measured at 12 fps: 30 talkers 0.12–0.44, 14 silent people and 2 photographs 0.00–0.05.
    min_range: float = 0.075
    min_frames: int = 10
    # measured: docs/decisions/0020; 17 clips of talkers with their own sound ≥ 0.14, a third of others' sounds below
    min_agreement: float = 0.05
    min_agreement_frames: int = 20  # measured with 21 and more
    min_seen: float = 0.8  # guessed; the share of frames with a face
    # The sound may be this much before or after what is seen. Measured: with 0.1 s each, two of the 14 agree no more.
    sound_before_s: float = 0.3
    sound_after_s: float = 0.2
    step_s: float = 0.04
    quietest_db: float = 30.0  # below the speech's level: what is quieter is a pause


def judge_lips(
    times_s: Floats,
    lip_gap: Floats,
    lip_width: Floats,
    voice: Voice | None,
    shaken: bool = False,
    limits: LipLimits = LipLimits(),
) -> Finding:
    """Did the mouth move, and did it move when the voice sounded? `lip_gap` (the opening) and `lip_width` (from corner
    to corner) per frame, NaN where no face was found.

    A still mouth is sure; movement at other times is not, and is asked for again. In a head that is `shaken` the lips
    move with every swing, at times of their own: only their range counts.
    """
    stretches = voice.stretches if voice else ()
    seen = np.isfinite(lip_gap)
    if seen.sum() < limits.min_frames:
        return Finding("lips", Outcome.NOT_CHECKED)
    moved = float(np.subtract(*np.percentile(lip_gap[seen], [95, 5])))
    agreement = None if shaken else agreement_of(times_s, lip_gap, lip_width, voice, limits)
    outcome = Outcome.PASS
    if moved < limits.min_range:
        outcome = Outcome.FAIL
    elif agreement is not None and agreement < limits.min_agreement:
        outcome = Outcome.INCONCLUSIVE
    doubted = outcome is not Outcome.PASS
    return Finding(
        "lips",
        outcome,
        ("lips_do_not_follow_speech",) if doubted else (),
        score=round(moved, 3),
        threshold=limits.min_range,
        moments=stretches if doubted else (),
        measured={
            "stretches": len(stretches),
            "opening_median": _median_opening(times_s, lip_gap, stretches),
            "agreement": None if agreement is None else round(agreement, 2),
        },
    )


def agreement_of(
    times_s: Floats, lip_gap: Floats, lip_width: Floats, voice: Voice | None, limits: LipLimits = LipLimits()
) -> float | None:
    """How far the speed of the lips goes with the sound's level: the highest correlation over small delays.

    The speed tells talkers with their own sound from those with another's better than the place does, and the corners
    of the mouth as much as its opening. None: too little was seen or heard, or nothing changes.
    """
    seen = np.isfinite(lip_gap) & np.isfinite(lip_width)
    if (
        voice is None
        or not voice.stretches
        or seen.mean() < limits.min_seen
        or seen.sum() < limits.min_agreement_frames
    ):
        return None
    speed = sum(_speed(times_s, np.interp(times_s, times_s[seen], lips[seen])) for lips in (lip_gap, lip_width))
    window = np.hanning(17) / np.hanning(17).sum()
    level = np.convolve(np.pad(voice.envelope_dbfs.astype(np.float64), 8, mode="edge"), window, "valid")
    level = np.maximum(level, np.percentile(level, 95) - limits.quietest_db)
    level_s = (np.arange(level.size) + 0.5) / ENVELOPE_HZ
    if np.std(speed) < 1e-6 or level.std() < 1e-6:
        return None
    offsets_s = np.arange(-limits.sound_before_s, limits.sound_after_s + 1e-6, limits.step_s)
    heard = [np.interp(times_s + offset_s, level_s, level) for offset_s in offsets_s]
    return max(float(np.corrcoef(sound, speed)[0, 1]) for sound in heard)


def _speed(times_s: Floats, lips: Floats) -> Floats:
    """How fast it changes, either way, over three frames."""
    speed = np.abs(np.gradient(lips, times_s))
    return np.convolve(np.pad(speed, 1, mode="edge"), np.ones(3) / 3, "valid")


def _median_opening(times_s: Floats, lip_gap: Floats, stretches: Sequence[Moment]) -> float | None:
    """The median over the spoken stretches of how far the lips open and close in each."""
    around_s = 0.15
    parts = [lip_gap[(times_s >= s.start_s - around_s) & (times_s <= s.end_s + around_s)] for s in stretches]
    openings = [float(np.ptp(part[np.isfinite(part)])) for part in parts if np.isfinite(part).sum() > 1]
    return round(float(np.median(openings)), 3) if openings else None
