"""A turn of the head that an arrow asked for: the right way, after the arrow, and back again."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from verify_svc.face.track import FaceTrack
from verify_svc.session.finding import Finding, Moment, Outcome


@dataclass(frozen=True, slots=True)
class AskedTurn:
    """`direction` is `left` or `right` as the person has them; the arrow is shown at `shown_s` on the clip's clock, and
    the head is to be back at `until_s`."""

    direction: str
    shown_s: float
    until_s: float


@dataclass(frozen=True, slots=True)
class TurnLimits:
    """Yaw from the clip's own usual pose. The mesh shows a turn of 32° as 20–23°."""

    min_deg: float = 15.0  # measured: docs/decisions/0023; people who look ahead reach 13.5°
    begun_deg: float = 7.0  # guessed: half of it
    earliest_s: float = 0.1  # guessed: nobody sees the arrow and moves sooner
    back_deg: float = 10.0  # guessed: as far as talkers move
    back_s: float = 0.4  # at the end of the time
    spare_s: float = 0.6  # guessed: who is slow has so much longer; the next digit is there already
    min_frames: int = 10


def span_of(asked: AskedTurn, limits: TurnLimits = TurnLimits()) -> Moment:
    """When the head may be turned."""
    return Moment(asked.shown_s, round(asked.until_s + limits.spare_s, 3))


def still_part(track: FaceTrack, asked: AskedTurn | None) -> FaceTrack:
    """The track as though no face had been seen while the head was to be turned: what is judged of a still head."""
    if asked is None:
        return track
    span = span_of(asked)
    inside = (track.times_s >= span.start_s) & (track.times_s <= span.end_s)
    return replace(track, found=track.found & ~inside)


def judge_turn(track: FaceTrack, asked: AskedTurn, limits: TurnLimits = TurnLimits()) -> Finding:
    """Judge the yaw while the turn was asked for. The score is how far the head was turned that way, in degrees.

    A camera's recording is not mirrored, whatever the page's own picture is: who turns to the left shows a nose that
    points to the picture's right, a positive yaw.
    """
    span = span_of(asked, limits)
    calm = still_part(track, asked).found
    rows = np.flatnonzero(track.found & (track.times_s >= span.start_s) & (track.times_s <= span.end_s))
    if calm.sum() < limits.min_frames:
        return Finding("head_turn", Outcome.NOT_CHECKED)
    usual = float(np.median(track.yaw_deg[calm]))
    sign = 1.0 if asked.direction == "left" else -1.0
    toward, times_s = sign * (track.yaw_deg[rows] - usual), track.times_s[rows]
    # The second largest: one frame that the mesh misread is no turn.
    reached = float(np.sort(toward)[-2]) if rows.size > 1 else 0.0
    other = float(np.sort(-toward)[-2]) if rows.size > 1 else 0.0
    begun = times_s[toward >= limits.begun_deg]
    after_s = float(begun[0]) - asked.shown_s if begun.size else None
    last = toward[times_s >= span.end_s - limits.back_s]
    back = bool(last.size) and float(np.abs(np.median(last))) <= limits.back_deg
    in_time = after_s is not None and after_s >= limits.earliest_s
    reasons = []
    if other >= limits.min_deg:
        reasons.append("head_turn_wrong_way")
    elif reached < limits.min_deg or not in_time or not back:
        reasons.append("head_turn_not_seen")
    return Finding(
        "head_turn",
        Outcome.FAIL if reasons else Outcome.PASS,
        tuple(reasons),
        score=round(reached, 1),
        threshold=limits.min_deg,
        moments=(span,) if reasons else (),
        measured={
            "direction": asked.direction,
            "other_way_deg": round(other, 1),
            "after_s": None if after_s is None else round(after_s, 2),
            "came_back": back,
        },
    )
