"""What the PC is told about the person: nothing before it is proved."""

from __future__ import annotations

from tests.flow.applicant import Applicant
from tests.flow.test_review import decided, waits
from tests.session.journey import NAME
from verify_svc.flow.handoff import handoff_state
from verify_svc.flow.services import Services


def test_the_pc_sees_the_number_masked_once_proved_and_the_name_once_verified(
    services: Services, applicant: Applicant
) -> None:
    opened = handoff_state(services, applicant.session_id)
    assert (opened.mobile_hint, opened.person) == (None, None)
    session_id = waits(applicant)
    waiting = handoff_state(services, session_id)
    assert (waiting.mobile_hint, waiting.person) == ("138****5678", None)
    decided(services, session_id, "approve")
    assert handoff_state(services, session_id).person == NAME
