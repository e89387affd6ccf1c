"""The face detector, YuNet, on ONNX Runtime. Called in inference children alone.

How its picture is padded and its answers are read is OpenCV's `FaceDetectorYN`, which takes 2.5 times as long
(docs/decisions/0019).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from verify_svc.inference.manifest import weight_path
from verify_svc.inference.runtime import onnx_session, planes

_LONG_SIDE_PX = 640
_MIN_SCORE = 0.6
_MOST_OVERLAP = 0.3  # of two boxes' union: OpenCV's own default
_STRIDES_PX = (8, 16, 32)


@dataclass(frozen=True, slots=True)
class DetectedFace:
    """A face that YuNet found: `box` (x, y, width, height) and five points (5, 2: eyes, nose tip, mouth corners,
    the picture's left first), in pixels; `score` 0–1."""

    box: tuple[float, float, float, float]
    points: NDArray[np.float32] = field(repr=False)
    score: float

    def scaled(self, scale: float) -> DetectedFace:
        """The same face in the same picture at another size."""
        x, y, width, height = (value * scale for value in self.box)
        return DetectedFace((x, y, width, height), self.points * np.float32(scale), self.score)


def detect_faces(picture: NDArray[np.uint8]) -> tuple[DetectedFace, ...]:
    """All faces of at least about 16 px at 640 px of an RGB picture, largest first."""
    import cv2

    height, width = picture.shape[:2]
    scale = min(1.0, _LONG_SIDE_PX / max(height, width))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    rows = _rows(np.asarray(small, np.uint8))
    kept = cv2.dnn.NMSBoxes(rows[:, :4].tolist(), rows[:, 14].tolist(), _MIN_SCORE, _MOST_OVERLAP)
    faces = []
    for row in rows[np.asarray(kept, int).reshape(-1)]:
        x, y, box_width, box_height = (float(value) / scale for value in row[:4])
        points = (row[4:14].reshape(5, 2) / scale).astype(np.float32)
        faces.append(DetectedFace((x, y, box_width, box_height), points, float(row[14])))
    return tuple(sorted(faces, key=lambda face: -face.box[2] * face.box[3]))


def _rows(picture: NDArray[np.uint8]) -> NDArray[np.float32]:
    """What the network says, likely enough to be a face: (N, 15) of box, five points and score."""
    import cv2

    height, width = picture.shape[:2]
    colours = cv2.cvtColor(picture, cv2.COLOR_RGB2BGR)
    padded = cv2.copyMakeBorder(colours, 0, -height % 32, 0, -width % 32, cv2.BORDER_CONSTANT)
    session = _session()
    outputs = session.run(None, {session.get_inputs()[0].name: planes(np.asarray(padded, np.uint8))})
    by_name = {output.name: value[0] for output, value in zip(session.get_outputs(), outputs, strict=True)}
    found = [_of_stride(by_name, stride, padded.shape[1] // stride) for stride in _STRIDES_PX]
    return np.concatenate(found)


def _of_stride(by_name: dict[str, NDArray[np.float32]], stride: int, columns: int) -> NDArray[np.float32]:
    """The likely faces that one of the network's grids tells, whose cells are `stride` px wide."""
    squares = by_name[f"cls_{stride}"][:, 0] * by_name[f"obj_{stride}"][:, 0]
    cells = np.flatnonzero(squares >= _MIN_SCORE**2)
    scores = np.sqrt(np.minimum(squares[cells], 1))
    corner = np.stack([cells % columns, cells // columns], axis=1)
    box = by_name[f"bbox_{stride}"][cells]
    size = np.exp(box[:, 2:]) * stride
    middle = (corner + box[:, :2]) * stride
    points = (by_name[f"kps_{stride}"][cells].reshape(-1, 5, 2) + corner[:, None]) * stride
    parts = (middle - size / 2, size, points.reshape(-1, 10), scores[:, None])
    return np.asarray(np.concatenate(parts, axis=1), np.float32)


@cache
def _session() -> Any:
    return onnx_session(weight_path("yunet"))
