"""Limits fit on half of the people and tried on the other half, then the other way round."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class EnoughLimits:
    """Under what no limit is fit. Guessed: of ten bad clips with none missed up to 28 % may be missed."""

    good: int = 10  # clips in each half
    bad: int = 5
    people: int = 3  # of whom they are, in each half


@dataclass(frozen=True, slots=True)
class Value:
    """One figure of one person's clip: bad where the clip shows the fault, good where it surely doesn't."""

    person: str
    value: float
    bad: bool


@dataclass(frozen=True, slots=True)
class Errors:
    """What a limit does: `wrong` of `good` are refused, `missed` of `bad` are not."""

    wrong: int
    good: int
    missed: int
    bad: int

    def __add__(self, other: Errors) -> Errors:
        return Errors(
            self.wrong + other.wrong, self.good + other.good, self.missed + other.missed, self.bad + other.bad
        )

    @property
    def cost(self) -> float:
        """The share of good ones refused and of bad ones missed, added."""
        return self.wrong / max(self.good, 1) + self.missed / max(self.bad, 1)


@dataclass(frozen=True, slots=True)
class Fit:
    """A limit fit on all people; `on_halves` those fit on one half, `others` what they did on the other, added."""

    limit: float
    on_halves: tuple[float, float]
    others: Errors


def halves(people: Iterable[str], first: Iterable[str] = ()) -> tuple[frozenset[str], frozenset[str]]:
    """Two halves of the people, by a hash of their names alone: the same in every run.

    Those in `first` are dealt out before the others, so that both halves get as many of them.

    >>> one, other = halves("abcdefgh", first="ab")
    >>> len(one), len(other), len(one & set("ab"))
    (4, 4, 1)
    """
    ahead = set(first)
    order = sorted(set(people), key=lambda name: (name not in ahead, hashlib.sha256(name.encode()).digest()))
    return frozenset(order[::2]), frozenset(order[1::2])


def split(values: Sequence[Value]) -> tuple[list[Value], list[Value]]:
    """The values of each half."""
    one, other = halves((v.person for v in values), (v.person for v in values if v.bad))
    return [v for v in values if v.person in one], [v for v in values if v.person in other]


def too_few(values: Sequence[Value], limits: EnoughLimits = EnoughLimits()) -> str:
    """Why no limit can be fit to these values, in words; empty where one can."""
    for half in split(values):
        for bad, name, least in ((False, "good", limits.good), (True, "bad", limits.bad)):
            group = [v for v in half if v.bad is bad]
            people = len({v.person for v in group})
            if len(group) < least or people < limits.people:
                return (
                    f"too few: {name} {len(group)} of {people} people in one half ({least} of {limits.people} needed)"
                )
    return ""


def fit(values: Sequence[Value], below: bool, most_wrong: float) -> Fit:
    """Fit a limit on each half, try it on the other, and fit one on all."""
    one, other = split(values)
    on_one, on_other = (fit_limit(half, below, most_wrong) for half in (one, other))
    return Fit(
        fit_limit(values, below, most_wrong),
        (on_one, on_other),
        errors(other, on_one, below) + errors(one, on_other, below),
    )


def fit_limit(values: Sequence[Value], below: bool, most_wrong: float) -> float:
    """The limit that misses fewest bad ones among those that refuse at most the share `most_wrong` of the good; where
    several do as well, the middle of them. `below`: bad values are low.

    >>> fit_limit([Value("a", 1, False), Value("b", 2, False), Value("c", 5, True)], below=False, most_wrong=0.0)
    3.5
    """
    known = np.unique([v.value for v in values])
    edges = np.concatenate([[known[0] - 1], known, [known[-1] + 1]])
    middles = (edges[1:] + edges[:-1]) / 2
    tried = [(errors(values, float(middle), below), float(middle)) for middle in middles]
    allowed = [(error, middle) for error, middle in tried if error.wrong <= most_wrong * error.good]
    fewest = min(error.missed for error, _ in allowed)
    best = [middle for error, middle in allowed if error.missed == fewest]
    return (best[0] + best[-1]) / 2


def errors(values: Sequence[Value], limit: float, below: bool) -> Errors:
    """What a limit does to these values."""
    past: Callable[[float], bool] = (lambda value: value < limit) if below else (lambda value: value > limit)
    good = [past(v.value) for v in values if not v.bad]
    bad = [past(v.value) for v in values if v.bad]
    return Errors(sum(good), len(good), len(bad) - sum(bad), len(bad))
