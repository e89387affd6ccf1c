"""What is worn on the head and must not be in the portrait: sunglasses.

An everyday classifier looks at the head and at the eyes, and the skin under the eyes is dark behind dark lenses: the
first alone takes thick black frames for sunglasses, the second alone shade and masks (docs/decisions/0026). Glasses
through which the eyes show are none of its business.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from verify_svc.face.track import CHIN, LEFT_IRIS, RIGHT_IRIS
from verify_svc.inference.things import SIDE_PX
from verify_svc.session.finding import Finding, Moment, Outcome

Pixels = NDArray[np.uint8]

_FOREHEAD = 10
_HEAD, _RAISED = 2.1, 0.25  # of the face's height: the square's side, and how far above its middle
_EYES = 3.2  # distances of the irises: the square's side
_UNDER_EYE_AND_CHEEK = (((230, 229, 231), (205, 50, 101)), ((450, 449, 451), (425, 280, 330)))
_DIAGONAL = 1.42  # of a square, over its side: however it is turned, it lies within
_PATCH_PX = 4  # on either side of a point, the irises 70 px apart
_DARKEST = 20  # of 255: in the dark no ratio says anything
_LEAST_SHARE = 0.002  # half a step of the classifier: none that it names none of is told from another


@dataclass(frozen=True, slots=True)
class WornLook:
    """One frame: `sunglasses` is the geometric mean, 0–1, of what the classifier gives to them in the looks at it, 0
    where it wasn't asked; `under_eyes` the lightness (CIE L) under the darker eye over that of the cheek below it."""

    time_s: float
    sunglasses: float
    under_eyes: float


@dataclass(frozen=True, slots=True)
class WornLimits:
    """Units as in `WornLook`. Measured: docs/decisions/0026."""

    max_frames: int = 3
    sunglasses: float = 0.035
    under_eyes: float = 0.8
    sunglasses_alone: float = 0.2  # in one frame among others
    eyes_alone: float = 0.08  # by the look at the eyes alone


