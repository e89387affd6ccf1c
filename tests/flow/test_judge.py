"""What follows from an analysis."""

from __future__ import annotations

import pytest

from tests.fakes.outside import NotedJobs
from tests.flow.applicant import CLIP, Applicant
from tests.session.journey import CARD, LICENCE, NAME, PASS, UNIT, USCC, a_match, a_person, a_unit, all_passed
from verify_svc.face.check import FaceWanted
from verify_svc.flow.analysis import Analysis, fields_of
from verify_svc.flow.case import case
from verify_svc.flow.document import edit_fields
from verify_svc.flow.face import confirm_still, portrait
from verify_svc.flow.handoff import redeem_link, waiting_link
from verify_svc.flow.judge import analyse, gave_up, record
from verify_svc.flow.open import open_session
from verify_svc.flow.record import transact
from verify_svc.flow.refusal import Refusal
from verify_svc.flow.services import Services
from verify_svc.flow.upload import show_upload
from verify_svc.inference.pool import ChildTimeout
from verify_svc.ports import ApiKeyRow, JobKind
from verify_svc.session.events import FacesCompared, FieldRead
from verify_svc.session.finding import Finding, Moment, Outcome
from verify_svc.session.report import judge_report, unreadable
from verify_svc.session.steps import StepName

CARD_STEP, FACE = StepName.PERSON_DOCUMENT, StepName.FACE


def test_a_picture_that_agrees_is_shown_with_its_fields(services: Services, applicant: Applicant) -> None:
    upload_id = applicant.to_papers().judged(StepName.SUBJECT_DOCUMENT, "page")
    result = show_upload(services, applicant.phone, upload_id).result
    assert result is not None
    assert (result.result, {field.name: field.agrees for field in result.fields}) == (
        "clear",
        {"number": True, "name": True},
    )
    assert "number_agrees" in result.went_right


def test_the_character_that_differs_is_pointed_at(services: Services, applicant: Applicant) -> None:
    read = {**LICENCE, "number": FieldRead("91110000600037842L", 0.9)}
    upload_id = applicant.to_papers().judged(StepName.SUBJECT_DOCUMENT, "page", fields=read)
    result = show_upload(services, applicant.phone, upload_id).result
    assert result is not None
    number = next(field for field in result.fields if field.name == "number")
    assert (number.agrees, number.doubtful) == (False, (14, 16))


def test_a_replayed_job_records_nothing_twice(services: Services, applicant: Applicant) -> None:
    cut_off = Finding("edges", Outcome.FAIL, ("document_cut_off",))
    upload_id = applicant.to_papers().judged(StepName.SUBJECT_DOCUMENT, "page", cut_off)
    before = applicant.state()
    analysis = Analysis(judge_report((PASS,)), LICENCE)
    transact(services, lambda tx: record(services, tx, upload_id, analysis))
    analyse(services, upload_id)
    assert applicant.state() == before
    assert applicant.step(StepName.SUBJECT_DOCUMENT).attempts.used == 1


def test_a_job_that_runs_twice_looks_at_the_same_frames(
    services: Services, applicant: Applicant, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[float, ...]] = []

    def too_late(_engines: object, _data: bytes, wanted: FaceWanted, _progress: object) -> None:
        asked.append(wanted.looks_later)
        raise ChildTimeout

    monkeypatch.setattr("verify_svc.flow.face.check_face", too_late)
    clip = applicant.to_papers().submits(FACE, "clip")
    for _ in range(2):
        with pytest.raises(ChildTimeout):
            analyse(services, clip)
    assert len(asked[0]) == 32
    assert len(set(asked)) == 1


def test_a_job_that_failed_for_good_costs_the_applicant_nothing(services: Services, applicant: Applicant) -> None:
    upload_id = applicant.to_papers().submits(StepName.SUBJECT_DOCUMENT, "page")
    for _ in range(2):
        gave_up(services, JobKind.ANALYSE, upload_id)
    step = applicant.step(StepName.SUBJECT_DOCUMENT)
    assert (step.state, [reason.code for reason in step.reasons], step.attempts.used) == (
        "failed",
        ["file_unreadable"],
        0,
    )


def test_an_unreadable_clip_is_told_as_such(services: Services, applicant: Applicant) -> None:
    upload_id = applicant.to_papers().submits(FACE, "clip")
    transact(services, lambda tx: record(services, tx, upload_id, Analysis(unreadable("video_unreadable"))))
    assert [reason.code for reason in applicant.step(FACE).reasons] == ["video_unreadable"]


