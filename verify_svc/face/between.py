"""What may hide between the frames that are looked at closely: another face for a moment, a second one behind it.

The mesh's frames, ten a second, say nothing of who is seen. But where the aligned face changes from one to the next as
no moving face does, and changes again soon, whoever is seen in between is compared; and where a second face shows in
one close look, the frames around it tell whether it was there.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from verify_svc.face.presence import PresenceLimits, times_of_company
from verify_svc.face.track import LEFT_IRIS, LEFT_MOUTH, NOSE_TIP, RIGHT_IRIS, RIGHT_MOUTH, FaceTrack
from verify_svc.inference.faces import Sight, align_face

_FIVE = (RIGHT_IRIS, LEFT_IRIS, NOSE_TIP, RIGHT_MOUTH, LEFT_MOUTH)
_SIDE_PX = 56


@dataclass(frozen=True, slots=True)
class BetweenLimits:
    """Which frames are worth a look of their own. Measured: docs/decisions/0028."""

    alike: float = 0.6  # correlation of neighbours' aligned faces
    longest_s: float = 1.0  # what stays longer is met by the close looks themselves
    most_looks: int = 8


@dataclass(frozen=True, slots=True)
class Patterns:
    """How the aligned face looks in each row of a track that holds one: `rows` (R), and `vectors` (R, D) of length 1,
    whose products are correlations."""

    rows: tuple[int, ...]
    vectors: NDArray[np.float32] = field(repr=False)


def face_patterns(track: FaceTrack, pictures: Sequence[NDArray[np.uint8]]) -> Patterns:
    """Of the track's frames, `pictures` (RGB)."""
    rows = tuple(int(row) for row in np.flatnonzero(track.found))
    vectors = [_pattern(pictures[row], track.points[row][list(_FIVE)]) for row in rows]
    return Patterns(rows, np.stack(vectors) if vectors else np.zeros((0, 1), np.float32))


def rows_worth_a_look(
    track: FaceTrack,
    patterns: Patterns,
    times_s: Sequence[float],
    sights: Sequence[Sight],
    limits: BetweenLimits = BetweenLimits(),
) -> tuple[int, ...]:
    """Rows of the track; `sights` are the close looks at `times_s`."""
    return tuple(sorted({*_short_stretches(track, patterns, limits), *_around_company(track, times_s, sights)}))


def _short_stretches(track: FaceTrack, patterns: Patterns, limits: BetweenLimits) -> list[int]:
    """The middle of each stretch between two changes, the shortest first."""
    rows = patterns.rows
    alike = (patterns.vectors[:-1] * patterns.vectors[1:]).sum(axis=1)
    changes = [int(place) + 1 for place in np.flatnonzero(alike < limits.alike)]
    if not changes:
        return []
    ends = [0, *changes, len(rows)]
    stretches = [(start, end - 1) for start, end in itertools.pairwise(ends)]
    lasting = [(track.times_s[rows[last]] - track.times_s[rows[first]], first, last) for first, last in stretches]
    short = sorted(each for each in lasting if each[0] < limits.longest_s)
    return [rows[(first + last) // 2] for _, first, last in short[: limits.most_looks]]


def _around_company(track: FaceTrack, times_s: Sequence[float], sights: Sequence[Sight]) -> list[int]:
    """The frames around each close look that shows a second face, where the looks alone don't settle it."""
    limits = PresenceLimits()
    crowded = times_of_company(zip(times_s, sights, strict=True), limits)
    if not crowded or len(crowded) >= limits.surely_company(len(sights)):
        return []
    apart_s = np.abs(track.times_s[:, None] - np.asarray(crowded)[None]).min(axis=1)
    return [int(row) for row in np.flatnonzero((apart_s > 0) & (apart_s <= limits.around_s))]


def _pattern(picture: NDArray[np.uint8], points: NDArray[np.float32]) -> NDArray[np.float32]:
    """What remains of the aligned face's grey values when the coarse light is taken away, as a vector of length 1."""
    small = cv2.resize(align_face(picture, points), (_SIDE_PX, _SIDE_PX), interpolation=cv2.INTER_AREA)
    grey = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY).astype(np.float32)[7:53, 7:49]
    rest = cv2.blur(grey, (3, 3)) - cv2.blur(grey, (15, 15))
    rest = rest - rest.mean()
    return np.asarray(rest / max(float(np.linalg.norm(rest)), 1e-6), np.float32).reshape(-1)
