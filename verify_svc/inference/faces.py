"""Weights that look at faces: detector, embedding, person mask. Called in inference children alone.

Pictures are RGB uint8 (height, width, 3), contiguous. Weights are loaded once a child, at first use; every engine
runs on one thread, the pool's size is what scales. Sources, licences and hashes: `models/MANIFEST.toml`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from verify_svc.inference.attack import LiveScore, live_score
from verify_svc.inference.detector import DetectedFace, detect_faces
from verify_svc.inference.manifest import weight_path
from verify_svc.inference.runtime import LiteNetwork, onnx_session, planes

Pixels = NDArray[np.uint8]
Floats = NDArray[np.float32]

# Where SFace wants the eyes, nose tip and mouth corners in its 112 × 112 picture (the template that ArcFace set).
_TEMPLATE = np.array(
    [[38.2946, 51.6963], [73.5318, 51.5014], [56.0252, 71.7366], [41.5493, 92.3655], [70.7299, 92.2041]]
)
_TEMPLATE_MIDDLE = _TEMPLATE.mean(axis=0)
_TEMPLATE_FACTORS = (_TEMPLATE - _TEMPLATE_MIDDLE) @ (1, 1j)


_ALIKE = 0.6
"""`same_picture` from which on a face needs no embedding of its own beside its neighbour's. Measured: of 1596 pairs of
people 1 % are above it, of 89 people's clips 0.7 frames a clip below it, of those that sit still 0.1."""


@dataclass(frozen=True, slots=True)
class SightCounts:
    """How many pictures of a clip are embedded at least, scored for attack and masked."""

    embed: int = 7
    attack: int = 10
    mask: int = 4


@dataclass(frozen=True, slots=True)
class Sight:
    """What was seen in one sharp frame. `faces` largest first.

    `embedding` (128,) is SFace's raw output for the largest face, its norm a score of quality; `aligned`
    (112, 112, 3) is what was embedded; `mask` (256, 256) 0–1 is the share of person, `grid` (256, 256, 3) what it was
    laid over. None: not asked for.
    """

    faces: tuple[DetectedFace, ...]
    embedding: Floats | None = field(default=None, repr=False)
    aligned: Pixels | None = field(default=None, repr=False)
    live: LiveScore | None = None
    mask: Floats | None = field(default=None, repr=False)
    grid: Pixels | None = field(default=None, repr=False)


def see_faces(pictures: Sequence[Pixels], counts: SightCounts) -> list[Sight]:
    """Find the faces of every picture; embed, score for attack and mask the most frontal of each stretch.

    A face that is unlike those embedded next to it is embedded as well: who is shown another one for a moment, and a
    less frontal one, must not be spared the comparison.
    """
    found = [detect_faces(picture) for picture in pictures]
    embed, attack, mask = (_spread(found, count) for count in (counts.embed, counts.attack, counts.mask))
    upright = {
        number: align_face(picture, faces[0].points)
        for number, (picture, faces) in enumerate(zip(pictures, found, strict=True))
        if faces
    }
    embed = _with_unlike(embed, upright)
    sights = []
    for number, (picture, faces) in enumerate(zip(pictures, found, strict=True)):
        first = faces[0] if faces else None
        aligned = upright[number] if number in embed else None
        grid = on_mask_grid(picture) if number in mask else None
        sights.append(
            Sight(
                faces,
                embedding=None if aligned is None else embed_face(aligned),
                aligned=aligned,
                live=live_score(picture, first.box) if first and number in attack else None,
                mask=None if grid is None else person_mask(grid),
                grid=grid,
            )
        )
    return sights


def see_largest(pictures: Sequence[Pixels]) -> list[Sight]:
    """The faces of every picture, the largest embedded."""
    sights = []
    for picture in pictures:
        faces = detect_faces(picture)
        aligned = align_face(picture, faces[0].points) if faces else None
        sights.append(Sight(faces, None if aligned is None else embed_face(aligned), aligned))
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


def _with_unlike(chosen: set[int], faces: Mapping[int, Pixels]) -> set[int]:
    """The chosen ones and whoever is not alike to the nearest of them on either side."""
    wanted = set(chosen)
    structures = {number: _structure(face) for number, face in faces.items()}
    for number in sorted(faces.keys() - chosen):
        near = (
            max((one for one in wanted if one < number), default=None),
            min((one for one in wanted if one > number), default=None),
        )
        if all(one is None or _correlation(structures[number], structures[one]) < _ALIKE for one in near):
            wanted.add(number)
    return wanted


