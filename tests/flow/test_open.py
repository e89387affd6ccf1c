"""A portal opens, corrects and cancels sessions."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.fakes.outside import KeptSms
from tests.flow.applicant import Applicant
from tests.session.journey import ID_NUMBER, a_person, a_unit, an_individual
from verify_svc.flow.handoff import portal_refresh_link
from verify_svc.flow.keys import key_of_secret, make_key, revoke_key
from verify_svc.flow.open import (
    cancel_session,
    correct_session,
    list_sessions,
    open_session,
    read_session,
    request_resubmission,
)
from verify_svc.flow.refusal import Kind, Refusal
from verify_svc.flow.report import events_of_session, public_events, report_of_session
from verify_svc.flow.services import Services
from verify_svc.ports import ApiKeyRow, JobKind
from verify_svc.session.events import FieldRead
from verify_svc.session.filing import Certificate, Expected, Filing
from verify_svc.session.steps import StepName


def faults(services: Services, portal: ApiKeyRow, expected: Expected) -> dict[str, str]:
    """The fields that are refused, each with its code."""
    with pytest.raises(Refusal) as refused:
        open_session(services, portal, expected)
    assert refused.value.kind is Kind.INVALID
    return {fault.field: fault.code for fault in refused.value.faults}


def test_a_session_opens_with_its_steps_and_a_link(services: Services, portal: ApiKeyRow) -> None:
    view = open_session(services, portal, a_unit(), client_reference_id="filing-7", metadata={"order": "7"})
    assert view.status == "requires_input"
    assert [step.name for step in view.steps][:3] == ["consent", "phone", "subject_document"]
    assert view.handoff.state == "waiting"
    assert read_session(services, portal, view.id).metadata == {"order": "7"}


def test_the_same_idempotency_key_gives_the_same_session(services: Services, portal: ApiKeyRow) -> None:
    one = open_session(services, portal, a_unit(), idempotency_key="k", request_hash="a")
    assert open_session(services, portal, a_unit(), idempotency_key="k", request_hash="a").id == one.id
    with pytest.raises(Refusal, match="idempotency_key_reused"):
        open_session(services, portal, a_unit(), idempotency_key="k", request_hash="b")


def test_what_is_wrong_is_named_by_field(services: Services, portal: ApiKeyRow) -> None:
    expected = a_unit(a_person(number=ID_NUMBER[:-1] + "2", mobile="12345"))
    subject = replace(expected.subject, certificate=Certificate("business_licence", "91110000600037342L"), name=" ")
    assert faults(services, portal, replace(expected, subject=subject)) == {
        "subject.name": "validation_failed",
        "subject.certificate.number": "credit_code_check_digit_invalid",
        "responsible_person.certificate.number": "id_number_check_digit_invalid",
        "responsible_person.mobile": "validation_failed",
    }


@pytest.mark.parametrize(
    ("filing", "field"),
    [
        (Filing("new_subject", date(2026, 11, 23), "江苏省"), "filing.created_on"),
        (Filing("new_subject", date(1998, 1, 1), "江苏省"), "filing.created_on"),
        (Filing("new_subject", date(2026, 11, 22), "江苏国"), "filing.province"),
        (Filing("new_subject", date(2026, 11, 22), "320100"), "filing.province"),
    ],
)
def test_a_filing_of_no_day_and_no_province_is_refused(
    services: Services, portal: ApiKeyRow, filing: Filing, field: str
) -> None:
    assert faults(services, portal, replace(a_unit(), filing=filing)) == {field: "validation_failed"}


def test_a_kind_that_cannot_be_read_yet_is_refused(services: Services, portal: ApiKeyRow) -> None:
    person = replace(a_person(), certificate=Certificate("household_register", "110101199003070011"))
    expected = replace(a_unit(), responsible_person=person)
    assert faults(services, portal, expected) == {
        "responsible_person.certificate.kind": "certificate_kind_not_accepted"
    }


def test_an_individuals_filing_is_not_delegated(services: Services, portal: ApiKeyRow) -> None:
    other = a_person(name="王五", number="11010119900307002X")
    assert faults(services, portal, replace(an_individual(), responsible_person=other)) == {
        "responsible_person.name": "name_mismatch",
        "responsible_person.certificate.number": "certificate_number_mismatch",
    }


def test_different_people_do_not_share_a_mobile_number(services: Services, portal: ApiKeyRow) -> None:
    expected = a_unit()
    lead = a_person(name="王五", number="11010119900307002X")
    expected = replace(expected, subject=replace(expected.subject, lead=lead))
    assert faults(services, portal, expected) == {"subject.lead.mobile": "contact_shared_between_people"}


@pytest.mark.parametrize("expires_in", [timedelta(minutes=1), timedelta(days=90)])
def test_a_session_lives_neither_too_short_nor_too_long(
    services: Services, portal: ApiKeyRow, expires_in: timedelta
) -> None:
    with pytest.raises(Refusal, match="validation_failed"):
        open_session(services, portal, a_unit(), expires_in=expires_in)


def test_test_and_live_do_not_see_each_other(services: Services, portal: ApiKeyRow) -> None:
    live, _ = make_key(services, "live", livemode=True)
    session_id = open_session(services, portal, a_unit()).id
    with pytest.raises(Refusal, match="not_found"):
        read_session(services, live, session_id)
    assert list_sessions(services, live) == ([], False)


def test_a_new_key_of_the_portal_sees_the_sessions_of_the_one_before(services: Services, portal: ApiKeyRow) -> None:
    session_id = open_session(services, portal, a_unit()).id
    fresh, secret = make_key(services, portal.name, livemode=False)
    revoke_key(services, portal.id)
    assert read_session(services, key_of_secret(services, secret), session_id).id == session_id
    assert fresh.secret_hash != secret


def test_sessions_are_listed_page_by_page(services: Services, portal: ApiKeyRow) -> None:
    ids = [open_session(services, portal, a_unit()).id for _ in range(3)]
    first, more = list_sessions(services, portal, limit=2)
    rest, no_more = list_sessions(services, portal, limit=2, starting_after=first[-1].id)
    assert {view.id for view in (*first, *rest)} == set(ids)
    assert (more, no_more) == (True, False)


def test_a_correction_is_compared_with_what_was_read(
    services: Services, portal: ApiKeyRow, applicant: Applicant
) -> None:
    applicant.to_papers()
    other = FieldRead("11010119900307002X", 0.99)
    applicant.judged(StepName.PERSON_DOCUMENT, "portrait", fields={"number": other, "name": FieldRead("金丝雀", 0.9)})
    error = read_session(services, portal, applicant.session_id).last_error
    assert error is not None
    assert (error.reason, error.field) == ("certificate_number_mismatch", "responsible_person.certificate.number")
    corrected = a_unit(a_person(number="11010119900307002X"))
    assert correct_session(services, portal, applicant.session_id, corrected).last_error is None


def test_a_canceled_session_is_closed(services: Services, portal: ApiKeyRow, applicant: Applicant) -> None:
    assert cancel_session(services, portal, applicant.session_id).status == "canceled"
    with pytest.raises(Refusal) as refused:
        cancel_session(services, portal, applicant.session_id)
    assert (refused.value.kind, refused.value.code) == (Kind.GONE, "session_canceled")
    with pytest.raises(Refusal, match="session_canceled"):
        applicant.consents()


def test_a_link_that_nobody_opened_ends_with_its_session(services: Services, portal: ApiKeyRow) -> None:
    session_id = open_session(services, portal, a_unit()).id
    assert cancel_session(services, portal, session_id).handoff.state == "expired"


def test_a_step_that_nobody_began_is_not_asked_for_again(
    services: Services, portal: ApiKeyRow, applicant: Applicant
) -> None:
    with pytest.raises(Refusal) as refused:
        request_resubmission(services, portal, applicant.session_id, "forms", "请重拍")
    assert refused.value.kind is Kind.CONFLICT


def test_the_portal_asks_for_a_step_again_and_the_applicant_is_told(
    services: Services, portal: ApiKeyRow, applicant: Applicant, sms: KeptSms
) -> None:
    applicant.to_papers().judged(StepName.SUBJECT_DOCUMENT, "page")
    request_resubmission(services, portal, applicant.session_id, "subject_document", "请用原件重拍")
    assert applicant.step(StepName.SUBJECT_DOCUMENT).state == "failed"
    assert "请用原件重拍" in sms.sent[0].text


def test_events_tell_what_happened_in_order_and_the_public_ones_are_webhooks_to_send(
    services: Services, portal: ApiKeyRow, applicant: Applicant
) -> None:
    applicant.to_papers()
    types = [event.type for event in events_of_session(services, portal, applicant.session_id, 0)]
    assert types[0] == "verification_session.created"
    assert "verification_session.opened" in types
    public, more = public_events(services, portal, limit=100)
    assert not more
    jobs = services.jobs.of(JobKind.DELIVER)  # type: ignore[attr-defined]  # the test's own queue
    assert len(public) == len(jobs) == sum(type.startswith("verification_session.") for type in types)


def test_the_report_shows_what_was_compared_and_what_was_not_checked(
    services: Services, portal: ApiKeyRow, applicant: Applicant
) -> None:
    applicant.to_papers().judged(StepName.SUBJECT_DOCUMENT, "page")
    report = report_of_session(services, portal, applicant.session_id)
    page = report["breakdown"]["subject_document"]["breakdown"]["page"]
    assert page["breakdown"]["number_agrees"]["result"] == "clear"
    assert report["breakdown"]["face"]["result"] == "not_checked"
    assert report["properties"]["rule_pack"] == {"id": "base", "version": 1}


def test_a_portal_sees_its_own_sessions_with_a_new_key_and_not_anothers(services: Services, portal: ApiKeyRow) -> None:
    own = open_session(services, portal, a_unit()).id
    revoke_key(services, portal.id)
    renewed, _ = make_key(services, portal.name, livemode=False)
    other, _ = make_key(services, "another portal", livemode=False)
    theirs = open_session(services, other, a_unit()).id
    for key, seen, unseen in ((renewed, own, theirs), (other, theirs, own)):
        assert read_session(services, key, seen).id == seen
        assert [view.id for view in list_sessions(services, key)[0]] == [seen]
        assert {event.session_id for event in public_events(services, key, limit=100)[0]} == {seen}
        for ask in (read_session, report_of_session, cancel_session, portal_refresh_link):
            with pytest.raises(Refusal) as refused:
                ask(services, key, unseen)
            assert refused.value.kind is Kind.NOT_FOUND
