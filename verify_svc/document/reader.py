"""Text lines with boxes and scores: turns a sheet upright, finds its lines, reads those that are wanted.

Coordinates are pixels of the upright sheet unless said otherwise.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np

from verify_svc.certificate.names import simplify
from verify_svc.document.page import Corners
from verify_svc.inference.text import Quad, TextReader
from verify_svc.media.pictures import Pixels, resize

_SIMPLE_TURNS = {90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """One text line. `scores` and `places` (0 to 1 along the line) have one value for each character of `text`.

    `skimmed` says that only the small network has seen it.
    """

    quad: Quad
    text: str = field(repr=False)
    scores: tuple[float, ...] = field(repr=False)
    places: tuple[float, ...] = field(repr=False)
    skimmed: bool = False

    @property
    def left(self) -> float:
        return float(self.quad[[0, 3], 0].mean())

    @property
    def right(self) -> float:
        return float(self.quad[[1, 2], 0].mean())

    @property
    def middle(self) -> float:
        return float(self.quad[:, 1].mean())

    @property
    def height(self) -> float:
        return height_of(self.quad)

    @property
    def score(self) -> float:
        """The lowest probability of a character, 0 for a line without any."""
        return min(self.scores, default=0.0)

    @property
    def doubtful(self) -> bool:
        """Whether the line was skimmed and a character of it may be wrong or lost. Spaces and points don't count.

        The small network may leave characters out and be sure of the rest: gaps and open brackets tell of them.
        """
        if not self.skimmed:
            return False
        sure = min((s for s, c in zip(self.scores, self.text, strict=True) if c not in _POINTS), default=0.0)
        brackets = sum(self.text.count(c) for c in "(（") - sum(self.text.count(c) for c in ")）")
        pitches = np.diff((0.0, *self.places, 1.0)) * (width_of(self.quad) / max(1.0, self.height))
        gap = max(pitches[0] - _MOST_MARGIN, pitches[-1] - _MOST_MARGIN, pitches[1:-1].max(initial=0.0) - _MOST_PITCH)
        return bool(sure < _SURE_SKIMMED or brackets or gap > 0)

    def part(self, start: int, end: int) -> Line:
        """The characters from `start` to before `end`, with the box that holds them."""
        if start <= 0 and end >= len(self.text):
            return self
        count = len(self.text)
        half = 0.5 / max(1, count)
        first = 0.0 if start <= 0 else (self.places[start - 1] + self.places[start]) / 2 if start < count else 1 - half
        last = 1.0 if end >= count else (self.places[end - 1] + self.places[end]) / 2 if end > 0 else half
        upper, lower = self.quad[1] - self.quad[0], self.quad[2] - self.quad[3]
        quad = np.stack(
            [
                self.quad[0] + upper * first,
                self.quad[0] + upper * last,
                self.quad[3] + lower * last,
                self.quad[3] + lower * first,
            ]
        ).astype(np.float32)
        length = max(1e-6, last - first)
        places = tuple(min(1.0, max(0.0, (place - first) / length)) for place in self.places[start:end])
        return Line(quad, self.text[start:end], self.scores[start:end], places, self.skimmed)


@dataclass(frozen=True, slots=True, eq=False)
class FieldRead:
    """A field as printed. `char_scores` has one probability for each character of `value`, `pieces` is the number of
    lines of which it was put together.
    """

    value: str = field(repr=False)
    char_scores: tuple[float, ...] = field(repr=False)
    quad: Quad = field(repr=False)
    pieces: int = 1

    @property
    def score(self) -> float:
        """The lowest probability of a character."""
        return min(self.char_scores, default=0.0)


def field_of(lines: Iterable[Line]) -> FieldRead | None:
    """The lines, in reading order, as one field: texts joined, one box around them."""
    kept = [line for line in lines if line.text.strip()]
    if not kept:
        return None
    if len(kept) == 1:
        quad = kept[0].quad
    else:
        points = np.concatenate([line.quad for line in kept])
        (left, top), (right, bottom) = points.min(axis=0), points.max(axis=0)
        quad = np.array([[left, top], [right, top], [right, bottom], [left, bottom]], np.float32)
    value = "".join(line.text for line in kept)
    return FieldRead(value, tuple(score for line in kept for score in line.scores), quad, len(kept))


def width_of(quad: Quad) -> float:
    """The mean length of the upper and lower side."""
    one, two, three, four = quad.tolist()  # asked for thousands of times a page: ten times as fast as arrays
    return (math.dist(one, two) + math.dist(three, four)) / 2


def height_of(quad: Quad) -> float:
    """The mean length of the left and right side."""
    one, two, three, four = quad.tolist()
    return (math.dist(one, four) + math.dist(two, three)) / 2


def parallel(quads: Sequence[Quad]) -> list[Quad]:
    """The lines that run as the page's lines do: a watermark's and a seal's run otherwise.

    Square boxes lean as they like and stay.
    """
    leans = [_lean_deg(quad) for quad in quads]
    long = [(lean, width_of(quad)) for lean, quad in zip(leans, quads, strict=True) if is_long(quad)]
    if len(long) < _LEAST_LINES:
        return list(quads)
    # A watermark may have more text than the page: what lies level counts for more.
    weights = np.array([width * np.exp(-((lean / _LEVEL_DEG) ** 2)) for lean, width in long])
    order = np.argsort([lean for lean, _ in long])
    middle = order[int(np.searchsorted(np.cumsum(weights[order]), weights.sum() / 2))]
    page = long[int(middle)][0]
    return [
        quad for lean, quad in zip(leans, quads, strict=True) if abs(lean - page) < _OBLIQUE_DEG or not is_long(quad)
    ]


def leans(lines: Sequence[Line]) -> bool:
    """Whether the lines run at an angle, in the middle."""
    return bool(lines) and abs(float(np.median([_lean_deg(line.quad) for line in lines]))) >= _OBLIQUE_DEG


def _lean_deg(quad: Quad) -> float:
    along = (quad[1] - quad[0]) + (quad[2] - quad[3])
    return float(np.degrees(np.arctan2(along[1], along[0])))


def is_long(quad: Quad) -> bool:
    """Whether the line is long enough to have a direction."""
    return width_of(quad) > 1.5 * height_of(quad)


_LEAST_LINES = 4  # fewer don't tell how a page lies
_LEVEL_DEG = 15.0  # guessed: pages lie about level once they are flat
_OBLIQUE_DEG = 8.0  # measured: watermarks and seals lean by 11 and more, lines of a page by 4 at most


def turned(pixels: Pixels, clockwise_deg: int) -> Pixels:
    """`pixels` turned by 0, 90, 180 or 270 degrees."""
    if clockwise_deg % 360 == 0:
        return pixels
    return np.asarray(cv2.rotate(pixels, _SIMPLE_TURNS[clockwise_deg % 360]), np.uint8)


def turned_back(points: Corners, clockwise_deg: int, width: int, height: int) -> Corners:
    """Points of a picture that was turned, in the unturned picture of `width` × `height` pixels."""
    x, y = points[:, 0], points[:, 1]
    back = {0: (x, y), 90: (y, height - x), 180: (width - x, height - y), 270: (width - y, x)}
    return np.stack(back[clockwise_deg % 360], axis=1).astype(np.float32)


def crop_line(pixels: Pixels, quad: Quad, grow: float = 0.0, narrowed: float = 1.0) -> Pixels:
    """The line laid level, at that share of its width; `grow` adds that share of its height all around."""
    width, height = max(4.0, width_of(quad) * narrowed), max(4.0, height_of(quad))
    pad = height * grow
    size = (round(width + 2 * pad), round(height + 2 * pad))
    level = np.array([[pad, pad], [pad + width, pad], [pad + width, pad + height], [pad, pad + height]], np.float32)
    warp = cv2.getPerspectiveTransform(np.asarray(quad, np.float32), level)
    # Lines that will be made smaller lose nothing by the cheaper way.
    between = cv2.INTER_LINEAR if height > _SHRUNK_FROM * _MIN_CROP_PX else cv2.INTER_CUBIC
    crop = cv2.warpPerspective(pixels, warp, size, flags=between, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(crop, np.uint8)


def read_quad(reader: TextReader, pixels: Pixels, quad: Quad, grow: float = 0.0, digits: int = 0) -> Line:
    """What stands in `quad`, in simplified characters. A line of few pixels is enlarged before it is read.

    Reading costs by the line's width: so many `digits` that stand wide are laid as close as digits usually are.
    """
    close = digits * _DIGIT_PITCH * height_of(quad) / max(1.0, width_of(quad)) if digits else 1.0
    read = reader.read_line(_enlarged_crop(pixels, quad, grow, min(1.0, max(_NARROWEST, close))))
    return Line(quad, simplify(read.text), read.scores, read.places)


def skim_quad(reader: TextReader, pixels: Pixels, quad: Quad) -> Line:
    """The same by the small network."""
    read = reader.skim_line(_enlarged_crop(pixels, quad))
    text = simplify(read.text)
    if "（" in text and "(" not in text:  # it mixes the two kinds of brackets
        text = text.replace(")", "）")
    return Line(quad, text, read.scores, read.places, skimmed=True)


def _enlarged_crop(pixels: Pixels, quad: Quad, grow: float = 0.0, narrowed: float = 1.0) -> Pixels:
    crop = crop_line(pixels, quad, grow, narrowed)
    return resize(crop, _MIN_CROP_PX / crop.shape[0]) if crop.shape[0] < _MIN_CROP_PX else crop


_MIN_CROP_PX = 48  # the recognition network's own line height
# Measured: docs/decisions/0015. An ID card's 18 digits are 0.7 of their height apart.
_DIGIT_PITCH, _NARROWEST = 0.51, 0.75  # of the line's height from digit to digit; of the line's width
_SHRUNK_FROM = 1.3  # guessed: of that height
# Measured: docs/decisions/0015. Of the lines that pass, 7 in 1,989 differ from what the larger network reads.
_SURE_SKIMMED = 0.95  # lowest probability of a character that is none of the following
_POINTS = " ()（）,，.。;；:：、"
_MOST_PITCH, _MOST_MARGIN = 1.9, 1.2  # line heights between characters, and between them and the line's ends
