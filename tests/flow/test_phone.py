"""The mobile number is proved."""

from __future__ import annotations

import pytest

from tests.fakes.outside import KeptSms, SetClock
from tests.flow.applicant import Applicant
from tests.session.journey import MOBILE, a_unit
from verify_svc.flow.handoff import redeem_link, waiting_link
from verify_svc.flow.open import open_session
from verify_svc.flow.phone import type_code, type_number
from verify_svc.flow.refusal import Refusal
from verify_svc.flow.services import Services
from verify_svc.ports import ApiKeyRow
from verify_svc.session.steps import StepName


def test_a_wrong_number_spends_no_sms(services: Services, applicant: Applicant, sms: KeptSms) -> None:
    applicant.consents()
    with pytest.raises(Refusal) as refused:
        type_number(services, applicant.phone, "13900000000")
    assert (refused.value.code, refused.value.tries_left) == ("phone_number_mismatch", 4)
    assert sms.sent == []
    assert applicant.state().phone.hint is None


def test_the_right_number_however_it_is_spaced_brings_a_code(
    services: Services, applicant: Applicant, sms: KeptSms
) -> None:
    applicant.consents()
    state = type_number(services, applicant.phone, "+86 138 0000-5678")
    assert sms.sent[0].mobile == MOBILE
    assert (state.phone.hint, state.phone.code_sent) == ("138****5678", True)


def test_the_code_proves_the_number_and_is_kept_as_a_hash(services: Services, applicant: Applicant) -> None:
    applicant.consents()
    type_number(services, applicant.phone, MOBILE)
    code = applicant.code()
    with services.store.read() as tx:
        row = tx.sessions.get(applicant.session_id)
    assert row is not None
    assert code not in row.state
    type_code(services, applicant.phone, code)
    assert applicant.step(StepName.PHONE).state == "passed"


def test_five_wrong_codes_end_the_code(services: Services, applicant: Applicant) -> None:
    applicant.consents()
    type_number(services, applicant.phone, MOBILE)
    code = applicant.code()
    wrong = "000000" if code != "000000" else "111111"
    for left in (4, 3, 2, 1):
        with pytest.raises(Refusal) as refused:
            type_code(services, applicant.phone, wrong)
        assert (refused.value.code, refused.value.tries_left) == ("phone_code_wrong", left)
    for typed in (wrong, code):
        with pytest.raises(Refusal, match="phone_code_too_many"):
            type_code(services, applicant.phone, typed)


def test_a_code_lives_ten_minutes(services: Services, applicant: Applicant, clock: SetClock) -> None:
    applicant.consents()
    type_number(services, applicant.phone, MOBILE)
    clock.advance(minutes=10)
    with pytest.raises(Refusal, match="phone_code_expired"):
        type_code(services, applicant.phone, applicant.code())


def test_a_new_code_waits_a_minute(services: Services, applicant: Applicant, clock: SetClock) -> None:
    applicant.consents()
    type_number(services, applicant.phone, MOBILE)
    with pytest.raises(Refusal) as refused:
        type_number(services, applicant.phone, MOBILE)
    assert refused.value.retry_at is not None
    clock.at = refused.value.retry_at
    type_number(services, applicant.phone, MOBILE)


def test_many_sessions_do_not_flood_one_number(services: Services, portal: ApiKeyRow, sms: KeptSms) -> None:
    def ask() -> None:
        session_id = open_session(services, portal, a_unit()).id
        token = waiting_link(services, session_id).token
        phone = redeem_link(services, token, device_kind="?", browser="?", cookie=None).phone
        Applicant(services, phone, "", sms).consents()
        type_number(services, phone, MOBILE)

    limit = services.pack.phone.codes_an_hour_to_number
    for _ in range(limit):
        ask()
    with pytest.raises(Refusal, match="phone_code_too_many"):
        ask()
    assert len(sms.sent) == limit
