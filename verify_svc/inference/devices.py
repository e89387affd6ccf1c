"""A detector of everyday things, asked for what faces are shown on (`efficientdet_lite0_int8.tflite`). Called in
inference children alone.

It knows 80 kinds of things, three of which are a television or monitor, a laptop and a mobile phone. Nothing of it
was trained here (docs/decisions/0027).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from verify_svc.inference.manifest import weight_path
from verify_svc.inference.runtime import LiteNetwork

SIDE_PX = 320
Look = tuple[NDArray[np.uint8], tuple[float, float, float, float]]
"""An RGB picture (320, 320, 3), and the box (x, y, width, height) of the face in its pixels."""

_SHOWN_ON = (71, 72, 76)  # of COCO's 90: television, laptop, mobile phone
_LEAST_SCORE = 0.05
_LEAST_HELD = 0.8  # of the face's area, in the thing's box
_LEAST_AREA = 1.1  # of the thing's box over the face's
# The anchors that its maker chose: five grids, nine boxes at each place, three sizes by three shapes.
_STRIDES_PX = (8, 16, 32, 64, 128)
_ANCHOR_STRIDES = 3.0
_SIZES = (1.0, 2 ** (1 / 3), 2 ** (2 / 3))
_SHAPES = (1.0, 2.0, 0.5)  # width over height


def device_scores(looks: Sequence[Look]) -> tuple[float, ...]:
    """For each look the score, 0–1, of the surest phone, laptop or monitor that the face lies in; 0 where none does."""
    return tuple(_score(*look) for look in looks)


def _score(picture: NDArray[np.uint8], face: tuple[float, float, float, float]) -> float:
    scores, offsets = (output[0] for output in _detector()(picture[None]))
    surest = scores[:, _SHOWN_ON].max(axis=1)
    likely = np.flatnonzero(surest >= _LEAST_SCORE)
    if not likely.size:
        return 0.0
    middle_y, middle_x, height, width = _anchors()[likely].T
    down, across, taller, wider = offsets[likely].T
    middle_y, middle_x = middle_y + down * height, middle_x + across * width
    height, width = height * np.exp(taller), width * np.exp(wider)
    x, y, face_width, face_height = face
    over_x = np.minimum(x + face_width, middle_x + width / 2) - np.maximum(x, middle_x - width / 2)
    over_y = np.minimum(y + face_height, middle_y + height / 2) - np.maximum(y, middle_y - height / 2)
    area = face_width * face_height
    holds = over_x.clip(0) * over_y.clip(0) >= _LEAST_HELD * area
    found = surest[likely][holds & (width * height >= _LEAST_AREA * area)]
    return float(found.max(initial=0.0))


@cache
def _anchors() -> NDArray[np.float32]:
    """(19206, 4): the middle's y and x, height and width of each box that the network moves, in pixels."""
    rows: list[NDArray[np.float64]] = []
    for stride in _STRIDES_PX:
        places = (np.arange(-(-SIDE_PX // stride)) + 0.5) * stride
        middles = np.stack(np.meshgrid(places, places, indexing="ij"), axis=-1).reshape(-1, 2)
        sides = [
            (_ANCHOR_STRIDES * stride * size / shape**0.5, _ANCHOR_STRIDES * stride * size * shape**0.5)
            for size in _SIZES
            for shape in _SHAPES
        ]
        rows.append(np.hstack([np.repeat(middles, len(sides), axis=0), np.tile(sides, (len(middles), 1))]))
    return np.concatenate(rows, dtype=np.float32)


@cache
def _detector() -> Any:
    return LiteNetwork(weight_path("efficientdet_lite0").read_bytes())
