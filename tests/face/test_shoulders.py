"""Bare shoulders: the judge's rule, and real looks at drawn skin."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from tests.specimens.clips import make_frame
from verify_svc.face.shoulders import ShoulderLimits, Shoulders, judge_shoulders, look_at_shoulders
from verify_svc.face.track import build_track
from verify_svc.inference.detector import detect_faces
from verify_svc.inference.faces import person_mask
from verify_svc.inference.mesh import mesh_faces
from verify_svc.session.finding import Outcome

_BARE, _DRESSED, _COAT = (0.8, 0.9), (0.05, 0.6), (0.8, 0.05)


def _looks(*shown: tuple[float, float]) -> list[Shoulders]:
    return [Shoulders(2.0 * number, bare, neck) for number, (bare, neck) in enumerate(shown)]


def _seen(frame: NDArray[Any]) -> Shoulders | None:
    frame = np.ascontiguousarray(frame)
    track = build_track(mesh_faces([frame], [detect_faces(frame)[0]]), [0.0], (frame.shape[1], frame.shape[0]))
    return look_at_shoulders(0.0, frame, person_mask(frame), track.points[0])


def test_bare_shoulders_are_named_with_the_moments_that_show_them() -> None:
    finding = judge_shoulders(_looks(_BARE, _DRESSED, _BARE, _DRESSED), clear=True)
    assert finding.reasons == ("shoulders_bare",)
    assert [moment.start_s for moment in finding.moments] == [0.0, 4.0]


def test_one_look_of_three_is_not_enough() -> None:
    assert judge_shoulders(_looks(_BARE, _DRESSED, _DRESSED), clear=True).outcome is Outcome.PASS


def test_a_coat_of_the_skins_colour_is_told_by_its_collar() -> None:
    assert judge_shoulders(_looks(_COAT, _COAT), clear=True).outcome is Outcome.PASS


def test_in_the_dark_under_a_mask_and_unseen_nothing_is_said() -> None:
    assert judge_shoulders(_looks(_BARE), clear=False).outcome is Outcome.NOT_CHECKED
    assert judge_shoulders((), clear=True).outcome is Outcome.NOT_CHECKED


@pytest.mark.weights
@pytest.mark.parametrize("person", ["president", "vice_president", "astronaut"])
@pytest.mark.parametrize(
    ("worn", "outcome"), [(None, Outcome.PASS), ("coat", Outcome.PASS), ("bare_shoulders", Outcome.FAIL)]
)
def test_skin_is_told_from_clothes_and_from_a_coat_of_its_colour(
    person: str, worn: str | None, outcome: Outcome
) -> None:
    seen = _seen(make_frame(person, fault=worn))
    assert seen is not None
    assert judge_shoulders([seen], clear=True).outcome is outcome
    # The coat's shoulders alone would pass for skin: its collar decides.
    assert (seen.bare >= ShoulderLimits().bare) == (worn is not None)


@pytest.mark.weights
@pytest.mark.parametrize("person", ["president", "vice_president", "astronaut"])
def test_of_a_headscarf_in_the_skins_colour_nothing_is_said(person: str) -> None:
    assert _seen(make_frame(person, fault="scarf")) is None


@pytest.mark.weights
def test_dark_skin_is_judged_beside_its_own_cheeks() -> None:
    dressed, bare = (np.asarray(make_frame(fault=worn) * 0.55, np.uint8) for worn in (None, "bare_shoulders"))
    for frame, outcome in ((dressed, Outcome.PASS), (bare, Outcome.FAIL)):
        seen = _seen(frame)
        assert seen is not None
        assert judge_shoulders([seen], clear=True).outcome is outcome


@pytest.mark.weights
def test_a_grey_picture_and_a_face_alone_say_nothing() -> None:
    frame = np.ascontiguousarray(make_frame(fault="bare_shoulders"))
    grey = cv2.cvtColor(cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)
    assert _seen(grey) is None
    points = mesh_faces([frame], [detect_faces(frame)[0]]).points[0]
    assert _seen(frame[: int(points[152, 1]) + 4]) is None


@pytest.mark.weights
def test_a_large_frame_is_seen_as_a_small_one() -> None:
    small = make_frame(fault="bare_shoulders")
    one, other = _seen(small), _seen(np.repeat(np.repeat(small, 2, axis=0), 2, axis=1))
    assert one is not None
    assert other is not None
    assert other.bare == pytest.approx(one.bare, abs=0.1)
