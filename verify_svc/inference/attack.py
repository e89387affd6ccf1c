"""The packaged presentation-attack detector (`fr_liveness.onnx`). Called in inference children alone.

Training data unknown; what it does and misses is measured in `docs/accuracy.md`. It wants BGR (fed RGB, as its own
wrapper does, its area under the curve falls from 0.87 to 0.82 on 181 items) and room round the face.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from verify_svc.inference.manifest import weight_path
from verify_svc.inference.runtime import onnx_session, planes

_SIDE_PX = 128
# Times the face's box. Its maker averages this crop and one of 1.5: on 113 items with room round the face the mean
# tells no better (area under the curve 0.949 against 0.957), and costs twice as much.
_CROP = 2.7


@dataclass(frozen=True, slots=True)
class LiveScore:
    """`live`: the score of a live face, 0–1. `margin` is how many times the face's box the crop really was: the
    picture's edge may leave less than is wanted."""

    live: float
    margin: float


def live_score(picture: NDArray[np.uint8], box: tuple[float, float, float, float]) -> LiveScore:
    """Score the face in `box` (x, y, width, height in pixels) of an RGB picture."""
    import cv2

    crop, margin = _crop(picture, box)
    blob = planes(np.asarray(cv2.cvtColor(crop, cv2.COLOR_RGB2BGR), np.uint8))
    session = _session()
    scores = _softmax(session.run(None, {session.get_inputs()[0].name: blob})[0][0])
    return LiveScore(float(scores[0]), margin)


def _crop(picture: NDArray[np.uint8], box: tuple[float, float, float, float]) -> tuple[NDArray[np.uint8], float]:
    """The crop round the box, shrunk and shifted where the picture ends, as in training, and its size in boxes."""
    import cv2

    height, width = picture.shape[:2]
    x, y, box_width, box_height = box
    factor = min(_CROP, (width - 1) / box_width, (height - 1) / box_height)
    crop_width, crop_height = box_width * factor, box_height * factor
    left = min(max(x + box_width / 2 - crop_width / 2, 0), width - 1 - crop_width)
    top = min(max(y + box_height / 2 - crop_height / 2, 0), height - 1 - crop_height)
    part = picture[int(top) : int(top + crop_height) + 1, int(left) : int(left + crop_width) + 1]
    return np.asarray(cv2.resize(part, (_SIDE_PX, _SIDE_PX)), dtype=np.uint8), factor


def _softmax(values: NDArray[np.float32]) -> NDArray[np.float32]:
    powers = np.exp(values - values.max())
    return np.asarray(powers / powers.sum(), dtype=np.float32)


@cache
def _session() -> Any:
    return onnx_session(weight_path("fr_liveness"))
