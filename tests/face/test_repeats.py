"""Clips that are played again, and pictures that stand still."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.face.made_tracks import calm_track
from verify_svc.face.repeats import Repeats, judge_frozen, judge_loop, look_for_repeats
from verify_svc.session.finding import Outcome

_COUNT = 80
_TIMES_S = [0.1 * place for place in range(_COUNT)]
Pixels = NDArray[np.uint8]


def _filmed(count: int = _COUNT, noise: float = 6.0) -> list[Pixels]:
    """A bright disc that wanders as a head does, before a wall, through a sensor's noise."""
    random = np.random.default_rng(4)
    rows, columns = np.mgrid[:90, :160]
    middle = np.cumsum(random.normal(0, 0.4, (count, 2)), axis=0) + np.array([45, 80])
    pictures = []
    for row, column in middle:
        disc = 90.0 + 80.0 * (np.hypot(rows - row, columns - column) < 25)
        levels = np.clip(disc + random.normal(0, noise, disc.shape), 0, 255).astype(np.uint8)
        pictures.append(np.ascontiguousarray(np.repeat(levels[..., None], 3, axis=2)))
    return pictures


def _coded(pictures: list[Pixels]) -> list[Pixels]:
    """As another coder gives them again: a little off, each differently."""
    random = np.random.default_rng(5)
    return [np.clip(one + random.normal(0, 1.0, one.shape), 0, 255).astype(np.uint8) for one in pictures]


def _judged(pictures: list[Pixels]) -> Outcome:
    return judge_loop(look_for_repeats(pictures, _TIMES_S), fit=True).outcome


def test_a_clip_that_goes_on_is_no_loop() -> None:
    assert _judged(_filmed()) is Outcome.PASS


def test_a_clip_without_noise_is_no_loop() -> None:
    assert _judged(_filmed(noise=0.0)) is Outcome.PASS


@pytest.mark.parametrize("period", [17, 25, 40])
def test_a_stretch_that_comes_again_is_a_loop(period: int) -> None:
    once = _filmed(period)
    finding = judge_loop(
        look_for_repeats(_coded([once[place % period] for place in range(_COUNT)]), _TIMES_S), fit=True
    )
    assert finding.reasons == ("capture_source_suspect",)
    first, again = finding.moments
    assert round((again.start_s - first.start_s) / 0.1) % period == 0


def test_a_stretch_that_comes_again_backwards_is_a_loop() -> None:
    once = _filmed(_COUNT // 2)
    assert _judged(_coded([*once, *once[::-1]])) is Outcome.FAIL


def test_a_blurred_or_shaken_clip_says_nothing_of_loops() -> None:
    once = _filmed(_COUNT // 2)
    repeats = look_for_repeats(_coded([*once, *once]), _TIMES_S)
    assert judge_loop(repeats, fit=False).outcome is Outcome.NOT_CHECKED


def test_a_clip_too_short_to_tell_is_not_checked() -> None:
    assert judge_loop(look_for_repeats(_filmed(12), _TIMES_S[:12]), fit=True).outcome is Outcome.NOT_CHECKED


def test_one_frame_is_no_clip() -> None:
    assert look_for_repeats(_filmed(1), [0.0]) == Repeats(None, 0.0, 0.0, 0.0)


def test_a_picture_that_stands_still_is_frozen() -> None:
    repeats = look_for_repeats(_filmed(1) * _COUNT, _TIMES_S)
    assert judge_frozen(repeats, calm_track()).reasons == ("presentation_attack_suspected",)


def test_a_camera_that_hangs_for_a_second_is_not_frozen() -> None:
    pictures = _filmed()
    pictures[30:40] = [pictures[30]] * 10
    finding = judge_frozen(look_for_repeats(pictures, _TIMES_S), calm_track())
    assert finding.outcome is Outcome.PASS
    assert finding.score == pytest.approx(0.9)


def test_a_photograph_that_is_held_still_is_frozen_though_the_hand_shakes() -> None:
    held = calm_track(yaw_deg=np.full(72, 2.0), pitch_deg=4.0, roll_deg=0.0)
    assert judge_frozen(look_for_repeats(_filmed(), _TIMES_S), held).outcome is Outcome.FAIL


def test_where_no_face_is_nothing_is_frozen() -> None:
    nobody = calm_track(found=np.zeros(72, np.bool_))
    assert judge_frozen(look_for_repeats(_filmed(1) * _COUNT, _TIMES_S), nobody).outcome is Outcome.NOT_CHECKED
