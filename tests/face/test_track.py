"""Angles, regions and spans."""

from __future__ import annotations

import numpy as np
import pytest

from tests.face.made_tracks import detected, sight
from verify_svc.face.track import build_track, face_regions, spans_where
from verify_svc.inference.faces import Mesh, Sight
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
        np.ones(1, np.bool_), np.zeros((1, 478, 2), np.float32), np.zeros((1, 6), np.float32), _turn(axis, 20)[None]
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


def test_the_mesh_looks_everywhere_for_one_large_face_alone() -> None:
    assert face_regions([sight()], [0.0], (480, 640), [0.0, 0.1], (480, 640)) == (None, None)


def test_the_mesh_looks_at_the_largest_of_two_faces() -> None:
    crowd = sight(detected(x=100, width=160), detected(x=380, width=60))
    (region,) = face_regions([crowd], [0.0], (480, 640), [0.0], (240, 320))
    assert region == (10, 38, 170, 246)


def test_a_small_face_is_looked_at_closely() -> None:
    (region,) = face_regions([sight(detected(x=220, width=50))], [0.0], (480, 640), [0.0], (480, 640))
    assert region is not None


def test_nothing_seen_leaves_the_mesh_to_look_everywhere() -> None:
    assert face_regions([Sight(())], [0.0], (480, 640), [0.0], (480, 640)) == (None,)
