"""The one function that moves a session: `after(session, event, pack)`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from verify_svc.session import papers
from verify_svc.session.events import (
    AnalysisBroke,
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
    LetterJudged,
    LocaleChosen,
    NumberMissed,
    PhoneTookOver,
    RedoAsked,
    SessionEvent,
    UploadJudged,
)
from verify_svc.session.filing import Expected
from verify_svc.session.judging import judge_step
from verify_svc.session.reasons import SUSPICIONS
from verify_svc.session.refused import NotAllowed
from verify_svc.session.rulepack import PhoneLimits, RulePack
from verify_svc.session.state import CLOSED, Consent, Decision, PhoneProof, Session, Status, Step
from verify_svc.session.steps import StepName, StepState, pages_of, steps_asked

TIME_AFTER_REDO = timedelta(days=3)
"""Who is asked to redo a step has at least so long."""

OPERATOR = "operator:"
"""How `by` begins where an operator did it; else the portal did."""

# What may still arrive when a session is closed: work that was under way. It changes nothing.
_LATE = (UploadJudged, AnalysisBroke, FacesCompared, LetterJudged)


def opened(
    session_id: str,
    expected: Expected,
    wanted: tuple[StepName, ...],
    pack: RulePack,
    *,
    created_at: datetime,
    expires_at: datetime,
    client_reference_id: str | None = None,
    metadata: Mapping[str, str] | None = None,
    return_url: str | None = None,
    locale: str | None = None,
) -> Session:
    """A new session with its steps open."""
    return Session(
        id=session_id,
        pack_id=pack.id,
        pack_version=pack.version,
        wanted=wanted,
        expected=expected,
        created_at=created_at,
        expires_at=expires_at,
        client_reference_id=client_reference_id,
        metadata=dict(metadata or {}),
        return_url=return_url,
        locale=locale,
        steps={name: Step() for name in steps_asked(wanted, expected)},
    )


def after(session: Session, event: SessionEvent, pack: RulePack) -> Session:
    """The session after that event. Raises `NotAllowed` when it can't happen now."""
    if session.closed:
        if isinstance(event, LetterJudged) and session.status is Status.VERIFIED:
            return _told_of_letter(papers.moved(session, event, pack), pack)
        if isinstance(event, _LATE):
            return session
        raise NotAllowed("session_closed")
    return _settled(_moved(session, event, pack), event.at, pack)


def _moved(session: Session, event: SessionEvent, pack: RulePack) -> Session:
    match event:
        case ConsentGiven(at=at, version=version):
            return replace(session, consent=Consent(given_at=at, version=version))
        case ConsentDeclined(at=at):
            if session.consent.given_at is not None:
                raise NotAllowed("conflict")
            return replace(session, consent=Consent(declined_at=at))
        case LocaleChosen(locale=locale):
            return replace(session, locale=locale)
        case PhoneTookOver() | NumberMissed() | CodeSent() | CodeMissed() | CodeProved():
            return replace(session, phone=_phone_after(session, event, pack.phone))
        case DataCorrected(expected=expected):
            return _corrected(session, expected, pack)
        case RedoAsked():
            return _asked_again(session, event, pack)
        case Approved() | Declined():
            return _decided(session, event)
        case Canceled(at=at):
            return replace(session, status=Status.CANCELED, closed_at=at)
        case Expired(at=at):
            return replace(session, status=Status.EXPIRED, closed_at=at)
        case _:
            return papers.moved(session, event, pack)


def _phone_after(
    session: Session,
    event: PhoneTookOver | NumberMissed | CodeSent | CodeMissed | CodeProved,
    limits: PhoneLimits,
) -> PhoneProof:
    phone, at = session.phone, event.at
    if isinstance(event, PhoneTookOver):
        if phone.proved_by is not None and phone.proved_by == event.earlier_id:
            return replace(phone, proved_by=event.phone_id)
        return replace(phone, proved_at=None, proved_by=None, code_hash=None)
    _check_phone(session, at)
    match event:
        case NumberMissed():
            misses = phone.number_misses + 1
            if misses < limits.number_tries:
                return replace(phone, number_misses=misses)
            return replace(phone, number_misses=0, locked_until=at + limits.number_lock)
        case CodeSent(code_hash=code_hash):
            check_code_may_be_sent(phone, at, limits)
            recent = tuple(sent for sent in phone.sent_at if sent > at - timedelta(hours=1))
            return replace(phone, code_hash=code_hash, code_sent_at=at, code_misses=0, sent_at=(*recent, at))
        case CodeMissed():
            misses = phone.code_misses + 1
            # A code that was guessed at too often is void.
            return replace(phone, code_misses=misses, code_hash=phone.code_hash if misses < limits.code_tries else None)
        case CodeProved(phone_id=phone_id):
            return replace(phone, proved_at=at, proved_by=phone_id, code_hash=None, number_misses=0, locked_until=None)


def check_code_may_be_sent(phone: PhoneProof, at: datetime, limits: PhoneLimits) -> None:
    """Raises `NotAllowed` with `retry_at` when a code was sent a moment ago, or too many within the hour."""
    recent = tuple(sent for sent in phone.sent_at if sent > at - timedelta(hours=1))
    if len(recent) >= limits.codes_an_hour:
        raise NotAllowed("phone_code_too_many", recent[0] + timedelta(hours=1))
    if recent and at < recent[-1] + limits.resend_after:
        raise NotAllowed("phone_code_too_many", recent[-1] + limits.resend_after)


def _check_phone(session: Session, at: datetime) -> None:
    if session.consent.given_at is None or session.phone.proved_at is not None:
        raise NotAllowed("conflict")
    if session.phone.locked_until is not None and at < session.phone.locked_until:
        raise NotAllowed("phone_code_too_many", session.phone.locked_until)


