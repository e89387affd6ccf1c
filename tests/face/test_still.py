"""The chosen frames and their cut."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from tests.face.made_tracks import FPS, calm_track, closed_at, look, still_points
from verify_svc.face.eyes import closed_eyes
from verify_svc.face.quality import FaceLook
from verify_svc.face.still import choose_stills, cut_still, judge_still, portrait_box
from verify_svc.session.finding import Outcome
from verify_svc.session.rulepack import StillFormat

_TIMES_S = np.arange(round(6 * FPS)) / FPS


def _looks() -> list[FaceLook]:
    """Two sharp frames a second, all as sharp."""
    return [look(time_s) for time_s in _TIMES_S[::6]]


def test_closed_eyes_are_never_chosen() -> None:
    track = calm_track(**closed_at((0.0, 5.2)))
    times = choose_stills(track, _looks(), closed_eyes(track))
    assert times
    assert all(still.time_s >= 5.2 for still in times)


def test_frontal_frames_with_lips_at_rest_come_first() -> None:
    calm = (_TIMES_S > 2.9) & (_TIMES_S < 3.2)
    track = calm_track(yaw_deg=np.where(calm, 0.0, 12.0), lip_gap=np.where(calm, 0.01, 0.2))
    assert 2.9 < choose_stills(track, _looks(), closed_eyes(track))[0].time_s < 3.2


def test_sharp_frames_are_preferred() -> None:
    looks = [look(time_s, sharpness=40.0 if time_s == 3.5 else 12.0) for time_s in _TIMES_S[::6]]
    track = calm_track(yaw_deg=0.0, pitch_deg=4.0, roll_deg=0.0, lip_gap=np.where(_TIMES_S == 1.0, 0.01, 0.05))
    assert choose_stills(track, looks, closed_eyes(track))[0].time_s == 3.5


def test_alternatives_lie_apart() -> None:
    track = calm_track()
    times = sorted(still.time_s for still in choose_stills(track, _looks(), closed_eyes(track)))
    assert len(times) == 3
    assert min(np.diff(times)) >= 0.7


def test_without_open_eyes_there_is_no_still() -> None:
    track = calm_track(blink=0.65, eye_ratio=0.04)
    assert choose_stills(track, _looks(), closed_eyes(track)) == ()


@pytest.mark.parametrize("size", [(720, 1280), (1280, 720), (480, 640)])
def test_the_cut_is_portrait_and_inside_the_picture(size: tuple[int, int]) -> None:
    points = still_points(1, (size[0] / 2, size[1] / 2), 200.0)[0]
    left, top, right, bottom = portrait_box(*size, points, StillFormat())
    assert 0 <= left < right <= size[0]
    assert 0 <= top < bottom <= size[1]
    assert (right - left) / (bottom - top) == pytest.approx(0.75, abs=0.01)


def test_a_still_is_a_jpeg_of_the_cut() -> None:
    picture = np.random.default_rng(1).integers(60, 200, (640, 480, 3), dtype=np.uint8)
    still = cut_still(1.5, picture, still_points(1)[0], StillFormat())
    assert still.jpeg.startswith(b"\xff\xd8")
    assert still.width_px <= 480
    assert still.time_s == 1.5


def test_a_still_leaning_to_one_side_is_made_level() -> None:
    picture = np.full((1280, 720, 3), 240, np.uint8)
    points = still_points(1, (360, 560), 240.0)[0]
    turn = np.radians(6)
    middle = np.array([360, 560])
    leaning = (points - middle) @ np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]]) + middle
    for iris in (468, 473):
        x, y = np.round(leaning[iris]).astype(int)
        picture[y - 4 : y + 5, x - 4 : x + 5] = (0, 0, 0)
    still = cut_still(1.0, picture, leaning.astype(np.float32), StillFormat())
    dark = np.argwhere(decoded(still.jpeg).min(axis=2) < 90)
    left, right = dark[dark[:, 1] < still.width_px / 2], dark[dark[:, 1] > still.width_px / 2]
    assert left[:, 0].mean() == pytest.approx(right[:, 0].mean(), abs=1)


def test_a_frame_without_room_to_be_turned_is_cut_as_it_is() -> None:
    rows, columns = np.mgrid[:640, :480]
    picture = np.stack([rows * 0.3, columns * 0.4, (rows + columns) * 0.2], axis=2).astype(np.uint8)
    points = still_points(1, (240, 300), 330.0)[0]
    points[473, 1] += 30
    still = cut_still(1.0, picture, points, StillFormat(face_width=0.7))
    left, top, right, bottom = portrait_box(480, 640, points, StillFormat(face_width=0.7))
    assert np.abs(decoded(still.jpeg).astype(int) - picture[top:bottom, left:right]).mean() < 2


def test_the_rule_packs_format_is_what_is_cut() -> None:
    picture = np.full((1280, 720, 3), 240, np.uint8)
    still = cut_still(1.0, picture, still_points(1, (360, 560), 200.0)[0], StillFormat((1, 1), 0.5, 0.4))
    assert (still.width_px, still.height_px) == (400, 400)


def test_a_calm_clip_has_a_suitable_still() -> None:
    track = calm_track()
    finding = judge_still(track, choose_stills(track, _looks(), closed_eyes(track)))
    assert finding.outcome is Outcome.PASS
    assert finding.score is not None
    assert finding.score < 10


@pytest.mark.parametrize("changes", [{"yaw_deg": 18.0}, {"lip_gap": 0.3}, {"blink": 0.65, "eye_ratio": 0.04}])
def test_a_clip_without_a_suitable_frame_is_to_be_recorded_again(changes: dict[str, float]) -> None:
    track = calm_track(**changes)
    finding = judge_still(track, choose_stills(track, _looks(), closed_eyes(track)))
    assert finding.reasons == ("still_not_suitable",)


def decoded(jpeg: bytes) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    with Image.open(io.BytesIO(jpeg)) as picture:
        return np.asarray(picture.convert("RGB"))
