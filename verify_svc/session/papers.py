"""How uploads move a session: submitted, judged, edited, confirmed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from verify_svc.session.challenge import Challenge
from verify_svc.session.comparing import day_in_shanghai
from verify_svc.session.events import (
    AnalysisBroke,
    ChallengeBegun,
    ChallengeMade,
    FacesCompared,
    FieldsEdited,
    LetterJudged,
    OtherWayAsked,
    SessionEvent,
    StillConfirmed,
    UploadJudged,
    UploadSubmitted,
)
from verify_svc.session.judging import comparison_wanted, judge_step
from verify_svc.session.letter import with_letter
from verify_svc.session.reasons import DOUBTS, REASONS, Effect
from verify_svc.session.refused import NotAllowed
from verify_svc.session.rulepack import RulePack
from verify_svc.session.state import Judged, Match, Session, Slot, Status, Step
from verify_svc.session.steps import StepName, StepState, slots_of

_EDITABLE = frozenset({"number", "name", "legal_person"})


def editable_in(step: StepName) -> frozenset[str]:
    """The fields that 修改 may correct. A form is written anew instead."""
    return frozenset() if step is StepName.FORMS else _EDITABLE


def moved(session: Session, event: SessionEvent, pack: RulePack) -> Session:
    """The session with its papers changed; the verdicts are not judged anew yet."""
    match event:
        case OtherWayAsked(at=at, step=name, why=why):
            check_step_takes_files(session, name, pack, at)
            return _with_step(session, name, replace(session.steps[name], other_way=why))
        case ChallengeMade(at=at, challenge=challenge):
            check_step_takes_files(session, StepName.FACE, pack, at)
            return replace(session, challenge=challenge)
        case ChallengeBegun(at=at, challenge_id=challenge_id):
            return _begun(session, challenge_id, at)
        case UploadSubmitted():
            return _submitted(session, event, pack)
        case UploadJudged():
            return _judged(session, event, pack)
        case AnalysisBroke():
            return _broke(session, event)
        case FacesCompared():
            return _compared(session, event, pack)
        case LetterJudged(at=at, paper_id=paper_id, result=result, findings=findings, fields=fields):
            letter = Judged(paper_id, at, result, findings, dict(fields))
            return replace(session, letters=with_letter(session.letters, letter))
        case FieldsEdited():
            return _edited(session, event)
        case StillConfirmed(place=place):
            return _confirmed(session, place)
        case _:
            raise NotAllowed("conflict")


def check_step_takes_files(session: Session, name: StepName, pack: RulePack, at: datetime) -> None:
    """Raises `NotAllowed` when the step takes no file now: out of order, locked, doubted, or with an operator."""
    step = session.steps.get(name)
    if step is None or not slots_of(name, session.expected) or session.closed or session.status is Status.NEEDS_REVIEW:
        raise NotAllowed("conflict")
    for earlier in (StepName.CONSENT, StepName.PHONE):
        if session.steps[earlier].verdict.state is not StepState.PASSED:
            raise NotAllowed("conflict")
    if doubted(session, name):
        raise NotAllowed("conflict")
    if step.attempts.locked(at):
        raise NotAllowed("too_many_attempts", step.attempts.locked_until)
    if step.verdict.state is not StepState.PASSED and step.attempts.exhausted(pack.attempts):
        raise NotAllowed("too_many_attempts")


def doubted(session: Session, name: StepName) -> bool:
    """Whether the step waits for an operator because of a suspicion, which no other file may wash away.

    A card's new photograph would be compared with the clip anew, so the card waits with a face that is doubted.
    """
    asked = (name, StepName.FACE) if name is StepName.PERSON_DOCUMENT else (name,)
    verdicts = [session.steps[each].verdict for each in asked if each in session.steps]
    return any(
        verdict.state in (StepState.IN_REVIEW, StepState.PROCESSING)
        and any(reason.code in DOUBTS for reason in verdict.reasons)
        for verdict in verdicts
    )


def _with_step(session: Session, name: StepName, step: Step) -> Session:
    return replace(session, steps={**session.steps, name: step})


def _with_slot(session: Session, name: StepName, slot_name: str, slot: Slot) -> Session:
    step = session.steps[name]
    return _with_step(session, name, replace(step, slots={**step.slots, slot_name: slot}))


def _submitted(session: Session, event: UploadSubmitted, pack: RulePack) -> Session:
    check_step_takes_files(session, event.step, pack, event.at)
    step = session.steps[event.step]
    slot = step.slots.get(event.slot, Slot())
    if event.slot not in slots_of(event.step, session.expected) or slot.processing:
        raise NotAllowed("conflict")
    way = ""
    if event.step is StepName.FACE:
        way = challenge_in_force(session, event.challenge_id, event.at).way
        days = tuple(dict.fromkeys((*session.face_days, day_in_shanghai(event.at))))
        session = replace(session, challenge=None, face_days=days)
        step = replace(step, confirmed_still=None)
    session = _with_step(session, event.step, replace(step, other_way=None, asked_again=None))
    return _with_slot(session, event.step, event.slot, Slot(event.upload_id, event.capture, way))


def _begun(session: Session, challenge_id: str, at: datetime) -> Session:
    challenge = challenge_in_force(session, challenge_id, at)
    if challenge.mode != "live" or challenge.begun_at is not None:
        raise NotAllowed("conflict")
    return replace(session, challenge=replace(challenge, begun_at=at))


def challenge_in_force(session: Session, challenge_id: str | None, at: datetime) -> Challenge:
    """The challenge of that id. Raises `NotAllowed` when it is spent, replaced or too old."""
    challenge = session.challenge
    if challenge is None or challenge.id != challenge_id:
        raise NotAllowed("conflict")
    if at > challenge.expires_at:
        raise NotAllowed("challenge_expired")
    return challenge


def _judged(session: Session, event: UploadJudged, pack: RulePack) -> Session:
    place = session.slot_of_upload(event.upload_id)
    if place is None:
        return session
    name, slot_name = place
    slot = session.steps[name].slots[slot_name]
    if slot.judged is not None:
        # A replay: a step is judged once per upload.
        return session
    judged = Judged(
        event.upload_id, event.at, event.result, event.findings, dict(event.fields), event.reasons, event.stills
    )
    session = _with_slot(session, name, slot_name, replace(slot, judged=judged, broke=False))
    return _counted(session, name, slot_name, pack, event.at)


def _counted(session: Session, name: StepName, slot_name: str, pack: RulePack, at: datetime) -> Session:
    """Count a failure of that slot, once per upload, if what failed costs an attempt."""
    slot = session.steps[name].slots[slot_name]
    if slot.judged is None or slot.judged.counted:
        return session
    verdict = judge_step(session, name, pack, at)
    costly = any(
        reason.slot in (slot_name, None) and reason.effect == Effect.RETRY.value and REASONS[reason.code].costs_attempt
        for reason in verdict.reasons
    )
    if not costly:
        return session
    step = session.steps[name]
    session = _with_step(session, name, replace(step, attempts=step.attempts.failed(pack.attempts, at)))
    return _with_slot(session, name, slot_name, replace(slot, judged=replace(slot.judged, counted=True)))


def _broke(session: Session, event: AnalysisBroke) -> Session:
    place = session.slot_of_upload(event.upload_id)
    if place is None:
        return session
    name, slot_name = place
    slot = session.steps[name].slots[slot_name]
    return session if slot.judged else _with_slot(session, name, slot_name, replace(slot, broke=True))


def _compared(session: Session, event: FacesCompared, pack: RulePack) -> Session:
    if comparison_wanted(session) != (event.clip_id, event.portrait_id):
        return session
    match = Match(event.clip_id, event.portrait_id, event.findings)
    step = replace(session.steps[StepName.FACE], match=match)
    return _counted(_with_step(session, StepName.FACE, step), StepName.FACE, "clip", pack, event.at)


def _edited(session: Session, event: FieldsEdited) -> Session:
    step = session.steps.get(event.step)
    slot = None if step is None else step.slots.get(event.slot)
    if slot is None or slot.judged is None or session.status is Status.NEEDS_REVIEW:
        raise NotAllowed("conflict")
    if not event.fields or not set(event.fields) <= editable_in(event.step):
        raise NotAllowed("conflict")
    judged = replace(slot.judged, edits={**slot.judged.edits, **event.fields})
    return _with_slot(session, event.step, event.slot, replace(slot, judged=judged))


def _confirmed(session: Session, place: int) -> Session:
    step = session.steps.get(StepName.FACE)
    clip = None if step is None else step.slots.get("clip", Slot()).judged
    if step is None or clip is None or not 0 <= place < clip.stills or step.verdict.needs != "confirm_still":
        raise NotAllowed("conflict")
    return _with_step(session, StepName.FACE, replace(step, confirmed_still=place))
