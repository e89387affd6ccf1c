"""Draws an open hand, its back to the camera, that a detector of palms takes for one."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Place = tuple[float, float]

# In widths of the palm from its middle, the fingers upwards: the way of each part, its thickness, its shade.
_PARTS: tuple[tuple[Sequence[Place], float, float], ...] = (
    (((0, 1.6), (0, 0.35)), 0.72, 0.92),
    (((-0.28, 0.4), (-0.62, 0.02), (-0.8, -0.3)), 0.26, 0.98),
    (((-0.2, 0.3), (-0.26, -0.2)), 0.5, 1.0),
    (((0.2, 0.3), (0.22, -0.16)), 0.5, 1.0),
    (((0, 0.25), (0, -0.22)), 0.5, 1.02),
)
_FINGERS = ((-0.42, 1.05, 0.21), (-0.14, 1.2, 0.22), (0.15, 1.12, 0.21), (0.43, 0.88, 0.18))  # place, length, thickness


def lay_hand(
    frame: Pixels, middle: NDArray[np.float32], width_px: float, cheek: NDArray[np.float32], turn: float = 0.0
) -> Pixels:
    """The frame (RGB) with a hand whose palm has this middle and width, and the cheek's colour; `turn` in radians,
    clockwise."""
    x, y = np.round(cheek).astype(int)
    skin = np.median(frame[y - 4 : y + 5, x - 4 : x + 5].reshape(-1, 3), axis=0)
    turned = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])

    def places(way: Sequence[Place]) -> NDArray[np.int32]:
        return np.asarray(np.round(middle + np.array(way) @ turned.T * width_px), np.int32)

    layer = frame.astype(np.float32)
    fingers = [
        ([(at, -0.3), (1.18 * at, -0.3 - 0.5 * length), (1.3 * at, -0.3 - 0.82 * length)], thick, 1.0)
        for at, length, thick in _FINGERS
    ]
    for way, thick, shade in (*_PARTS, *fingers):
        shape = np.zeros(frame.shape[:2], np.uint8)
        cv2.polylines(shape, [places(way)], False, (255,), max(1, round(thick * width_px)), cv2.LINE_AA)
        inside = np.clip(cv2.distanceTransform(shape, cv2.DIST_L2, 5) / (thick * width_px / 2), 0, 1)
        colour = skin * (0.75 + 0.28 * np.sqrt(inside))[..., None] * shade
        weight = cv2.GaussianBlur(shape, (0, 0), 0.8)[..., None] / 255
        layer = layer * (1 - weight) + colour * weight
    for at, length, _ in _FINGERS:
        for joint in (0.05, 0.4, 0.45, 0.62, 0.66):
            knuckle = tuple(int(each) for each in places([(at * (1 + 0.3 * joint), -0.3 - joint * length)])[0])
            half = (round(0.07 * width_px), round(0.02 * width_px))
            cv2.ellipse(layer, knuckle, half, np.degrees(turn), 0, 360, [float(each) for each in skin * 0.8], 1)
        nail = tuple(int(each) for each in places([(1.3 * at, -0.3 - 0.84 * length)])[0])
        half = (round(0.055 * width_px), round(0.075 * width_px))
        light = [float(each) for each in np.minimum(skin * 1.12 + 8, 250)]
        cv2.ellipse(layer, nail, half, np.degrees(turn), 0, 360, light, -1)
    return np.asarray(cv2.GaussianBlur(layer, (0, 0), 0.7).clip(0, 255), np.uint8)
