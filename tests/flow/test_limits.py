"""What one session's phones may write is bounded, whatever it is."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.fakes.outside import SetClock
from tests.flow.applicant import Applicant
from verify_svc.flow import limits
from verify_svc.flow.consent import ask_other_way, choose_locale, report_device
from verify_svc.flow.document import edit_fields
from verify_svc.flow.handoff import count_write
from verify_svc.flow.limits import Limit
from verify_svc.flow.refusal import Kind, Refusal
from verify_svc.session.steps import StepName

SAYINGS: dict[str, Callable[[Applicant], object]] = {
    "consent": lambda one: one.consents(),
    "language": lambda one: choose_locale(one.services, one.phone, "en"),
    "device": lambda one: report_device(one.services, one.phone, reports=["camera_denied"], user_agent_kind="?"),
    "another way": lambda one: ask_other_way(one.services, one.phone, step="face", why="other"),
    "correction": lambda one: edit_fields(
        one.services, one.phone, step="person_document", slot="portrait", fields={"number": "1"}
    ),
}


def trail(applicant: Applicant) -> int:
    with applicant.services.store.read() as tx:
        return len(tx.audit.of_session(applicant.session_id))


@pytest.mark.parametrize("saying", SAYINGS.values(), ids=SAYINGS)
def test_what_is_said_without_a_file_is_limited(
    applicant: Applicant, clock: SetClock, saying: Callable[[Applicant], object]
) -> None:
    applicant.to_papers().judged(StepName.PERSON_DOCUMENT, "portrait")
    with applicant.services.store.begin() as tx:
        for _ in range(limits.WORDS.most):
            tx.counters.hit(limits.WORDS.counter(applicant.session_id), clock.now())
    before = trail(applicant)
    with pytest.raises(Refusal) as refused:
        saying(applicant)
    assert (refused.value.kind, refused.value.code) == (Kind.LIMITED, "rate_limited")
    assert refused.value.retry_at == clock.now() + limits.WORDS.within
    assert trail(applicant) == before
    clock.advance(days=1, seconds=1)
    saying(applicant)


def test_every_write_counts_and_each_session_has_its_own_count(
    applicant: Applicant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("verify_svc.flow.handoff.WRITES", Limit("write", 2, limits.WRITES.within))
    for _ in range(2):
        count_write(applicant.services, applicant.phone)
    with pytest.raises(Refusal, match="rate_limited"):
        count_write(applicant.services, applicant.phone)


def test_no_limit_looks_further_back_than_counters_are_kept() -> None:
    named = [value for value in vars(limits).values() if isinstance(value, Limit)]
    assert named
    assert all(limit.within.days <= 1 for limit in named)
