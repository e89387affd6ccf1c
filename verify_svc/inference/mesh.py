"""The face mesh of a clip's frames: MediaPipe's networks without its graph. Called in inference children.

The networks are fed as MediaPipe's Face Landmarker feeds them; docs/decisions/0019 has what was measured against it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from verify_svc.inference.canonical_face import BLINK_POINTS, POSE_POINTS
from verify_svc.inference.detector import DetectedFace, detect_faces
from verify_svc.inference.lite import in_task
from verify_svc.inference.manifest import weight_path
from verify_svc.inference.runtime import LiteNetwork, onnx_session, planes

Pixels = NDArray[np.uint8]
Floats = NDArray[np.float32]

_SIDE_PX = 256  # of the networks' picture
# Over the mesh's box. At MediaPipe's 1.5 the eyes of small faces seem half closed (docs/decisions/0019).
_MARGIN = 1.35
# Over a detected face's box, and how far below its middle, of its longer side. Measured on 103 clips, the made ones and
# the found ones apart: 1.19 both; so one first fit in twenty has to be made again, at 7 ms (docs/decisions/0021), in
# MediaPipe's own wide region all but one in a hundred. A face that is not found in the one is looked for in the other.
_ROUND_BOX, _LOWER = 1.2, 0.056
_WIDELY_ROUND_BOX = 1.5
_MIN_PRESENCE = 0.5  # MediaPipe's own limit
_STRAYED = 0.75  # of the face's box; guessed: more than a shaken head moves in the quarter of a second between the two
# A region whose face has moved by more is laid anew: else eyes seem to close while the head moves.
_MOVED, _GROWN = 0.05, 0.1  # of its side, by its logarithm; guessed
_TURNED = 0.15  # radians; measured: up to it a second fit moves eyes and angles no more than up to 0.1
_OUTER_CORNERS = (33, 263)  # of the eyes: the line through them lies level in the networks' picture
_SURFACE = 468  # points before those of the irises
_BLINKS = slice(9, 11)  # eyeBlinkLeft, eyeBlinkRight among the 52 blend shapes
_CAMERA_DEG = 63.0  # from top to bottom, as MediaPipe supposes
_POSE_POINTS = POSE_POINTS[:, 0].astype(int)
_CANONICAL = POSE_POINTS[:, 1:4]
_WEIGHTS = POSE_POINTS[:, 4] / POSE_POINTS[:, 4].sum()
_CENTRED = _CANONICAL - _WEIGHTS @ _CANONICAL
_WEIGHTED = _CENTRED * _WEIGHTS[:, None]
_SPREAD = float((_WEIGHTED * _CANONICAL).sum())


@dataclass(frozen=True, slots=True)
class Mesh:
    """The face mesh of N frames.

    `points` (N, 478, 2) in pixels of the frame, NaN where no face was found; `blink` (N, 2), 0 open – 1 shut, of the
    left and the right eye; `rotation` (N, 3, 3) from the canonical face to the camera.
    """

    found: NDArray[np.bool_]
    points: Floats = field(repr=False)
    blink: Floats = field(repr=False)
    rotation: Floats = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Region:
    """A square of a picture: its middle and side in pixels, its turn in radians."""

    x: float
    y: float
    side: float
    turn: float


@dataclass(frozen=True, slots=True)
class _Fit:
    """The mesh of one face: `points` (478, 3) in pixels, z towards the back; `region` is where its points lie, and the
    next picture's face likely too."""

    points: NDArray[np.float64] = field(repr=False)
    presence: float
    region: _Region


