"""A hand over the face: where it is looked for, what share it hides, the judge's rule, and drawn hands."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.face.made_tracks import calm_track
from tests.specimens.clips import make_frame
from tests.specimens.palm import lay_hand
from verify_svc.face.between import Patterns, face_patterns
from verify_svc.face.hand import HandLimits, HandLook, judge_hand, look_for_hands, rows_to_look_at, share_under
from verify_svc.face.track import OVAL, FaceTrack, build_track
from verify_svc.inference.detector import detect_faces
from verify_svc.inference.engines import Engines
from verify_svc.inference.mesh import mesh_faces
from verify_svc.session.finding import Outcome

Pixels = NDArray[np.uint8]
_COUNT = calm_track().times_s.size
_SQUARE = np.array([[0, 110], [0, 0], [100, 0], [100, 110]], np.float32)  # its wrist below on the left
_LOWER_LIP, _EYE, _EAR, _SKIN = 17, 263, 234, 50


def _patterns(*unlike: int) -> Patterns:
    """Faces that all look alike, but in these rows."""
    vectors = np.tile(np.array([1.0, 0.0], np.float32), (_COUNT, 1))
    vectors[list(unlike)] = (0.2, 0.98)
    return Patterns(tuple(range(_COUNT)), vectors)


def test_the_usual_frame_is_looked_at_and_the_one_least_like_it() -> None:
    usual, least = rows_to_look_at(_patterns(20))
    assert usual != 20
    assert least == 20


def test_a_moment_beside_the_usual_frame_is_looked_at_all_the_same() -> None:
    usual = rows_to_look_at(_patterns())[0]
    near = usual + 1 if usual + 1 < _COUNT else usual - 1
    assert near in rows_to_look_at(_patterns(near))


def test_a_clip_whose_frames_are_all_alike_needs_one_look() -> None:
    assert len(rows_to_look_at(_patterns())) == 1


def test_a_hand_that_stays_longer_than_not_is_in_the_usual_frame() -> None:
    usual = rows_to_look_at(_patterns(*range(10, 60)))[0]
    assert 10 <= usual < 60


def test_without_a_face_nothing_is_looked_at() -> None:
    assert rows_to_look_at(Patterns((), np.zeros((0, 2), np.float32))) == []


def _face() -> NDArray[np.float32]:
    angles = np.linspace(0, 2 * np.pi, len(OVAL), endpoint=False)
    points = np.full((478, 2), 50, np.float32)
    points[list(OVAL)] = np.stack([50 + 40 * np.sin(angles), 50 - 50 * np.cos(angles)], axis=1)
    return points


@pytest.mark.parametrize(
    ("shift", "share"), [((0, 0), 1.0), ((50, 0), 0.5), ((0, -60), 0.5), ((95, 0), 0.0), ((-90, -90), 0.0)]
)
def test_what_of_the_face_lies_under_a_hand_is_measured(shift: tuple[float, float], share: float) -> None:
    assert share_under(_face(), [_SQUARE + np.array(shift, np.float32)]) == pytest.approx(share, abs=0.03)


def test_what_begins_within_the_face_is_no_hand() -> None:
    lips = np.array([[50, 60], [60, 70], [50, 80], [40, 70]], np.float32)
    assert share_under(_face(), [lips]) == 0.0
    assert share_under(_face(), [np.concatenate([[[50, 110]], lips])]) > HandLimits().max_over


def test_two_hands_hide_more_than_one_and_none_hides_nothing() -> None:
    left, right = _SQUARE - np.array([70, 0]), _SQUARE + np.array([70, 0])
    assert share_under(_face(), [left, right]) == pytest.approx(2 * share_under(_face(), [left]), abs=0.02)
    assert share_under(_face(), []) == 0.0


def test_one_look_with_a_hand_over_the_face_is_enough_and_its_moment_is_told() -> None:
    finding = judge_hand([HandLook(4.0, 0.0), HandLook(1.5, 0.2), HandLook(6.0, 0.01)])
    assert finding.reasons == ("face_occluded",)
    assert (finding.score, [moment.start_s for moment in finding.moments]) == (0.2, [1.25])


def test_a_hand_that_only_touches_the_faces_edge_is_borne() -> None:
    assert judge_hand([HandLook(4.0, HandLimits().max_over)]).outcome is Outcome.PASS


def test_where_nothing_was_looked_at_nothing_is_checked() -> None:
    assert judge_hand([]).outcome is Outcome.NOT_CHECKED


def _filmed(pictures: list[Pixels]) -> FaceTrack:
    height, width = pictures[0].shape[:2]
    face = detect_faces(pictures[0])[0]
    mesh = mesh_faces(pictures, [face] * len(pictures))
    return build_track(mesh, [0.1 * number for number in range(len(pictures))], (width, height))


def _hands_over(engines: Engines, pictures: list[Pixels]) -> Outcome:
    track = _filmed(pictures)
    return judge_hand(look_for_hands(engines, track, pictures, face_patterns(track, pictures))).outcome


@pytest.mark.weights
@pytest.mark.parametrize(
    ("person", "at", "size", "turn"),
    [
        ("astronaut", _LOWER_LIP, 0.52, 0.4),
        ("president", _LOWER_LIP, 0.52, 0.4),
        ("astronaut", _EYE, 0.45, -1.0),
        ("president", _EYE, 0.45, -1.4),
    ],
)
def test_a_hand_before_the_face_for_a_moment_is_found(
    person: str, at: int, size: float, turn: float, engines: Engines
) -> None:
    bare = np.ascontiguousarray(make_frame(person))
    points = _filmed([bare]).points[0]
    covered = lay_hand(bare, points[at], size * float(np.ptp(points[:, 0])), points[_SKIN], turn)
    pictures = [covered if 12 <= number < 15 else bare for number in range(30)]
    assert _hands_over(engines, pictures) is Outcome.FAIL


@pytest.mark.weights
def test_what_is_seen_in_one_frame_alone_is_borne(engines: Engines) -> None:
    bare = np.ascontiguousarray(make_frame("astronaut"))
    points = _filmed([bare]).points[0]
    covered = lay_hand(bare, points[_LOWER_LIP], 0.52 * float(np.ptp(points[:, 0])), points[_SKIN], 0.4)
    once, twice = ([covered if number in rows else bare for number in range(30)] for rows in ((13,), (13, 14)))
    assert _hands_over(engines, once) is Outcome.PASS
    assert _hands_over(engines, twice) is Outcome.FAIL


@pytest.mark.weights
@pytest.mark.parametrize("person", ["president", "vice_president", "astronaut"])
def test_no_hand_and_a_hand_beside_the_face_cover_nothing(person: str, engines: Engines) -> None:
    bare = np.ascontiguousarray(make_frame(person))
    points = _filmed([bare]).points[0]
    face_px = float(np.ptp(points[:, 0]))
    aside = lay_hand(bare, points[_EAR] - np.array([0.45, 0.1], np.float32) * face_px, 0.3 * face_px, points[_SKIN])
    assert _hands_over(engines, [bare] * 3) is Outcome.PASS
    assert _hands_over(engines, [aside if 12 <= number < 15 else bare for number in range(30)]) is Outcome.PASS
