"""A finding: what one check saw, and what it makes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Outcome(StrEnum):
    """The outcome of a check. Only `PASS` passes; every other outcome but `NOT_CHECKED` carries a reason."""

    PASS = "pass"
    FAIL = "fail"
    INCONCLUSIVE = "inconclusive"
    NOT_CHECKED = "not_checked"


@dataclass(frozen=True, slots=True)
class Moment:
    """A span of a clip in which something was seen; seconds from its first frame."""

    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check saw.

    `check` is the key in the report's breakdown (snake_case, e.g. `eyes`). `reasons` are codes of
    `session.reasons.REASONS`; an advice may accompany a pass. `score` and `threshold` share a unit that
    the judge documents. `pages` are those of a form of several that it is about (for `complete` the missing ones);
    `measured` holds further figures, units in their names; never personal data.
    """

    check: str
    outcome: Outcome
    reasons: tuple[str, ...] = ()
    score: float | None = None
    threshold: float | None = None
    model: str | None = None
    version: str | None = None
    moments: tuple[Moment, ...] = ()
    pages: tuple[int, ...] = ()
    measured: Mapping[str, float | int | str | bool | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.outcome in (Outcome.FAIL, Outcome.INCONCLUSIVE) and not self.reasons:
            raise ValueError(f"{self.check}: {self.outcome} needs a reason")


def not_applying(check: str) -> Finding:
    """A check with nothing to look at, such as the turn of a head that nobody was asked to turn: not checked, and told
    apart from what could have been.

    >>> not_applying("head_turn").measured
    {'applies': False}
    """
    return Finding(check, Outcome.NOT_CHECKED, measured={"applies": False})
