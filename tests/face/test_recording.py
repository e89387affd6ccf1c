"""Frame rate, gaps, length, size."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from verify_svc.face.recording import judge_recording
from verify_svc.session.finding import Outcome

_GOOD: NDArray[np.float64] = np.arange(200) / 25.0


def test_a_usual_recording_passes() -> None:
    assert judge_recording(_GOOD, (720, 1280), too_long=False).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("times_s", "reason"),
    [
        (np.arange(0, 8, 1 / 8), "video_frame_rate_low"),
        (np.concatenate([_GOOD[:50], _GOOD[100:]]), "video_frame_rate_low"),
        (np.arange(0, 2, 1 / 25), "video_too_short"),
        (np.arange(0, 14, 1 / 25), "video_too_long"),
        (np.array([0.0]), "video_too_short"),
    ],
)
def test_times_are_judged(times_s: NDArray[np.float64], reason: str) -> None:
    assert reason in judge_recording(times_s, (720, 1280), too_long=False).reasons


def test_a_gap_is_shown_as_its_moment() -> None:
    times_s = np.concatenate([_GOOD[:50], _GOOD[100:]])
    (moment,) = judge_recording(times_s, (720, 1280), too_long=False).moments
    assert (moment.start_s, moment.end_s) == (1.96, 4.0)


def test_few_pixels_are_named() -> None:
    assert judge_recording(_GOOD, (240, 320), too_long=False).reasons == ("video_resolution_low",)


def test_what_was_never_decoded_is_too_long() -> None:
    assert judge_recording(np.zeros(0), (720, 1280), too_long=True).reasons == ("video_too_long",)