def _corrected(session: Session, expected: Expected, pack: RulePack) -> Session:
    if session.status is not Status.REQUIRES_INPUT:
        raise NotAllowed("conflict")
    wanted = session.wanted
    if wanted == pack.steps.get(session.expected.subject.kind):
        # Nobody chose the steps: a unit that was entered as an individual is asked for its licence all the same.
        wanted = pack.steps.get(expected.subject.kind, wanted)
    same_mobile = expected.responsible_person.mobile == session.expected.responsible_person.mobile
    names = steps_asked(wanted, expected)
    known = {**session.set_aside, **session.steps}
    return replace(
        session,
        wanted=wanted,
        expected=expected,
        expected_version=session.expected_version + 1,
        phone=session.phone if same_mobile else replace(PhoneProof(), sent_at=session.phone.sent_at),
        steps={name: _still_asked(name, known.get(name, Step()), session.expected, expected) for name in names},
        set_aside={name: _remembered(step) for name, step in known.items() if name not in names},
    )


def _still_asked(name: StepName, step: Step, before: Expected, after_it: Expected) -> Step:
    """The step with its files, unless another certificate is asked for now."""
    return step if pages_of(name, before) == pages_of(name, after_it) else _remembered(step)


def _remembered(step: Step) -> Step:
    """What stays of a step whose files don't count any more."""
    return Step(attempts=step.attempts, suspicions=step.suspicions)


def _asked_again(session: Session, event: RedoAsked, pack: RulePack) -> Session:
    if not event.steps or any(name not in session.steps for name in event.steps):
        raise NotAllowed("conflict")
    by_operator = event.by.startswith(OPERATOR)
    if not by_operator and any(_is_operators(session, name, pack) for name in event.steps):
        raise NotAllowed("conflict")
    if not by_operator and any(_is_untouched(session.steps[name]) for name in event.steps):
        raise NotAllowed("conflict")
    fresh = {
        # Only who has looked at the case gives the attempts back and settles a suspicion.
        name: replace(Step() if by_operator else _remembered(session.steps[name]), asked_again=event.reason)
        for name in event.steps
    }
    return replace(
        session,
        steps={**session.steps, **fresh},
        consent=Consent() if StepName.CONSENT in event.steps else session.consent,
        phone=PhoneProof() if StepName.PHONE in event.steps else session.phone,
        challenge=None if StepName.FACE in event.steps else session.challenge,
        decision=Decision("redo", event.by, event.reason, event.comment, event.message, event.at, event.steps),
        expires_at=max(session.expires_at, event.at + TIME_AFTER_REDO),
    )


def _is_untouched(step: Step) -> bool:
    """Whether nobody has begun the step: there is nothing to do again."""
    return step.verdict.state is StepState.OPEN and not step.slots and step.asked_again is None


def _is_operators(session: Session, name: StepName, pack: RulePack) -> bool:
    """Whether what is known of the step is for an operator to settle, and not the portal's to be done anew."""
    return papers.doubted(session, name) or session.steps[name].attempts.exhausted(pack.attempts)


def _decided(session: Session, event: Approved | Declined) -> Session:
    if session.status is not Status.NEEDS_REVIEW:
        raise NotAllowed("conflict")
    approved = isinstance(event, Approved)
    return replace(
        session,
        status=Status.VERIFIED if approved else Status.DECLINED,
        closed_at=event.at,
        decision=Decision(
            "approved" if approved else "declined", event.by, event.reason, event.comment, event.message, event.at
        ),
    )


def _told_of_letter(session: Session, pack: RulePack) -> Session:
    """A verified session whose portal sent a letter: the card's step tells what is still needed. What was decided
    stays, and is judged as of then.
    """
    name = StepName.PERSON_DOCUMENT
    step = session.steps.get(name)
    if step is None or session.closed_at is None:
        return session
    verdict = replace(judge_step(session, name, pack, session.closed_at), state=step.verdict.state)
    return replace(session, steps={**session.steps, name: replace(step, verdict=verdict)})


def _settled(session: Session, at: datetime, pack: RulePack) -> Session:
    """Judge every step anew and derive the status."""
    if session.status in CLOSED:
        return replace(session, waiting_since=None)
    steps = {}
    for name, step in session.steps.items():
        verdict = judge_step(session, name, pack, at)
        passed_at = (step.passed_at or at) if verdict.state is StepState.PASSED else None
        raised = (reason.code for reason in verdict.reasons if reason.code in SUSPICIONS)
        suspicions = tuple(dict.fromkeys([*step.suspicions, *raised]))
        steps[name] = replace(step, verdict=verdict, passed_at=passed_at, suspicions=suspicions)
    status = _status(session, steps.values())
    return replace(
        session,
        steps=steps,
        status=status,
        waiting_since=(session.waiting_since or at) if status is Status.NEEDS_REVIEW else None,
        closed_at=at if status is Status.VERIFIED else None,
    )


def _status(session: Session, steps: Iterable[Step]) -> Status:
    verdicts = [step.verdict for step in steps]
    states = {verdict.state for verdict in verdicts}
    if session.consent.declined_at is not None:
        # Nothing is collected: the session waits for an operator, whatever else is open.
        return Status.NEEDS_REVIEW
    if states & {StepState.OPEN, StepState.FAILED} or any(verdict.needs for verdict in verdicts):
        return Status.REQUIRES_INPUT
    if StepState.PROCESSING in states:
        return Status.PROCESSING
    return Status.NEEDS_REVIEW if StepState.IN_REVIEW in states else Status.VERIFIED
