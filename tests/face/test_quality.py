"""Sharpness and light."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from tests.face.made_tracks import look
from verify_svc.face.quality import FaceLook, judge_light, judge_sharpness, look_at_face
from verify_svc.face.track import OVAL
from verify_svc.session.finding import Outcome


def _drawn_face() -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """Broad shades and fine texture, as a face has, and mesh points with the irises 90 px apart."""
    rng = np.random.default_rng(3)
    shades = cv2.resize(rng.integers(60, 200, (12, 9)).astype(np.float32), (480, 640), interpolation=cv2.INTER_CUBIC)
    fine = cv2.resize(rng.standard_normal((256, 192)).astype(np.float32), (480, 640), interpolation=cv2.INTER_CUBIC)
    picture = np.repeat(np.clip(np.asarray(shades + 12 * fine), 0, 255).astype(np.uint8)[..., None], 3, axis=2)
    points = np.tile(np.array([240, 320], np.float32), (478, 1))
    angles = np.linspace(0, 2 * np.pi, len(OVAL), endpoint=False)
    points[list(OVAL)] = np.stack([240 + 100 * np.sin(angles), 320 - 130 * np.cos(angles)], axis=1)
    points[468], points[473] = (195, 290), (285, 290)
    return picture, points


def _look(picture: NDArray[np.uint8]) -> FaceLook:
    return look_at_face(0.0, picture, _drawn_face()[1])


def test_blurring_lowers_sharpness_by_far() -> None:
    picture, _ = _drawn_face()
    blurred = np.asarray(cv2.GaussianBlur(picture, (0, 0), 5), np.uint8)
    assert _look(blurred).sharpness < 0.2 * _look(picture).sharpness


def test_a_movement_to_the_side_smears_rows_alone() -> None:
    picture, _ = _drawn_face()
    moved = _look(np.asarray(cv2.blur(picture, (25, 1)), np.uint8))
    assert moved.sharpness_across < 0.3 * moved.sharpness_along


def test_light_from_the_side_is_measured() -> None:
    picture, _ = _drawn_face()
    ramp = np.linspace(1.3, 0.1, 480)[None, :, None]
    lit = np.clip(np.full_like(picture, 130) * ramp, 0, 255).astype(np.uint8)
    assert _look(lit).side_light > 0.15
    assert _look(np.full_like(picture, 130)).side_light < 0.01


def test_a_colour_that_is_full_is_burnt_though_the_face_is_not_white() -> None:
    picture, _ = _drawn_face()
    ruddy = np.full_like(picture, 140)
    ruddy[..., 0] = 255
    assert _look(ruddy).burnt_share == 1.0
    assert _look(ruddy).bright_share == 0.0


def test_sharpness_does_not_depend_on_the_size_of_the_picture() -> None:
    picture, points = _drawn_face()
    small = np.asarray(cv2.resize(picture, None, fx=0.8, fy=0.8, interpolation=cv2.INTER_AREA), np.uint8)
    scaled = look_at_face(0.0, small, points * np.float32(0.8))
    assert scaled.sharpness == pytest.approx(_look(picture).sharpness, rel=0.35)


def test_blurry_faces_are_named() -> None:
    assert judge_sharpness([look(sharpness=2.8, sharpness_across=1, sharpness_along=1)], 90, 0.0).reasons == (
        "video_blurry",
    )
    assert judge_sharpness([look(sharpness_across=1.3)], 90, 0.0).reasons == ("video_blurry",)
    assert judge_sharpness([look(sharpness_across=3.0, sharpness_along=12)], 90, 0.06).reasons == ("video_blurry",)


def test_sharp_faces_pass_and_tiny_ones_are_not_checked() -> None:
    assert judge_sharpness([look()], 90, 0.0).outcome is Outcome.PASS
    assert judge_sharpness([look(sharpness=2)], 20, 0.0).outcome is Outcome.NOT_CHECKED


@pytest.mark.parametrize(
    ("changes", "reasons"),
    [
        ({}, ()),
        ({"level": 27.0}, ("too_dark",)),
        ({"level": 230.0}, ("too_bright",)),
        ({"bright_share": 0.3}, ("too_bright",)),
        ({"burnt_share": 0.6}, ("too_bright",)),
        ({"side_light": 0.45}, ("uneven_light",)),
        ({"level": 30.0, "side_light": 0.45}, ("too_dark", "uneven_light")),
    ],
)
def test_light_is_judged(changes: dict[str, float], reasons: tuple[str, ...]) -> None:
    assert judge_light([look(**changes)], None).reasons == reasons


def test_light_from_the_side_is_advice() -> None:
    assert judge_light([look(side_light=0.45)], None).outcome is Outcome.PASS


def test_a_wall_that_darkens_with_the_face_tells_side_light_sooner() -> None:
    assert judge_light([look(side_light=0.2)], 45.0).reasons == ("uneven_light",)
    assert judge_light([look(side_light=0.2)], 4.0).reasons == ()
