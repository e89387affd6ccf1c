"""Printed text: where lines are, what they say with a probability per character, and which way up a page is.

Only inference children call this. The weights load at first use and stay for the life of the child.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Protocol

import cv2
import numpy as np
import yaml
from numpy.typing import NDArray

from verify_svc.inference.manifest import weight_path
from verify_svc.inference.runtime import giving_back, onnx_session

Picture = NDArray[np.uint8]
"""BGR, shape (height, width, 3)."""
Quad = NDArray[np.float32]
"""Four corners (x, y) in pixels, clockwise from the top left as the text reads; shape (4, 2)."""

_LINE_HEIGHT_PX = 48  # what the recognition network takes
# The module pads short lines to 320 px; at 96 px the same is read in half the time (measured on 302 lines of 12
# pictures: only lines that were unreadable anyway came out otherwise).
_LEAST_WIDTH_PX = 96
_MOST_SHAPE = 3200 / 48  # longer lines are squeezed, as the module does
_STEP_PX = 32  # of the sides that the detection network takes
_LEAST_CORE_PX = 3  # of a line, as PaddleOCR's module has it
_ORIENTATION_SHORT_PX, _ORIENTATION_SIDE_PX = 256, 224
_MEAN_RGB = np.array([0.485, 0.456, 0.406], np.float32)
_DEVIATION_RGB = np.array([0.229, 0.224, 0.225], np.float32)


@dataclass(frozen=True, slots=True)
class TextRead:
    """One line as it was read.

    `scores` holds each character's probability (0–1), `places` its centre along the line (0 at the left edge of
    the crop, 1 at its right), both as long as `text`.
    """

    text: str = field(repr=False)
    scores: tuple[float, ...] = field(repr=False)
    places: tuple[float, ...] = field(repr=False)


class TextReader(Protocol):
    """What reads text: PaddleOCR's networks at run time, a hand-written one in tests."""

    def find_lines(self, picture: Picture, side_px: int) -> list[Quad]:
        """The text lines of `picture`, searched at a long side of `side_px` pixels."""

    def read_line(self, crop: Picture) -> TextRead:
        """What one upright line says."""

    def skim_line(self, crop: Picture) -> TextRead:
        """The same by a small network, in a fifth of the time: what it isn't sure of is to be read."""

    def turn_of(self, picture: Picture) -> tuple[float, float, float, float]:
        """How likely the page was turned by 0, 90, 180, 270 degrees clockwise from upright."""


class PaddleReader:
    """PaddleOCR's networks, bare on ONNX Runtime, one thread.

    Two networks recognise: `PP-OCRv6_tiny_rec` skims, `PP-OCRv6_small_rec` reads.
    """

    def __init__(self) -> None:
        self._detection = _Detection(weight_path("PP-OCRv6_tiny_det"))
        self._skimming = _Recognition(weight_path("PP-OCRv6_tiny_rec"))
        self._reading = _Recognition(weight_path("PP-OCRv6_small_rec"))
        self._orientation = onnx_session(weight_path("PP-LCNet_x1_0_doc_ori"))

    def find_lines(self, picture: Picture, side_px: int) -> list[Quad]:
        shrink = min(1.0, side_px / max(picture.shape[:2]))
        small = _shrunk(picture, shrink)
        return [quad / np.float32(shrink) for quad in self._detection.find(small)]

    def read_line(self, crop: Picture) -> TextRead:
        return self._reading.read(crop)

    def skim_line(self, crop: Picture) -> TextRead:
        return self._skimming.read(crop)

    def turn_of(self, picture: Picture) -> tuple[float, float, float, float]:
        scale = _ORIENTATION_SHORT_PX / min(picture.shape[:2])
        height, width = (max(_ORIENTATION_SIDE_PX, round(side * scale)) for side in picture.shape[:2])
        small = cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
        top, left = (height - _ORIENTATION_SIDE_PX) // 2, (width - _ORIENTATION_SIDE_PX) // 2
        square = small[top : top + _ORIENTATION_SIDE_PX, left : left + _ORIENTATION_SIDE_PX, ::-1]
        normal = (square.astype(np.float32) / 255 - _MEAN_RGB) / _DEVIATION_RGB
        (scores,) = self._orientation.run(None, {"x": normal.transpose(2, 0, 1)[None].astype(np.float32)})
        values = np.asarray(scores, np.float64)[0]
        return float(values[0]), float(values[1]), float(values[2]), float(values[3])


@cache
def paddle_reader() -> PaddleReader:
    """The reader of this child, loaded once."""
    return PaddleReader()


