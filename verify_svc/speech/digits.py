"""Scores of the expected digits and voice activity → were these digits said, in this order, and no others?"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from verify_svc.inference.speech import DigitScores
from verify_svc.session.finding import Finding, Outcome
from verify_svc.speech.voice import Voice

MODEL, VERSION = "whisper-base", "int8"
_READINGS = (1, 2, 4, 6)


@dataclass(frozen=True, slots=True)
class DigitLimits:
    """Natural-log probabilities of the least sure place (a digit, or the end), of several readings their mean: what
    one reading must reach, and what two, four and six must."""

    # Measured: docs/decisions/0020, by these limits. Of 494 challenges of all ten digits laid from 13 Mandarin
    # speakers' 486 pass, and 0.32 % of those with another digit asked.
    apart: tuple[float, float, float, float] = (-1.0, -1.5, -2.2, -3.0)
    # Of 160 connected ones of 77 others 151, and 0.2 %.
    together: tuple[float, float, float, float] = (-1.5, -2.0, -2.4, -3.0)
    # Of digits in noise or by telephone 170 of 196 pass by the limits above (−1.5, −2.0, −2.4 then), and 0.95 % of the
    # wrong ones; by these 157 and 0.43 %.
    weak: tuple[float, float, float, float] = (-0.8, -1.3, -2.0, -2.2)
    weak_noise_ratio_db: float = 20.0  # measured: laid digits in a quiet room ≥ 35 where each stretch is found
    # A room that rings: soon after a digit the sound has not fallen far, and less far than where it is quiet. Measured
    # (decision 0020): nine people's own rooms ≥ 33, half of 75 simulated ones ≤ 26; noise ≤ 1 less.
    ringing_fall_db: float = 30.0
    ringing_later_db: float = 2.0
    weak_treble_db: float = -32.0  # measured: sound of 16 kHz ≥ −32 in 98 of 100 challenges, of 8 kHz ≤ −32.2
    # Measured, 51 clips of 17 other speakers: spoken as asked ≥ −3.36, one digit wrong ≤ −4.25.
    say_again: float = -4.0
    # A stretch past the expected count is a word from here on. Measured: the shortest of 330 stretches that hold one
    # digit lasts 0.13 s; of 700 challenges as asked 4 have a stretch more than digits.
    longest_extra_s: float = 0.13
    # Speech over asked digits: past it someone else speaks too. Measured: 1389 challenges as asked ≤ 0.78 s; over it
    # 214 of 252 with a prompter, 136 of 168 with someone who talks on.
    longest_digit_s: float = 0.8
    shortest_digit_s: float = 0.13  # measured: the shortest of 230 digits lasts 0.18 s


def is_noisy(voice: Voice, limits: DigitLimits = DigitLimits()) -> bool:
    """Whether the pauses are so loud that digits are harder to tell."""
    return voice.noise_ratio_db is not None and voice.noise_ratio_db < limits.weak_noise_ratio_db


def rings(voice: Voice, limits: DigitLimits = DigitLimits()) -> bool:
    """Whether the room's echo still sounds where the next digit begins."""
    if voice.fall_db is None or voice.noise_ratio_db is None:
        return False
    later_db = voice.noise_ratio_db - voice.fall_db
    return voice.fall_db < limits.ringing_fall_db and later_db >= limits.ringing_later_db


def is_weak(voice: Voice, count: int, limits: DigitLimits = DigitLimits()) -> bool:
    """Whether `count` digits are harder to tell in this sound, so that it takes more to be sure: in noise, in a room
    that rings; and where a telephone took what is high away and they stand apart, for connected ones are no worse told
    by telephone."""
    dull = voice.treble_db < limits.weak_treble_db and len(voice.stretches) == count
    return dull or is_noisy(voice, limits) or rings(voice, limits)


def to_reach(readings: int, voice: Voice, count: int, limits: DigitLimits = DigitLimits()) -> float:
    """What so many readings of `count` digits must reach in this sound: the more there are, the less they vary. Those
    of digits that run together are at most four, and stand by the first ones more often."""
    if is_weak(voice, count, limits):
        steps = limits.weak
    else:
        steps = limits.apart if len(voice.stretches) == count else limits.together
    return steps[bisect_right(_READINGS, readings) - 1]


def judge_digits(
    asked: str,
    scores: DigitScores | None,
    voice: Voice | None,
    noise_floor_db: float,
    limits: DigitLimits = DigitLimits(),
) -> Finding:
    """The digits in order (the scorer) and in number (voice activity), and no other speech.

    `scores` None: nothing was there to score. `noise_floor_db` is the ratio of speech to noise under which a failure is
    blamed on noise too.
    """
    if scores is None or voice is None:
        return Finding("digits", Outcome.NOT_CHECKED, measured={"asked": asked})
    lowest = scores.lowest
    words = [s for s in voice.stretches if s.end_s - s.start_s >= limits.longest_extra_s]
    too_many = len(words) > len(asked)
    too_short = voice.spoken_s < limits.shortest_digit_s * len(asked)
    accept = to_reach(scores.readings, voice, len(asked), limits)
    outcome, reasons = Outcome.PASS, []
    if lowest < accept:
        outcome = Outcome.FAIL if lowest < limits.say_again else Outcome.INCONCLUSIVE
        ended_early = "." in scores.heard[: len(asked)] and len(voice.stretches) < len(asked)
        reasons.append("digits_incomplete" if ended_early else "digits_mismatch")
    if too_many:
        outcome = Outcome.FAIL
        reasons.append("digits_mismatch")
    if too_short:
        outcome = Outcome.FAIL
        reasons.append("digits_incomplete")
    if voice.spoken_s > limits.longest_digit_s * len(asked):
        outcome = Outcome.INCONCLUSIVE if outcome is Outcome.PASS else outcome
        reasons.append("speech_besides_digits")
    noisy = voice.noise_ratio_db is not None and voice.noise_ratio_db < noise_floor_db
    if reasons and noisy:
        reasons.append("audio_too_noisy")
    return Finding(
        "digits",
        outcome,
        tuple(dict.fromkeys(reasons)),
        score=round(lowest, 2),
        threshold=accept,
        model=MODEL,
        version=VERSION,
        moments=voice.stretches,
        measured={
            "asked": asked,
            "heard": scores.heard.rstrip("."),
            "stretches": len(voice.stretches),
            "spoken_s": round(voice.spoken_s, 2),
            "readings": scores.readings,
            "weak_sound": is_weak(voice, len(asked), limits),
        },
    )
