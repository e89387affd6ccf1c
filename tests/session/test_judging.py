"""What decides a step: effects, required checks, comparisons, edits, attempts."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.session.journey import (
    CARD,
    EMBLEM,
    ID_NUMBER,
    LICENCE,
    NAME,
    PASS,
    USCC,
    a_journey,
    a_match,
    a_person,
    a_unit,
    all_passed,
)
from verify_svc.session.events import (
    AnalysisBroke,
    DataCorrected,
    FacesCompared,
    FieldRead,
    FieldsEdited,
    UploadJudged,
    UploadSubmitted,
)
from verify_svc.session.finding import Finding, Outcome
from verify_svc.session.judging import comparison_wanted
from verify_svc.session.reasons import Effect
from verify_svc.session.refused import NotAllowed
from verify_svc.session.steps import StepName, StepState

DOCUMENT, CARD_STEP = StepName.SUBJECT_DOCUMENT, StepName.PERSON_DOCUMENT
OTHER_USCC = "91440300708461136T"
BLURRED = Finding("sharpness", Outcome.FAIL, ("document_blurry",))
CUT_OFF = Finding("edges", Outcome.FAIL, ("document_cut_off",))


def test_an_advice_holds_nothing_up() -> None:
    journey = a_journey().to_papers()
    journey.judged(DOCUMENT, "page", PASS, BLURRED, fields=LICENCE)
    assert journey.state(DOCUMENT) is StepState.PASSED
    assert journey.codes(DOCUMENT) == ["document_blurry"]


def test_retry_and_review_together_are_retry_and_all_are_told_at_once() -> None:
    journey = a_journey().to_papers()
    doubt = Finding("birth_date_agrees", Outcome.FAIL, ("birth_date_inconsistent",))
    journey.judged(CARD_STEP, "portrait", CUT_OFF, doubt, fields=CARD)
    assert journey.state(CARD_STEP) is StepState.FAILED
    assert journey.codes(CARD_STEP) == ["document_cut_off", "birth_date_inconsistent"]


def test_a_rule_pack_may_weigh_a_reason_otherwise() -> None:
    journey = a_journey().to_papers()
    journey.pack = replace(journey.pack, effects={"document_blurry": Effect.RETRY})
    journey.judged(DOCUMENT, "page", PASS, BLURRED, fields=LICENCE)
    assert journey.state(DOCUMENT) is StepState.FAILED


def test_a_unit_whose_term_has_ended_goes_to_an_operator() -> None:
    journey = a_journey().to_papers()
    ended = Finding("validity", Outcome.FAIL, ("document_expired",))
    journey.judged(DOCUMENT, "page", PASS, ended, fields=LICENCE)
    assert journey.state(DOCUMENT) is StepState.IN_REVIEW


def test_a_required_check_that_was_not_made_asks_for_an_operator() -> None:
    journey = a_journey().to_papers()
    findings = [
        Finding("attack", Outcome.NOT_CHECKED) if one.check == "attack" else one
        for one in all_passed(journey.pack, StepName.FACE)
    ]
    journey.judged(StepName.FACE, "clip", *findings, capture="camera")
    assert journey.state(StepName.FACE) is StepState.IN_REVIEW
    assert journey.codes(StepName.FACE) == ["check_inconclusive"]


def test_bytes_that_could_not_be_decoded_fail_the_step() -> None:
    journey = a_journey().to_papers()
    upload_id = journey.submit(DOCUMENT, "page")
    journey.on(UploadJudged(journey.now, upload_id, "unreadable", (), reasons=("file_unreadable",)))
    assert journey.state(DOCUMENT) is StepState.FAILED
    assert journey.session.steps[DOCUMENT].attempts.failures == 0


def test_a_fault_of_ours_costs_nothing() -> None:
    journey = a_journey().to_papers()
    upload_id = journey.submit(DOCUMENT, "page")
    journey.on(AnalysisBroke(journey.now, upload_id))
    assert journey.codes(DOCUMENT) == ["file_unreadable"]
    assert journey.session.steps[DOCUMENT].attempts.failures == 0


def test_an_upload_is_judged_once() -> None:
    journey = a_journey().to_papers()
    upload_id = journey.judged(DOCUMENT, "page", CUT_OFF, fields=LICENCE)
    before = journey.session
    assert journey.on(UploadJudged(journey.now, upload_id, "clear", (PASS,), LICENCE)) == before


def test_a_judgement_of_an_upload_that_was_replaced_changes_nothing() -> None:
    journey = a_journey().to_papers()
    first = journey.judged(DOCUMENT, "page", CUT_OFF, fields=LICENCE)
    journey.licence()
    before = journey.session
    assert journey.on(UploadJudged(journey.now, first, "rejected", (CUT_OFF,))) == before


@pytest.mark.parametrize(
    ("field", "read", "code"),
    [
        ("number", FieldRead(OTHER_USCC, 0.99), "certificate_number_mismatch"),
        ("number", FieldRead(USCC, 0.4), "document_unreadable"),
        ("number", FieldRead(None, 0.4), "document_unreadable"),
        ("name", FieldRead("别的公司名称", 0.99), "name_mismatch"),
        ("name", FieldRead("别的公司名称", 0.5), "check_inconclusive"),
    ],
)
def test_what_was_read_must_be_what_was_entered(field: str, read: FieldRead, code: str) -> None:
    journey = a_journey().to_papers()
    journey.judged(DOCUMENT, "page", fields={**LICENCE, field: read})
    assert journey.codes(DOCUMENT) == [code]
    assert journey.state(DOCUMENT) is not StepState.PASSED


def test_a_corrected_entry_is_compared_again_without_a_new_photograph() -> None:
    journey = a_journey(a_unit(a_person(number="11010119900307002X"))).to_papers()
    journey.portrait()
    assert journey.codes(CARD_STEP) == ["certificate_number_mismatch"]
    journey.on(DataCorrected(journey.now, a_unit()))
    assert journey.codes(CARD_STEP) == []
    journey.emblem()
    assert journey.state(CARD_STEP) is StepState.PASSED
    assert journey.session.steps[CARD_STEP].attempts.failures == 1


def test_an_edit_equal_to_the_entry_goes_to_an_operator_never_through() -> None:
    journey = a_journey().to_papers()
    journey.judged(DOCUMENT, "page", fields={**LICENCE, "number": FieldRead(OTHER_USCC, 0.99)})
    journey.on(FieldsEdited(journey.now, DOCUMENT, "page", {"number": USCC}))
    assert journey.state(DOCUMENT) is StepState.IN_REVIEW
    assert journey.codes(DOCUMENT) == ["number_edited"]
    judged = journey.session.steps[DOCUMENT].slots["page"].judged
    assert judged is not None
    assert judged.fields["number"].value == OTHER_USCC


def test_an_edit_that_differs_from_the_entry_is_a_mismatch() -> None:
    journey = a_journey().to_papers()
    journey.judged(DOCUMENT, "page", fields={**LICENCE, "number": FieldRead(None, None)})
    journey.on(FieldsEdited(journey.now, DOCUMENT, "page", {"number": OTHER_USCC}))
    assert journey.codes(DOCUMENT) == ["certificate_number_mismatch"]


def test_only_what_may_be_edited_is() -> None:
    journey = a_journey().to_papers()
    journey.licence()
    with pytest.raises(NotAllowed):
        journey.on(FieldsEdited(journey.now, DOCUMENT, "page", {"valid_until": "2099-01-01"}))


@pytest.mark.parametrize(
    ("start", "end", "code"),
    [
        ("2020-01-01", "2026-11-21", "document_expired"),
        ("2020-01-01", "2027-02-21", "document_expires_soon"),
        ("2026-11-23", "2040-01-01", "document_not_yet_valid"),
        ("2020-01-01", None, "document_unreadable"),
    ],
)
def test_a_card_is_valid_today_and_for_three_more_months(start: str, end: str | None, code: str) -> None:
    journey = a_journey().to_papers()
    journey.judged(
        CARD_STEP, "emblem", fields={"valid_from": FieldRead(start, 0.9), "valid_until": FieldRead(end, 0.9)}
    )
    assert journey.codes(CARD_STEP) == [code]


@pytest.mark.parametrize("end", ["2027-02-22", "long_term"])
def test_a_card_that_ends_in_three_months_or_never_is_valid(end: str) -> None:
    journey = a_journey().to_papers()
    journey.judged(CARD_STEP, "emblem", fields={**EMBLEM, "valid_until": FieldRead(end, 0.9)})
    assert journey.codes(CARD_STEP) == []


def test_the_day_is_shanghais() -> None:
    # 17:00 UTC is one o'clock of the next day there.
    journey = a_journey().to_papers().later(hours=13)
    journey.judged(CARD_STEP, "emblem", fields={**EMBLEM, "valid_until": FieldRead("2026-11-22", 0.9)})
    assert journey.codes(CARD_STEP) == ["document_expired"]


def test_faces_are_compared_when_the_second_arrives_and_again_when_either_is_redone() -> None:
    journey = a_journey().to_papers()
    clip = journey.clip()
    assert journey.session.steps[StepName.FACE].verdict.needs == "confirm_still"
    portrait = journey.portrait()
    assert comparison_wanted(journey.session) == (clip, portrait)
    assert journey.state(StepName.FACE) is StepState.PROCESSING
    journey.on(FacesCompared(journey.now, clip, portrait, (a_match("selfie_face_mismatch"),)))
    assert journey.codes(StepName.FACE) == ["selfie_face_mismatch"]
    assert journey.session.steps[StepName.FACE].attempts.failures == 1
    again = journey.portrait()
    assert comparison_wanted(journey.session) == (clip, again)
    journey.on(FacesCompared(journey.now, clip, again, (a_match(),)))
    assert journey.codes(StepName.FACE) == []


def test_a_comparison_that_nobody_waits_for_changes_nothing() -> None:
    journey = a_journey().to_papers()
    clip, portrait = journey.clip(), journey.portrait()
    journey.portrait()
    before = journey.session
    assert journey.on(FacesCompared(journey.now, clip, portrait, (a_match(),))) == before


def test_a_clip_of_the_phones_own_camera_is_always_reviewed() -> None:
    journey = a_journey().to_papers()
    journey.clip(capture="file")
    assert journey.state(StepName.FACE) is StepState.IN_REVIEW
    assert journey.codes(StepName.FACE) == ["capture_fallback_used"]


def test_five_failures_lock_the_step_and_three_more_send_it_to_an_operator() -> None:
    journey = a_journey().to_papers()
    for _ in range(5):
        journey.judged(DOCUMENT, "page", CUT_OFF, fields=LICENCE)
    with pytest.raises(NotAllowed) as refused:
        journey.submit(DOCUMENT, "page")
    assert refused.value.retry_at == journey.now + timedelta(minutes=30)
    journey.portrait()
    journey.later(minutes=30)
    for _ in range(3):
        journey.judged(DOCUMENT, "page", CUT_OFF, fields=LICENCE)
    assert journey.state(DOCUMENT) is StepState.IN_REVIEW
    assert journey.codes(DOCUMENT) == ["too_many_attempts", "document_cut_off"]
    with pytest.raises(NotAllowed, match="too_many_attempts"):
        journey.submit(DOCUMENT, "page")


def test_the_second_side_of_a_card_does_not_count_the_firsts_failure_again() -> None:
    journey = a_journey().to_papers()
    journey.judged(CARD_STEP, "portrait", CUT_OFF, fields=CARD)
    journey.emblem()
    assert journey.session.steps[CARD_STEP].attempts.failures == 1


def test_a_name_in_another_spelling_agrees() -> None:
    journey = a_journey(a_unit(a_person(name=f" {NAME} "))).to_papers()
    journey.judged(CARD_STEP, "portrait", fields={**CARD, "number": FieldRead(ID_NUMBER.lower(), 0.9)})
    assert journey.codes(CARD_STEP) == []


def test_a_spent_or_expired_challenge_is_refused() -> None:
    journey = a_journey().to_papers()
    journey.clip()
    with pytest.raises(NotAllowed, match="conflict"):
        journey.on(UploadSubmitted(journey.now, StepName.FACE, "clip", "up_9", "camera", "ch_1"))
