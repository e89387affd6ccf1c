"""Suspicion of a presentation attack."""

from __future__ import annotations

import numpy as np

from tests.face.made_tracks import calm_track, sight
from verify_svc.face.attack import judge_attack
from verify_svc.session.finding import Outcome

_TIMES_S = [0.5 * number for number in range(6)]


def test_a_live_score_passes() -> None:
    assert judge_attack(calm_track(), _TIMES_S, [sight(wide=0.97)] * 6, fit=True).outcome is Outcome.PASS


def test_a_low_score_is_suspected() -> None:
    finding = judge_attack(calm_track(), _TIMES_S, [sight(wide=0.1)] * 6, fit=True)
    assert finding.reasons == ("presentation_attack_suspected",)


def test_a_low_score_of_an_unfit_picture_is_not_checked() -> None:
    assert judge_attack(calm_track(), _TIMES_S, [sight(wide=0.1)] * 6, fit=False).outcome is Outcome.NOT_CHECKED


def test_without_room_round_the_face_nothing_is_sure() -> None:
    finding = judge_attack(calm_track(), _TIMES_S, [sight(wide=0.97, margin=1.0)] * 6, fit=True)
    assert finding.outcome is Outcome.INCONCLUSIVE


def test_a_photograph_held_still_is_suspected_whatever_the_score() -> None:
    frozen = calm_track(yaw_deg=np.full(72, 2.0), pitch_deg=4.0, roll_deg=0.0)
    finding = judge_attack(frozen, _TIMES_S, [sight(wide=0.99)] * 6, fit=True)
    assert finding.reasons == ("presentation_attack_suspected",)
