"""The comparison of faces: FNMR and FMR at a row of thresholds, and thresholds fit on half of the people.

Pairs share photographs, so that the intervals are narrower than they ought to be. Two people whom one source shows
once each may be one: such pairs are left out.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from verify_svc.bench.halves import halves
from verify_svc.bench.intervals import share
from verify_svc.face.match import cosine

_THRESHOLDS = (0.20, 0.25, 0.29, 0.30, 0.35, 0.40, 0.42, 0.45, 0.50, 0.55, 0.60)
_MOST_FMR = 0.001
_CARD_FACE_PX = 110  # across a card photographed at 1000 px
_CARD_LIGHTEN, _CARD_CONTRAST, _CARD_QUALITY = 55.0, 0.7, 70


@dataclass(frozen=True, slots=True)
class Known:
    """A face of a person: SFace's raw embeddings (128,) as probe and, of the same picture made a card's, as reference;
    None where the picture itself is the reference."""

    person: str
    source: str
    probe: NDArray[np.float32] = field(repr=False)
    reference: NDArray[np.float32] | None = field(repr=False, default=None)


@dataclass(frozen=True, slots=True)
class Scores:
    """Comparison scores of pairs of one person, and of pairs of two."""

    same: NDArray[np.float64] = field(repr=False)
    other: NDArray[np.float64] = field(repr=False)

    def misses(self, threshold: float) -> int:
        """Pairs of one person under the threshold."""
        return int((self.same < threshold).sum())

    def false_matches(self, threshold: float) -> int:
        """Pairs of two people at it or over it."""
        return int((self.other >= threshold).sum())


def compare(known: Sequence[Known]) -> Scores:
    """Every picture as probe against every other one as reference; pairs count once where both ways are the same."""
    pictures = Counter(one.person for one in known)
    same: list[float] = []
    other: list[float] = []
    for first, second in itertools.permutations(range(len(known)), 2):
        probe, reference = known[first], known[second]
        if reference.reference is None and first > second:
            continue
        face = reference.probe if reference.reference is None else reference.reference
        if probe.person == reference.person:
            same.append(cosine(probe.probe, face))
        elif probe.source != reference.source or pictures[probe.person] > 1 or pictures[reference.person] > 1:
            other.append(cosine(probe.probe, face))
    return Scores(np.asarray(same), np.asarray(other))


def table(known: Sequence[Known]) -> Iterator[str]:
    """FNMR and FMR of all people and of each half, then what a threshold fit on one half does on the other."""
    groups = [known, *_halved(known)]
    scores = [compare(group) for group in groups]
    yield "| threshold | FNMR | FMR | FNMR, first half | FMR | FNMR, second half | FMR |"
    yield "|---|---|---|---|---|---|---|"
    for threshold in _THRESHOLDS:
        cells = (f"{_fnmr(each, threshold)} | {_fmr(each, threshold)}" for each in scores)
        yield f"| {threshold:.2f} | {' | '.join(cells)} |"
    yield ""
    people = [len({one.person for one in group}) for group in groups]
    yield f"People: {people[0]}, in halves {people[1]} and {people[2]}."
    for fit_on, tried_on, words in ((1, 2, "first"), (2, 1, "second")):
        threshold = fit_threshold(scores[fit_on])
        yield (
            f"Fit on the {words} half, the lowest threshold with FMR ≤ {100 * _MOST_FMR:g} %: {threshold:.3f}. On the "
            f"other half: FNMR {_fnmr(scores[tried_on], threshold)}, FMR {_fmr(scores[tried_on], threshold)}."
        )


def fit_threshold(scores: Scores) -> float:
    """The lowest threshold, to a thousandth, at which the share of false matches is small enough."""
    allowed = int(_MOST_FMR * scores.other.size)
    highest = np.sort(scores.other)[::-1]
    return float(np.floor(highest[allowed] * 1000 + 1) / 1000) if highest.size > allowed else 0.0


def as_on_card(picture: NDArray[np.uint8], box: tuple[float, float, float, float]) -> NDArray[np.uint8]:
    """An RGB picture's face in `box` (x, y, width, height) and what is round it as an ID card's portrait shows it:
    small, washed out, compressed."""
    x, y, width, height = box
    left, top = max(0, int(x - width / 2)), max(0, int(y - height / 2))
    part = picture[top : int(y + 1.5 * height), left : int(x + 1.5 * width)]
    scale = min(1.0, _CARD_FACE_PX / width)
    small = cv2.resize(part, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    pale = np.clip(small * _CARD_CONTRAST + _CARD_LIGHTEN, 0, 255).astype(np.uint8)
    _, data = cv2.imencode(".jpg", cv2.cvtColor(pale, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, _CARD_QUALITY])
    return np.asarray(cv2.cvtColor(cv2.imdecode(data, cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB), np.uint8)


def _halved(known: Sequence[Known]) -> Iterator[list[Known]]:
    several = [one.person for one in known if sum(other.person == one.person for other in known) > 1]
    for half in halves((one.person for one in known), several):
        yield [one for one in known if one.person in half]


def _fnmr(scores: Scores, threshold: float) -> str:
    count = scores.misses(threshold)
    return f"{count} of {scores.same.size}: {share(count, scores.same.size)}"


def _fmr(scores: Scores, threshold: float) -> str:
    count = scores.false_matches(threshold)
    return f"{count} of {scores.other.size}: {share(count, scores.other.size)}"
