"""Edited numbers: parts of a picture that weren't there when it was first saved as JPEG.

JPEG rounds what it keeps of each block of 8 × 8 pixels to multiples of a step. A picture that is opened and saved again
more finely still shows the steps of its first saving, everywhere but where something was pasted, drawn or moved in
between (Lukáš and Fridrich, "Estimation of primary quantization matrix in double compressed JPEG images", 2003).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from verify_svc.document.page import Corners
from verify_svc.media.pictures import Pixels
from verify_svc.session.finding import Finding, Outcome

Floats = NDArray[np.float32]

_SIDE = 8  # pixels of a JPEG block
_FREQUENCIES = ((0, 1), (1, 0), (1, 1), (0, 2), (2, 0), (1, 2), (2, 1), (2, 2))  # down, across; those that text fills


@dataclass(frozen=True, slots=True)
class SavingLimits:
    """How the first saving is found. What is measured stands in docs/decisions/0016."""

    min_texture: float = 1.5  # guessed: mean difference from the surroundings; flatter blocks are rounded to nothing
    looked_through: int = 12_000  # guessed: blocks, in rows spread over the picture, that the sample is taken from
    sample: int = 1500  # guessed: blocks that the steps are found from
    most_blocks: int = 24_000  # guessed: of a page full of text at 3072 pixels
    most_pixels: int = 17_000_000  # what phones record by default is 12 million; more takes long, and memory
    coarser: float = 1.25  # guessed: a first step shows where it is so much larger than the last
    most_step: int = 40  # a step so large (JPEG quality 20) leaves nothing to read
    min_values: int = 120  # guessed: so many tell a step
    min_rhythm: float = 0.35  # measured: right steps 0.4 and more
    min_frequencies: int = 7  # measured: of eight; chance shows up to six in pictures saved once


@dataclass(frozen=True, slots=True)
class EditLimits:
    """When a part of the number is foreign."""

    window_heights: float = 0.8  # guessed: of the line's height, a digit with its gaps
    least_window_px: float = 16.0  # two blocks
    min_values: int = 10  # guessed: fewer say nothing of a window
    max_share: float = 0.3  # measured: of the rhythm that the page keeps, docs/decisions/0016
    min_deviation: float = 4.5  # measured: standard deviations below it, edited numbers mostly 5 to 25
    max_elsewhere: float = 0.05  # of the page's other windows: more was drawn over, as by a watermark
    max_in_text: float = 0.15  # guessed: of the other lines' windows; more where all text was laid over a picture


@dataclass(frozen=True, slots=True, eq=False)
class FirstSaving:
    """How well each block keeps the steps of the first saving; shape (height // 8, width // 8).

    `rhythm` is the sum over a block's `values` of 1 for a multiple of the step, −1 for what lies between two. `mean` is
    that of a value, `variance` the blocks' about it for each value.
    """

    rhythm: Floats
    values: Floats
    mean: float
    variance: float


@dataclass(frozen=True, slots=True)
class NumberTrace:
    """The part of the number that keeps least of the rhythm: `share` of what the page keeps, `deviation` in standard
    deviations below it; `elsewhere` is the share of the page's other parts that look foreign, `in_text` that of the
    parts of other lines.
    """

    share: float
    deviation: float
    elsewhere: float
    in_text: float


def find_first_saving(pixels: Pixels, last: Floats, limits: SavingLimits = SavingLimits()) -> FirstSaving | None:
    """The first saving's trace in a picture as recorded, or None where it has none. Runs in a child.

    `last` are the steps that the file itself was saved with, shape (8, 8); ones for a lossless file.
    """
    rows, columns = pixels.shape[0] // _SIDE, pixels.shape[1] // _SIDE
    if rows * columns < limits.min_values or rows * columns * _SIDE**2 > limits.most_pixels:
        return None
    every = 1 + rows * columns // limits.looked_through
    some = np.ascontiguousarray(_in_rows(pixels)[::every]).reshape(-1, pixels.shape[1], 3)
    places = _textured(some, limits) * np.array([every, 1])
    if len(places) < limits.min_values:
        return None
    sampled, whole = _transformed(pixels, _some(places, limits.sample))
    steps = np.array(
        [_first_step(sampled[whole, i], float(last[place]), limits) for i, place in enumerate(_FREQUENCIES)], np.float32
    )
    shown = steps > 0
    if shown.sum() < limits.min_frequencies:
        return None
    places = _some(_textured(_in_rows(pixels).reshape(-1, pixels.shape[1], 3), limits), limits.most_blocks)
    transformed, whole = _transformed(pixels, places)
    kept = (np.abs(transformed[:, shown]) > _LEAST_MULTIPLE * steps[shown]) & whole[:, None]
    beats = np.where(kept, np.cos(2 * np.pi * transformed[:, shown] / steps[shown]), 0.0).sum(axis=1)
    counts = kept.sum(axis=1)
    rhythm, values = np.zeros((rows, columns), np.float32), np.zeros((rows, columns), np.float32)
    rhythm[places[:, 0], places[:, 1]], values[places[:, 0], places[:, 1]] = beats, counts
    total = max(1.0, float(counts.sum()))
    mean = float(beats.sum()) / total
    if mean < limits.min_rhythm / 2:
        return None
    return FirstSaving(rhythm, values, mean, max(1e-3, float(((beats - mean * counts) ** 2).sum()) / total))


def trace_number(
    saving: FirstSaving, quad: Corners, lines: Sequence[Corners], limits: EditLimits = EditLimits()
) -> NumberTrace | None:
    """How the number, whose box is `quad` in the picture's pixels, keeps the first saving's steps; None: too few.

    `lines` are the boxes of the page's lines, the number's own among them.
    """
    along = quad[1] - quad[0] + quad[2] - quad[3]
    along = along / max(1e-6, float(np.linalg.norm(along)))
    down = np.array([-along[1], along[0]])
    height = float((quad[3] - quad[0]) @ down + (quad[2] - quad[1]) @ down) / 2
    length = float((quad[1] - quad[0]) @ along)
    window = max(limits.window_heights * height, limits.least_window_px)
    rows, columns = np.nonzero(saving.values)
    from_left = np.stack([columns, rows], axis=1) * _SIDE + (_SIDE - 1) / 2 - quad[0]
    across, below = from_left @ along, from_left @ down
    within = (below > 0) & (below < height) & (across > -height / 2) & (across < length + height / 2)
    far = (below < -height) | (below > 2 * height) | (across < -height) | (across > length + height)
    rhythm, values = saving.rhythm[rows, columns], saving.values[rows, columns]
    measured = []
    for start in np.arange(-height / 2, length, window / 2):
        part = within & (across >= start) & (across < start + window)
        measured.append(_deviation(saving, float(rhythm[part].sum()), float(values[part].sum()), limits))
    found = [each for each in measured if each is not None]
    if not found:
        return None
    deviation, share = max(found)
    text = far & _blocks_in(lines, saving.values.shape)[rows, columns]
    cells = (rows * _SIDE // max(_SIDE, round(height))) * 100_000 + columns * _SIDE // round(window)
    shares = []
    for others in (far, text):
        _, places = np.unique(cells[others], return_inverse=True)
        parts = zip(np.bincount(places, rhythm[others]), np.bincount(places, values[others]), strict=True)
        told = [each for beats, count in parts if (each := _deviation(saving, beats, count, limits)) is not None]
        foreign = sum(_is_foreign(least, 2 * under, limits) for under, least in told)  # half as sure is enough
        shares.append(foreign / max(1, len(told)))
    return NumberTrace(share, deviation, *shares)


def _blocks_in(quads: Sequence[Corners], shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """Which blocks lie in one of the boxes."""
    mask = np.zeros(shape, np.uint8)
    for quad in quads:
        cv2.fillPoly(mask, [np.round(quad / _SIDE - 0.5).astype(np.int32)], (1,))
    return mask > 0


def judge_editing(trace: NumberTrace | None, limits: EditLimits = EditLimits()) -> Finding:
    """Whether a part of the number is foreign to the picture. `score` is the share of the rhythm that it keeps.

    Without a trace of a first saving nothing is known: not checked, as where much of the page was drawn over.
    """
    if trace is None or trace.elsewhere > limits.max_elsewhere or trace.in_text > limits.max_in_text:
        return Finding("editing", Outcome.NOT_CHECKED)
    foreign = _is_foreign(trace.share, trace.deviation, limits)
    return Finding(
        "editing",
        Outcome.FAIL if foreign else Outcome.PASS,
        ("document_tampering_suspected",) if foreign else (),
        score=round(trace.share, 3),
        threshold=limits.max_share,
        measured={"deviation": round(trace.deviation, 1), "elsewhere": round(trace.elsewhere, 3)},
    )


def _is_foreign(share: float, deviation: float, limits: EditLimits) -> bool:
    return share < limits.max_share and deviation > limits.min_deviation


def _deviation(saving: FirstSaving, rhythm: float, values: float, limits: EditLimits) -> tuple[float, float] | None:
    """How far blocks with this rhythm fall below the page's (standard deviations), and the share of it they keep."""
    if values < limits.min_values:
        return None
    below = saving.mean - rhythm / values
    return float(below * np.sqrt(values / saving.variance)), float(rhythm / values / saving.mean)


def _first_step(values: Floats, last: float, limits: SavingLimits) -> float:
    """The step of the first saving, of which nearly all values are multiples; 0 where none shows.

    Multiples of the last saving's step are multiples of some others too: what shows as well one step aside is its.
    """
    best, found = 0.0, 0.0
    for step in range(max(2, int(np.ceil(last * limits.coarser))), limits.most_step + 1):
        large = values[np.abs(values) > _LEAST_MULTIPLE * step]
        if len(large) < limits.min_values:
            break
        turns = np.float32(2 * np.pi / step)
        rhythm = float(np.cos(large * turns).sum()) / len(large)
        if last > 1:
            # One step to either side: the mean of two cosines is one, times the cosine of what they are apart.
            aside = np.cos(np.round(large / last) * (last * turns))
            by_chance = float(aside.sum() * np.cos(last * turns)) / len(large)
            rhythm -= max(0.0, by_chance)
        if rhythm > limits.min_rhythm and rhythm > 0.93 * best:  # its divisors show nearly as well: the largest is it
            best, found = max(best, rhythm), float(step)
    return found


def _transformed(pixels: Pixels, places: NDArray[np.intp]) -> tuple[Floats, NDArray[np.bool_]]:
    """Of the blocks in those rows and columns, luma's values at the frequencies, and whether nothing is clipped."""
    down = places[:, 0, None, None] * _SIDE + np.arange(_SIDE)[None, :, None]
    across = places[:, 1, None, None] * _SIDE + np.arange(_SIDE)[None, None, :]
    blocks = pixels[down, across].reshape(len(places), _SIDE * _SIDE, 3)
    whole = (blocks.max(axis=(1, 2)) < 255) & (blocks.min(axis=(1, 2)) > 0)  # clipped in a colour, no step is kept
    return np.asarray(blocks.astype(np.float32) @ _LUMA @ _WAVES, np.float32), whole


def _in_rows(pixels: Pixels) -> Pixels:
    """The picture's rows of blocks; shape (rows, 8, width, 3)."""
    rows = pixels.shape[0] // _SIDE
    return pixels[: rows * _SIDE].reshape(rows, _SIDE, *pixels.shape[1:])


def _textured(pixels: Pixels, limits: SavingLimits) -> NDArray[np.intp]:
    """Rows and columns of the blocks that aren't flat; shape (n, 2)."""
    rows, columns = pixels.shape[0] // _SIDE, pixels.shape[1] // _SIDE
    grey = cv2.cvtColor(pixels[:, : columns * _SIDE], cv2.COLOR_BGR2GRAY)
    around = cv2.absdiff(grey, cv2.blur(grey, (5, 5)))
    texture = cv2.resize(around, (columns, rows), interpolation=cv2.INTER_AREA)
    return np.argwhere(np.asarray(texture) > limits.min_texture)


def _some(places: NDArray[np.intp], most: int) -> NDArray[np.intp]:
    """At most so many of the places, spread evenly."""
    if len(places) <= most:
        return places
    return places[np.linspace(0, len(places) - 1, most).astype(np.intp)]


_LEAST_MULTIPLE = 0.6  # of a step: smaller values were rounded to nothing, and nothing is a multiple of every step
_LUMA = np.array([0.114, 0.587, 0.299], np.float32)  # JFIF, of BGR


def _wave(frequency: int) -> NDArray[np.float64]:
    places = np.arange(_SIDE)
    scale = np.sqrt((2 if frequency else 1) / _SIDE)
    return np.asarray(scale * np.cos((2 * places + 1) * frequency * np.pi / (2 * _SIDE)), np.float64)


_WAVES = np.stack([np.outer(_wave(down), _wave(across)).ravel() for down, across in _FREQUENCIES], 1).astype(np.float32)
