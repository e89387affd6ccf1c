"""Sunglasses: the judge's rule, and real looks at drawn glasses."""

from __future__ import annotations

import numpy as np
import pytest

from tests.specimens.clips import make_frame
from verify_svc.face.track import build_track
from verify_svc.face.worn import WornLimits, WornLook, are_bare, judge_worn, look_at_eyes, look_at_head, worn_look
from verify_svc.inference.detector import detect_faces
from verify_svc.inference.mesh import mesh_faces
from verify_svc.inference.things import sunglasses_shares
from verify_svc.session.finding import Outcome

_SUNGLASSES, _BLACK_FRAMES, _SHADE = (0.3, 0.4), (0.06, 0.95), (0.002, 0.5)


def _looks(*shown: tuple[float, float]) -> list[WornLook]:
    return [WornLook(2.0 * number, share, under_eyes) for number, (share, under_eyes) in enumerate(shown)]


def test_sunglasses_are_named_with_the_moments_that_show_them() -> None:
    finding = judge_worn(_looks(_SUNGLASSES, _SUNGLASSES, _SHADE), clear=True)
    assert finding.reasons == ("sunglasses_worn",)
    assert [moment.start_s for moment in finding.moments] == [0.0, 2.0]


def test_thick_frames_before_lit_eyes_are_ordinary_glasses() -> None:
    assert judge_worn(_looks(_BLACK_FRAMES, _BLACK_FRAMES, _BLACK_FRAMES), clear=True).outcome is Outcome.PASS


def test_shade_under_the_eyes_is_no_pair_of_sunglasses() -> None:
    assert judge_worn(_looks(_SHADE, _SHADE, _SHADE), clear=True).outcome is Outcome.PASS


def test_one_doubtful_look_of_three_is_not_enough() -> None:
    doubtful = (WornLimits().sunglasses, 0.7)
    assert judge_worn(_looks(doubtful, _SHADE, _BLACK_FRAMES), clear=True).outcome is Outcome.PASS


def test_sunglasses_that_one_look_surely_shows_are_named() -> None:
    assert judge_worn(_looks(_SHADE, _SUNGLASSES, _SHADE), clear=True).reasons == ("sunglasses_worn",)


def test_in_the_dark_and_under_a_mask_nothing_is_said() -> None:
    assert judge_worn(_looks(_SUNGLASSES), clear=False).outcome is Outcome.NOT_CHECKED
    assert judge_worn((), clear=True).outcome is Outcome.NOT_CHECKED


@pytest.mark.weights
@pytest.mark.parametrize("person", ["president", "vice_president", "astronaut"])
@pytest.mark.parametrize(
    ("worn", "outcome"), [(None, Outcome.PASS), ("glasses", Outcome.PASS), ("sunglasses", Outcome.FAIL)]
)
def test_dark_glasses_are_told_from_clear_ones_and_from_none(person: str, worn: str | None, outcome: Outcome) -> None:
    frame = np.ascontiguousarray(make_frame(person, fault=worn))
    track = build_track(mesh_faces([frame], [detect_faces(frame)[0]]), [0.0], (frame.shape[1], frame.shape[0]))
    eyes, under_eyes = look_at_eyes(frame, track.points[0])
    seen = worn_look(0.0, under_eyes, sunglasses_shares((look_at_head(frame, track.points[0]), eyes)))
    assert judge_worn([seen], clear=True).outcome is outcome
    assert worn != "sunglasses" or not are_bare(under_eyes)
    assert worn is not None or are_bare(under_eyes) or person == "vice_president"  # who is lit from above


def test_where_the_classifier_was_not_asked_its_share_is_none() -> None:
    assert judge_worn([worn_look(0.0, 0.9, ())], clear=True).score == 0


@pytest.mark.weights
def test_a_large_frame_gives_the_same_looks_as_a_small_one() -> None:
    small = np.ascontiguousarray(make_frame("president"))
    large = np.repeat(np.repeat(small, 3, axis=0), 3, axis=1)
    track = build_track(mesh_faces([small], [detect_faces(small)[0]]), [0.0], (small.shape[1], small.shape[0]))
    eyes, under_eyes = look_at_eyes(small, track.points[0])
    again, under_eyes_again = look_at_eyes(large, track.points_in(0, (large.shape[1], large.shape[0])))
    assert np.abs(eyes.astype(int) - again).mean() < 6
    assert under_eyes_again == pytest.approx(under_eyes, abs=0.05)
