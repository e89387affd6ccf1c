"""Whoever holds a recording of six digits can't draw challenges until they are those six."""

from __future__ import annotations

import pytest

from tests.fakes.outside import SetClock
from tests.flow.applicant import Applicant
from verify_svc.flow.challenge import CHALLENGES, new_challenge
from verify_svc.flow.refusal import Kind, Refusal
from verify_svc.session.challenge import DIGITS, PACES, USUAL


def test_challenges_are_limited_by_the_day(applicant: Applicant, clock: SetClock) -> None:
    applicant.to_papers()
    for _ in range(CHALLENGES.most):
        new_challenge(applicant.services, applicant.phone, language="zh", mode="live")
    with pytest.raises(Refusal) as refused:
        new_challenge(applicant.services, applicant.phone, language="zh", mode="live")
    assert (refused.value.kind, refused.value.code) == (Kind.LIMITED, "rate_limited")
    assert refused.value.retry_at is not None
    clock.advance(days=1, seconds=1)
    assert len(new_challenge(applicant.services, applicant.phone, language="zh", mode="live").reveals_s) == 6


def test_a_recording_fits_one_session_of_thirty_days_in_two_hundred_at_most() -> None:
    challenges = len(DIGITS) * (len(DIGITS) - 1) ** (PACES[USUAL].digits - 1)
    assert CHALLENGES.within.days == 1
    assert 30 * CHALLENGES.most / challenges <= 1 / 200