def mesh_faces(pictures: Sequence[Pixels], seen: Sequence[DetectedFace | None]) -> Mesh:
    """Fit the mesh to the person's face in each picture of a clip.

    `seen`, one a picture, is that face as it was detected nearest in time, in the picture's pixels. The mesh follows
    its own points from picture to picture; where they leave the face that was seen, and where it loses them, it begins
    anew: at that face, else at the largest that is detected in the picture itself.
    """
    count = len(pictures)
    found = np.zeros(count, dtype=np.bool_)
    points = np.full((count, 478, 2), np.nan, dtype=np.float32)
    blink = np.full((count, 2), np.nan, dtype=np.float32)
    rotation = np.full((count, 3, 3), np.nan, dtype=np.float32)
    last: _Fit | None = None
    fitted: list[NDArray[np.float64]] = []
    for number, (picture, face) in enumerate(zip(pictures, seen, strict=True)):
        fits = (_settled(picture, region) for region in _beginnings(picture, last, face))
        last = next((fit for fit in fits if fit.presence >= _MIN_PRESENCE), None)
        if last is not None:
            found[number] = True
            fitted.append(last.points)
    if fitted:
        # At once: a network that takes turns with another finds its weights gone from the nearest memory.
        solid = np.stack(fitted)
        sizes = np.array([picture.shape[1::-1] for picture in pictures])[found]
        points[found] = solid[..., :2]
        blink[found] = _blinks(points[found])
        rotation[found] = _rotations(_seen_by_camera(solid, sizes))
    return Mesh(found, points, blink, rotation)


def _beginnings(picture: Pixels, last: _Fit | None, face: DetectedFace | None) -> Iterator[_Region]:
    """Where to look for the face, likeliest first."""
    if last is not None and (face is None or _lies_on(last, face)):
        yield last.region
    if face is not None:
        yield from _regions_round(face)
    for detected in detect_faces(picture)[:1]:
        yield from _regions_round(detected)


def _regions_round(face: DetectedFace) -> Iterator[_Region]:
    x, y, width, height = face.box
    turn = _turn_of(face.points.astype(np.float64))
    side, middle_x, middle_y = max(width, height), x + width / 2, y + height / 2
    yield _Region(middle_x, middle_y + _LOWER * side, _ROUND_BOX * side, turn)
    yield _Region(middle_x, middle_y, _WIDELY_ROUND_BOX * side, turn)


def _turn_of(points: NDArray[np.float64]) -> float:
    """How far a face with these five points (5, 2) is turned, in radians. By all but the nose: of eyes that are 30 px
    apart, one that is seen 3 px off tells 6° too much."""
    right_eye, left_eye, _, right_mouth, left_mouth = points
    down = (right_mouth + left_mouth - right_eye - left_eye) / 2
    across = left_eye - right_eye + left_mouth - right_mouth + (down[1], -down[0])
    return math.atan2(across[1], across[0])


def _settled(picture: Pixels, region: _Region) -> _Fit:
    """The mesh in that region; where the face lies elsewhere in it than a region's face does, in a second one."""
    fit = _fit(picture, region)
    now = fit.region
    moved = math.hypot(now.x - region.x, now.y - region.y) / region.side
    grown = abs(math.log(max(now.side, 1.0) / region.side))
    turned = abs(math.remainder(now.turn - region.turn, math.tau))
    return _fit(picture, now) if moved > _MOVED or grown > _GROWN or turned > _TURNED else fit


def _lies_on(fit: _Fit, face: DetectedFace) -> bool:
    """Whether the mesh is still on the face that was detected at about the same time."""
    x, y, width, height = face.box
    region = fit.region
    return abs(region.x - x - width / 2) < _STRAYED * width and abs(region.y - y - height / 2) < _STRAYED * height


def _region_of(flat: NDArray[np.float64]) -> _Region:
    """The region in which the points (478, 2) lie as the networks want them."""
    (left, top), (right, bottom) = flat.min(axis=0), flat.max(axis=0)
    first, second = (flat[corner] for corner in _OUTER_CORNERS)
    turn = math.atan2(second[1] - first[1], second[0] - first[0])
    return _Region((left + right) / 2, (top + bottom) / 2, _MARGIN * max(right - left, bottom - top), turn)


def from_square(x: float, y: float, side: float, turn: float, side_px: int) -> NDArray[np.float64]:
    """The way (2, 3) from a network's picture, `side_px` long, to the one of which it shows a square: that with this
    middle and side, in pixels, and turn, in radians."""
    along = np.array([math.cos(turn), math.sin(turn)]) * (side / side_px)
    matrix = np.array([[along[0], -along[1], x], [along[1], along[0], y]])
    matrix[:, 2] -= matrix[:, :2] @ np.full(2, side_px / 2)
    return matrix


