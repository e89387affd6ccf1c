"""Which way up a page is, where its lines are, and what the first of them say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from verify_svc.document.kind import recognise
from verify_svc.document.reader import Line, height_of, parallel, skim_quad, turned, width_of
from verify_svc.inference.text import Quad, TextReader
from verify_svc.media.pictures import Pixels, resize


@dataclass(frozen=True, slots=True)
class UprightLimits:
    """When a page counts as upright."""

    min_score: float = 0.72  # guessed: mean probability of first lines on a page that is the right way up
    first_lines: int = 8  # skimmed to see which way up the page is
    least_shape: float = 0.3  # measured: what is narrower is a frame's edge, a rule, a seal's rim


def skimmed_upright(
    reader: TextReader, pixels: Pixels, search_side_px: int, limits: UprightLimits = UprightLimits()
) -> tuple[int, Pixels, list[Quad], list[Line]]:
    """How far the page is turned, the page upright, where its lines are, and those skimmed to see so.

    Lines are searched at a long side of `search_side_px`.

    The turn is that under which lines lie level and read well; the orientation network's guess is tried first.
    """
    shrink = min(1.0, search_side_px / max(pixels.shape[:2]))
    small = resize(pixels, shrink) if shrink < 1 else pixels
    guesses = np.argsort(reader.turn_of(small))[::-1]
    best: tuple[float, int, Pixels, list[Quad], list[Line]] | None = None
    level: bool | None = None
    for guess in guesses:
        # The network tells how far the page was turned clockwise: it is turned back.
        turn_deg = int(360 - 90 * guess) % 360
        if level is not None and (turn_deg % 180 == 0) != level:
            continue
        upright = turned(pixels, turn_deg)
        found = reader.find_lines(turned(small, turn_deg), search_side_px)
        quads = parallel([quad / np.float32(shrink) for quad in found])
        if not quads:
            continue
        lying = sum(width_of(quad) for quad in quads if _level(quad))
        standing = sum(height_of(quad) for quad in quads if not _level(quad))
        if standing > 1.5 * lying and level is None:
            level = turn_deg % 180 != 0  # the lines stand: only the other two turns can be right
            continue
        level = turn_deg % 180 == 0
        quads = [quad for quad in quads if width_of(quad) > limits.least_shape * height_of(quad)] or quads
        first = _first_to_read(quads, limits.first_lines)
        lines = [skim_quad(reader, upright, quad) for quad in first]
        scores = [float(np.mean(line.scores)) if line.scores else 0.0 for line in lines]
        score = float(np.mean(scores)) + (0.3 if recognise(lines) is not None else 0.0)
        if best is None or score > best[0]:
            best = (score, turn_deg, upright, quads, lines)
        if score >= limits.min_score:
            break
    if best is None:
        turn_deg = int(360 - 90 * guesses[0]) % 360
        return turn_deg, turned(pixels, turn_deg), [], []
    return best[1], best[2], best[3], best[4]


def _first_to_read(quads: Sequence[Quad], count: int) -> list[Quad]:
    """The line at the top and the two tallest, where titles are, then those that tell most for their cost."""
    short = [quad for quad in quads if width_of(quad) < 16 * height_of(quad)] or list(quads)
    titles = [min(short, key=lambda quad: float(quad[:, 1].mean()))]
    order = titles + sorted(short, key=height_of, reverse=True)[:2] + sorted(quads, key=telling, reverse=True)
    unique = {id(quad): quad for quad in order}
    return list(unique.values())[:count]


def _level(quad: Quad) -> bool:
    """Whether the box lies: single characters, square boxes, count as lying."""
    (left, top), (right, bottom) = quad.min(axis=0), quad.max(axis=0)
    return bool(right - left >= 0.8 * (bottom - top))


def telling(quad: Quad) -> float:
    """How much a line may tell about the page for what it costs to read: tall ones, of some characters."""
    height, width = height_of(quad), width_of(quad)
    shape = width / max(1.0, height)
    return height * (1.0 if 1.8 <= shape <= 9 else 0.5 if shape <= 14 else 0.2)
