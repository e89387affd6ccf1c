"""Angles, regions and spans."""

from __future__ import annotations

import numpy as np
import pytest

from tests.face.made_tracks import detected, sight
from verify_svc.face.track import build_track, faces_seen, spans_where
from verify_svc.inference.faces import Sight
from verify_svc.inference.mesh import Mesh
from verify_svc.session.finding import Moment


def _turn(axis: str, degrees: float) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    turns = {
        "yaw": [[c, 0, s], [0, 1, 0], [-s, 0, c]],
        "pitch": [[1, 0, 0], [0, c, -s], [0, s, c]],
        "roll": [[c, -s, 0], [s, c, 0], [0, 0, 1]],
    }
    return np.array(turns[axis], np.float32)


@pytest.mark.parametrize("axis", ["yaw", "pitch", "roll"])
def test_each_angle_is_read_from_the_rotation(axis: str) -> None:
    mesh = Mesh(
        np.ones(1, np.bool_), np.zeros((1, 478, 2), np.float32), np.zeros((1, 2), np.float32), _turn(axis, 20)[None]
    )
    with np.errstate(invalid="ignore"):
        track = build_track(mesh, [0.0], (480, 640))
    angles = {"yaw": track.yaw_deg[0], "pitch": track.pitch_deg[0], "roll": track.roll_deg[0]}
    assert angles.pop(axis) == pytest.approx(20, abs=0.1)
    assert all(value == pytest.approx(0, abs=0.1) for value in angles.values())


def test_spans_run_to_the_first_frame_after_them() -> None:
    times_s = np.arange(6) / 10
    flags = np.array([True, False, True, True, False, True])
    assert spans_where(times_s, flags) == (Moment(0.0, 0.1), Moment(0.2, 0.4), Moment(0.5, 0.6))


def test_the_mesh_is_shown_the_largest_face_at_its_own_frames_size() -> None:
    crowd = sight(detected(x=100, width=160), detected(x=380, width=60))
    (face,) = faces_seen([crowd], [0.0], [0.0], 0.5)
    assert face is not None
    assert (face.box, face.points.tolist()) == ((50, 90, 80, 104), (crowd.faces[0].points / 2).tolist())


def test_the_mesh_is_shown_the_face_seen_nearest_in_time() -> None:
    sights = [sight(detected(x=100)), sight(detected(x=200))]
    shown = faces_seen(sights, [0.0, 0.5], [0.0, 0.2, 0.3, 0.5], 1.0)
    assert [face.box[0] for face in shown if face is not None] == [100, 100, 200, 200]


def test_where_no_face_was_seen_the_mesh_is_shown_none() -> None:
    assert faces_seen([Sight(())], [0.0], [0.0], 1.0) == (None,)
