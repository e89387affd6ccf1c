"""Operators: the queue, the claim, the decision."""

from __future__ import annotations

import pytest

from tests.fakes.outside import KeptSms, SetClock
from tests.flow.applicant import Applicant
from tests.session.journey import PASS, a_match
from verify_svc.flow.case import case
from verify_svc.flow.consent import decline_consent
from verify_svc.flow.face import confirm_still
from verify_svc.flow.login import Source, log_in, log_out, login_of_cookie, make_operator
from verify_svc.flow.open import read_session
from verify_svc.flow.refusal import Kind, Refusal
from verify_svc.flow.review import claim, decide, find_sessions, queue, release
from verify_svc.flow.services import Services
from verify_svc.ports import ApiKeyRow
from verify_svc.session.finding import Finding, Outcome, not_applying
from verify_svc.session.steps import StepName

HERE = Source("192.0.2.1")


def waits(applicant: Applicant) -> str:
    """Everything done; the forms wait for an operator."""
    applicant.to_papers().judged(StepName.SUBJECT_DOCUMENT, "page")
    card = applicant.judged(StepName.PERSON_DOCUMENT, "portrait")
    applicant.judged(StepName.PERSON_DOCUMENT, "emblem")
    clip = applicant.judged(StepName.FACE, "clip")
    applicant.is_compared(clip, card)
    confirm_still(applicant.services, applicant.phone, 0)
    for slot in ("verification_form", "commitment_letter"):
        unchecked = Finding("seal", Outcome.NOT_CHECKED)
        applicant.judged(StepName.FORMS, slot, Finding("template", Outcome.PASS), unchecked)
    return applicant.session_id


def decided(services: Services, session_id: str, decision: str, steps: tuple[str, ...] = ()) -> None:
    """An operator claims the case and decides it."""
    claim(services, "li", session_id)
    decide(
        services,
        "li",
        session_id,
        decision=decision,
        steps=steps,
        reason="form_seal_missing" if decision != "approve" else "approved",
        comment="内部",
        message="请盖章",
    )


def test_a_session_that_the_rules_cannot_decide_comes_to_the_queue(services: Services, applicant: Applicant) -> None:
    assert queue(services) == []
    session_id = waits(applicant)
    (line,) = queue(services)
    assert (line.id, line.steps_in_review, line.reasons) == (session_id, ("forms",), ("check_inconclusive",))
    assert "金丝雀" not in line.person


def test_an_approval_verifies_and_is_told(
    services: Services, portal: ApiKeyRow, applicant: Applicant, sms: KeptSms
) -> None:
    decided(services, waits(applicant), "approve")
    session = read_session(services, portal, applicant.session_id)
    assert session.status == "verified"
    assert {step.state for step in session.steps} == {"passed"}
    assert applicant.step(StepName.FORMS).state == "passed"
    assert "已通过" in sms.sent[0].text
    assert queue(services) == []


def test_a_declined_applicant_reads_the_operators_sentence_alone(
    services: Services, applicant: Applicant, sms: KeptSms
) -> None:
    decided(services, waits(applicant), "decline")
    state = applicant.state()
    assert state.decision is not None
    assert (state.session.status, state.decision.message) == ("declined", "请盖章")
    assert "内部" not in sms.sent[0].text


def test_a_redo_opens_the_named_step_and_the_rest_stays(services: Services, applicant: Applicant) -> None:
    decided(services, waits(applicant), "redo", ("forms",))
    assert applicant.step(StepName.FORMS).state == "failed"
    assert applicant.step(StepName.FACE).state == "passed"
    assert queue(services) == []


def test_one_operator_holds_a_case_until_the_claim_ends(
    services: Services, applicant: Applicant, clock: SetClock
) -> None:
    session_id = waits(applicant)
    assert claim(services, "li", session_id).line.claimed_by == "li"
    with pytest.raises(Refusal) as refused:
        claim(services, "wang", session_id)
    assert refused.value.kind is Kind.CONFLICT
    clock.advance(minutes=30)
    assert claim(services, "wang", session_id).line.claimed_by == "wang"
    with pytest.raises(Refusal, match="conflict"):
        release(services, "li", session_id)
    assert release(services, "wang", session_id).line.claimed_by is None


def test_nobody_decides_what_he_does_not_hold(services: Services, applicant: Applicant) -> None:
    session_id = waits(applicant)
    with pytest.raises(Refusal, match="conflict"):
        decide(services, "li", session_id, decision="approve", steps=(), reason="approved", comment="", message="")


@pytest.mark.parametrize(
    ("decision", "steps", "reason", "message", "field"),
    [
        ("verify", (), "approved", "", "decision"),
        ("redo", (), "form_seal_missing", "请盖章", "steps"),
        ("redo", ("no_step",), "form_seal_missing", "请盖章", "steps"),
        ("decline", (), "form_seal_missing", " ", "message"),
        ("decline", (), "no_such_reason", "不行", "reason"),
        ("redo", ("forms",), "check_inconclusive", "请盖章", "reason"),
    ],
)
def test_a_decision_says_what_and_why(
    services: Services,
    applicant: Applicant,
    decision: str,
    steps: tuple[str, ...],
    reason: str,
    message: str,
    field: str,
) -> None:
    session_id = waits(applicant)
    claim(services, "li", session_id)
    with pytest.raises(Refusal) as refused:
        decide(services, "li", session_id, decision=decision, steps=steps, reason=reason, comment="", message=message)
    assert field in {fault.field for fault in refused.value.faults}


def test_refused_consent_is_in_the_queue_with_its_reason(services: Services, applicant: Applicant) -> None:
    decline_consent(services, applicant.phone)
    assert queue(services)[0].reasons == ("consent_declined",)


