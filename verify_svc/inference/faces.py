"""Weights that look at faces: mesh, detector, embedding, person mask. Called in inference children alone.

Pictures are RGB uint8 (height, width, 3), contiguous. Weights are loaded once a child, at first use; every engine
runs on one thread, the pool's size is what scales. Sources, licences and hashes: `models/MANIFEST.toml`.
"""

from __future__ import annotations

import atexit
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from verify_svc.inference.attack import LiveScore, live_score
from verify_svc.inference.manifest import weight_path
from verify_svc.inference.runtime import native_silence, onnx_session

Pixels = NDArray[np.uint8]
Floats = NDArray[np.float32]
Region = tuple[int, int, int, int]  # left, top, right, bottom in pixels

BLENDSHAPES = ("eyeBlinkLeft", "eyeBlinkRight", "eyeLookDownLeft", "eyeLookDownRight", "jawOpen", "mouthClose")
_DETECT_LONG_SIDE_PX = 640
_DETECT_SCORE = 0.6
# Where SFace wants the eyes, nose tip and mouth corners in its 112 × 112 picture (the template that ArcFace set).
_TEMPLATE = np.array(
    [[38.2946, 51.6963], [73.5318, 51.5014], [56.0252, 71.7366], [41.5493, 92.3655], [70.7299, 92.2041]]
)


@dataclass(frozen=True, slots=True)
class Mesh:
    """The face mesh of N frames.

    `points` (N, 478, 2) in pixels of the frame, NaN where no face was found; `shapes` (N, 6) in the order of
    `BLENDSHAPES`, 0–1; `rotation` (N, 3, 3) from the canonical face to the camera.
    """

    found: NDArray[np.bool_]
    points: Floats = field(repr=False)
    shapes: Floats = field(repr=False)
    rotation: Floats = field(repr=False)


@dataclass(frozen=True, slots=True)
class SightCounts:
    """How many pictures of a clip are embedded, scored for attack and masked."""

    embed: int = 7
    attack: int = 5
    mask: int = 4


@dataclass(frozen=True, slots=True)
class DetectedFace:
    """A face that YuNet found: `box` (x, y, width, height) and five points (5, 2: eyes, nose tip, mouth corners,
    the picture's left first), in pixels; `score` 0–1."""

    box: tuple[float, float, float, float]
    points: Floats = field(repr=False)
    score: float


@dataclass(frozen=True, slots=True)
class Sight:
    """What was seen in one sharp frame. `faces` largest first.

    `embedding` (128,) is SFace's raw output for the largest face, its norm a score of quality; `aligned`
    (112, 112, 3) is what was embedded; `mask` (256, 256) 0–1 is the share of person. None: not asked for.
    """

    faces: tuple[DetectedFace, ...]
    embedding: Floats | None = field(default=None, repr=False)
    aligned: Pixels | None = field(default=None, repr=False)
    live: LiveScore | None = None
    mask: Floats | None = field(default=None, repr=False)


def mesh_faces(pictures: Sequence[Pixels], regions: Sequence[Region | None]) -> Mesh:
    """Fit the mesh to one face of each picture; `regions`, one a picture, say where to look (None: everywhere).

    The mesh's own detector takes the face it likes best and misses faces under 66 px of 640: a region round the
    person's face settles both.
    """
    import mediapipe as mp

    count = len(pictures)
    found = np.zeros(count, dtype=np.bool_)
    points = np.full((count, 478, 2), np.nan, dtype=np.float32)
    shapes = np.full((count, len(BLENDSHAPES)), np.nan, dtype=np.float32)
    rotation = np.full((count, 3, 3), np.nan, dtype=np.float32)
    landmarker = _landmarker()
    for number, (picture, region) in enumerate(zip(pictures, regions, strict=True)):
        left, top, right, bottom = region or (0, 0, picture.shape[1], picture.shape[0])
        part = np.ascontiguousarray(picture[top:bottom, left:right])
        result = landmarker.detect(mp.Image(image_format=mp.ImageFormat.SRGB, data=part))
        if not result.face_landmarks:
            continue
        height, width = part.shape[:2]
        found[number] = True
        points[number] = [(left + p.x * width, top + p.y * height) for p in result.face_landmarks[0]]
        by_name = {shape.category_name: shape.score for shape in result.face_blendshapes[0]}
        shapes[number] = [by_name[name] for name in BLENDSHAPES]
        rotation[number] = result.facial_transformation_matrixes[0][:3, :3]
    return Mesh(found, points, shapes, rotation)


