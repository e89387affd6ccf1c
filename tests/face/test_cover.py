"""Masks and hands."""

from __future__ import annotations

import numpy as np
import pytest

from tests.face.made_tracks import calm_track
from verify_svc.face.cover import LowerFace, judge_cover
from verify_svc.session.finding import Outcome

_TALKING = np.abs(np.sin(np.arange(72))) * 0.2


def _looks(lighter: float, chroma: float, lips: float) -> list[LowerFace]:
    return [LowerFace(0.5 * number, lighter, chroma, lips) for number in range(6)]


def test_a_bare_talking_face_passes() -> None:
    assert judge_cover(calm_track(lip_gap=_TALKING), _looks(8, 3, 9)).outcome is Outcome.PASS


def test_a_coloured_mask_is_named_with_moments() -> None:
    finding = judge_cover(calm_track(), _looks(40, 30, 1))
    assert finding.reasons == ("face_occluded",)
    assert len(finding.moments) == 6


def test_a_white_mask_is_named_by_its_lightness() -> None:
    assert judge_cover(calm_track(), _looks(50, 8, 1)).reasons == ("face_occluded",)


def test_a_hand_is_named_by_lips_that_are_neither_seen_nor_move() -> None:
    assert judge_cover(calm_track(), _looks(9, 4, 1)).reasons == ("face_occluded",)


def test_pale_lips_that_move_are_not_covered() -> None:
    assert judge_cover(calm_track(lip_gap=_TALKING), _looks(9, 4, 2)).outcome is Outcome.PASS


def test_a_silent_mouth_with_red_lips_is_not_covered() -> None:
    assert judge_cover(calm_track(), _looks(9, 4, 9)).outcome is Outcome.PASS


@pytest.mark.parametrize(("movement", "lips"), [(0.07, 2.0), (0.2, 0.6)])
def test_a_hand_is_named_though_the_mesh_makes_up_some_movement(movement: float, lips: float) -> None:
    guessed = np.abs(np.sin(np.arange(72))) * movement
    assert judge_cover(calm_track(lip_gap=guessed), _looks(-5, 3, lips)).reasons == ("face_occluded",)


def test_a_dark_beard_covers_nothing() -> None:
    assert judge_cover(calm_track(), _looks(-32, 6, 12)).outcome is Outcome.PASS