def test_a_reason_that_teaches_an_attacker_is_shown_as_a_general_one(services: Services, applicant: Applicant) -> None:
    found = [one for one in all_passed(services.pack, FACE) if one.check != "attack"]
    attack = Finding("attack", Outcome.FAIL, ("presentation_attack_suspected",), moments=(Moment(1.0, 2.0),))
    applicant.to_papers().judged(FACE, "clip", *found, attack)
    reason = applicant.step(FACE).reasons[0]
    assert (reason.code, reason.moment_s, reason.frame) == ("review_required", None, False)


def test_beside_a_fault_to_mend_a_suspicion_is_not_told_at_all(services: Services, applicant: Applicant) -> None:
    attack = Finding("attack", Outcome.FAIL, ("presentation_attack_suspected",))
    digits = Finding("digits", Outcome.FAIL, ("digits_mismatch",))
    applicant.to_papers().judged(FACE, "clip", digits, attack)
    assert [reason.code for reason in applicant.step(FACE).reasons] == ["digits_mismatch"]


def test_who_was_not_heard_is_told_of_no_wrong_digit_but_the_operator_is(
    services: Services, applicant: Applicant
) -> None:
    sound = Finding("sound", Outcome.FAIL, ("speech_not_found",))
    digits = Finding("digits", Outcome.FAIL, ("digits_incomplete", "digits_mismatch"))
    applicant.to_papers().judged(FACE, "clip", sound, digits)
    assert [reason.code for reason in applicant.step(FACE).reasons] == ["speech_not_found"]
    shown = case(services, applicant.session_id).handoff.steps
    told = next(step for step in shown if step.name == FACE).reasons
    assert {reason.code for reason in told} == {"speech_not_found", "digits_incomplete", "digits_mismatch"}


def test_beside_an_evident_attack_nothing_else_is_told(services: Services, applicant: Applicant) -> None:
    attack = Finding("signs", Outcome.FAIL, ("presentation_attack_evident",))
    digits = Finding("digits", Outcome.FAIL, ("digits_mismatch",))
    clip = applicant.to_papers().judged(FACE, "clip", digits, attack)
    step = applicant.step(FACE)
    assert ([reason.code for reason in step.reasons], step.state) == (["review_required"], "in_review")
    result = show_upload(services, applicant.phone, clip).result
    assert result is not None
    assert ([reason.code for reason in result.reasons], result.result) == (["review_required"], "consider")


def test_a_card_that_comes_after_the_clip_asks_for_the_comparison(
    services: Services, applicant: Applicant, jobs: NotedJobs
) -> None:
    clip = applicant.to_papers().judged(FACE, "clip")
    card = applicant.judged(CARD_STEP, "portrait")
    assert jobs.of(JobKind.COMPARE) == [f"{clip}.{card}"]
    assert applicant.step(FACE).state == "processing"
    gave_up(services, JobKind.COMPARE, f"{clip}.{card}")
    assert applicant.step(FACE).state == "in_review"


def test_a_clip_compared_at_once_asks_for_nothing_more(
    services: Services, applicant: Applicant, jobs: NotedJobs
) -> None:
    card = applicant.to_papers().judged(CARD_STEP, "portrait")
    clip = applicant.submits(FACE, "clip")
    compared = FacesCompared(services.clock.now(), clip, card, (a_match("selfie_face_mismatch"),))
    analysis = Analysis(judge_report(all_passed(services.pack, FACE)), stills=3, compared=compared)
    transact(services, lambda tx: record(services, tx, clip, analysis))
    assert jobs.of(JobKind.COMPARE) == []
    assert [reason.code for reason in applicant.step(FACE).reasons] == ["selfie_face_mismatch"]


def test_the_still_is_confirmed_after_the_analysis_and_shown_on_the_pc(
    services: Services, applicant: Applicant
) -> None:
    clip = applicant.to_papers().judged(FACE, "clip")
    services.blobs.put(f"sessions/{applicant.session_id}/{clip}/still-1", b"jpeg")
    with pytest.raises(Refusal, match="not_found"):
        portrait(services, applicant.session_id)
    with pytest.raises(Refusal, match="conflict"):
        confirm_still(services, applicant.phone, 3)
    confirm_still(services, applicant.phone, 1)
    assert portrait(services, applicant.session_id) == b"jpeg"


def test_an_edit_is_recorded_beside_the_reading(services: Services, applicant: Applicant) -> None:
    applicant.to_papers().judged(CARD_STEP, "portrait", fields={**CARD, "number": FieldRead("11010119900307002X", 0.9)})
    number = CARD["number"].value or ""
    edit_fields(services, applicant.phone, step="person_document", slot="portrait", fields={"number": number})
    step = applicant.step(CARD_STEP)
    upload = step.slots[0].upload
    assert upload is not None
    assert upload.result is not None
    field = next(field for field in upload.result.fields if field.name == "number")
    assert (field.value, field.edited) == ("11010119900307002X", number)
    assert [reason.code for reason in step.reasons] == ["number_edited"]


