"""The face mesh: as MediaPipe fits it, following one person and no other."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from tests.specimens.carriers import picture_path
from verify_svc.inference import mesh as mesh_module
from verify_svc.inference.detector import DetectedFace, detect_faces
from verify_svc.inference.mesh import mesh_faces

pytestmark = pytest.mark.weights

_OUTER_EYES, _LIPS, _CHIN, _CHEEKS = (33, 263), (13, 14), 152, (234, 454)
# What MediaPipe 0.10.33's Face Landmarker says of the same pictures: yaw, pitch, roll in degrees, eyes' closing, and
# points of eyes, lips and chin.
_MEDIAPIPE = {
    "astronaut": (
        (-0.3, 14.9, -3.6),
        (0.04, 0.03),
        ((195.3, 100.6), (255.3, 103.8), (223.3, 143.2), (223.0, 149.2), (221.4, 177.4)),
    ),
    "president": (
        (1.0, 3.7, 1.0),
        (0.27, 0.27),
        ((238.8, 122.2), (319.1, 120.9), (279.2, 180.8), (278.9, 193.2), (279.4, 237.9)),
    ),
    "president_earlier": (
        (12.0, -8.4, -3.9),
        (0.27, 0.28),
        ((195.4, 106.2), (240.8, 111.2), (218.7, 138.3), (218.3, 141.1), (215.7, 168.3)),
    ),
}


@cache
def _picture(name: str) -> NDArray[np.uint8]:
    with Image.open(picture_path(name)) as picture:
        colours = picture.convert("RGB")
        scale = min(1.0, 640 / max(colours.size))
        size = (round(colours.width * scale), round(colours.height * scale))
        return np.asarray(colours.resize(size, Image.Resampling.BOX))


def _two_people() -> tuple[NDArray[np.uint8], DetectedFace, DetectedFace]:
    """A picture of two people side by side, and the face of each."""
    left, right = _picture("astronaut"), _picture("president")
    together = np.full((640, 1024, 3), 255, np.uint8)
    together[:512, :512], together[:, 512:] = left, right
    faces = sorted(detect_faces(together)[:2], key=lambda face: face.box[0])
    return together, faces[0], faces[1]


@pytest.mark.parametrize("name", _MEDIAPIPE)
def test_points_angles_and_eyes_are_those_of_mediapipe(name: str) -> None:
    angles, blink, points = _MEDIAPIPE[name]
    mesh = mesh_faces([_picture(name)], [None])
    fitted = mesh.points[0]
    width = np.linalg.norm(fitted[_CHEEKS[0]] - fitted[_CHEEKS[1]])
    turn = mesh.rotation[0]
    yaw, pitch, roll = (
        np.arctan2(turn[0, 2], turn[2, 2]),
        np.arcsin(-turn[1, 2]),
        np.arctan2(turn[1, 0], turn[1, 1]),
    )

    assert np.degrees([yaw, pitch, roll]) == pytest.approx(angles, abs=2.5)
    assert mesh.blink[0] == pytest.approx(blink, abs=0.06)
    off = np.abs(fitted[[*_OUTER_EYES, *_LIPS, _CHIN]] - points).max(axis=1) / width
    assert off[:-1].max() < 0.02
    assert off[-1] < 0.035  # MediaPipe looks at a wider region, in which the chin of a face that laughs lies lower
    assert turn @ turn.T == pytest.approx(np.eye(3), abs=1e-5)


def test_the_mesh_follows_a_face_from_picture_to_picture() -> None:
    steps = [np.roll(_picture("astronaut"), 12 * step, axis=1) for step in range(6)]
    mesh = mesh_faces(steps, [None] * len(steps))
    assert mesh.found.all()
    assert np.diff(mesh.points[:, _CHIN, 0]) == pytest.approx(np.full(5, 12.0), abs=1.5)


@pytest.mark.parametrize("name", _MEDIAPIPE)
def test_an_eye_that_was_seen_askew_costs_no_second_fit(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    picture = _picture(name)
    face = detect_faces(picture)[0]
    askew = face.points.copy()
    askew[0, 1] += 0.15 * float(np.linalg.norm(askew[1] - askew[0]))
    runs = []

    def counted(part: NDArray[np.float32]) -> list[NDArray[np.float32]]:
        runs.append(part)
        return network(part)

    network = mesh_module._landmarks
    monkeypatch.setattr(mesh_module, "_landmarks", counted)
    assert mesh_faces([picture], [replace(face, points=askew)]).found.all()
    assert len(runs) == 1


def test_the_mesh_is_on_the_face_that_it_is_shown() -> None:
    together, left, right = _two_people()
    mesh = mesh_faces([together, together], [left, right])
    assert mesh.points[0, :, 0].max() < 512
    assert mesh.points[1, :, 0].min() > 512


def test_another_persons_face_does_not_keep_the_mesh() -> None:
    together, left, right = _two_people()
    mesh = mesh_faces([together] * 3, [right, left, left])
    assert [row[_CHIN, 0] > 512 for row in mesh.points] == [True, False, False]


def test_a_face_that_comes_back_elsewhere_is_found_again() -> None:
    astronaut = _picture("astronaut")
    wall = np.full_like(astronaut, 230)
    moved = np.roll(astronaut, 180, axis=1)
    mesh = mesh_faces([astronaut, wall, moved], [None] * 3)
    assert mesh.found.tolist() == [True, False, True]
    assert np.isnan(mesh.points[1]).all()
    assert mesh.points[2, _CHIN, 0] - mesh.points[0, _CHIN, 0] == pytest.approx(180, abs=3)


def test_a_face_lying_on_its_side_is_fitted_upright_again() -> None:
    lying = np.ascontiguousarray(np.rot90(_picture("astronaut"), 3))
    upright = mesh_faces([_picture("astronaut")], [None])
    mesh = mesh_faces([lying], [_turned(detect_faces(_picture("astronaut"))[0], lying.shape[1])])
    assert mesh.found.all()
    assert mesh.blink[0] == pytest.approx(upright.blink[0], abs=0.05)


def _turned(face: DetectedFace, width: int) -> DetectedFace:
    """The face in the picture turned clockwise by a quarter, now `width` wide."""
    x, y, box_width, box_height = face.box
    points = np.stack([width - face.points[:, 1], face.points[:, 0]], axis=1)
    return DetectedFace((width - y - box_height, x, box_height, box_width), points, face.score)
