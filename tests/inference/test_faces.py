"""Which faces of a clip are embedded, and how two aligned ones are held against each other. Real weights."""

from __future__ import annotations

import pytest

from tests.face.made_tracks import sight
from tests.specimens.clips import make_frame
from tests.specimens.portrait import Pose
from verify_svc.inference.faces import SightCounts, same_picture, see_faces

pytestmark = pytest.mark.weights

_COUNTS = SightCounts(attack=0, mask=0)


def test_who_sits_still_is_embedded_as_often_as_asked() -> None:
    shown = [make_frame("president", pose=Pose(yaw_deg=0.3 * number)) for number in range(12)]
    assert sum(seen.embedding is not None for seen in see_faces(shown, _COUNTS)) == _COUNTS.embed


def test_another_face_is_embedded_however_short_and_aside_it_is() -> None:
    shown = [make_frame("president", pose=Pose(yaw_deg=0.3 * number)) for number in range(12)]
    swapped = (3, 7, 10)  # beside a more frontal one of the same stretch
    for number in swapped:
        shown[number] = make_frame("vice_president", pose=Pose(yaw_deg=14))
    sights = see_faces(shown, _COUNTS)
    assert all(sights[number].embedding is not None for number in swapped)


def test_another_picture_has_another_structure() -> None:
    first, second = sight(person=1).aligned, sight(person=2).aligned
    assert first is not None
    assert second is not None
    assert same_picture(first, first) == pytest.approx(1.0, abs=0.01)
    assert abs(same_picture(first, second)) < 0.3
