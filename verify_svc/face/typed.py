"""Digits typed on the page by who can't speak or hear: the right ones, in order, each in time with its reveal. And what
typing does to the picture: a finger on the glass moves the camera."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from verify_svc.face.track import FaceTrack
from verify_svc.face.turn import AskedTurn
from verify_svc.session.finding import Finding, Moment, Outcome


@dataclass(frozen=True, slots=True)
class TypedKey:
    """One press: the digit on the key, and when, on the clip's clock."""

    key: str = field(repr=False)
    at_s: float


@dataclass(frozen=True, slots=True)
class TypedLimits:
    """From a digit's reveal to its key."""

    earliest_s: float = 0.15  # guessed: nobody sees a digit, finds its key and presses it sooner
    latest_s: float = 2.5  # guessed: the digit after the next is shown by then
    max_wrong: int = 1  # guessed: a slip of the finger
    # On either side of a key. A phone held in the hand gives way for 0.3 s; measured: docs/decisions/0023.
    shaken_s: float = 0.3


SLOWLY = TypedLimits(latest_s=5.0)  # guessed as `latest_s` is: two reveals of that pace
"""Of who asked for more time."""


def held_part(track: FaceTrack, presses_s: Sequence[float], limits: TypedLimits = TypedLimits()) -> FaceTrack:
    """The track as though no face had been seen while keys were pressed: what is judged of a head that is still."""
    if not presses_s:
        return track
    near = np.abs(track.times_s[:, None] - np.asarray(presses_s)[None, :]) <= limits.shaken_s
    return replace(track, found=track.found & ~near.any(axis=1))


def delays_of(digits: str, reveals_s: Sequence[float], keys: Sequence[TypedKey]) -> tuple[tuple[float, ...], int]:
    """Seconds from each reveal to the digit's key, in order, as far as they were typed; and how many keys were wrong.

    >>> delays_of("40", (1.0, 2.0), [TypedKey("4", 1.5), TypedKey("9", 2.25), TypedKey("0", 2.5)])
    ((0.5, 0.5), 1)
    """
    delays: list[float] = []
    wrong = 0
    for key in sorted(keys, key=lambda each: each.at_s):
        place = len(delays)
        if place < len(digits) and key.key == digits[place]:
            delays.append(round(key.at_s - reveals_s[place], 3))
        else:
            wrong += 1
    return tuple(delays), wrong


def judge_typed(
    digits: str,
    reveals_s: Sequence[float],
    keys: Sequence[TypedKey],
    turn: AskedTurn | None = None,
    limits: TypedLimits = TypedLimits(),
) -> Finding:
    """The score is how many digits were typed right and in order; the threshold that all of them were.

    Who is still to type a digit when the `turn` is asked for may turn first: that time isn't counted.
    """
    delays, wrong = delays_of(digits, reveals_s, keys)
    latest_s = [limits.latest_s] * len(digits)
    if turn is not None:
        for place, reveal_s in enumerate(reveals_s):
            if reveal_s < turn.shown_s <= reveal_s + limits.latest_s:
                latest_s[place] += turn.until_s - turn.shown_s
    odd = [place for place, delay in enumerate(delays) if not limits.earliest_s <= delay <= latest_s[place]]
    reasons: tuple[str, ...] = ()
    if len(delays) < len(digits) or wrong > limits.max_wrong:
        reasons, odd = ("typed_digits_mismatch",), []  # which key was meant for which digit isn't known
    elif odd:
        reasons = ("typed_digits_out_of_time",)
    measured: dict[str, float | int | None] = {"typed": len(keys), "wrong": wrong}
    if delays:
        measured["delay_median_s"] = round(float(np.median(delays)), 3)
        measured["delay_min_s"], measured["delay_max_s"] = min(delays), max(delays)
    return Finding(
        "typed_digits",
        Outcome.FAIL if reasons else Outcome.PASS,
        reasons,
        score=float(len(delays)),
        threshold=float(len(digits)),
        moments=tuple(Moment(reveals_s[place], round(reveals_s[place] + latest_s[place], 2)) for place in odd),
        measured=measured,
    )
