"""Is a living person before the camera, or a screen, a print, a mask? The trained detector's word, and what several
signs of an attack make together. Suspicion goes to an operator.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from verify_svc.face.repeats import RepeatLimits
from verify_svc.face.track import moment_at
from verify_svc.inference.faces import Sight
from verify_svc.session.finding import Finding, Outcome


@dataclass(frozen=True, slots=True)
class AttackLimits:
    """The score is the detector's for a live face, 0–1: what `share` of the frames stay below."""

    min_live: float = 0.5  # where its maker calls a face live; measured: docs/decisions/0022
    share: float = 2 / 3  # measured, docs/decisions/0022: of two living people three fifths are low
    # The crop's real size over the face: measured, with tight crops BPCER is 41 %.
    min_margin: float = 1.2
    # The face's grey level, 0–255, under which a low score accuses nobody. Measured, docs/decisions/0022: living people
    # in dim light who score low 88 and 93, replays that are told 128 and more.
    dim_level: float = 110.0


def judge_attack(
    times_s: Sequence[float],
    sights: Sequence[Sight],
    fit: bool,
    level: float,
    limits: AttackLimits = AttackLimits(),
) -> Finding:
    """`fit`: light, sharpness and cover allow the detector's score to be believed (in the dark it calls live people
    attacks and misses replays). `level` is the face's grey level: in dim light a high score is believed and a low one
    says nothing, so that an operator looks."""
    scored = [(time_s, sight.live) for time_s, sight in zip(times_s, sights, strict=True) if sight.live is not None]
    if not scored:
        return Finding("attack", Outcome.NOT_CHECKED)
    live = float(np.quantile([score.live for _, score in scored], limits.share))
    margin = float(np.median([score.margin for _, score in scored]))
    moments = tuple(moment_at(time_s) for time_s, score in scored if score.live < limits.min_live)
    outcome, reasons = Outcome.PASS, tuple[str, ...]()
    low = live < limits.min_live
    if not fit:
        outcome = Outcome.NOT_CHECKED
    elif margin < limits.min_margin or (low and level < limits.dim_level):
        outcome, reasons = Outcome.INCONCLUSIVE, ("check_inconclusive",)
    elif low:
        outcome, reasons = Outcome.FAIL, ("presentation_attack_suspected",)
    return Finding(
        "attack",
        outcome,
        reasons,
        score=round(live, 3),
        threshold=limits.min_live,
        model="fr_liveness",
        version="0.0.1",
        moments=moments if reasons else (),
        measured={"margin": round(margin, 2), "frames": len(scored)},
    )


def with_signs_weighed(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The findings with what the signs among them make together, in place of what was said of that before."""
    others = tuple(finding for finding in findings if finding.check != "signs")
    return (*others, weigh_signs(others))


# Signs that one cause can give are one group: a camera that hangs freezes the picture and the lips, and a monitor
# behind a head has a border.
_GROUPS = {
    "attack": "detector",
    "border": "surroundings",
    "device": "surroundings",
    "frozen": "stillness",
    "lips": "stillness",
    "loop": "loop",
    "source": "source",
    "timing": "timing",
}
SIGNS = tuple(_GROUPS)
"""The checks that may accuse."""


def weigh_signs(findings: Sequence[Finding]) -> Finding:
    """What the signs of an attack make together (docs/decisions/0022): one alone is a suspicion, a certain one or two
    of different groups make it evident.

    The score is the number of groups that accuse. A sign that speaks for the applicant takes none away.
    """
    accusing = [finding.check for finding in findings if finding.check in _GROUPS and _accuses(finding)]
    groups = {_GROUPS[check] for check in accusing}
    evident = any(_is_certain(finding) for finding in findings) or len(groups) > 1
    looked = any(_GROUPS.get(finding.check) and finding.outcome is not Outcome.NOT_CHECKED for finding in findings)
    outcome = Outcome.PASS if looked else Outcome.NOT_CHECKED
    return Finding(
        "signs",
        Outcome.FAIL if evident else outcome,
        ("presentation_attack_evident",) if evident else (),
        score=float(len(groups)),
        threshold=1.0,
        measured={"accusing": ", ".join(accusing)},
    )


def _is_certain(finding: Finding) -> bool:
    """A sign without an honest cause: what comes again nearly as it was."""
    again = finding.check == "loop" and finding.outcome is Outcome.FAIL
    return again and finding.score is not None and finding.score < RepeatLimits().certain_ratio


def _accuses(finding: Finding) -> bool:
    """Whoever is slow is late; only what was said before it could be known accuses. A still mouth that nothing was
    heard beside hasn't lied: there is no other's voice."""
    slow = finding.check == "timing" and (finding.score or 0.0) >= (finding.threshold or 0.0)
    silent = finding.check == "lips" and finding.measured.get("stretches") == 0
    return finding.outcome is Outcome.FAIL and not (slow or silent)