def test_a_name_that_passes_is_shown_as_agreeing_however_it_is_written(
    services: Services, portal: ApiKeyRow, applicant: Applicant
) -> None:
    person = a_person(name="Anna Maria Eriksson")
    other = open_session(services, portal, a_unit(person=person)).id
    let_in = redeem_link(services, waiting_link(services, other).token, device_kind="?", browser="?", cookie=None)
    holder = Applicant(services, let_in.phone, let_in.cookie, applicant.sms).to_papers()
    holder.judged(CARD_STEP, "portrait", fields={**CARD, "name": FieldRead("ERIKSSON ANNA MARIA", 0.99)})
    step = holder.step(CARD_STEP)
    upload = step.slots[0].upload
    assert upload is not None
    assert upload.result is not None
    assert next(field.agrees for field in upload.result.fields if field.name == "name") is True
    assert not [reason.code for reason in step.reasons if reason.field == "name"]


def test_a_form_is_shown_beside_the_entry_and_with_what_is_there(services: Services, applicant: Applicant) -> None:
    signed = Finding("signature", Outcome.FAIL, ("form_signature_missing",))
    sealed = Finding("seal", Outcome.PASS)
    read = {
        "date": FieldRead("2026-11-22", 0.9),
        "name": FieldRead(UNIT, 0.99),
        "person": FieldRead("金丝", 0.5),
        "numbers": FieldRead(f"{USCC} 91310000600037341K", 0.99),
        "domains": FieldRead("example.com", 0.99),
        "signature": FieldRead(None, None),
        "seal": FieldRead(None, 0.0),
    }
    applicant.to_papers().judged(StepName.FORMS, "verification_form", signed, sealed, fields=read)
    upload = applicant.step(StepName.FORMS).slots[0].upload
    assert upload is not None
    assert upload.result is not None
    shown = {field.name: (field.entered, field.agrees) for field in upload.result.fields}
    assert shown == {
        "name": (UNIT, True),
        "numbers": (USCC, True),
        "person": (NAME, None),  # read unsurely
        "domains": (None, None),  # the session was opened without
        "signature": (None, False),
        "seal": (UNIT, None),  # there, its name unread
        "date": (None, None),
    }
    assert not any(field.editable for field in upload.result.fields)
    with pytest.raises(Refusal, match="validation_failed"):
        edit_fields(services, applicant.phone, step="forms", slot="verification_form", fields={"name": UNIT})


def test_a_page_that_is_missing_is_told(services: Services, applicant: Applicant) -> None:
    lacking = Finding("complete", Outcome.FAIL, ("form_incomplete",), pages=(2,))
    applicant.to_papers().judged(StepName.FORMS, "verification_form", lacking)
    (reason,) = applicant.step(StepName.FORMS).reasons
    assert (reason.code, reason.pages) == ("form_incomplete", (2,))


@pytest.mark.parametrize("fields", [{"valid_until": "2099-01-01"}, {"number": " "}, {}])
def test_other_edits_are_refused(services: Services, applicant: Applicant, fields: dict[str, str]) -> None:
    applicant.to_papers().judged(CARD_STEP, "portrait")
    with pytest.raises(Refusal, match="validation_failed"):
        edit_fields(services, applicant.phone, step="person_document", slot="portrait", fields=fields)


def test_the_same_clip_in_two_sessions_is_noticed(services: Services, portal: ApiKeyRow, applicant: Applicant) -> None:
    applicant.to_papers().puts(FACE, "clip", CLIP, "camera")
    other = open_session(services, portal, a_unit()).id
    let_in = redeem_link(services, waiting_link(services, other).token, device_kind="?", browser="?", cookie=None)
    second = Applicant(services, let_in.phone, let_in.cookie, applicant.sms).to_papers()
    upload_id = second.puts(FACE, "clip", CLIP, "camera")
    with services.store.read() as tx:
        row = tx.uploads.get(upload_id)
        assert row is not None
        assert tx.uploads.seen_elsewhere(other, row.sha256)


def test_fields_are_taken_from_the_report() -> None:
    report = judge_report((PASS,), {"fields": {"number": {"value": "1", "score": 0.9, "box": None}, "name": None}})
    assert fields_of(report) == {"number": FieldRead("1", 0.9)}


def test_what_went_right_never_tells_of_checks_that_fail_in_secret(applicant: Applicant) -> None:
    applicant.to_papers().judged(StepName.FACE, "clip")
    right = applicant.step(StepName.FACE).went_right
    assert "digits" in right
    assert not {"attack", "reuse"} & set(right)
