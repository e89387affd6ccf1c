"""A turn of the head that an arrow asked for."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.face.made_tracks import FPS, SECONDS, calm_track
from verify_svc.face.pose import judge_pose
from verify_svc.face.turn import AskedTurn, judge_turn, still_part
from verify_svc.session.finding import Outcome

LEFT, RIGHT = AskedTurn("left", 2.0, 4.0), AskedTurn("right", 2.0, 4.0)
_TIMES_S = np.arange(round(SECONDS * FPS)) / FPS


def turned(yaw_deg: float, from_s: float = 2.5, until_s: float = 3.7) -> Any:
    """The yaw of a head that turns in that time and comes back; positive to the picture's right."""
    share = np.clip((_TIMES_S - from_s) / (until_s - from_s), 0, 1)
    return yaw_deg * np.clip(1.4 * np.sin(np.pi * share), 0, 1)


def test_who_turns_to_their_left_shows_a_nose_to_the_right_of_a_picture_that_is_not_mirrored() -> None:
    finding = judge_turn(calm_track(yaw_deg=turned(25)), LEFT)
    assert (finding.outcome, finding.score) == (Outcome.PASS, 25.0)
    assert judge_turn(calm_track(yaw_deg=turned(-25)), RIGHT).outcome is Outcome.PASS


def test_a_turn_the_other_way_is_named_as_such() -> None:
    assert judge_turn(calm_track(yaw_deg=turned(25)), RIGHT).reasons == ("head_turn_wrong_way",)
    assert judge_turn(calm_track(yaw_deg=turned(-25)), LEFT).reasons == ("head_turn_wrong_way",)


def test_turning_both_ways_is_no_answer() -> None:
    both = turned(25, 2.3, 3.1) - turned(25, 3.2, 3.9)
    for asked in (LEFT, RIGHT):
        assert judge_turn(calm_track(yaw_deg=both), asked).reasons == ("head_turn_wrong_way",)


@pytest.mark.parametrize(
    "yaw_deg",
    [
        pytest.param(0.0, id="never"),
        pytest.param(turned(8), id="hardly"),
        pytest.param(turned(25, 0.5, 1.8), id="before it was asked"),
        pytest.param(turned(25, 4.8, 5.8), id="after its time"),
        pytest.param(np.where(_TIMES_S > 1.5, 25.0, 0.0), id="already turned, and not back"),
        pytest.param(np.where((_TIMES_S > 2.5) & (_TIMES_S < 5.5), 25.0, 0.0), id="not back"),
        pytest.param(np.where(np.abs(_TIMES_S - 3) < 0.05, 25.0, 0.0), id="one frame that was misread"),
    ],
)
def test_what_is_no_turn_at_the_arrow_is_not_seen_as_one(yaw_deg: Any) -> None:
    assert judge_turn(calm_track(yaw_deg=yaw_deg), LEFT).reasons == ("head_turn_not_seen",)


def test_a_turn_is_measured_from_the_persons_own_pose() -> None:
    assert judge_turn(calm_track(yaw_deg=9 + turned(18)), LEFT).outcome is Outcome.PASS
    assert judge_turn(calm_track(yaw_deg=9 + turned(8)), LEFT).reasons == ("head_turn_not_seen",)


def test_without_a_face_beside_the_turn_nothing_is_said() -> None:
    assert judge_turn(calm_track(found=np.zeros(_TIMES_S.size, np.bool_)), LEFT).outcome is Outcome.NOT_CHECKED


def test_the_head_may_move_while_it_was_asked_to_and_at_no_other_time() -> None:
    to_and_fro = np.where((_TIMES_S >= 2) & (_TIMES_S <= 4.5), 15 * np.sin(2 * np.pi * 1.2 * _TIMES_S), 0)
    assert judge_pose(calm_track(yaw_deg=to_and_fro)).reasons == ("head_shaking",)
    assert judge_pose(still_part(calm_track(yaw_deg=to_and_fro), LEFT)).outcome is Outcome.PASS
    all_along = 15 * np.sin(2 * np.pi * 1.2 * _TIMES_S)
    assert judge_pose(still_part(calm_track(yaw_deg=all_along), LEFT)).reasons == ("head_shaking",)
