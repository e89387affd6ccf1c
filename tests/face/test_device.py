"""Faces shown on a device that is in the picture: where it is looked for, the judge's rule, and drawn monitors."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from tests.face.made_tracks import detected, sight
from tests.specimens.clips import make_frame
from verify_svc.face.device import (
    DeviceLook,
    frames_with_most_room,
    judge_device,
    look_for_devices,
    look_round_face,
)
from verify_svc.inference.detector import detect_faces
from verify_svc.inference.devices import SIDE_PX, device_scores
from verify_svc.inference.engines import Engines
from verify_svc.inference.faces import Sight
from verify_svc.session.finding import Outcome

Pixels = NDArray[np.uint8]


def _sights(*widths_px: float) -> list[Sight]:
    """A sight for each width of the face; no face where it is 0."""
    return [sight(detected(width=width)) if width else Sight(()) for width in widths_px]


def test_of_each_half_the_frame_with_the_smallest_face_is_looked_at() -> None:
    assert frames_with_most_room(_sights(90, 120, 130, 140, 110, 150)) == [0, 4]


def test_frames_without_a_face_are_passed_over() -> None:
    assert frames_with_most_room(_sights(0, 90, 0, 0)) == [1]
    assert frames_with_most_room(_sights(0, 0)) == []


@pytest.mark.parametrize("face", [(10.0, 5.0, 100.0, 130.0), (280.0, 200.0, 120.0, 150.0), (560.0, 380.0, 90.0, 110.0)])
def test_a_look_keeps_the_face_in_its_place_and_adds_nothing_to_the_picture(face: tuple[float, ...]) -> None:
    picture = np.full((480, 640, 3), 90, np.uint8)
    x, y, width, height = (int(side) for side in face)
    picture[y : y + height, x : x + width] = 220
    look, (left, top, across, down) = look_round_face(picture, (x, y, width, height))
    assert look.shape == (SIDE_PX, SIDE_PX, 3)
    assert look.min() >= 90
    assert np.all(look[round(top) + 4 : round(top + down) - 4, round(left) + 4 : round(left + across) - 4] > 200)


def test_the_surest_look_decides_by_what_both_networks_say_together() -> None:
    finding = judge_device([DeviceLook(0.5, 0.1, 0.1), DeviceLook(4.5, 0.2, 0.4)])
    assert finding.reasons == ("presentation_attack_suspected",)
    assert (finding.score, finding.moments[0].start_s) == (0.6, 4.25)


def test_what_only_looks_a_little_like_a_screen_is_none() -> None:
    assert judge_device([DeviceLook(0.5, 0.2, 0.1), DeviceLook(4.5, 0.3)]).outcome is Outcome.PASS


def test_a_screen_in_the_picture_that_holds_no_face_is_no_device_round_it() -> None:
    finding = judge_device([DeviceLook(0.5, 0.9, 0.0), DeviceLook(4.5, 0.1, 0.1)])
    assert (finding.outcome, finding.score) == (Outcome.PASS, 0.2)


def test_where_no_face_was_seen_nothing_is_checked() -> None:
    assert judge_device([]).outcome is Outcome.NOT_CHECKED


def _on_monitor(frame: Pixels) -> Pixels:
    """The frame's upper part on a monitor that stands on a table before a wall."""
    scene = np.full((720, 960, 3), 190, np.uint8)
    scene[520:] = (120, 90, 60)
    scene[65:420, 220:740] = 20
    scene[80:404, 237:723] = cv2.resize(frame[64:384], (486, 324), interpolation=cv2.INTER_AREA)
    scene[420:480, 450:510] = 25
    cv2.ellipse(scene, (480, 482), (120, 16), 0, 0, 360, (25, 25, 27), -1)
    return np.asarray(cv2.GaussianBlur(scene, (0, 0), 0.8), np.uint8)


@pytest.mark.weights
@pytest.mark.parametrize("person", ["president", "vice_president", "astronaut"])
def test_a_face_on_a_monitor_is_told_from_the_same_face_before_a_wall(person: str, engines: Engines) -> None:
    frame = np.ascontiguousarray(make_frame(person))
    pictures = [frame, _on_monitor(frame)]
    sights = [Sight(detect_faces(picture)) for picture in pictures]
    alone, shown = (look_for_devices(engines, [0.0], [one], [seen]) for one, seen in zip(pictures, sights, strict=True))
    assert judge_device(alone).outcome is Outcome.PASS
    assert judge_device(shown).outcome is Outcome.FAIL
    assert alone[0].score == 0.0


@pytest.mark.weights
def test_the_detector_tells_whose_face_the_monitor_holds() -> None:
    alone = np.ascontiguousarray(make_frame("president"))
    beside = np.concatenate([cv2.resize(_on_monitor(alone), (640, 480)), cv2.resize(alone, (480, 480))[:, 60:420]], 1)
    faces = sorted(detect_faces(beside), key=lambda face: face.box[0])
    shown, there = device_scores([look_round_face(beside, face.box) for face in faces])
    assert shown > 0.3 > 0.1 > there
