"""Lips move."""

from __future__ import annotations

import numpy as np

from verify_svc.session.finding import Moment, Outcome
from verify_svc.speech.lips import judge_lips

_TIMES_S = np.arange(72) / 12
_SAID = [Moment(1.0, 1.5), Moment(2.0, 2.5)]


def test_a_talking_mouth_passes() -> None:
    assert judge_lips(_TIMES_S, 0.15 * np.abs(np.sin(4 * _TIMES_S)), _SAID).outcome is Outcome.PASS


def test_a_still_mouth_is_named_with_what_was_heard() -> None:
    finding = judge_lips(_TIMES_S, np.full(72, 0.12), _SAID)
    assert finding.reasons == ("lips_do_not_follow_speech",)
    assert finding.moments == tuple(_SAID)


def test_frames_without_a_face_are_left_out() -> None:
    gaps = np.where(np.arange(72) % 2 == 0, np.nan, 0.15 * np.abs(np.sin(4 * _TIMES_S)))
    assert judge_lips(_TIMES_S, gaps, _SAID).outcome is Outcome.PASS


def test_hardly_any_face_is_not_checked() -> None:
    assert judge_lips(_TIMES_S, np.full(72, np.nan), _SAID).outcome is Outcome.NOT_CHECKED
