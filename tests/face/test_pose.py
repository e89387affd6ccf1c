"""Still, turned, shaking."""

from __future__ import annotations

import numpy as np
import pytest

from tests.face.made_tracks import FPS, calm_track, still_points
from verify_svc.face.pose import judge_pose
from verify_svc.session.finding import Outcome

_TIMES_S = np.arange(round(6 * FPS)) / FPS


def test_a_calm_head_passes() -> None:
    assert judge_pose(calm_track()).outcome is Outcome.PASS


@pytest.mark.parametrize("axis", ["yaw_deg", "pitch_deg", "roll_deg"])
def test_fast_swings_to_and_fro_are_shaking(axis: str) -> None:
    finding = judge_pose(calm_track(**{axis: 10 * np.sin(2 * np.pi * 1.0 * _TIMES_S)}))
    assert finding.reasons == ("head_shaking",)
    assert len(finding.moments) >= 5


def test_a_slow_sway_of_the_same_width_is_not() -> None:
    assert judge_pose(calm_track(yaw_deg=10 * np.sin(2 * np.pi * 0.2 * _TIMES_S))).outcome is Outcome.PASS


def test_one_quick_turn_and_back_is_not() -> None:
    turn = 15 * np.exp(-(((_TIMES_S - 3) / 0.3) ** 2))
    assert judge_pose(calm_track(yaw_deg=turn)).outcome is Outcome.PASS


def test_a_head_turned_away_for_long_is_named_with_its_moment() -> None:
    finding = judge_pose(calm_track(yaw_deg=np.where(_TIMES_S > 4, 30.0, 2.0)))
    assert finding.reasons == ("head_turned",)
    assert finding.moments[0].start_s == pytest.approx(4.08, abs=0.05)


@pytest.mark.parametrize("axis", ["yaw_deg", "pitch_deg"])
def test_a_turn_from_the_clips_own_pose_is_named(axis: str) -> None:
    aside = np.where((_TIMES_S > 2) & (_TIMES_S < 4), -20.0, 0.0)
    assert judge_pose(calm_track(**{axis: aside})).reasons == ("head_turned",)


def test_a_portrait_taken_a_little_from_the_side_is_not_turned() -> None:
    assert judge_pose(calm_track(yaw_deg=20 + np.sin(_TIMES_S))).outcome is Outcome.PASS


def test_a_shaken_picture_counts_as_shaking() -> None:
    points = still_points(_TIMES_S.size)
    points[:, :, 0] += (18 * np.sin(2 * np.pi * 3.4 * _TIMES_S)).astype(np.float32)[:, None]
    assert judge_pose(calm_track(points=points)).reasons == ("head_shaking",)