class _Detection:
    """A network that tells each pixel's share of text, with the limits that PaddleOCR's folder holds.

    Run bare it finds the same lines as by PaddleOCR's module, whose import takes 3 s and 110 MiB.
    """

    def __init__(self, folder: Path) -> None:
        config = yaml.load((folder / "inference.yml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        limits = config["PostProcess"]
        self._text_share, self._line_share = float(limits["thresh"]), float(limits["box_thresh"])
        self._most_lines, self._growth = int(limits["max_candidates"]), float(limits["unclip_ratio"])
        self._network = onnx_session(folder / "inference.onnx")

    def find(self, picture: Picture) -> list[Quad]:
        """The lines' corners in whole pixels of `picture`."""
        height, width = (max(_STEP_PX, round(side / _STEP_PX) * _STEP_PX) for side in picture.shape[:2])
        level = cv2.resize(picture, (width, height)) if picture.shape[:2] != (height, width) else picture
        # Red's mean and deviation for blue: PaddleOCR's module feeds it so.
        normal = level.astype(np.float32) * (1 / 255 / _DEVIATION_RGB) - _MEAN_RGB / _DEVIATION_RGB
        (shares,) = self._network.run(None, {"x": normal.transpose(2, 0, 1)[None]}, giving_back())
        text = np.asarray(shares, np.float32)[0, 0]
        outlines, _ = cv2.findContours(
            (text > self._text_share).astype(np.uint8), cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE
        )
        found = (self._line(np.asarray(outline), text) for outline in outlines[: self._most_lines])
        scale = np.array([picture.shape[1] / width, picture.shape[0] / height])
        most = np.array(picture.shape[1::-1])
        return [np.clip(np.round(line * scale), 0, most).astype(np.float32) for line in found if line is not None]

    def _line(self, outline: NDArray[Any], text: NDArray[np.float32]) -> Quad | None:
        """The corners of the line whose core has this outline; None where it is too thin or says too little."""
        core, thickness = _corners_of(outline)
        if thickness < _LEAST_CORE_PX or _mean_inside(core, text) < self._line_share:
            return None
        grown, thickness = _corners_of(_grown(core, self._growth))
        return None if thickness < _LEAST_CORE_PX + 2 else grown


def _corners_of(points: NDArray[Any]) -> tuple[Quad, float]:
    """Corners of the smallest rectangle round the points, from its top left clockwise, and its shorter side."""
    box = cv2.minAreaRect(points)
    first, second, third, fourth = sorted(cv2.boxPoints(box), key=lambda corner: float(corner[0]))
    left = (first, second) if second[1] > first[1] else (second, first)
    right = (third, fourth) if fourth[1] > third[1] else (fourth, third)
    return np.asarray([left[0], right[0], right[1], left[1]], np.float32), min(box[1])


def _mean_inside(corners: Quad, text: NDArray[np.float32]) -> float:
    """The mean of `text` inside the corners."""
    most = np.array(text.shape[::-1]) - 1
    left, top = np.clip(np.floor(corners.min(axis=0)), 0, most).astype(int)
    right, bottom = np.clip(np.ceil(corners.max(axis=0)), 0, most).astype(int)
    mask = np.zeros((bottom - top + 1, right - left + 1), np.uint8)
    cv2.fillPoly(mask, [(corners - np.array([left, top], np.float32)).astype(np.int32)], (1,))
    return float(cv2.mean(text[top : bottom + 1, left : right + 1], mask)[0])


def _grown(core: Quad, ratio: float) -> NDArray[np.int32]:
    """The outline at as much distance round the corners as area over perimeter, times `ratio`: the network is taught
    the cores of lines."""
    import pyclipper

    growing = pyclipper.PyclipperOffset()
    growing.AddPath(core, pyclipper.JT_ROUND, pyclipper.ET_CLOSEDPOLYGON)
    (grown,) = growing.Execute(cv2.contourArea(core) * ratio / cv2.arcLength(core, True))
    return np.asarray(grown, np.int32)


class _Recognition:
    """A recognition network with its alphabet, as PaddleOCR's folder holds them.

    Run bare it reads the same as by PaddleOCR's module, which spends a millisecond a line around it.
    """

    def __init__(self, folder: Path) -> None:
        config = yaml.load((folder / "inference.yml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        self._alphabet = ["", *config["PostProcess"]["character_dict"], " "]  # the first is CTC's blank
        self._network = onnx_session(folder / "inference.onnx")

    def read(self, crop: Picture) -> TextRead:
        """What one upright line says, of whatever height."""
        small = _shrunk(crop, min(1.0, _LINE_HEIGHT_PX / crop.shape[0]))
        shape = min(_MOST_SHAPE, small.shape[1] / small.shape[0])
        width = math.ceil(_LINE_HEIGHT_PX * shape)
        level = cv2.resize(small, (width, _LINE_HEIGHT_PX)) if small.shape[:2] != (_LINE_HEIGHT_PX, width) else small
        line = np.zeros((1, 3, _LINE_HEIGHT_PX, max(_LEAST_WIDTH_PX, width)), np.float32)
        line[0, :, :, :width] = level.transpose(2, 0, 1).astype(np.float32) / 127.5 - 1
        (steps,) = self._network.run(None, {"x": line})
        read = _decode(np.asarray(steps[0], np.float32), self._alphabet)
        # Short lines are padded: places are fractions of the padded width.
        padded = line.shape[3] / width
        return TextRead(read.text, read.scores, tuple(min(1.0, place * padded) for place in read.places))


def _shrunk(picture: Picture, scale: float) -> Picture:
    if scale >= 1.0:
        return picture
    size = (max(1, round(picture.shape[1] * scale)), max(1, round(picture.shape[0] * scale)))
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)


def _decode(steps: NDArray[np.float32], alphabet: list[str]) -> TextRead:
    """Greedy CTC over `steps` (time, classes): class 0 is the blank, repeats collapse to their surest step."""
    best = steps.argmax(axis=-1)
    sure = np.take_along_axis(steps, best[:, None], axis=-1)[:, 0]
    characters: list[str] = []
    scores: list[float] = []
    places: list[float] = []
    before = 0
    for step, (index, score) in enumerate(zip(best.tolist(), sure.tolist(), strict=True)):
        if index != 0 and index != before:
            characters.append(alphabet[index])
            scores.append(float(score))
            places.append((step + 0.5) / len(steps))
        elif index != 0 and score > scores[-1]:
            scores[-1] = float(score)
        before = index
    return TextRead("".join(characters), tuple(scores), tuple(places))
