"""Pictures for people: upright previews, pages laid flat, strips. Runs in decoding children."""

from __future__ import annotations

from dataclasses import dataclass, field

import cv2
import numpy as np

from verify_svc.document.page import PageLimits, find_page, flatten
from verify_svc.media.pictures import decode, encode_jpeg

Points = tuple[tuple[float, float], ...]

PREVIEW_SIDE_PX = 1600
PAGE_SIDE_PX = 2400
_STRIP_SIDE_PX = 1200
_STRIP_ROOM = 0.35
"""How much of the strip's height is shown around it."""
TURNS = {90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}
_LEAST_SIDE = 0.02
"""Of the picture's side: nothing in a narrower crop can be read."""


@dataclass(frozen=True, slots=True)
class Preview:
    """`width_px` and `height_px` of the upright picture; `corners` of the page found, from 0 to 1, or None."""

    width_px: int
    height_px: int
    corners: Points | None
    jpeg: bytes = field(repr=False)


def is_page_like(corners: Points) -> bool:
    """Whether a page can lie within these corners (from 0 to 1): they go round clockwise, and none is too near.

    >>> is_page_like(((0, 0), (1, 0), (1, 1), (0, 1))), is_page_like(((0, 0), (1, 1), (1, 0), (0, 1)))
    (True, False)
    """
    sides = np.roll(np.asarray(corners, np.float64), -1, axis=0) - np.asarray(corners, np.float64)
    following = np.roll(sides, -1, axis=0)
    turns = sides[:, 0] * following[:, 1] - sides[:, 1] * following[:, 0]
    return bool((np.hypot(sides[:, 0], sides[:, 1]) >= _LEAST_SIDE).all() and (turns >= _LEAST_SIDE**2).all())


def preview(data: bytes) -> Preview:
    """Decode a picture upright, find its page, and make a clean JPEG. Raises PictureError."""
    picture = decode(data)
    page = find_page(picture.pixels)
    height, width = picture.pixels.shape[:2]
    corners = None
    if page is not None:
        inside = np.clip(page.corners / np.array([width, height], np.float32), 0, 1)
        corners = tuple((round(float(x), 4), round(float(y), 4)) for x, y in inside)
    return Preview(picture.width_px, picture.height_px, corners, encode_jpeg(picture.pixels, PREVIEW_SIDE_PX))


def lay_flat(data: bytes, corners: Points | None, rotate_deg: int, margin: float = PageLimits().margin) -> bytes:
    """The page within `corners` (from 0 to 1) laid flat and turned clockwise, as JPEG. Raises PictureError."""
    pixels = decode(data).pixels
    if corners is not None:
        height, width = pixels.shape[:2]
        pixels, _ = flatten(pixels, np.asarray(corners, np.float32) * (width, height), margin, PAGE_SIDE_PX)
    if rotate_deg in TURNS:
        pixels = np.asarray(cv2.rotate(pixels, TURNS[rotate_deg]), np.uint8)
    return encode_jpeg(pixels, PAGE_SIDE_PX, quality=92)


def strip(data: bytes, box: Points) -> bytes:
    """The strip of the picture with that box (pixels of the upright picture as recorded), level, as JPEG."""
    picture = decode(data)
    points = np.asarray(box, np.float32) * picture.scale
    flat, _ = flatten(picture.pixels, _widened(points), 0.0, _STRIP_SIDE_PX)
    return encode_jpeg(flat, _STRIP_SIDE_PX, quality=90)


def _widened(
    points: np.ndarray[tuple[int, ...], np.dtype[np.float32]],
) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    """The box with room of a share of its height on every side."""
    right = points[1] - points[0]
    down = points[3] - points[0]
    room = float(np.linalg.norm(down)) * _STRIP_ROOM
    along = right / max(1e-6, float(np.linalg.norm(right))) * room
    across = down / max(1e-6, float(np.linalg.norm(down))) * room
    outward = np.stack([-along - across, along - across, along + across, across - along])
    return np.asarray(points + outward, np.float32)
