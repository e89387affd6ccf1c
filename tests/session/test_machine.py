"""Whatever happens in whatever order, the rules that settle hold."""

from __future__ import annotations

import contextlib
from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from tests.session.journey import CARD, EMBLEM, LICENCE, PASS, Journey, a_journey, a_match, a_person, a_unit, all_passed
from verify_svc.session.events import (
    AnalysisBroke,
    Approved,
    CodeMissed,
    CodeProved,
    CodeSent,
    ConsentDeclined,
    ConsentGiven,
    DataCorrected,
    FacesCompared,
    FieldRead,
    FieldsEdited,
    LetterJudged,
    NumberMissed,
    OtherWayAsked,
    PhoneTookOver,
    RedoAsked,
    SessionEvent,
    StillConfirmed,
    UploadJudged,
)
from verify_svc.session.finding import Finding, Outcome
from verify_svc.session.judging import comparison_wanted
from verify_svc.session.reasons import Effect
from verify_svc.session.refused import NotAllowed
from verify_svc.session.state import Session, Status
from verify_svc.session.steps import StepName, StepState, slots_of

PLACES = [
    (step, slot) for step in StepName for slot in slots_of(step, a_unit()) if step is not StepName.LEGAL_PERSON_DOCUMENT
]
FIELDS = {"page": LICENCE, "portrait": CARD, "emblem": EMBLEM}
WRONG = {"number": FieldRead("91440300708461136T", 0.9), "name": FieldRead("王五", 0.9)}
FAULTS = [
    (),
    (Finding("sharpness", Outcome.FAIL, ("document_blurry",)),),
    (Finding("edges", Outcome.FAIL, ("document_cut_off",)),),
    (Finding("tampering", Outcome.FAIL, ("document_tampering_suspected",)),),
]
PAPERS = [step for step in StepName if slots_of(step, a_unit()) and step is not StepName.LEGAL_PERSON_DOCUMENT]


