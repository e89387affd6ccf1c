"""Which frames between the close looks are worth one of their own."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from tests.face.made_tracks import FPS, SIZE_PX, calm_track, detected, sight, still_points
from verify_svc.face.between import BetweenLimits, face_patterns, rows_worth_a_look
from verify_svc.face.presence import PresenceLimits

_COUNT = calm_track().times_s.size
_TIMES_S = [0.5 * number for number in range(12)]
_ALONE, _CROWD = sight(), sight(detected(), detected(x=400, width=60, score=0.8))


def _face(seed: int) -> NDArray[np.uint8]:
    """A picture with patches as large as a face's features."""
    coarse = np.random.default_rng(seed).integers(0, 255, (SIZE_PX[1] // 16, SIZE_PX[0] // 16, 3), dtype=np.uint8)
    return np.asarray(cv2.resize(coarse, SIZE_PX, interpolation=cv2.INTER_CUBIC), np.uint8)


_ONE, _OTHER = _face(1), _face(2)


def _shown(*other: range) -> list[NDArray[np.uint8]]:
    return [_OTHER if any(row in rows for rows in other) else _ONE for row in range(_COUNT)]


def _rows(pictures: list[NDArray[np.uint8]], **changes: NDArray[np.generic]) -> tuple[int, ...]:
    track = calm_track(**changes)
    return rows_worth_a_look(track, face_patterns(track, pictures), _TIMES_S, [_ALONE] * 12)


def test_a_face_that_stays_is_worth_no_further_look() -> None:
    assert _rows(_shown()) == ()


def test_a_face_that_moves_across_the_picture_is_worth_none() -> None:
    points = still_points(_COUNT)
    shift = np.linspace(0, 60, _COUNT).round().astype(np.float32)
    points[:, :, 0] += shift[:, None]
    assert _rows([np.roll(_ONE, int(by), axis=1) for by in shift], points=points) == ()


def test_another_face_for_a_moment_is_looked_at_and_so_is_each_of_several() -> None:
    assert _rows(_shown(range(30, 31))) == (30,)
    assert _rows(_shown(range(20, 21), range(40, 44))) == (20, 41)


def test_at_the_beginning_and_the_end_too() -> None:
    assert _rows(_shown(range(2), range(_COUNT - 3, _COUNT))) == (0, _COUNT - 2)


def test_another_face_that_stays_is_left_to_the_close_looks() -> None:
    assert _rows(_shown(range(36, _COUNT))) == ()


def test_frames_without_a_face_are_passed_over() -> None:
    found = np.ones(_COUNT, np.bool_)
    found[30:33] = False
    assert _rows(_shown(range(30, 32)), found=found) == ()


def test_of_very_many_changes_a_few_are_looked_at() -> None:
    flicker = _rows(_shown(*(range(row, row + 1) for row in range(0, _COUNT, 2))))
    assert len(flicker) == BetweenLimits().most_looks


def test_the_frames_around_a_single_look_with_company_are_looked_at() -> None:
    looks = [*[_ALONE] * 5, _CROWD, *[_ALONE] * 6]
    rows = rows_worth_a_look(calm_track(), face_patterns(calm_track(), _shown()), _TIMES_S, looks)
    around = PresenceLimits().around_s
    assert rows == tuple(row for row in range(_COUNT) if 0 < abs(row / FPS - 2.5) <= around)
    assert len(rows) == 8


def test_company_all_the_time_needs_no_further_looks() -> None:
    patterns = face_patterns(calm_track(), _shown())
    assert rows_worth_a_look(calm_track(), patterns, _TIMES_S, [_CROWD] * 12) == ()
