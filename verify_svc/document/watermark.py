"""Whether a watermark hides what could not be read: words across the print, again and again. Runs in inference
children, and only where something that must be read was not.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from verify_svc.document.reader import Line, height_of, is_long, leans, parallel, skim_quad, width_of
from verify_svc.inference.text import Quad, TextReader
from verify_svc.media.pictures import Pixels, resize


@dataclass(frozen=True, slots=True)
class WatermarkLimits:
    """When words are a watermark's. Measured: docs/decisions/0018."""

    search_side_px: int = 960  # as for the page's own lines
    most_skimmed: int = 48  # lines, the longest
    least_lines: int = 4  # that run across the page's; a seal's rim gives 3, other pages 1
    least_alike: int = 3  # times that lines across the page's say the same three characters
    least_said: int = 9  # times that a page says the same three Chinese ones; certificates say such 6 times
    least_within: float = 0.5  # of such lines lie among the page's: two papers at an angle lie beside one another
    coarse_sides_px: tuple[int, ...] = (480, 320)  # large words are found whole there
    least_tall: float = 1.3  # of the print's height: large words
    least_taller: float = 1.6  # of it: large words that lie level
    least_letters: int = 4  # of such words; pieces of seals have 3
    min_score: float = 0.8  # mean probability of their characters
    around: float = 1.0  # line heights about a watermark that it may hide


def hides_text(
    reader: TextReader, upright: Pixels, number: Quad | None, limits: WatermarkLimits = WatermarkLimits()
) -> bool:
    """Whether a watermark lies over the sheet, and over its `number` where that was found."""
    found = _found(reader, upright, limits.search_side_px)
    longest = sorted(found, key=width_of, reverse=True)[: limits.most_skimmed]
    marks = watermark_lines([skim_quad(reader, upright, quad) for quad in longest], limits)
    if not marks:
        print_px = float(np.median([height_of(quad) for quad in found])) if found else 0.0
        # A single line of large words is found whole where the print is too small to be seen.
        large = [quad for side_px in limits.coarse_sides_px for quad in _found(reader, upright, side_px)]
        large = [quad for quad in large if height_of(quad) >= limits.least_tall * print_px and is_long(quad)]
        marks = [line for quad in large if _stands_out(line := skim_quad(reader, upright, quad), print_px, limits)]
    return bool(marks) and (number is None or _meet(marks, number, limits))


def _found(reader: TextReader, upright: Pixels, side_px: int) -> list[Quad]:
    scale = min(1.0, side_px / max(upright.shape[:2]))
    small = resize(upright, scale) if scale < 1 else upright
    return [quad / np.float32(scale) for quad in reader.find_lines(small, side_px)]


def _stands_out(line: Line, print_px: float, limits: WatermarkLimits) -> bool:
    """Whether one line, larger than the print, is a watermark by itself: it runs across, or says so."""
    text = _letters(line.text)
    if len(text) < limits.least_letters or float(np.mean(line.scores)) < limits.min_score:
        return False
    if _LOOSE_WORDS.search(text):
        return line.height >= limits.least_taller * print_px or leans([line])
    # Days are stamped and seals pressed askew.
    return leans([line]) and not _OF_SEALS.search(text)


def watermark_lines(lines: Sequence[Line], limits: WatermarkLimits = WatermarkLimits()) -> list[Line]:
    """The lines that are a watermark's; none where there is none."""
    spoken = [line for line in lines if is_long(line.quad) and len(_letters(line.text)) >= _LEAST_LETTERS]
    level = {id(quad) for quad in parallel([line.quad for line in spoken])}
    across = [line for line in spoken if id(line.quad) not in level]
    along = [line for line in spoken if id(line.quad) in level]
    if across and _among(across, along, limits):
        alike = max(_said(across).values(), default=0)
        if len(across) >= limits.least_lines or alike >= limits.least_alike:
            return across
        worded = [line for line in across if _WORDS.search(line.text)]
        if worded:
            return worded
    words, times = max(_said(lines).items(), key=lambda said: said[1], default=("", 0))
    saying = [line for line in lines if words in _letters(line.text)]
    # Background print says SCJDGL again and again, and numbers say zeros; level, both of them.
    if times >= limits.least_said and (_CHINESE.fullmatch(words) or leans(saying)):
        return saying
    return [line for line in lines if _WORDS.search(line.text)]


def _among(across: Sequence[Line], along: Sequence[Line], limits: WatermarkLimits) -> bool:
    """Whether the ones lie among the others, or these among those."""
    if len(along) < _LEAST_HULL:
        return True
    return any(
        np.mean([_holds(_hull(others), line.quad.mean(axis=0)) for line in ones]) >= limits.least_within
        for ones, others in ((across, along), (along, across))
    )


def _meet(marks: Sequence[Line], number: Quad, limits: WatermarkLimits) -> bool:
    """Whether the number lies where the watermark does."""
    shared, _ = cv2.intersectConvexConvex(_hull(marks, limits.around), _hull([number]))
    return shared > 0


def _hull(lines: Sequence[Line | Quad], around: float = 0.0) -> NDArray[np.float32]:
    """The convex hull of the lines' boxes, each grown by `around` of its height."""
    corners = []
    for line in lines:
        quad = line.quad if isinstance(line, Line) else line
        middle = quad.mean(axis=0)
        grown = 1 + 2 * around * height_of(quad) / max(1.0, min(width_of(quad), height_of(quad)))
        corners.append(middle + (quad - middle) * np.float32(grown if around else 1.0))
    return np.asarray(cv2.convexHull(np.concatenate(corners).astype(np.float32)), np.float32)


def _holds(hull: NDArray[np.float32], point: NDArray[np.float32]) -> bool:
    return cv2.pointPolygonTest(hull, (float(point[0]), float(point[1])), False) >= 0


def _said(lines: Sequence[Line]) -> Counter[str]:
    """How often the lines say each three characters."""
    texts = [_letters(line.text) for line in lines]
    return Counter(text[at : at + 3] for text in texts for at in range(len(text) - 2))


def _letters(text: str) -> str:
    return re.sub(r"[\W_]", "", text)


_LEAST_LETTERS = 2
_LEAST_HULL = 3  # lines: fewer span no place
_CHINESE = re.compile("[\u3400-\u9fff]{3}")
# What people write over a copy before they hand it on; no certificate says such words.
_LOOSE_WORDS = re.compile(r"仅[供限用作]|他用|复印|备案|水印|专用|无效|核验|认证|外传|办理")
_OF_SEALS = re.compile(r"[0-9]|监督|管理局|行政|审批|分局|公安")
_WORDS = re.compile(r"仅[供限用作]于?.*(?:使用|办理|备案|认证|审核|核验|专用)|他用无效|复印(?:件)?无效|备案使用")
