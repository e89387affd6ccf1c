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


def test_frames_in_bursts_show_too_little() -> None:
    bursts = np.concatenate([start_s + np.arange(4) / 30 for start_s in np.arange(0, 8, 1.2)])
    finding = judge_recording(bursts, (720, 1280), too_long=False)
    assert finding.reasons == ("video_frame_rate_low",)
    assert finding.score == pytest.approx(30, abs=0.1)


def test_a_rate_that_wavers_passes() -> None:
    """As a busy browser records: 6 to 27 frames a second, and a gap of a second."""
    steps = np.tile([1 / 27, 1 / 27, 1 / 20, 1 / 6, 1 / 27], 24)
    steps[60] = 1.1
    assert judge_recording(np.cumsum(steps), (720, 1280), too_long=False).outcome is Outcome.PASS


def test_a_picture_that_stops_before_the_sound_is_a_gap() -> None:
    finding = judge_recording(_GOOD[:120], (720, 1280), too_long=False, sound_s=8.0)
    assert finding.reasons == ("video_frame_rate_low",)
    assert [(moment.start_s, moment.end_s) for moment in finding.moments] == [(4.8, 8.0)]


def test_a_gap_is_shown_as_its_moment() -> None:
    times_s = np.concatenate([_GOOD[:50], _GOOD[100:]])
    (moment,) = judge_recording(times_s, (720, 1280), too_long=False).moments
    assert (moment.start_s, moment.end_s) == (1.96, 4.0)


def test_few_pixels_are_named() -> None:
    assert judge_recording(_GOOD, (240, 320), too_long=False).reasons == ("video_resolution_low",)


def test_what_was_never_decoded_is_too_long() -> None:
    assert judge_recording(np.zeros(0), (720, 1280), too_long=True).reasons == ("video_too_long",)