def see_faces(pictures: Sequence[Pixels], counts: SightCounts) -> list[Sight]:
    """Find the faces of every picture; embed, score for attack and mask the most frontal of each stretch."""
    found = [detect_faces(picture) for picture in pictures]
    embed, attack, mask = (_spread(found, count) for count in (counts.embed, counts.attack, counts.mask))
    sights = []
    for number, (picture, faces) in enumerate(zip(pictures, found, strict=True)):
        first = faces[0] if faces else None
        aligned = align_face(picture, first.points) if first and number in embed else None
        sights.append(
            Sight(
                faces,
                embedding=None if aligned is None else embed_face(aligned),
                aligned=aligned,
                live=live_score(picture, first.box) if first and number in attack else None,
                mask=person_mask(picture) if number in mask else None,
            )
        )
    return sights


def see_portrait(picture: Pixels) -> Sight:
    """The largest face of one picture (an ID card, a portrait), found anew in a crop for exact points, embedded."""
    faces = detect_faces(picture)
    if not faces:
        return Sight(())
    x, y, width, height = faces[0].box
    left, top = max(0, int(x - width)), max(0, int(y - height))
    part = np.ascontiguousarray(picture[top : int(y + 2 * height), left : int(x + 2 * width)])
    near = detect_faces(part)
    if not near:
        return Sight(())
    aligned = align_face(part, near[0].points)
    return Sight(near, embedding=embed_face(aligned), aligned=aligned)


def _spread(found: Sequence[tuple[DetectedFace, ...]], count: int) -> set[int]:
    """The most frontal picture of each of `count` stretches of equal length."""
    chosen = set()
    for stretch in np.array_split(np.arange(len(found)), max(1, min(count, len(found)))):
        with_face = [int(number) for number in stretch if found[number]]
        if with_face:
            chosen.add(min(with_face, key=lambda number: _turn(found[number][0].points)))
    return chosen


def _turn(points: Floats) -> float:
    """How far the nose is from the middle of the eyes, over their distance: 0 when frontal."""
    eyes = points[:2]
    return float(abs(points[2, 0] - eyes[:, 0].mean()) / max(float(np.ptp(eyes[:, 0])), 1.0))


def detect_faces(picture: Pixels) -> tuple[DetectedFace, ...]:
    """All faces of at least about 16 px at 640 px, largest first."""
    import cv2

    height, width = picture.shape[:2]
    scale = min(1.0, _DETECT_LONG_SIDE_PX / max(height, width))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    detector = _detector()
    detector.setInputSize(size)
    rows = detector.detect(cv2.cvtColor(small, cv2.COLOR_RGB2BGR))[1]
    faces = []
    for row in [] if rows is None else rows:
        x, y, box_width, box_height = (float(value) / scale for value in row[:4])
        points = (row[4:14].reshape(5, 2) / scale).astype(np.float32)
        faces.append(DetectedFace((x, y, box_width, box_height), points, float(row[14])))
    return tuple(sorted(faces, key=lambda face: -face.box[2] * face.box[3]))


