"""Faults that are drawn on a finished frame: covers, light, lens."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from tests.specimens.portrait import Person, Pose

Pixels = NDArray[np.uint8]
_MASK = (117, 118, 197, 347, 346, 447, 361, 397, 379, 152, 150, 172, 132, 227)


def cover(frame: Pixels, person: Person, pose: Pose, fault: str | None) -> Pixels:
    """Lay a surgical mask or a hand over the mouth, dark or clear glasses before the eyes, or skin, or a coat or
    headscarf of its colour, over the shoulders."""
    if fault in ("sunglasses", "glasses"):
        return _glasses(frame, person.points + np.array(pose.shift_px, np.float32), fault == "sunglasses")
    if fault in ("bare_shoulders", "coat", "scarf"):
        return _shoulders(frame, person.points + np.array(pose.shift_px, np.float32), fault)
    if fault not in ("mask", "hand"):
        return frame
    points = person.points + np.array(pose.shift_px, np.float32)
    shape, layer = np.zeros(frame.shape[:2], np.uint8), frame.copy()
    unit = float(np.linalg.norm(points[468] - points[473]))
    if fault == "mask":
        hull = cv2.convexHull(np.round(points[list(_MASK)]).astype(np.int32))
        cv2.fillPoly(shape, [hull], (255,))
        layer[:] = (148, 188, 204)
        for share in (0.3, 0.5, 0.7):
            row = int(points[197, 1] + share * (points[152, 1] - points[197, 1]))
            cv2.line(layer, (0, row), (frame.shape[1], row + 4), (120, 160, 178), 2)
    else:
        mouth = points[[13, 14]].mean(axis=0)
        x, y = np.round(points[50]).astype(int)
        skin = frame[y - 4 : y + 5, x - 4 : x + 5].reshape(-1, 3).mean(axis=0)
        layer[:] = (skin * 0.95).astype(np.uint8)
        for finger in range(4):
            tip = mouth + np.array([-0.95, (finger - 1.6) * 0.34]) * unit
            knuckle = mouth + np.array([0.85, (finger - 1.4) * 0.36]) * unit
            ends = [tuple(int(v) for v in end) for end in (tip, knuckle)]
            cv2.line(shape, ends[0], ends[1], (255,), int(0.36 * unit))
            crease = [(x1, y1 + int(0.17 * unit)) for x1, y1 in ends]
            cv2.line(layer, crease[0], crease[1], [float(c) for c in skin * 0.72], 2)
        palm = mouth + np.array([1.3, 0.2]) * unit
        cv2.ellipse(shape, (int(palm[0]), int(palm[1])), (int(0.75 * unit), int(0.85 * unit)), 0, 0, 360, (255,), -1)
    weight = cv2.GaussianBlur(shape, (5, 5), 0)[..., None] / np.float32(255)
    return np.asarray(frame * (1 - weight) + layer * weight, np.uint8)


def _glasses(frame: Pixels, points: NDArray[np.float32], dark: bool) -> Pixels:
    unit = float(np.linalg.norm(points[468] - points[473]))
    rims, lenses = np.zeros(frame.shape[:2], np.uint8), np.zeros(frame.shape[:2], np.uint8)
    shade = np.full(frame.shape, (26, 25, 28), np.uint8)
    thick = max(2, round(0.05 * unit))
    for iris, ear in ((468, 127), (473, 356)):
        away = np.sign(points[ear, 0] - points[iris, 0])
        middle = points[iris] + np.array([0.04 * away, 0.08]) * unit
        x, y = (int(v) for v in np.round(middle))
        half = (int(0.43 * unit), int(0.33 * unit))
        cv2.ellipse(lenses, (x, y), half, 0, 0, 360, (255,), -1, cv2.LINE_AA)
        cv2.ellipse(rims, (x, y), half, 0, 0, 360, (255,), thick, cv2.LINE_AA)
        hinge, end = middle + np.array([0.43 * away, -0.1]) * unit, points[ear]
        cv2.line(rims, [int(v) for v in hinge], [int(v) for v in end], (255,), thick, cv2.LINE_AA)
        glint = (x - int(0.12 * unit), y - int(0.14 * unit))
        cv2.ellipse(shade, glint, (int(0.2 * unit), int(0.06 * unit)), -25, 0, 360, (92, 96, 104), -1, cv2.LINE_AA)
    inner = [points[iris] + np.array([0.4 * side, -0.02]) * unit for iris, side in ((468, 1), (473, -1))]
    cv2.line(rims, [int(v) for v in inner[0]], [int(v) for v in inner[1]], (255,), thick, cv2.LINE_AA)
    weight = (lenses / np.float32(255) * (0.93 if dark else 0.0))[..., None]
    laid = frame * (1 - weight) + cv2.GaussianBlur(shade, (5, 5), 0) * weight
    rim = cv2.GaussianBlur(rims, (3, 3), 0)[..., None] / np.float32(255)
    return np.asarray(laid * (1 - rim) + np.array([22, 20, 20]) * rim, np.uint8)


def _shoulders(frame: Pixels, points: NDArray[np.float32], fault: str) -> Pixels:
    """Neck and shoulders in the colour of the cheeks; over the neck of a coat lies a white collar, and a headscarf
    leaves the face alone."""
    unit = float(np.linalg.norm(points[468] - points[473]))
    cheeks = np.concatenate([frame[y - 4 : y + 5, x - 4 : x + 5] for x, y in np.round(points[[50, 280]]).astype(int)])
    skin = np.median(cheeks.reshape(-1, 3), axis=0)
    x, chin = (int(v) for v in np.round(points[152]))
    shape, collar = np.zeros(frame.shape[:2], np.uint8), np.zeros(frame.shape[:2], np.uint8)
    cv2.ellipse(shape, (x, chin + int(3.4 * unit)), (int(3.3 * unit), int(2.7 * unit)), 0, 0, 360, (255,), -1)
    cv2.rectangle(shape, (x - int(unit), chin + int(0.3 * unit)), (x + int(unit), chin + int(2 * unit)), (255,), -1)
    cv2.ellipse(collar, (x, chin + int(0.9 * unit)), (int(1.2 * unit), int(0.6 * unit)), 0, 0, 360, (255,), -1)
    layer = np.empty_like(frame)
    layer[:] = np.clip(skin * 0.95, 0, 255).astype(np.uint8)
    if fault == "coat":
        layer[collar > 0] = 225
    if fault == "scarf":
        middle = (x, chin - int(1.4 * unit))
        cv2.ellipse(shape, middle, (int(2 * unit), int(2.6 * unit)), 0, 0, 360, (255,), -1)
        cv2.fillPoly(shape, [cv2.convexHull(np.round(points).astype(np.int32))], (0,))
    weight = cv2.GaussianBlur(shape, (0, 0), 0.05 * unit)[..., None] / np.float32(255)
    return np.asarray(frame * (1 - weight) + layer * weight, np.uint8)


def light_and_lens(frame: Pixels, fault: str | None, number: int, fps: float) -> Pixels:
    """Darken, burn out, light from the side, defocus, or smear by movement."""
    height, width = frame.shape[:2]
    if fault == "dark":
        return np.asarray(frame * 0.17, np.uint8)
    if fault == "bright":
        return np.asarray(np.clip(frame * 2.3, 0, 255), np.uint8)
    if fault == "side_light":
        fall = 1.15 - 0.95 / (1 + np.exp(-8 * (np.arange(width) / width - 0.5)))
        return np.asarray(np.clip(frame * fall[None, :, None], 0, 255), np.uint8)
    if fault == "blur":
        return np.asarray(cv2.GaussianBlur(frame, (0, 0), width / 105), np.uint8)
    if fault == "motion_blur":
        phase = 2 * np.pi * 3.4 * number / fps
        shift, speed = 0.045 * width * np.sin(phase), abs(np.cos(phase))
        matrix = np.array([[1, 0, shift], [0, 1, 0.25 * shift]])
        moved = cv2.warpAffine(frame, matrix, (width, height), borderMode=cv2.BORDER_REPLICATE)
        return np.asarray(cv2.blur(moved, (max(5, int(0.05 * width * speed)), 3)), np.uint8)
    return frame
