"""Straight borders on both sides of a face: a screen's, a sheet's; and edges behind a person, which are none."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from verify_svc.face.border import Border, BorderLimits, judge_border, look_for_border
from verify_svc.inference.detector import DetectedFace
from verify_svc.session.finding import Outcome

Pixels = NDArray[np.uint8]
_FACE = DetectedFace((270.0, 160.0, 100.0, 130.0), np.zeros((5, 2), np.float32), 0.9)
_LIMIT = BorderLimits().max_share


def _room(noise: float = 3.0) -> NDArray[np.float32]:
    """480 × 640 through a sensor's noise: a door behind where a person will sit."""
    picture = 140 + np.random.default_rng(3).normal(0, noise, (480, 640, 3)).astype(np.float32)
    picture[:, 210:430] += 40
    return picture


def _person(picture: NDArray[np.float32]) -> NDArray[np.float32]:
    cv2.ellipse(picture, (320, 225), (52, 68), 0, 0, 360, (200, 160, 140), -1)
    cv2.ellipse(picture, (320, 420), (190, 125), 0, 0, 360, (60, 70, 90), -1)
    return picture


def _share(picture: NDArray[np.float32], face: DetectedFace = _FACE) -> float:
    border = look_for_border(0.0, np.clip(picture, 0, 255).astype(np.uint8), face)
    assert border is not None
    return border.share


@pytest.mark.parametrize("lean_deg", [0, 5, -9])
def test_a_screen_held_before_a_camera_has_a_border_on_both_sides(lean_deg: float) -> None:
    scene = np.full((480, 640, 3), 30, np.float32)
    scene[:, 220:420] = _person(_room())[:, 220:420]
    turn = cv2.getRotationMatrix2D((320, 225), lean_deg, 1.0)
    assert _share(np.asarray(cv2.warpAffine(scene, turn, (640, 480), borderValue=(30, 30, 30)), np.float32)) > _LIMIT


def test_a_door_behind_a_person_ends_at_the_shoulders() -> None:
    assert _share(_person(_room())) < _LIMIT


def test_one_side_alone_is_no_border() -> None:
    picture = _person(_room())
    picture[:, 420:] = 30
    assert _share(picture) < _LIMIT


def test_bars_at_the_ends_of_the_picture_are_a_recorders() -> None:
    picture = _person(_room(noise=0.0))[:, 160:480]
    picture[:, :4] = picture[:, -4:] = 0
    face = DetectedFace((110.0, 160.0, 100.0, 130.0), np.zeros((5, 2), np.float32), 0.9)
    assert _share(picture, face) < _LIMIT


def test_where_nothing_is_seen_below_the_chin_nothing_is_said() -> None:
    assert look_for_border(0.0, np.zeros((300, 640, 3), np.uint8), _FACE) is None


def test_a_face_that_leaves_no_room_beside_it_has_no_border() -> None:
    narrow = np.ascontiguousarray(_person(_room())[:, 268:372])
    face = DetectedFace((2.0, 160.0, 100.0, 130.0), np.zeros((5, 2), np.float32), 0.9)
    assert _share(narrow, face) == 0.0


def test_the_clearest_frame_decides() -> None:
    finding = judge_border([Border(0.5, 0.3), Border(2.5, 0.95), Border(4.5, 0.4)])
    assert finding.reasons == ("presentation_attack_suspected",)
    assert (finding.score, finding.moments[0].start_s) == (0.95, 2.25)


def test_without_a_clear_border_the_clip_passes() -> None:
    assert judge_border([Border(0.5, 0.3), Border(2.5, 0.7)]).outcome is Outcome.PASS


def test_where_no_frame_could_be_looked_at_nothing_is_checked() -> None:
    assert judge_border([]).outcome is Outcome.NOT_CHECKED
