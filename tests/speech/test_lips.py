"""Lips move, and when the voice sounds."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from verify_svc.session.finding import Moment, Outcome
from verify_svc.speech.lips import agreement_of, judge_lips
from verify_svc.speech.voice import ENVELOPE_HZ, Voice

_TIMES_S = np.arange(96) / 12
_STARTS_S = np.array([0.9, 2.1, 3.2, 4.4, 5.5, 6.7])


def _spoken(starts_s: NDArray[np.float64] = _STARTS_S) -> Voice:
    """Half a second of sound from each of these times, over a quiet room."""
    times_s = (np.arange(8 * ENVELOPE_HZ) + 0.5) / ENVELOPE_HZ
    sounds = ((times_s[:, None] >= starts_s) & (times_s[:, None] < starts_s + 0.5)).any(axis=1)
    stretches = tuple(Moment(start_s, start_s + 0.5) for start_s in starts_s.tolist())
    return Voice(stretches, -20.0, 40.0, 0.4, 0.0, 8.0, -20.0, np.where(sounds, -20.0, -60.0).astype(np.float32))


def _lips(starts_s: NDArray[np.float64] = _STARTS_S) -> NDArray[np.float64]:
    """A mouth that opens and closes once in half a second from each of these times."""
    phase = np.clip((_TIMES_S[:, None] - starts_s) / 0.5, 0, 1)
    return np.asarray(0.2 * np.sin(np.pi * phase).max(axis=1) + 0.02)


def _corners(starts_s: NDArray[np.float64] = _STARTS_S) -> NDArray[np.float64]:
    """Its corners, which go together while it opens."""
    return 0.8 - 0.3 * _lips(starts_s)


_WIDE = np.full(96, 0.8)


def test_a_mouth_that_opens_with_each_digit_passes() -> None:
    finding = judge_lips(_TIMES_S, _lips(), _corners(), _spoken())
    assert finding.outcome is Outcome.PASS
    agreement = finding.measured["agreement"]
    assert isinstance(agreement, float)
    assert agreement > 0.5


@pytest.mark.parametrize("delay_s", [-0.15, 0.15])
def test_lips_and_sound_may_be_a_little_apart(delay_s: float) -> None:
    starts_s = _STARTS_S + delay_s
    assert judge_lips(_TIMES_S, _lips(starts_s), _corners(starts_s), _spoken()).outcome is Outcome.PASS


def test_a_mouth_that_moves_in_the_pauses_is_asked_for_again() -> None:
    starts_s = np.array([0.3, 2.7, 3.85, 5.0, 6.1, 7.3])
    finding = judge_lips(_TIMES_S, _lips(starts_s), _corners(starts_s), _spoken())
    assert (finding.outcome, finding.reasons) == (Outcome.INCONCLUSIVE, ("lips_do_not_follow_speech",))
    assert finding.moments == _spoken().stretches


def test_a_shaken_head_moves_its_lips_when_it_will_and_a_still_mouth_is_named_all_the_same() -> None:
    starts_s = np.array([0.3, 2.7, 3.85, 5.0, 6.1, 7.3])
    swung = judge_lips(_TIMES_S, _lips(starts_s), _corners(starts_s), _spoken(), shaken=True)
    assert (swung.outcome, swung.measured["agreement"]) == (Outcome.PASS, None)
    still = judge_lips(_TIMES_S, np.full(96, 0.12), _WIDE, _spoken(), shaken=True)
    assert (still.outcome, still.reasons) == (Outcome.FAIL, ("lips_do_not_follow_speech",))


def test_lips_that_are_drawn_wide_and_together_move_too() -> None:
    opening = agreement_of(_TIMES_S, _lips(), _WIDE, _spoken())
    corners = agreement_of(_TIMES_S, np.full(96, 0.1), _corners(), _spoken())
    assert corners == pytest.approx(opening, abs=0.01)


def test_a_still_mouth_is_named_with_what_was_heard() -> None:
    finding = judge_lips(_TIMES_S, np.full(96, 0.12), _WIDE, _spoken())
    assert (finding.outcome, finding.reasons) == (Outcome.FAIL, ("lips_do_not_follow_speech",))
    assert finding.moments == _spoken().stretches


def test_frames_without_a_face_are_left_out() -> None:
    gaps = np.where(np.arange(96) % 6 == 0, np.nan, _lips())
    assert judge_lips(_TIMES_S, gaps, _WIDE, _spoken()).outcome is Outcome.PASS


def test_hardly_any_face_is_not_checked() -> None:
    assert judge_lips(_TIMES_S, np.full(96, np.nan), np.full(96, np.nan), _spoken()).outcome is Outcome.NOT_CHECKED


def test_without_sound_only_a_still_mouth_is_told() -> None:
    finding = judge_lips(_TIMES_S, _lips(), _corners(), None)
    assert (finding.outcome, finding.measured["agreement"]) == (Outcome.PASS, None)


@pytest.mark.parametrize("what", ["few frames", "face lost", "even sound", "even lips"])
def test_agreement_needs_something_to_agree(what: str) -> None:
    times_s, lips, voice = _TIMES_S, _lips(), _spoken()
    if what == "few frames":
        times_s, lips = times_s[:15], lips[:15]
    elif what == "face lost":
        lips = np.where(np.arange(96) % 3 == 0, np.nan, lips)
    elif what == "even sound":
        voice = Voice((Moment(0, 8),), -20.0, None, 1.0, 0.0, 8.0, -20.0, np.full(800, -20.0, np.float32))
    else:
        lips = np.full(96, 0.1)
    assert agreement_of(times_s, lips, np.full(times_s.size, 0.8), voice) is None
