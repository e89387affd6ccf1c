"""A photographed person who can be moved: cut out, mouth opened, lids closed, head turned.

Each frame is two warps of one photograph: mouth and lids are moved inside the upright face, then every pixel is
turned in space by the depth that the face mesh gives it. The result drives the product from end to end; it is itself
a presentation attack, so tests that use it declare it bona fide.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from tests.specimens.carriers import picture_path
from verify_svc.inference.faces import person_mask
from verify_svc.inference.mesh import mesh_faces

Floats = NDArray[np.float32]
Pixels = NDArray[np.uint8]

_OVAL = (
    *(10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377),
    *(152, 148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109),
)
_CHIN = 152
# Inner edge of the lower lip, and per eye the edges of both lids and the fold above, from one corner to the other.
_SEAM = (78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308)
_EYES = (
    (
        (33, 246, 161, 160, 159, 158, 157, 173, 133),
        (33, 7, 163, 144, 145, 153, 154, 155, 133),
        (130, 225, 224, 223, 222, 221, 133),
    ),
    (
        (362, 398, 384, 385, 386, 387, 388, 466, 263),
        (362, 382, 381, 380, 374, 373, 390, 249, 263),
        (362, 441, 442, 443, 444, 445, 359),
    ),
)


@dataclass(frozen=True, slots=True)
class Pose:
    """One frame's movement: `mouth` and `lids` 0 shut/open – 1 wide/closed, angles in degrees, shift in pixels."""

    mouth: float = 0.0
    lids: float = 0.0
    yaw_deg: float = 0.0
    pitch_deg: float = 0.0
    roll_deg: float = 0.0
    shift_px: tuple[float, float] = (0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Framing:
    """Where the person stands: the face's width and middle as shares of the picture's width and height."""

    width: float = 0.44
    across: float = 0.5
    down: float = 0.46


@cache
def _photograph(name: str) -> tuple[Pixels, Floats, Floats]:
    """RGB, face points (478, 2) and share of person of one photograph, cropped round head and shoulders."""
    bgr = cv2.imread(str(picture_path(name)))
    assert bgr is not None
    picture = np.ascontiguousarray(bgr[:, :, ::-1], np.uint8)
    points = _points(picture)
    width = float(np.ptp(points[list(_OVAL), 0]))
    middle = points[list(_OVAL)].mean(axis=0)
    left, top = np.maximum(middle - np.array([1.6, 1.5]) * width, 0).astype(int)
    right, bottom = (middle + np.array([1.6, 2.6]) * width).astype(int)
    part = np.ascontiguousarray(picture[top:bottom, left:right])
    points = _points(part)
    mask = cv2.resize(person_mask(part), (part.shape[1], part.shape[0]), interpolation=cv2.INTER_CUBIC)
    alpha = cv2.GaussianBlur(np.clip((mask - 0.5) / 0.35, 0, 1), (0, 0), 1.2)
    return part, points, np.asarray(alpha, np.float32)


def _laid(picture: NDArray[Any], matrix: NDArray[Any], size_px: tuple[int, int], border: int) -> NDArray[Any]:
    """The picture scaled and shifted onto a canvas; shrunk by area first, since a warp does not filter."""
    scale = float(matrix[0, 0])
    if scale < 1:
        shrunk = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        shift = np.hstack([np.eye(2), matrix[:, 2:]])
        return np.asarray(cv2.warpAffine(shrunk, shift, size_px, flags=cv2.INTER_LINEAR, borderMode=border))
    return np.asarray(cv2.warpAffine(picture, matrix, size_px, flags=cv2.INTER_CUBIC, borderMode=border))


def _points(picture: Pixels) -> Floats:
    mesh = mesh_faces([picture], [None])
    assert mesh.found[0], "the photograph shows no face"
    return np.asarray(mesh.points[0], np.float32)


class Person:
    """A photograph laid on a canvas of `size_px` (width, height)."""

    def __init__(self, name: str, size_px: tuple[int, int], framing: Framing = Framing()) -> None:
        picture, points, alpha = _photograph(name)
        width, height = size_px
        scale = framing.width * width / float(np.ptp(points[list(_OVAL), 0]))
        shift = np.array([framing.across * width, framing.down * height]) - points[list(_OVAL)].mean(axis=0) * scale
        # A photograph that ends above the picture's lower edge is pulled down: shoulders aren't cut off in the air.
        shift[1] += max(0.0, height - (picture.shape[0] * scale + shift[1])) if framing.width > 0.3 else 0.0
        matrix = np.array([[scale, 0, shift[0]], [0, scale, shift[1]]])
        self._colours = np.asarray(_laid(picture, matrix, size_px, cv2.BORDER_REPLICATE), np.uint8)
        self._alpha = np.clip(np.asarray(_laid(alpha, matrix, size_px, cv2.BORDER_CONSTANT), np.float32), 0, 1)
        self.points = np.asarray(points * scale + shift, np.float32)
        self._size_px = size_px
        self._eyes_px = float(np.linalg.norm(self.points[468] - self.points[473]))
        self._depth, self._follow = self._space()

    def render(self, pose: Pose) -> tuple[Pixels, Floats]:
        """The colours (height, width, 3) RGB and the share of person (height, width) of one frame."""
        face = self._close_lids(self._open_mouth(self._colours, pose.mouth), pose.lids)
        across, down = self._turned(pose)
        layers = np.dstack([face, (self._alpha * 255).astype(np.uint8)])
        moved = cv2.remap(layers, across, down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        return np.ascontiguousarray(moved[..., :3], np.uint8), np.asarray(moved[..., 3] / np.float32(255), np.float32)

    def _space(self) -> tuple[Floats, Floats]:
        """Depth (pixels, towards the camera positive) and how far each place follows the head, at half size."""
        width, height = self._size_px[0] // 2, self._size_px[1] // 2
        oval = self.points[list(_OVAL)] / 2
        middle = oval.mean(axis=0)
        # A head is near enough an ellipsoid, with a nose before it.
        across, down = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
        half = np.ptp(oval, axis=0) / 2 * [1.15, 1.3]
        round_off = 1 - ((across - middle[0]) / half[0]) ** 2 - ((down - middle[1]) / half[1]) ** 2
        depth = np.sqrt(np.clip(round_off, 0, None)) * half[0] * 1.15
        nose = self.points[4] / 2
        near = np.exp(-(((across - nose[0]) / (0.16 * half[0])) ** 2) - ((down - nose[1]) / (0.22 * half[1])) ** 2)
        depth = np.asarray(depth + near * half[0] * 0.25, np.float32)
        depth = cv2.GaussianBlur(depth, (0, 0), float(half[0]) * 0.04)
        outline = np.zeros((height, width), np.uint8)
        cv2.fillPoly(outline, [np.round(middle + (oval - middle) * 1.45).astype(np.int32)], (255,))
        follow = cv2.GaussianBlur(outline.astype(np.float32) / 255, (0, 0), half[0] * 0.22)
        chin = self.points[_CHIN, 1] / 2
        fade = np.clip(1 - (down - chin) / (0.8 * half[1]), 0, 1)
        return np.asarray(depth, np.float32) * 2, np.asarray(follow * fade, np.float32)

    def _turned(self, pose: Pose) -> tuple[Floats, Floats]:
        """Where each pixel of the frame comes from: the turn's displacement, undone by three fixed-point steps."""
        yaw, pitch, roll = np.radians([pose.yaw_deg, pose.pitch_deg, pose.roll_deg])
        width, height = self._size_px
        across, down = np.meshgrid(np.arange(width // 2, dtype=np.float32), np.arange(height // 2, dtype=np.float32))
        pivot = np.array([self.points[list(_OVAL), 0].mean(), self.points[_CHIN, 1]], np.float32)
        x, y, z = 2 * across - pivot[0], 2 * down - pivot[1], self._depth
        x1, z1 = x * np.cos(yaw) + z * np.sin(yaw), z * np.cos(yaw) - x * np.sin(yaw)
        y1 = y * np.cos(pitch) - z1 * np.sin(pitch)
        x2, y2 = x1 * np.cos(roll) - y1 * np.sin(roll), x1 * np.sin(roll) + y1 * np.cos(roll)
        move_x = np.asarray((x2 - x) * self._follow, np.float32)
        move_y = np.asarray((y2 - y) * self._follow, np.float32)
        from_x, from_y = across.copy(), down.copy()
        for _ in range(3):
            step_x = cv2.remap(move_x, from_x, from_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
            step_y = cv2.remap(move_y, from_x, from_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
            from_x = np.asarray(across - step_x / 2, np.float32)
            from_y = np.asarray(down - step_y / 2, np.float32)
        full_x = cv2.resize(from_x * 2, self._size_px, interpolation=cv2.INTER_LINEAR) - pose.shift_px[0]
        full_y = cv2.resize(from_y * 2, self._size_px, interpolation=cv2.INTER_LINEAR) - pose.shift_px[1]
        return np.asarray(full_x, np.float32), np.asarray(full_y, np.float32)

    def _open_mouth(self, colours: Pixels, mouth: float) -> Pixels:
        """Move lower lip and chin down, and paint what opens."""
        drop = mouth * 0.24 * self._eyes_px
        if drop < 0.5:
            return colours
        seam = self.points[list(_SEAM)]
        left, right = seam[0], seam[-1]
        half = float(np.linalg.norm(right - left)) / 2
        middle_x = float(left[0] + right[0]) / 2
        chin = float(self.points[_CHIN, 1])
        region = self._region(middle_x - 2 * half, seam[:, 1].min() - 2, middle_x + 2 * half, chin + 1.2 * half)
        part = colours[region]
        across, down = self._grid(region)
        line = np.interp(across[0], seam[:, 0], seam[:, 1]).astype(np.float32)[None, :]
        aside = (across - middle_x) / half
        wide = (
            np.where(np.abs(aside) < 1, np.sqrt(np.clip(1 - aside**2, 0, 1)), 0) * 0.75
            + np.exp(-((aside / 0.9) ** 2)) * 0.25
        )
        below = np.clip((chin + 0.9 * half - down) / (chin + 0.9 * half - line), 0, 1)
        move = drop * wide * below
        source_y = down - move
        gap = (down > line) & (source_y < line)
        moved = cv2.remap(
            colours,
            np.asarray(across, np.float32),
            np.asarray(np.where(down > line, np.maximum(source_y, line), down), np.float32),
            cv2.INTER_LINEAR,
        )
        inside = cv2.GaussianBlur((gap & (np.abs(aside) < 1)).astype(np.float32), (3, 3), 0)[..., None]
        light = float(part.mean()) / 140
        dark = np.array([64, 26, 30], np.float32) * light
        painted = colours.copy()
        painted[region] = np.clip(moved * (1 - inside) + dark * inside, 0, 255).astype(np.uint8)
        return painted

    def _close_lids(self, colours: Pixels, lids: float) -> Pixels:
        """Stretch the upper lid's skin over the eye."""
        if lids < 0.05:
            return colours
        painted = colours.copy()
        for upper_ids, lower_ids, fold_ids in _EYES:
            upper, lower, fold = (self.points[list(ids)] for ids in (upper_ids, lower_ids, fold_ids))
            order = [ids[np.argsort(ids[:, 0])] for ids in (upper, lower, fold)]
            region = self._region(
                upper[:, 0].min(), fold[:, 1].min() - 2, upper[:, 0].max(), lower[:, 1].max() + 0.1 * self._eyes_px
            )
            across, down = self._grid(region)
            lid, rim, crease = (np.interp(across[0], line[:, 0], line[:, 1])[None, :] for line in order)
            crease = np.minimum(crease, lid - 2)
            shut = lid + (rim - lid) * lids
            along = np.clip((down - crease) / np.maximum(shut - crease, 1), 0, 1)
            source_y = np.where(
                (down > crease) & (down <= shut), crease + along * (lid - 0.02 * self._eyes_px - crease), down
            )
            moved = cv2.remap(
                colours, np.asarray(across, np.float32), np.asarray(source_y, np.float32), cv2.INTER_LINEAR
            )
            # Lashes: a dark line where the lid ends.
            lash = np.exp(-(((down - shut) / (0.022 * self._eyes_px)) ** 2))[..., None] * 0.7 * lids
            painted[region] = np.clip(moved * (1 - lash * 0.75), 0, 255).astype(np.uint8)
        return painted

    def _region(self, left: float, top: float, right: float, bottom: float) -> tuple[slice, slice]:
        width, height = self._size_px
        across = slice(int(np.clip(left, 0, width - 2)), int(np.clip(right, 2, width)))
        return slice(int(np.clip(top, 0, height - 2)), int(np.clip(bottom, 2, height))), across

    @staticmethod
    def _grid(region: tuple[slice, slice]) -> tuple[NDArray[Any], NDArray[Any]]:
        down, across = region
        grid = np.meshgrid(np.arange(across.start, across.stop), np.arange(down.start, down.stop))
        return grid[0].astype(np.float32), grid[1].astype(np.float32)
