"""Is a living person before the camera, or a screen, a print, a mask? Suspicion goes to an operator."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from verify_svc.face.track import FaceTrack
from verify_svc.inference.faces import Sight
from verify_svc.session.finding import Finding, Moment, Outcome


@dataclass(frozen=True, slots=True)
class AttackLimits:
    """The score is the detector's for a live face, the mean of its crops of 2.7 and 1.5 × the box, 0–1; the clip's
    median."""

    # Measured, 96 bona fide and 12 attack items with room round an uncovered face: BPCER 3 % [1–9], APCER 17 % [5–45].
    # The wide crop alone errs as often there, but calls one good clip of twelve an attack for its dim wall alone.
    min_live: float = 0.5
    # The crop's real size over the face: measured, with tight crops BPCER is 41 %.
    min_margin: float = 1.2
    # A photograph held still: the mesh of a living head moves by more than 1° in 3 s (57 clips), of a photograph 0.1°.
    frozen_deg: float = 0.4
    frozen_lips: float = 0.02


def judge_attack(
    track: FaceTrack,
    times_s: Sequence[float],
    sights: Sequence[Sight],
    fit: bool,
    limits: AttackLimits = AttackLimits(),
) -> Finding:
    """`fit`: light, sharpness and cover allow the detector's score to be believed (in the dark it calls live people
    attacks and misses replays)."""
    scored = [(time_s, sight.live) for time_s, sight in zip(times_s, sights, strict=True) if sight.live is not None]
    if not scored:
        return Finding("attack", Outcome.NOT_CHECKED)
    live = float(np.median([score.mean for _, score in scored]))
    wide = float(np.median([score.wide for _, score in scored]))
    near = float(np.median([score.near for _, score in scored]))
    margin = float(np.median([score.margin for _, score in scored]))
    frozen = is_frozen(track, limits)
    moments = tuple(
        Moment(round(max(0.0, time_s - 0.25), 3), round(time_s + 0.25, 3))
        for time_s, score in scored
        if score.mean < limits.min_live
    )
    outcome, reasons = Outcome.PASS, tuple[str, ...]()
    if frozen or (fit and margin >= limits.min_margin and live < limits.min_live):
        outcome, reasons = Outcome.FAIL, ("presentation_attack_suspected",)
    elif not fit:
        outcome = Outcome.NOT_CHECKED
    elif margin < limits.min_margin:
        outcome, reasons = Outcome.INCONCLUSIVE, ("check_inconclusive",)
    return Finding(
        "attack",
        outcome,
        reasons,
        score=round(live, 3),
        threshold=limits.min_live,
        model="fr_liveness",
        version="0.0.1",
        moments=moments if reasons else (),
        measured={
            "wide": round(wide, 3),
            "near": round(near, 3),
            "margin": round(margin, 2),
            "frames": len(scored),
            "frozen": frozen,
        },
    )


def is_frozen(track: FaceTrack, limits: AttackLimits = AttackLimits()) -> bool:
    """Whether neither head nor lips move at all, as in a photograph."""
    seen = track.found
    if seen.sum() < 10:
        return False
    spans = [
        float(np.ptp(np.percentile(angle[seen], [5, 95]))) for angle in (track.yaw_deg, track.pitch_deg, track.roll_deg)
    ]
    lips = float(np.ptp(np.percentile(track.lip_gap[seen], [5, 95])))
    return max(spans) < limits.frozen_deg and lips < limits.frozen_lips