def times_to_look_at(
    stills_s: Sequence[float], seen_s: Sequence[float], limits: WornLimits = WornLimits()
) -> list[float]:
    """The stills' times, whose pictures leave the house, and where they are few others spread over the clip.

    >>> times_to_look_at([2.0, 4.5], [0.5, 1.0, 2.0, 4.0, 4.5, 6.0])
    [2.0, 4.5, 4.0]
    >>> times_to_look_at([], [0.5, 1.0, 2.0, 4.0, 6.0])
    [0.5, 2.0, 6.0]
    """
    chosen = list(stills_s)[: limits.max_frames]
    others = [time_s for time_s in seen_s if time_s not in chosen]
    wanted = min(limits.max_frames - len(chosen), len(others))
    places = [len(others) // 2] if wanted == 1 else np.linspace(0, len(others) - 1, wanted).round().astype(int)
    return chosen + [others[place] for place in places]


def look_at_head(picture: Pixels, points: NDArray[Any]) -> Pixels:
    """An upright look at the head in an RGB frame, (224, 224, 3), for the classifier; `points` (478, 2) in its
    pixels."""
    chin, forehead = points[CHIN].astype(float), points[_FOREHEAD].astype(float)
    middle = (chin + forehead) / 2 + _RAISED * (forehead - chin)
    head, _ = _look(picture, points, middle, _HEAD * float(np.linalg.norm(forehead - chin)))
    return head


def look_at_eyes(picture: Pixels, points: NDArray[Any]) -> tuple[Pixels, float]:
    """The same at the eyes, and `under_eyes` of `WornLook`."""
    right, left = points[RIGHT_IRIS].astype(float), points[LEFT_IRIS].astype(float)
    eyes, mesh = _look(picture, points, (right + left) / 2, _EYES * float(np.linalg.norm(left - right)))
    return eyes, _under_eyes(eyes, mesh)


def are_bare(under_eyes: float, limits: WornLimits = WornLimits()) -> bool:
    """Whether the skin under the eyes is too light for sunglasses, whatever the classifier would say: its looks cost
    6 ms each, and in most frames are spared."""
    return under_eyes >= limits.under_eyes


def worn_look(time_s: float, under_eyes: float, shares: Sequence[float]) -> WornLook:
    """What the looks at one frame say together; `shares` are the classifier's, none where it wasn't asked.

    >>> round(worn_look(1.0, 0.9, [0.25, 0.01]).sunglasses, 3)
    0.055
    """
    mean = float(np.exp(np.mean(np.log(np.asarray(shares) + _LEAST_SHARE)))) if shares else 0.0
    return WornLook(time_s, mean, under_eyes)


def judge_worn(looks: Sequence[WornLook], clear: bool, limits: WornLimits = WornLimits()) -> Finding:
    """Sunglasses, in half of the looks or surely in one. `clear`: light and a bare cheek allow a judgement. The score
    is the looks' median share of sunglasses."""
    if not looks or not clear:
        return Finding("worn", Outcome.NOT_CHECKED)
    dark = [look for look in looks if not are_bare(look.under_eyes, limits)]
    shown = [look for look in dark if look.sunglasses >= limits.sunglasses]
    sure = [look for look in shown if look.sunglasses >= limits.sunglasses_alone]
    worn = len(shown) >= len(looks) / 2 or bool(sure)
    return Finding(
        "worn",
        Outcome.FAIL if worn else Outcome.PASS,
        ("sunglasses_worn",) if worn else (),
        score=round(float(np.median([look.sunglasses for look in looks])), 4),
        threshold=limits.sunglasses,
        model="efficientnet_lite0",
        version="int8/1",
        moments=tuple(Moment(round(look.time_s, 3), round(look.time_s + 0.1, 3)) for look in shown) if worn else (),
        measured={"under_eyes": round(float(np.median([look.under_eyes for look in looks])), 3)},
    )


def _under_eyes(eyes: Pixels, mesh: NDArray[Any]) -> float:
    lightness = cv2.extractChannel(cv2.cvtColor(eyes, cv2.COLOR_RGB2LAB), 0)
    side = 2 * _PATCH_PX + 1
    at = np.clip(np.round(mesh[np.array(_UNDER_EYE_AND_CHEEK)]).astype(int) - _PATCH_PX, 0, SIDE_PX - side)
    patches = np.lib.stride_tricks.sliding_window_view(lightness, (side, side))[at[..., 1], at[..., 0]]
    under, cheek = np.median(np.median(patches, axis=(-2, -1)), axis=-1).T
    return float((under / np.maximum(cheek, _DARKEST)).min())


def _look(
    picture: Pixels, points: NDArray[Any], middle: NDArray[Any], side: float
) -> tuple[Pixels, NDArray[np.float64]]:
    """The upright square of this side round `middle`, and the mesh in its pixels; beyond the picture its edge goes
    on."""
    scale = SIDE_PX / max(side, 1.0)
    times = int(1 / scale)
    if times > 1:  # shrunk first: a warp alone would alias; by a whole number it costs a fifth
        reach = _DIAGONAL * side / 2
        first = np.maximum(middle - reach, 0).astype(int)
        last = np.maximum(np.minimum(middle + reach, picture.shape[1::-1]), first).astype(int)
        across_px, down_px = (last - first) // times
        if min(across_px, down_px) > 0:
            near = picture[first[1] : first[1] + down_px * times, first[0] : first[0] + across_px * times]
            picture = np.asarray(cv2.resize(near, (across_px, down_px), interpolation=cv2.INTER_AREA), np.uint8)
            points, middle, scale = (points - first) / times, (middle - first) / times, scale * times
    right, left = points[RIGHT_IRIS].astype(float), points[LEFT_IRIS].astype(float)
    lean = float(np.arctan2(left[1] - right[1], left[0] - right[0]))
    along, across = scale * np.cos(lean), scale * np.sin(lean)
    matrix = np.array([[along, across, 0.0], [-across, along, 0.0]])
    matrix[:, 2] = SIDE_PX / 2 - matrix[:, :2] @ middle
    look = cv2.warpAffine(picture, matrix, (SIDE_PX, SIDE_PX), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(look, np.uint8), points @ matrix[:, :2].T + matrix[:, 2]