class SessionMachine(RuleBasedStateMachine):
    """Every event at any time; those that the session does not allow leave it as it was."""

    def __init__(self) -> None:
        super().__init__()
        self.journey: Journey = a_journey()
        self.waiting: list[tuple[str, StepName, str]] = []
        self.approved = False

    def on(self, event: SessionEvent) -> bool:
        before = self.journey.session
        try:
            self.journey.on(event)
        except NotAllowed:
            assert self.journey.session == before
            return False
        return True

    @property
    def session(self) -> Session:
        return self.journey.session

    @rule(minutes=st.sampled_from([0, 1, 20, 40]))
    def time_passes(self, minutes: int) -> None:
        self.journey.later(minutes=minutes)

    @rule()
    def consents(self) -> None:
        self.on(ConsentGiven(self.journey.now, "1"))

    @rule()
    def declines(self) -> None:
        self.on(ConsentDeclined(self.journey.now))

    @rule(right=st.booleans())
    def proves_the_number(self, right: bool) -> None:
        if self.on(CodeSent(self.journey.now, "hash")):
            self.on(CodeProved(self.journey.now, "ph_1") if right else CodeMissed(self.journey.now))

    @rule()
    def misses_the_number(self) -> None:
        self.on(NumberMissed(self.journey.now))

    @rule(known=st.booleans())
    def another_phone(self, known: bool) -> None:
        self.on(PhoneTookOver(self.journey.now, "ph_1", "ph_1" if known else None))

    @rule(place=st.sampled_from(PLACES), capture=st.sampled_from(["camera", "album", "file"]))
    def submits(self, place: tuple[StepName, str], capture: str) -> None:
        step, slot = place
        with contextlib.suppress(NotAllowed):
            self.waiting.append((self.journey.submit(step, slot, capture), step, slot))

    @precondition(lambda self: self.waiting)
    @rule(data=st.data(), fault=st.sampled_from(FAULTS), wrong=st.booleans())
    def is_judged(self, data: st.DataObject, fault: tuple[Finding, ...], wrong: bool) -> None:
        upload_id, step, slot = data.draw(st.sampled_from(self.waiting))
        findings = all_passed(self.journey.pack, step) if step is StepName.FACE else (PASS,)
        fields = {**FIELDS.get(slot, {}), **(WRONG if wrong else {})}
        stills = 3 if step is StepName.FACE else 0
        self.on(UploadJudged(self.journey.now, upload_id, "clear", (*findings, *fault), fields, stills=stills))

    @precondition(lambda self: self.waiting)
    @rule(data=st.data())
    def breaks(self, data: st.DataObject) -> None:
        self.on(AnalysisBroke(self.journey.now, data.draw(st.sampled_from(self.waiting))[0]))

    @rule(same=st.booleans())
    def faces_are_compared(self, same: bool) -> None:
        pair = comparison_wanted(self.session)
        if pair is not None:
            match = a_match() if same else a_match("selfie_face_mismatch")
            self.on(FacesCompared(self.journey.now, *pair, (match,)))

    @rule(result=st.sampled_from(["clear", "rejected", "unreadable"]))
    def a_letter_is_judged(self, result: str) -> None:
        findings = () if result == "unreadable" else (PASS,)
        self.on(LetterJudged(self.journey.now, "pp_1", result, findings))

    @rule()
    def confirms(self) -> None:
        self.on(StillConfirmed(self.journey.now, 0))

    @rule(step=st.sampled_from(PAPERS))
    def asks_another_way(self, step: StepName) -> None:
        self.on(OtherWayAsked(self.journey.now, step, "other"))

    @rule(number=st.sampled_from([LICENCE["number"].value, "91440300708461136T"]))
    def edits(self, number: str) -> None:
        self.on(FieldsEdited(self.journey.now, StepName.SUBJECT_DOCUMENT, "page", {"number": number}))

    @rule(mobile=st.sampled_from(["13800005678", "13900001234"]))
    def corrects(self, mobile: str) -> None:
        self.on(DataCorrected(self.journey.now, a_unit(a_person(mobile=mobile))))

    @rule(step=st.sampled_from(list(StepName)))
    def is_to_redo(self, step: StepName) -> None:
        if self.on(RedoAsked(self.journey.now, "operator:li", (step,), "redo_requested", "", "")):
            assert self.session.status is not Status.VERIFIED

    @rule()
    def is_approved(self) -> None:
        before = self.session.status
        if self.on(Approved(self.journey.now, "operator:li", "ok", "", "")):
            assert before is Status.NEEDS_REVIEW
            self.approved = True

    @invariant()
    def verified_means_all_passed_or_approved(self) -> None:
        if self.session.status is Status.VERIFIED and not self.approved:
            assert all(step.verdict.state is StepState.PASSED for step in self.session.steps.values())

    @invariant()
    def a_passed_step_has_advice_alone(self) -> None:
        for step in self.session.steps.values():
            if step.verdict.state is StepState.PASSED:
                assert {reason.effect for reason in step.verdict.reasons} <= {Effect.ADVISE.value}

    @invariant()
    def review_is_for_sessions_that_await_nothing_else(self) -> None:
        states = {step.verdict.state for step in self.session.steps.values()}
        if self.session.status is Status.NEEDS_REVIEW and self.session.consent.declined_at is None:
            assert StepState.IN_REVIEW in states
            assert not states & {StepState.OPEN, StepState.FAILED, StepState.PROCESSING}

    @invariant()
    def nothing_is_collected_without_consent_and_phone(self) -> None:
        if self.session.consent.given_at is None and self.session.consent.declined_at is None:
            # Consent asked for anew by an operator leaves what was collected; else there is nothing.
            fresh = self.session.decision is None
            assert not fresh or not any(step.slots for step in self.session.steps.values())

    @invariant()
    def no_step_bears_more_failures_than_it_may(self) -> None:
        limits = self.journey.pack.attempts
        most = limits.failures_until_lock + limits.failures_after_lock
        assert all(step.attempts.failures <= most for step in self.session.steps.values())

    @invariant()
    def nothing_is_declined_by_machine(self) -> None:
        assert self.session.status is not Status.DECLINED


SessionMachine.TestCase.settings = settings(
    max_examples=60, stateful_step_count=40, deadline=timedelta(seconds=5), derandomize=True
)
TestSessionMachine = SessionMachine.TestCase
