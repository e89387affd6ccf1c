"""Face tracks and sights written by hand: a calm, frontal face unless told otherwise."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from verify_svc.face.quality import FaceLook
from verify_svc.face.track import FaceTrack
from verify_svc.inference.attack import LiveScore
from verify_svc.inference.detector import DetectedFace
from verify_svc.inference.faces import Sight

FPS = 12.0
SIZE_PX = (480, 640)


SECONDS = 6.0


def calm_track(**changes: Any) -> FaceTrack:
    """A face 200 px wide in the middle of 480 × 640, eyes open, head moving by 2°, lips closed.

    `changes` are a track's fields: arrays of one value a frame (12 fps), or one value for all.
    """
    count = round(SECONDS * FPS)
    times_s = np.arange(count) / FPS
    fields: dict[str, Any] = {
        "found": np.ones(count, np.bool_),
        "points": still_points(count),
        "blink": np.full(count, 0.05),
        "eye_ratio": np.full(count, 0.3),
        "lip_gap": np.full(count, 0.02),
        "yaw_deg": np.sin(times_s),
        "pitch_deg": 4 + np.cos(times_s),
        "roll_deg": 0.5 * np.sin(times_s / 2),
    }
    for name, value in changes.items():
        fields[name] = np.full(count, value) if np.isscalar(value) else np.asarray(value)
    return FaceTrack(times_s=times_s, size_px=SIZE_PX, **fields)


def still_points(
    count: int, middle: tuple[float, float] = (240.0, 290.0), width_px: float = 200.0
) -> NDArray[np.float32]:
    """Mesh points (count, 478, 2): the cheeks `width_px` apart round `middle`, forehead and chin 1.2 times as far; all
    others on it but the irises."""
    points = np.tile(np.array(middle, np.float32), (count, 478, 1))
    points[:, 234, 0] -= width_px / 2
    points[:, 454, 0] += width_px / 2
    points[:, 10, 1] -= 0.6 * width_px
    points[:, 152, 1] += 0.6 * width_px
    points[:, 468, 0] -= 0.23 * width_px
    points[:, 473, 0] += 0.23 * width_px
    return points


def closed_at(*spans_s: tuple[float, float]) -> dict[str, NDArray[np.float64]]:
    """Changes of a track whose eyes are closed in these spans."""
    times_s = np.arange(round(SECONDS * FPS)) / FPS
    closed = np.zeros(times_s.size, np.bool_)
    for start_s, end_s in spans_s:
        closed |= (times_s >= start_s) & (times_s < end_s)
    return {"blink": np.where(closed, 0.65, 0.05), "eye_ratio": np.where(closed, 0.04, 0.3)}


def detected(x: float = 140.0, width: float = 200.0, score: float = 0.93, turn: float = 0.0) -> DetectedFace:
    """A face found; `turn` moves the nose off the middle of the eyes, over their distance."""
    eyes = 0.4 * width
    middle = x + width / 2
    nose = middle + turn * eyes
    points = [[middle - eyes / 2, 250], [middle + eyes / 2, 250], [nose, 290], [middle - 30, 330], [middle + 30, 330]]
    return DetectedFace((x, 180.0, width, 1.3 * width), np.array(points, np.float32), score)


def sight(*faces: DetectedFace, person: int = 0, norm: float = 12.0, live: float = 0.98, margin: float = 2.2) -> Sight:
    """What one sharp frame showed; the same `person` gives the same direction of embedding."""
    embedding = np.zeros(128, np.float32)
    embedding[person] = norm
    aligned = np.random.default_rng(person).integers(0, 255, (112, 112, 3), dtype=np.uint8)
    return Sight(faces or (detected(),), embedding, aligned, LiveScore(live, margin))


def look(time_s: float = 1.0, **changes: float) -> FaceLook:
    """A sharp, well-lit face."""
    values = {
        "sharpness": 30.0,
        "sharpness_across": 12.0,
        "sharpness_along": 11.0,
        "level": 130.0,
        "bright_share": 0.0,
        "burnt_share": 0.0,
        "side_light": 0.05,
    }
    return FaceLook(time_s, **(values | changes))
