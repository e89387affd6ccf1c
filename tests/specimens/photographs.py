"""Takes pictures of drawn papers: on a table, slantwise, turned, in good and bad light, as a copy, off a screen."""

from __future__ import annotations

import io
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

Pixels = NDArray[np.uint8]
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Shot:
    """How a picture is taken. `fill` is the page's share of the frame's width, `turn_deg` whole quarter turns
    clockwise, `lean_deg` a small turn besides, `slant` how far corners move (a share of the page's sides), `spot`
    where a reflection or a thumb lies on the page (shares of its sides; by default on an ID card's number).
    """

    fault: str = ""
    seed: int = 1
    long_side_px: int = 2000
    fill: float = 0.84
    turn_deg: int = 0
    lean_deg: float = 1.5
    slant: float = 0.02
    spot: tuple[float, float] = (0.55, 0.86)
    table: tuple[int, int, int] = (112, 96, 84)
    quality: int = 86


FAULTS = ("blurred", "moved", "dark", "glare", "cut_off", "small", "copy", "screen", "covered")


def photograph(paper: Image.Image, shot: Shot = Shot()) -> bytes:
    """A JPEG of `paper` as a phone would take it."""
    dice = np.random.default_rng(shot.seed)
    page = np.asarray(paper.convert("RGB"), np.uint8)[:, :, ::-1].astype(np.float32)
    if shot.fault == "copy":
        page = _copied(page, dice)
    if shot.fault == "screen":
        page = _on_screen(page)
    size, corners = _place(page, shot, dice)
    scene = _table(size, shot.table, dice)
    flat = np.array([[0, 0], [page.shape[1], 0], [page.shape[1], page.shape[0]], [0, page.shape[0]]], np.float32)
    warp = cv2.getPerspectiveTransform(flat, corners)
    shrink = float(np.linalg.norm(corners[1] - corners[0])) / page.shape[1]
    if shot.fault != "screen" and shrink < 1:
        page = _f32(cv2.GaussianBlur(page, (0, 0), max(0.3, 0.42 / shrink)))
    laid = cv2.warpPerspective(page, warp, size, flags=cv2.INTER_LINEAR)
    cover = cv2.warpPerspective(np.ones(page.shape[:2], np.float32), warp, size)[..., None]
    scene = _f32(scene * (1 - cover) + laid * cover)
    scene = _spoilt(scene, corners, shot, dice)
    scene = _f32(scene + dice.normal(0, 2.2, scene.shape))
    taken = np.rot90(scene.clip(0, 255).astype(np.uint8), -(shot.turn_deg // 90))
    return as_jpeg(np.ascontiguousarray(taken), shot.quality)


def as_jpeg(pixels: Pixels, quality: int = 86) -> bytes:
    """BGR pixels as JPEG."""
    out = io.BytesIO()
    Image.fromarray(pixels[:, :, ::-1]).save(out, "JPEG", quality=quality)
    return out.getvalue()


def _f32(values: object) -> Floats:
    return np.asarray(values, np.float32)


def _place(page: Floats, shot: Shot, dice: np.random.Generator) -> tuple[tuple[int, int], Floats]:
    """Frame size and the page's corners in it."""
    high, wide = page.shape[:2]
    long, short = shot.long_side_px, shot.long_side_px * 3 // 4
    frame = (long, short) if wide >= high else (short, long)
    fill = 0.24 if shot.fault == "small" else shot.fill
    scale = fill * min(frame[0] / wide, frame[1] / high)
    half = np.array([wide, high]) * scale / 2
    corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]], float) * half
    corners += dice.uniform(-1, 1, (4, 2)) * shot.slant * half * 2
    lean = np.radians(shot.lean_deg * dice.choice([-1, 1]))
    corners = corners @ np.array([[np.cos(lean), np.sin(lean)], [-np.sin(lean), np.cos(lean)]])
    centre = np.array(frame) / 2
    if shot.fault == "cut_off":
        centre = centre + half * np.array([0.55, 0.1])
    return frame, _f32(corners + centre)


def _table(size: tuple[int, int], colour: tuple[int, int, int], dice: np.random.Generator) -> Floats:
    wide, high = size
    grain = cv2.resize(_f32(dice.normal(0, 9, (high // 9, wide // 90, 1))), (wide, high), interpolation=cv2.INTER_CUBIC)
    return _f32(np.full((high, wide, 3), colour, np.float32) + _f32(grain)[..., None])


def _spoilt(scene: Floats, corners: Floats, shot: Shot, dice: np.random.Generator) -> Floats:
    high, wide = scene.shape[:2]
    x, y = np.meshgrid(np.linspace(-1, 1, wide), np.linspace(-1, 1, high))
    angle = dice.uniform(0, 2 * np.pi)
    scene = _f32(scene * (0.93 + 0.07 * (x * np.cos(angle) + y * np.sin(angle)))[..., None])
    across, down = corners[1] - corners[0], corners[3] - corners[0]
    spot = corners[0] + across * shot.spot[0] + down * shot.spot[1]
    if shot.fault == "glare":
        reach = ((np.arange(wide)[None, :] - spot[0]) / (np.linalg.norm(across) * 0.2)) ** 2
        reach = reach + ((np.arange(high)[:, None] - spot[1]) / (np.linalg.norm(across) * 0.11)) ** 2
        scene = _f32(scene + 420 * np.exp(-reach)[..., None])
    if shot.fault == "covered":
        thumb = np.zeros((high, wide), np.float32)
        length = float(np.linalg.norm(across))
        centre = (int(spot[0]), int(spot[1] + length * 0.2))
        cv2.ellipse(thumb, centre, (int(length * 0.07), int(length * 0.3)), 8, 0, 360, (1.0,), -1)
        alpha = _f32(cv2.GaussianBlur(thumb, (0, 0), 3))[..., None]
        scene = _f32(scene * (1 - alpha) + np.array([132, 160, 210], np.float32) * alpha)
    if shot.fault == "blurred":
        scene = _f32(cv2.GaussianBlur(scene, (0, 0), 8))
    if shot.fault == "moved":
        kernel = np.zeros((37, 37), np.float32)
        cv2.line(kernel, (2, 22), (34, 14), (1.0,), 1)
        scene = _f32(cv2.filter2D(scene, -1, kernel / kernel.sum()))
    if shot.fault == "dark":
        scene = _f32(scene * 0.11)
    return scene


def _copied(page: Floats, dice: np.random.Generator) -> Floats:
    grey = cv2.cvtColor(page, cv2.COLOR_BGR2GRAY)
    toner = np.clip((grey - 90) * 1.8, 12, 246) + dice.normal(0, 4, grey.shape)
    return _f32(np.repeat(toner[..., None], 3, axis=2))


def _on_screen(page: Floats) -> Floats:
    """The page on a monitor of some 760 pixels across: stripes of red, green and blue, dark gaps, a black frame."""
    across = 760
    down = across * page.shape[0] // page.shape[1]
    small = cv2.resize(page, (across, down), interpolation=cv2.INTER_AREA)
    shown = _f32(np.kron(small, np.ones((3, 3, 1), np.float32)))
    for channel in range(3):
        stripes = np.full(across * 3, 0.5, np.float32)
        stripes[2 - channel :: 3] = 1.55
        shown[:, :, channel] *= stripes
    shown[2::3] *= 0.55
    framed = np.full((shown.shape[0] + 220, shown.shape[1] + 220, 3), 15, np.float32)
    framed[110:-110, 110:-110] = shown + 6
    return framed
