"""Blinks and closures."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from tests.face.made_tracks import calm_track, closed_at, still_points
from verify_svc.face.eyes import EyeLimits, judge_eyes
from verify_svc.session.finding import Outcome


def test_open_eyes_pass() -> None:
    assert judge_eyes(calm_track()).outcome is Outcome.PASS


def test_three_blinks_pass_and_are_counted() -> None:
    finding = judge_eyes(calm_track(**closed_at((1.0, 1.2), (2.5, 2.7), (4.0, 4.2))))
    assert finding.outcome is Outcome.PASS
    assert finding.measured["blinks"] == 3
    assert [moment.start_s for moment in finding.moments] == [1.0, 2.5, 4.0]


def test_the_rule_pack_sets_how_many_blinks_are_too_many() -> None:
    track = calm_track(**closed_at((1.0, 1.2), (2.5, 2.7)))
    assert judge_eyes(track, EyeLimits(max_blinks=1)).reasons == ("blinking",)
    assert judge_eyes(track, EyeLimits(max_blinks=2)).reasons == ()


def test_a_long_closure_is_named_with_its_moment() -> None:
    finding = judge_eyes(calm_track(**closed_at((1.0, 1.2), (2.0, 3.0))))
    assert finding.reasons == ("eyes_closed",)
    assert [(moment.start_s, moment.end_s) for moment in finding.moments] == [(2.0, 3.0)]


def test_a_blink_before_a_gap_in_the_recording_is_no_closure() -> None:
    track = calm_track(**closed_at((2.0, 2.2)))
    late = replace(track, times_s=np.where(track.times_s >= 2.2, track.times_s + 0.6, track.times_s))
    finding = judge_eyes(late)
    assert finding.outcome is Outcome.PASS
    assert finding.measured["blinks"] == 1


def test_eyes_closed_all_the_time_are_named_though_nothing_compares() -> None:
    assert judge_eyes(calm_track(blink=0.62, eye_ratio=0.05)).reasons == ("eyes_closed",)


def test_narrow_eyes_are_open() -> None:
    assert judge_eyes(calm_track(blink=0.36, eye_ratio=0.17)).outcome is Outcome.PASS


def test_narrow_eyes_that_close_are_seen() -> None:
    closed = closed_at((2.0, 3.0))["blink"] > 0.5
    track = calm_track(
        blink=[0.55 if shut else 0.33 for shut in closed], eye_ratio=[0.07 if s else 0.18 for s in closed]
    )
    assert judge_eyes(track).reasons == ("eyes_closed",)


def test_eyes_of_a_face_too_small_to_tell_are_not_checked() -> None:
    """Five of twelve such clips of people with open or blinking eyes were said to have closed them or to blink."""
    closed = closed_at((2.0, 3.0))
    points = still_points(len(closed["blink"]), width_px=70.0)
    assert judge_eyes(calm_track(points=points, **closed)).outcome is Outcome.NOT_CHECKED
    points = still_points(len(closed["blink"]), width_px=90.0)
    assert judge_eyes(calm_track(points=points, **closed)).reasons == ("eyes_closed",)


def test_hardly_any_face_is_not_checked() -> None:
    assert judge_eyes(calm_track(found=False)).outcome is Outcome.NOT_CHECKED
