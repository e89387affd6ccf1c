"""Masks and hands."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from tests.face.made_tracks import calm_track
from tests.specimens.clips import make_frame
from verify_svc.face.cover import LowerFace, judge_cover, look_at_lower_face
from verify_svc.face.track import build_track
from verify_svc.inference.detector import detect_faces
from verify_svc.inference.mesh import mesh_faces
from verify_svc.session.finding import Outcome

_TALKING = np.abs(np.sin(np.arange(72))) * 0.2


def _looks(lighter: float, chroma: float, lips: float) -> list[LowerFace]:
    return [LowerFace(0.5 * number, lighter, chroma, lips) for number in range(6)]


def test_a_bare_talking_face_passes() -> None:
    assert judge_cover(calm_track(lip_gap=_TALKING), _looks(8, 3, 0.12)).outcome is Outcome.PASS


def test_a_coloured_mask_is_named_with_moments() -> None:
    finding = judge_cover(calm_track(), _looks(40, 30, 0.01))
    assert finding.reasons == ("face_occluded",)
    assert len(finding.moments) == 6


def test_a_white_mask_is_named_by_its_lightness() -> None:
    assert judge_cover(calm_track(), _looks(50, 8, 0.01)).reasons == ("face_occluded",)


def test_a_hand_is_named_by_lips_that_are_neither_seen_nor_move() -> None:
    assert judge_cover(calm_track(), _looks(9, 4, 0.01)).reasons == ("face_occluded",)


def test_pale_lips_that_move_are_not_covered() -> None:
    assert judge_cover(calm_track(lip_gap=_TALKING), _looks(9, 4, 0.025)).outcome is Outcome.PASS


def test_a_silent_mouth_with_red_lips_is_not_covered() -> None:
    assert judge_cover(calm_track(), _looks(9, 4, 0.12)).outcome is Outcome.PASS


@pytest.mark.parametrize(("movement", "lips"), [(0.07, 0.025), (0.2, 0.008)])
def test_a_hand_is_named_though_the_mesh_makes_up_some_movement(movement: float, lips: float) -> None:
    guessed = np.abs(np.sin(np.arange(72))) * movement
    assert judge_cover(calm_track(lip_gap=guessed), _looks(-5, 3, lips)).reasons == ("face_occluded",)


def test_a_dark_beard_covers_nothing() -> None:
    assert judge_cover(calm_track(), _looks(-32, 6, 0.16)).outcome is Outcome.PASS


@pytest.mark.weights
@pytest.mark.parametrize("person", ["president", "vice_president", "astronaut"])
@pytest.mark.parametrize(("worn", "reasons"), [(None, ()), ("mask", ("face_occluded",))])
def test_a_fringe_is_no_mask_and_hides_none(person: str, worn: str | None, reasons: tuple[str, ...]) -> None:
    points = _points(np.ascontiguousarray(make_frame(person)))
    frame = np.ascontiguousarray(make_frame(person, fault=worn))
    cv2.fillPoly(
        frame, [points[[21, 54, 103, 67, 109, 10, 338, 297, 332, 284, 251, 300, 9, 70]].astype(int)], (25, 20, 18)
    )
    look = look_at_lower_face(0.0, frame, points)
    assert look is not None
    assert judge_cover(calm_track(lip_gap=_TALKING), [look] * 6).reasons == reasons


@pytest.mark.weights
def test_lips_in_a_quarter_of_the_light_stand_out_as_much() -> None:
    frame = np.ascontiguousarray(make_frame("astronaut"))
    points = _points(frame)
    fair = look_at_lower_face(0.0, frame, points)
    dim = look_at_lower_face(0.0, _in_light(frame, 0.25), points)
    assert fair is not None
    assert dim is not None
    assert dim.lip_contrast == pytest.approx(fair.lip_contrast, rel=0.1)


def _points(frame: NDArray[np.uint8]) -> NDArray[np.float32]:
    track = build_track(mesh_faces([frame], [detect_faces(frame)[0]]), [0.0], (frame.shape[1], frame.shape[0]))
    return np.asarray(track.points[0], np.float32)


def _in_light(picture: NDArray[np.uint8], share: float) -> NDArray[np.uint8]:
    """The sRGB picture as it would be in that share of its light (IEC 61966-2-1)."""
    value = picture / 255
    light = share * np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)
    return np.round(255 * np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)).astype(
        np.uint8
    )
