"""The chosen frames and their cut."""

from __future__ import annotations

import numpy as np
import pytest

from tests.face.made_tracks import FPS, calm_track, closed_at, look, still_points
from verify_svc.face.eyes import closed_eyes
from verify_svc.face.quality import FaceLook
from verify_svc.face.still import choose_times, cut_still, portrait_box

_TIMES_S = np.arange(round(6 * FPS)) / FPS


def _looks() -> list[FaceLook]:
    """Two sharp frames a second, all as sharp."""
    return [look(time_s) for time_s in _TIMES_S[::6]]


def test_closed_eyes_are_never_chosen() -> None:
    track = calm_track(**closed_at((0.0, 5.2)))
    times = choose_times(track, _looks(), closed_eyes(track))
    assert times
    assert all(time_s >= 5.2 for time_s in times)


def test_frontal_frames_with_lips_at_rest_come_first() -> None:
    calm = (_TIMES_S > 2.9) & (_TIMES_S < 3.2)
    track = calm_track(yaw_deg=np.where(calm, 0.0, 12.0), lip_gap=np.where(calm, 0.01, 0.2))
    assert 2.9 < choose_times(track, _looks(), closed_eyes(track))[0] < 3.2


def test_sharp_frames_are_preferred() -> None:
    looks = [look(time_s, sharpness=40.0 if time_s == 3.5 else 12.0) for time_s in _TIMES_S[::6]]
    track = calm_track(yaw_deg=0.0, pitch_deg=4.0, roll_deg=0.0, lip_gap=np.where(_TIMES_S == 1.0, 0.01, 0.05))
    assert choose_times(track, looks, closed_eyes(track))[0] == 3.5


def test_alternatives_lie_apart() -> None:
    track = calm_track()
    times = sorted(choose_times(track, _looks(), closed_eyes(track)))
    assert len(times) == 3
    assert min(np.diff(times)) >= 0.7


def test_without_open_eyes_there_is_no_still() -> None:
    track = calm_track(blink=0.65, eye_ratio=0.04)
    assert choose_times(track, _looks(), closed_eyes(track)) == ()


@pytest.mark.parametrize("size", [(720, 1280), (1280, 720), (480, 640)])
def test_the_cut_is_portrait_and_inside_the_picture(size: tuple[int, int]) -> None:
    points = still_points(1, (size[0] / 2, size[1] / 2), 200.0)[0]
    left, top, right, bottom = portrait_box(*size, points)
    assert 0 <= left < right <= size[0]
    assert 0 <= top < bottom <= size[1]
    assert (right - left) / (bottom - top) == pytest.approx(0.75, abs=0.01)


def test_a_still_is_a_jpeg_of_the_cut() -> None:
    picture = np.random.default_rng(1).integers(60, 200, (640, 480, 3), dtype=np.uint8)
    still = cut_still(1.5, picture, still_points(1)[0])
    assert still.jpeg.startswith(b"\xff\xd8")
    assert still.width_px <= 480
    assert still.time_s == 1.5