def align_face(picture: Pixels, points: Floats) -> Pixels:
    """The face with these five points, turned and scaled to SFace's 112 × 112."""
    import cv2

    # Shrunk first where it is large: a warp alone would alias.
    matrix = _similarity(points, _TEMPLATE)
    scale = float(np.hypot(matrix[0, 0], matrix[1, 0]))
    if scale < 0.45:
        reach = 112 / scale  # more than the crop's diagonal from its middle
        first = np.maximum(points.mean(axis=0) - reach, 0).astype(int)
        last = (points.mean(axis=0) + reach).astype(int)
        near = picture[first[1] : last[1], first[0] : last[0]]
        shrunk = cv2.resize(near, None, fx=2 * scale, fy=2 * scale, interpolation=cv2.INTER_AREA)
        return align_face(np.asarray(shrunk, np.uint8), (points - first).astype(np.float32) * np.float32(2 * scale))
    return np.asarray(cv2.warpAffine(picture, matrix, (112, 112), flags=cv2.INTER_LINEAR), np.uint8)


def embed_face(aligned: Pixels) -> Floats:
    """SFace's raw embedding (128,) of an aligned face; compare by cosine."""
    session = _embedder()
    blob = aligned.astype(np.float32).transpose(2, 0, 1)[None]
    output = session.run(None, {session.get_inputs()[0].name: blob})[0]
    return np.asarray(output[0], dtype=np.float32)


def person_mask(picture: Pixels) -> Floats:
    """The share of person, 0–1, on a 256 × 256 grid laid over the whole picture."""
    import cv2

    height, width = picture.shape[:2]
    if height % 2 == width % 2 == 0 and min(height, width) >= 512:  # the same means, in a fifth of the time
        picture = np.asarray(cv2.resize(picture, (width // 2, height // 2), interpolation=cv2.INTER_AREA), np.uint8)
    small = cv2.resize(picture, (256, 256), interpolation=cv2.INTER_AREA).astype(np.float32)[None] / 255
    interpreter = _segmenter()
    interpreter.set_tensor(interpreter.get_input_details()[0]["index"], small)
    interpreter.invoke()
    mask: Floats = interpreter.get_tensor(interpreter.get_output_details()[0]["index"])
    return mask[0, :, :, 0].copy()


def _similarity(source: NDArray[Any], target: NDArray[Any]) -> NDArray[np.float64]:
    """The turn, scale and shift (2, 3) that bring `source` nearest to `target` (least squares, Umeyama 1991)."""
    from_middle, to_middle = source.mean(axis=0), target.mean(axis=0)
    centred, wanted = source - from_middle, target - to_middle
    # A similarity of the plane is one complex factor.
    first, second = centred[:, 0] + 1j * centred[:, 1], wanted[:, 0] + 1j * wanted[:, 1]
    factor = np.vdot(first, second) / np.vdot(first, first)
    turn = np.array([[factor.real, -factor.imag], [factor.imag, factor.real]])
    return np.hstack([turn, (to_middle - turn @ from_middle)[:, None]])


@cache
def _landmarker() -> Any:
    import mediapipe as mp
    from mediapipe.tasks import python as tasks
    from mediapipe.tasks.python import vision

    options = vision.FaceLandmarkerOptions(
        base_options=tasks.BaseOptions(model_asset_path=str(weight_path("face_landmarker"))),
        output_face_blendshapes=True,
        output_facial_transformation_matrixes=True,
    )
    with native_silence():
        landmarker = vision.FaceLandmarker.create_from_options(options)
        blank = np.zeros((64, 64, 3), dtype=np.uint8)
        landmarker.detect(mp.Image(image_format=mp.ImageFormat.SRGB, data=blank))
    # At the end of the interpreter it would close itself by a thread pool that is gone by then, and complain: taken for
    # closed it leaves that to the end of the process.
    atexit.register(setattr, landmarker, "_handle", None)
    return landmarker


@cache
def _detector() -> Any:
    import cv2

    cv2.setNumThreads(1)
    return cv2.FaceDetectorYN.create(str(weight_path("yunet")), "", (320, 320), _DETECT_SCORE)


@cache
def _embedder() -> Any:
    return onnx_session(weight_path("sface"))


@cache
def _segmenter() -> Any:
    from ai_edge_litert.interpreter import Interpreter

    with native_silence():
        interpreter = Interpreter(model_path=str(weight_path("selfie_segmentation")), num_threads=1)
        interpreter.allocate_tensors()
    return interpreter
