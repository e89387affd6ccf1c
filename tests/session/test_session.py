"""A session's moves: the whole way, and what is not allowed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.session.journey import MOBILE, NOON, PASS, Journey, a_journey, a_match, a_person, a_unit, an_individual
from verify_svc.session.events import (
    Approved,
    Canceled,
    CodeMissed,
    CodeProved,
    CodeSent,
    ConsentDeclined,
    ConsentGiven,
    DataCorrected,
    Declined,
    Expired,
    FacesCompared,
    NumberMissed,
    OtherWayAsked,
    PhoneTookOver,
    RedoAsked,
    UploadJudged,
    UploadSubmitted,
)
from verify_svc.session.filing import Expected
from verify_svc.session.refused import NotAllowed
from verify_svc.session.state import Status
from verify_svc.session.steps import StepName, StepState


def to_forms(journey: Journey) -> Journey:
    """All but the forms done."""
    journey.to_papers()
    if StepName.SUBJECT_DOCUMENT in journey.session.steps:
        journey.licence()
    portrait = journey.portrait()
    journey.emblem()
    clip = journey.clip()
    assert journey.state(StepName.FACE) is StepState.PROCESSING
    journey.on(FacesCompared(journey.now, clip, portrait, (a_match(),)))
    assert journey.session.steps[StepName.FACE].verdict.needs == "confirm_still"
    journey.confirm()
    return journey


@pytest.mark.parametrize("entered", [a_unit(), an_individual()], ids=["unit", "individual"])
def test_who_does_everything_well_is_verified_without_an_operator(entered: Expected) -> None:
    journey = to_forms(a_journey(entered))
    journey.forms()
    assert journey.status() is Status.VERIFIED
    assert journey.session.closed_at == journey.now


def test_what_a_form_leaves_open_goes_to_an_operator() -> None:
    journey = to_forms(a_journey())
    journey.form("verification_form", without="signature")
    journey.form("commitment_letter")
    assert journey.status() is Status.NEEDS_REVIEW
    assert journey.codes(StepName.FORMS) == ["check_inconclusive"]
    journey.on(Approved(journey.now, "operator:li", "forms_complete", "", ""))
    assert journey.status() is Status.VERIFIED


def test_an_individual_with_an_id_card_has_no_subject_document() -> None:
    assert StepName.SUBJECT_DOCUMENT not in a_journey(an_individual()).session.steps


def test_a_legal_persons_card_is_asked_of_a_unit_that_names_one() -> None:
    wanted = (StepName.LEGAL_PERSON_DOCUMENT,)
    assert StepName.LEGAL_PERSON_DOCUMENT not in a_journey(a_unit(), wanted).session.steps
    named = a_unit(legal_person=a_person())
    assert StepName.LEGAL_PERSON_DOCUMENT in a_journey(named, wanted).session.steps


def test_without_forms_asked_for_the_machine_alone_verifies() -> None:
    steps = (StepName.PERSON_DOCUMENT, StepName.FACE)
    journey = a_journey(an_individual(), steps).to_papers()
    portrait = journey.portrait()
    journey.emblem()
    clip = journey.clip()
    journey.on(FacesCompared(journey.now, clip, portrait, (a_match(),)))
    assert journey.confirm().status is Status.VERIFIED


@pytest.mark.parametrize("step", [StepName.SUBJECT_DOCUMENT, StepName.FACE])
def test_papers_wait_for_consent_and_phone(step: StepName) -> None:
    journey = a_journey()
    with pytest.raises(NotAllowed, match="conflict"):
        journey.submit(step, "page" if step is StepName.SUBJECT_DOCUMENT else "clip")


def test_refused_consent_is_an_operators_task_and_may_be_given_after_all() -> None:
    journey = a_journey()
    assert journey.on(ConsentDeclined(NOON)).status is Status.NEEDS_REVIEW
    assert journey.codes(StepName.CONSENT) == ["consent_declined"]
    assert journey.on(ConsentGiven(NOON, "1")).status is Status.REQUIRES_INPUT


def test_another_way_sends_one_step_to_an_operator_and_holds_up_no_other() -> None:
    journey = a_journey().to_papers()
    journey.on(OtherWayAsked(journey.now, StepName.FACE, "cannot_speak"))
    assert journey.state(StepName.FACE) is StepState.IN_REVIEW
    assert journey.status() is Status.REQUIRES_INPUT
    journey.licence()
    assert journey.state(StepName.SUBJECT_DOCUMENT) is StepState.PASSED


def test_five_wrong_numbers_lock_the_phone_step_for_half_an_hour() -> None:
    journey = a_journey()
    journey.on(ConsentGiven(NOON, "1"))
    for _ in range(5):
        journey.on(NumberMissed(journey.now))
    assert journey.state(StepName.PHONE) is StepState.FAILED
    with pytest.raises(NotAllowed, match="phone_code_too_many"):
        journey.on(CodeSent(journey.now, "hash"))
    journey.later(minutes=30)
    journey.on(CodeSent(journey.now, "hash"))
    assert journey.state(StepName.PHONE) is StepState.OPEN


def test_a_code_guessed_at_five_times_is_void() -> None:
    journey = a_journey()
    journey.on(ConsentGiven(NOON, "1"))
    journey.on(CodeSent(NOON, "hash"))
    for _ in range(5):
        journey.on(CodeMissed(NOON))
    assert journey.session.phone.code_hash is None


def test_three_codes_an_hour_are_the_limit() -> None:
    journey = a_journey()
    journey.on(ConsentGiven(NOON, "1"))
    for _ in range(3):
        journey.on(CodeSent(journey.now, "hash"))
        journey.later(minutes=2)
    with pytest.raises(NotAllowed) as refused:
        journey.on(CodeSent(journey.now, "hash"))
    assert refused.value.retry_at == NOON + timedelta(hours=1)


def test_another_phone_proves_the_number_again_and_the_same_one_does_not() -> None:
    journey = a_journey().to_papers()
    journey.on(PhoneTookOver(journey.now, "ph_2", "ph_1"))
    assert journey.state(StepName.PHONE) is StepState.PASSED
    journey.on(PhoneTookOver(journey.now, "ph_3", None))
    assert journey.state(StepName.PHONE) is StepState.OPEN


def test_a_phone_does_not_take_over_the_proof_of_another() -> None:
    journey = a_journey().to_papers()
    journey.on(PhoneTookOver(journey.now, "ph_2", None))
    journey.on(CodeSent(journey.later(minutes=2).now, "hash"))
    journey.on(CodeProved(journey.now, "ph_2"))
    journey.on(PhoneTookOver(journey.now, "ph_3", "ph_1"))
    assert journey.state(StepName.PHONE) is StepState.OPEN


def test_a_changed_mobile_opens_the_phone_step_again_and_an_unchanged_one_does_not() -> None:
    journey = a_journey().to_papers()
    journey.on(DataCorrected(journey.now, a_unit(a_person(name="金丝雁"))))
    assert journey.state(StepName.PHONE) is StepState.PASSED
    journey.on(DataCorrected(journey.now, a_unit(a_person(mobile=MOBILE[::-1]))))
    assert journey.state(StepName.PHONE) is StepState.OPEN
    assert journey.session.expected_version == 3


def test_a_step_in_work_with_a_slot_to_fill_still_awaits_the_applicant() -> None:
    journey = a_journey(an_individual(), (StepName.PERSON_DOCUMENT,)).to_papers()
    journey.submit(StepName.PERSON_DOCUMENT, "portrait")
    assert journey.status() is Status.REQUIRES_INPUT
    journey.submit(StepName.PERSON_DOCUMENT, "emblem")
    assert journey.status() is Status.PROCESSING
    assert journey.session.awaiting == "service"


def test_a_decision_needs_a_session_that_waits_for_one() -> None:
    with pytest.raises(NotAllowed):
        a_journey().on(Approved(NOON, "operator:li", "ok", "", ""))


def test_an_operator_declines() -> None:
    journey = a_journey()
    journey.on(ConsentDeclined(NOON))
    journey.on(Declined(NOON, "operator:li", "consent_declined", "internal", "请到柜台办理"))
    assert journey.status() is Status.DECLINED
    assert journey.session.decision is not None
    assert journey.session.decision.message == "请到柜台办理"


def test_a_redo_opens_the_step_anew_and_gives_time() -> None:
    journey = a_journey().to_papers()
    journey.licence()
    journey.later(days=6)
    event = RedoAsked(journey.now, "operator:li", (StepName.SUBJECT_DOCUMENT,), "document_blurry", "", "请重拍")
    journey.on(event)
    assert journey.state(StepName.SUBJECT_DOCUMENT) is StepState.FAILED
    assert journey.codes(StepName.SUBJECT_DOCUMENT) == ["document_blurry"]
    assert journey.session.expires_at == journey.now + timedelta(days=3)
    journey.licence()
    assert journey.state(StepName.SUBJECT_DOCUMENT) is StepState.PASSED


@pytest.mark.parametrize("event", [Canceled(NOON), Expired(NOON)])
def test_a_closed_session_takes_nothing_and_bears_late_answers(event: Canceled | Expired) -> None:
    journey = a_journey().to_papers()
    upload_id = journey.submit(StepName.SUBJECT_DOCUMENT, "page")
    closed = journey.on(event)
    assert journey.on(UploadJudged(NOON, upload_id, "clear", (PASS,))) == closed
    with pytest.raises(NotAllowed, match="session_closed"):
        journey.on(UploadSubmitted(NOON, StepName.SUBJECT_DOCUMENT, "page", "up_9", "album"))