def same_picture(first: Pixels, second: Pixels) -> float:
    """How far two aligned faces are one picture: correlation of what remains of their grey values when the coarse
    light is taken away, −1–1. Another photograph of the same person has another light and expression."""
    return _correlation(_structure(first), _structure(second))


def _correlation(one: NDArray[Any], other: NDArray[Any]) -> float:
    return float((one * other).mean() / max(float(one.std() * other.std()), 1e-6))


def _structure(aligned: Pixels) -> NDArray[Any]:
    """What remains of an aligned face's grey values when the coarse light is taken away; its mean is 0."""
    import cv2

    grey = cv2.cvtColor(aligned, cv2.COLOR_RGB2GRAY).astype(np.float32)[14:106, 14:98]
    soft = cv2.GaussianBlur(grey, (0, 0), 1.5)  # a card's portrait shows no more than this
    rest = soft - cv2.GaussianBlur(grey, (0, 0), 10)
    return np.asarray(rest - rest.mean())


def _turn(points: Floats) -> float:
    """How far the nose is from the middle of the eyes, over their distance: 0 when frontal."""
    eyes = points[:2]
    return float(abs(points[2, 0] - eyes[:, 0].mean()) / max(float(np.ptp(eyes[:, 0])), 1.0))


def align_face(picture: Pixels, points: Floats) -> Pixels:
    """The face with these five points, turned and scaled to SFace's 112 × 112."""
    import cv2

    # Halved first where it is large: a warp alone would alias, and other shares take ten times as long.
    matrix = _to_template(points)
    scale = float(np.hypot(matrix[0, 0], matrix[1, 0]))
    if scale < 0.45:
        reach = 112 / scale  # more than the crop's diagonal from its middle
        first = np.maximum(points.mean(axis=0) - reach, 0).astype(int)
        last = (points.mean(axis=0) + reach).astype(int)
        near = picture[first[1] : last[1], first[0] : last[0]]
        height, width = near.shape[0] // 2, near.shape[1] // 2
        halved = cv2.resize(near[: 2 * height, : 2 * width], (width, height), interpolation=cv2.INTER_AREA)
        return align_face(np.asarray(halved, np.uint8), (points - first).astype(np.float32) / np.float32(2))
    return np.asarray(cv2.warpAffine(picture, matrix, (112, 112), flags=cv2.INTER_LINEAR), np.uint8)


def embed_face(aligned: Pixels) -> Floats:
    """SFace's raw embedding (128,) of an aligned face; compare by cosine."""
    session = _embedder()
    output = session.run(None, {session.get_inputs()[0].name: planes(aligned)})[0]
    return np.asarray(output[0], dtype=np.float32)


def person_mask(picture: Pixels) -> Floats:
    """The share of person, 0–1, on a 256 × 256 grid laid over the whole picture."""
    mask = _segmenter()(on_mask_grid(picture).astype(np.float32)[None] / np.float32(255))[0]
    return mask[0, :, :, 0].copy()


def on_mask_grid(picture: Pixels) -> Pixels:
    """The whole picture (height, width, 3) at the size of its person mask (256, 256, 3); one of that size as it is."""
    import cv2

    height, width = picture.shape[:2]
    if height % 2 == width % 2 == 0 and min(height, width) >= 512:  # the same means, in a fifth of the time
        picture = np.asarray(cv2.resize(picture, (width // 2, height // 2), interpolation=cv2.INTER_AREA), np.uint8)
    return np.asarray(cv2.resize(picture, (256, 256), interpolation=cv2.INTER_AREA), np.uint8)


def _to_template(points: NDArray[Any]) -> NDArray[np.float64]:
    """The turn, scale and shift (2, 3) that bring five points nearest to the template (least squares, Umeyama 1991)."""
    middle = points.sum(axis=0) / len(points)
    centred = points - middle
    # A similarity of the plane is one complex factor.
    own = centred[:, 0] + 1j * centred[:, 1]
    factor = np.vdot(own, _TEMPLATE_FACTORS) / np.vdot(own, own)
    turn = np.array([[factor.real, -factor.imag], [factor.imag, factor.real]])
    x, y = _TEMPLATE_MIDDLE - turn @ middle
    return np.array([[factor.real, -factor.imag, x], [factor.imag, factor.real, y]])


@cache
def _embedder() -> Any:
    return onnx_session(weight_path("sface"))


@cache
def _segmenter() -> LiteNetwork:
    return LiteNetwork(weight_path("selfie_segmentation").read_bytes())
