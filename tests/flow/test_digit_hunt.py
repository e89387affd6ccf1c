"""Whoever holds a recording of six digits can't draw challenges until they are those six."""

from __future__ import annotations

import pytest

from tests.fakes.outside import SetClock
from tests.flow.applicant import Applicant
from verify_svc.flow.challenge import CHALLENGES, new_challenge
from verify_svc.flow.refusal import Kind, Refusal


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
