"""Sessions run out, and what is no longer needed is deleted."""

from __future__ import annotations

import pytest

from tests.fakes.outside import SetClock
from tests.flow.applicant import Applicant
from verify_svc.flow.open import cancel_session, read_session
from verify_svc.flow.refusal import Refusal
from verify_svc.flow.retain import purge
from verify_svc.flow.services import Services
from verify_svc.flow.sweep import sweep
from verify_svc.ports import ApiKeyRow
from verify_svc.session.steps import StepName


def test_a_session_runs_out_by_itself(
    services: Services, portal: ApiKeyRow, applicant: Applicant, clock: SetClock
) -> None:
    clock.advance(days=6, hours=23)
    sweep(services)
    assert read_session(services, portal, applicant.session_id).status == "requires_input"
    clock.advance(hours=1)
    for _ in range(2):
        sweep(services)
    assert read_session(services, portal, applicant.session_id).status == "expired"
    with pytest.raises(Refusal, match="session_expired"):
        applicant.consents()


def test_media_go_first_and_the_record_later(
    services: Services, portal: ApiKeyRow, applicant: Applicant, clock: SetClock
) -> None:
    upload_id = applicant.to_papers().judged(StepName.SUBJECT_DOCUMENT, "page")
    key = f"sessions/{applicant.session_id}/{upload_id}/original"
    cancel_session(services, portal, applicant.session_id)
    clock.advance(days=29)
    assert purge(services) == 0
    assert services.blobs.get(key)
    clock.advance(days=2)
    assert purge(services) == 0
    with pytest.raises(KeyError):
        services.blobs.get(key)
    assert read_session(services, portal, applicant.session_id).status == "canceled"
    clock.advance(days=150)
    assert purge(services) == 1
    with pytest.raises(Refusal, match="not_found"):
        read_session(services, portal, applicant.session_id)
    assert purge(services) == 0


def test_nothing_of_the_person_is_left_in_the_record(
    services: Services, portal: ApiKeyRow, applicant: Applicant, clock: SetClock
) -> None:
    applicant.to_papers()
    cancel_session(services, portal, applicant.session_id)
    clock.advance(days=181)
    purge(services)
    with services.store.read() as tx:
        row = tx.sessions.get(applicant.session_id)
        assert row is not None
        assert (row.status, row.state) == ("canceled", "")
        assert [each.what for each in tx.audit.of_session(applicant.session_id)] == ["purged"]
        assert tx.uploads.of_session(applicant.session_id) == []