def _fit(picture: Pixels, region: _Region) -> _Fit:
    """Run the mesh on one region of a picture."""
    import cv2

    scale = region.side / _SIDE_PX
    matrix = from_square(region.x, region.y, region.side, region.turn, _SIDE_PX)
    part = cv2.warpAffine(
        picture,
        matrix,
        (_SIDE_PX, _SIDE_PX),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    raw, presence = _landmarks(planes(np.asarray(part, np.uint8)))[:2]
    points = raw.reshape(-1, 3).astype(np.float64)
    flat = points[:, :2] @ matrix[:, :2].T + matrix[:, 2]
    logit = float(np.clip(presence.item(), -30, 30))
    points[:, :2] = flat
    points[:, 2] *= scale
    return _Fit(points, 1 / (1 + math.exp(-logit)), _region_of(flat))


def _blinks(points: Floats) -> Floats:
    """How far the eyes of these meshes (N, 478, 2) are shut (N, 2)."""
    network = _blend_shapes()
    return np.stack([network(each[None])[0].reshape(-1)[_BLINKS] for each in points[:, BLINK_POINTS]])


def _seen_by_camera(points: NDArray[np.float64], sizes: NDArray[np.int_]) -> NDArray[np.float64]:
    """Of meshes (N, 478, 3) in pictures of these widths and heights (N, 2) the points that tell the pose (N, P, 3), in
    front of MediaPipe's camera: x to the right and y upwards from the middle of the picture, on a plane one unit away;
    z from the mesh's middle."""
    view = 2 * math.tan(math.radians(_CAMERA_DEG) / 2)
    width, height = sizes[:, :1], sizes[:, 1:]
    x, y, z = np.moveaxis(points[:, :_SURFACE] * (view / height)[:, None], 2, 0)
    seen = np.stack([x - view * width / height / 2, view / 2 - y, z - z.mean(axis=1, keepdims=True)], axis=2)
    return np.asarray(seen[:, _POSE_POINTS], np.float64)


def _rotations(seen: NDArray[np.float64]) -> NDArray[np.float64]:
    """How the heads (N, P, 3) are turned (N, 3, 3), in MediaPipe's way: the points are given depth by the size of the
    canonical face, in two rounds, and that face is laid over them."""
    plane, depth = seen[..., :2], seen[..., 2:]

    def placed(scale: NDArray[np.float64]) -> NDArray[np.float64]:
        away = (depth + 1) / scale[:, None, None]
        return np.concatenate([plane * away, -away], axis=2)

    _, scale = _laid_over(np.concatenate([plane, -depth], axis=2))
    _, again = _laid_over(placed(scale))
    turn, _ = _laid_over(placed(scale * again))
    return turn


def _laid_over(points: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The turns (N, 3, 3) and the scales (N,) that bring the canonical face's points nearest to these (N, P, 3)
    (weighted Procrustes)."""
    left, _, right = np.linalg.svd(points.swapaxes(1, 2) @ _WEIGHTED)
    left[np.linalg.det(left) * np.linalg.det(right) < 0, :, 2] *= -1
    turn = left @ right
    return turn, ((_WEIGHTED @ turn.swapaxes(1, 2)) * points).sum(axis=(1, 2)) / _SPREAD


def _landmarks(part: Floats) -> list[Floats]:
    """Points, presence and tongue of the face in a picture (1, 3, 256, 256), 0–255, as the network tells them."""
    session = _landmark_session()
    answers: list[Floats] = session.run(None, {session.get_inputs()[0].name: part})
    return answers


@cache
def _landmark_session() -> Any:
    return onnx_session(weight_path("face_landmarks"))


@cache
def _blend_shapes() -> LiteNetwork:
    return LiteNetwork(in_task(weight_path("face_landmarker").read_bytes(), "face_blendshapes.tflite"))
