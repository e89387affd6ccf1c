"""White or not."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from verify_svc.face.background import Wall, judge_background, look_at_wall, wall_tilt
from verify_svc.inference.faces import on_mask_grid
from verify_svc.session.finding import Outcome


def _look(picture: NDArray[np.uint8], mask: NDArray[np.float32]) -> Wall | None:
    return look_at_wall(0.0, on_mask_grid(picture), mask, np.full((478, 2), 160.0))


def _wall(colour: tuple[int, int, int] | NDArray[np.uint8]) -> tuple[str, ...]:
    picture = np.zeros((640, 480, 3), np.uint8)
    picture[:] = colour
    mask = np.zeros((256, 256), np.float32)
    mask[90:, 60:200] = 1.0
    seen = _look(picture, mask)
    assert seen is not None
    return judge_background([seen], lit=True).reasons


@pytest.mark.parametrize("colour", [(255, 255, 255), (212, 211, 206), (190, 186, 178), (170, 172, 175)])
def test_white_walls_pass(colour: tuple[int, int, int]) -> None:
    assert _wall(colour) == ()


@pytest.mark.parametrize("colour", [(70, 118, 190), (208, 186, 150), (128, 130, 131), (30, 30, 32), (120, 170, 120)])
def test_other_colours_are_named(colour: tuple[int, int, int]) -> None:
    assert _wall(colour) == ("background_not_white",)


def test_things_on_the_wall_are_named() -> None:
    picture = np.full((640, 480, 3), 210, np.uint8)
    picture[40:200, 30:110] = (60, 90, 40)
    picture[300:420, 400:470] = (20, 20, 60)
    assert _wall(picture) == ("background_not_white",)


def test_a_face_that_fills_the_picture_leaves_no_wall_to_judge() -> None:
    assert _look(np.zeros((640, 480, 3), np.uint8), np.ones((256, 256), np.float32)) is None
    assert judge_background([], lit=True).outcome is Outcome.NOT_CHECKED


def test_what_the_dark_makes_of_a_wall_is_not_held_against_it() -> None:
    picture = np.full((640, 480, 3), 20, np.uint8)
    seen = _look(picture, np.zeros((256, 256), np.float32))
    assert seen is not None
    assert judge_background([seen], lit=False).outcome is Outcome.NOT_CHECKED


def test_a_wall_lit_from_one_side_tilts() -> None:
    picture = np.zeros((640, 480, 3), np.uint8)
    picture[:] = np.linspace(220, 60, 480)[None, :, None]
    seen = _look(picture, np.zeros((256, 256), np.float32))
    assert seen is not None
    tilt = wall_tilt([seen])
    assert tilt is not None
    assert tilt > 30


def test_a_dark_cupboard_on_one_side_of_a_room_is_no_light_from_the_side() -> None:
    picture = np.full((640, 480, 3), 190, np.uint8)
    picture[:, :200] = 60
    picture[::24] = picture[:, ::24] = 120
    seen = _look(picture, np.zeros((256, 256), np.float32))
    assert seen is not None
    assert seen.tilt > 12
    assert wall_tilt([seen]) is None