def test_a_suspected_attack_comes_first(services: Services, applicant: Applicant) -> None:
    waits(applicant)
    again = Finding("attack", Outcome.FAIL, ("presentation_attack_suspected",))
    assert queue(services)[0].priority == 0
    decided(services, applicant.session_id, "redo", ("face",))
    found = [one for one in _passed(services) if one.check != "attack"]
    clip = applicant.judged(StepName.FACE, "clip", *found, again)
    card = applicant.step(StepName.PERSON_DOCUMENT).slots[0].upload
    assert card is not None
    applicant.is_compared(clip, card.id)
    assert queue(services)[0].priority == 1


def test_an_evident_attack_comes_before_a_suspected_one(services: Services, applicant: Applicant) -> None:
    waits(applicant)
    decided(services, applicant.session_id, "redo", ("face",))
    evident = Finding("signs", Outcome.FAIL, ("presentation_attack_evident",))
    clip = applicant.judged(StepName.FACE, "clip", *_passed(services), evident)
    card = applicant.step(StepName.PERSON_DOCUMENT).slots[0].upload
    assert card is not None
    applicant.is_compared(clip, card.id)
    assert queue(services)[0].priority == 2


def test_late_cases_are_told(services: Services, applicant: Applicant, clock: SetClock) -> None:
    waits(applicant)
    assert not queue(services)[0].late
    clock.advance(hours=25)
    assert queue(services)[0].late


def test_a_case_shows_every_reason_as_it_is_and_all_that_was_done(services: Services, applicant: Applicant) -> None:
    shown = case(services, waits(applicant))
    assert shown.expected["responsible_person"]["name"] == "金丝雀"
    assert "seal" in {finding.check for finding in shown.findings.not_checked}
    assert shown.clips[0].match is not None
    assert shown.clips[0].match.score == a_match().score
    assert [row.what for row in shown.audit][:3] == ["opened", "link_opened", "consent_given"]


def test_a_sign_of_an_attack_is_shown_with_its_further_figures(services: Services, applicant: Applicant) -> None:
    applicant.to_papers()
    source = Finding("source", Outcome.PASS, measured={"frame_spread_ms": 4.5, "size_agrees": True})
    applicant.judged(StepName.FACE, "clip", *_passed(services), source)
    shown = {finding.check: finding for finding in case(services, applicant.session_id).findings.passed}
    assert shown["source"].measured == {"frame_spread_ms": 4.5, "size_agrees": True}


def test_a_check_that_does_not_apply_is_not_listed_as_left_out(services: Services, applicant: Applicant) -> None:
    applicant.to_papers()
    applicant.judged(StepName.FACE, "clip", *_passed(services), not_applying("head_turn"))
    assert "head_turn" not in {finding.check for finding in case(services, applicant.session_id).findings.not_checked}


def test_a_check_that_the_session_made_is_not_listed_as_left_out(services: Services, applicant: Applicant) -> None:
    """The uploads' reports tell that nothing was compared yet; an emblem side has nothing to compare at all."""
    uncompared = [Finding(check, Outcome.NOT_CHECKED) for check in ("number_agrees", "name_agrees")]
    applicant.to_papers()
    for slot in ("portrait", "emblem"):
        applicant.judged(StepName.PERSON_DOCUMENT, slot, PASS, *uncompared)
    shown = case(services, applicant.session_id).findings
    assert [(finding.slot, finding.check) for finding in shown.not_checked] == []
    compared = {(finding.slot, finding.check) for finding in shown.passed} & {
        (slot, check) for slot in ("portrait", "emblem") for check in ("number_agrees", "name_agrees")
    }
    assert compared == {("portrait", "number_agrees"), ("portrait", "name_agrees")}


def test_every_session_can_be_found(services: Services, applicant: Applicant) -> None:
    lines, cursor = find_sessions(services, query=None, status=None, cursor=None)
    assert ([line.id for line in lines], cursor) == ([applicant.session_id], None)
    assert find_sessions(services, query="NONE", status=None, cursor=None) == ([], None)
    found, _ = find_sessions(services, query=lines[0].reference, status="requires_input", cursor=None)
    assert [line.id for line in found] == [applicant.session_id]


def test_an_operator_logs_in_and_out(services: Services, clock: SetClock) -> None:
    make_operator(services, "li", "correct horse")
    entered = log_in(services, "li", "correct horse", HERE)
    assert login_of_cookie(services, entered.cookie).operator == "li"
    log_out(services, entered.cookie)
    with pytest.raises(Refusal, match="unauthorized"):
        login_of_cookie(services, entered.cookie)
    again = log_in(services, "li", "correct horse", HERE)
    clock.advance(hours=12)
    with pytest.raises(Refusal, match="unauthorized"):
        login_of_cookie(services, again.cookie)


@pytest.mark.parametrize("name", ["li", "nobody"])
def test_five_wrong_passwords_close_the_door_for_a_while(services: Services, clock: SetClock, name: str) -> None:
    make_operator(services, "li", "correct horse")
    for _ in range(5):
        with pytest.raises(Refusal, match="unauthorized"):
            log_in(services, name, "wrong", HERE)
    with pytest.raises(Refusal) as refused:
        log_in(services, name, "correct horse", HERE)
    assert refused.value.kind is Kind.LIMITED
    clock.advance(minutes=16)
    if name == "li":
        log_in(services, name, "correct horse", HERE)


def _passed(services: Services) -> tuple[Finding, ...]:
    checks = set(services.pack.required[StepName.FACE]) - {"match"}
    return tuple(Finding(check, Outcome.PASS) for check in sorted(checks))
