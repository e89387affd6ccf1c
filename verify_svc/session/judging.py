"""How a step stands: its findings, the comparisons that need two steps, the rule pack's weights."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta

from verify_svc.session.challenge import TYPED
from verify_svc.session.comparing import compare, day_in_shanghai
from verify_svc.session.finding import Finding, Outcome
from verify_svc.session.forms import compare_form, entry_of
from verify_svc.session.pairs import judge_pairs
from verify_svc.session.reasons import CLOSING, REASONS, Effect, in_telling_order
from verify_svc.session.report import Result, judge_report
from verify_svc.session.rulepack import RulePack
from verify_svc.session.state import Judged, Session, Slot, Step, StepReason, Verdict
from verify_svc.session.steps import StepName, StepState, portrait_slot, slots_of

MATCH = "match"
"""The check that compares the clip's face with the card's portrait."""

# A portrait that shows none of these can be compared with a face, whatever else is wrong with it.
_NO_PORTRAIT = frozenset({"document_not_found", "document_wrong_kind", "document_wrong_side", "file_unreadable"})


_NO_FORM = frozenset({"form_wrong_template"})
_OF_UNITS = frozenset({"seal", "seal_agrees"})
_OF_SPEECH = frozenset({"sound", "digits", "timing", "lips"})
_OF_TYPING = ("typed_digits", "head_turn")


def form_days(session: Session, pack: RulePack, at: datetime) -> tuple[date, date]:
    """The first and last day that a form may be dated: about the days of the face, and none before the filing was
    created. Before there is a face: up to today.
    """
    created = session.expected.filing.created_on
    if not session.face_days:
        return created, day_in_shanghai(at)
    off = timedelta(days=pack.form_days_off_face)
    return max(created, min(session.face_days) - off), max(session.face_days) + off


def pair_to_compare(session: Session) -> tuple[str, str] | None:
    """The clip and the portrait (upload ids) whose faces can be compared; None while one of them is missing."""
    face, person = session.steps.get(StepName.FACE), session.steps.get(StepName.PERSON_DOCUMENT)
    if face is None or person is None:
        return None
    slot = portrait_slot(StepName.PERSON_DOCUMENT, session.expected)
    clip, portrait = _judged(face, "clip"), None if slot is None else _judged(person, slot)
    if clip is None or portrait is None or not clip.stills:
        return None
    codes = {*portrait.reasons, *(code for finding in portrait.findings for code in finding.reasons)}
    return None if codes & _NO_PORTRAIT else (clip.upload_id, portrait.upload_id)


def comparison_wanted(session: Session) -> tuple[str, str] | None:
    """The pair that is still to be compared."""
    pair = pair_to_compare(session)
    if pair is None or session.closed:
        return None
    match = session.steps[StepName.FACE].match
    return None if match is not None and (match.clip_id, match.portrait_id) == pair else pair


def judge_step(session: Session, name: StepName, pack: RulePack, at: datetime) -> Verdict:
    """The step's verdict from all that is known at that time."""
    if name is StepName.CONSENT:
        return _judge_consent(session, pack)
    if name is StepName.PHONE:
        return _judge_phone(session, pack, at)
    return _judge_papers(session, name, pack, at)


def _judge_consent(session: Session, pack: RulePack) -> Verdict:
    if session.consent.given_at is not None:
        return Verdict(StepState.PASSED)
    if session.consent.declined_at is not None:
        return Verdict(StepState.IN_REVIEW, reasons=(_reason("consent_declined", pack.effects_in(StepName.CONSENT)),))
    return Verdict()


def _judge_phone(session: Session, pack: RulePack, at: datetime) -> Verdict:
    phone, effects = session.phone, pack.effects_in(StepName.PHONE)
    if phone.proved_at is not None:
        return Verdict(StepState.PASSED)
    if phone.locked_until is not None and at < phone.locked_until:
        return Verdict(StepState.FAILED, reasons=(_reason("phone_code_too_many", effects),))
    if session.steps[StepName.PHONE].other_way:
        return Verdict(StepState.IN_REVIEW, reasons=(_reason("other_way_requested", effects),))
    return Verdict()


def _judge_papers(session: Session, name: StepName, pack: RulePack, at: datetime) -> Verdict:
    step, effects = session.steps[name], pack.effects_in(name)
    compared = tuple(_compared(session, name, pack, at))
    reasons, result = _weigh(session, name, compared, pack)
    state, needs = _state(session, name, result)
    if step.other_way:
        state, reasons = StepState.IN_REVIEW, (_reason("other_way_requested", effects), *reasons)
    elif state is StepState.FAILED and step.attempts.exhausted(pack.attempts):
        state, reasons = StepState.IN_REVIEW, (_reason("too_many_attempts", effects), *reasons)
    elif step.asked_again and state is StepState.OPEN and not any(slot.upload_id for slot in step.slots.values()):
        state, reasons = StepState.FAILED, (_reason(step.asked_again, effects),)
    return Verdict(state, needs, tuple(reasons), tuple((slot, finding) for slot, finding, _ in compared))


def _state(session: Session, name: StepName, result: Result | None) -> tuple[StepState, str | None]:
    """The state that the step's slots and findings give, and what the applicant is still to do."""
    step = session.steps[name]
    slots = [step.slots.get(slot, Slot()) for slot in slots_of(name, session.expected)]
    if any(slot.processing for slot in slots):
        return StepState.PROCESSING, "other_slot" if any(slot.upload_id is None for slot in slots) else None
    if result in (Result.REJECTED, Result.UNREADABLE):
        return StepState.FAILED, None
    if any(slot.judged is None for slot in slots):
        return StepState.OPEN, "other_slot" if any(slot.judged for slot in slots) else None
    if name is StepName.FACE and comparison_wanted(session) is not None:
        return StepState.PROCESSING, None
    if result is not Result.CLEAR:
        return StepState.IN_REVIEW, None
    if name is StepName.FACE and step.confirmed_still is None:
        return StepState.OPEN, "confirm_still"
    return StepState.PASSED, None


def _compared(
    session: Session, name: StepName, pack: RulePack, at: datetime
) -> Iterator[tuple[str, Finding, str | None]]:
    """The session's own findings: slot, finding, field."""
    step = session.steps[name]
    for slot_name, slot in step.slots.items():
        if slot.judged is None:
            continue
        for finding, field in compare(
            name, slot_name, slot.judged, session.expected, day_in_shanghai(at), pack.card_valid_months
        ):
            yield slot_name, finding, field
        if name is StepName.FORMS and not any(_NO_FORM & set(finding.reasons) for finding in slot.judged.findings):
            entry = entry_of(session.expected, *form_days(session, pack, at))
            for finding, field in compare_form(slot.judged.fields, entry):
                yield slot_name, finding, field
        if name is StepName.FACE and slot.capture != "camera":
            yield slot_name, Finding("capture", Outcome.FAIL, ("capture_fallback_used",)), None
        if name is StepName.FACE and slot.way == TYPED:
            # Inconclusive whatever a rule pack makes of the reason: typed digits say nothing of the face beside them.
            yield slot_name, Finding("way", Outcome.INCONCLUSIVE, ("other_way_used",), measured={"way": TYPED}), None
    for slot_name, finding in judge_pairs(session, name, pack):
        yield slot_name, finding, None
    pair = pair_to_compare(session)
    if name is StepName.FACE and step.match and (step.match.clip_id, step.match.portrait_id) == pair:
        for finding in step.match.findings:
            yield "clip", finding, None


def _weigh(
    session: Session, name: StepName, compared: tuple[tuple[str, Finding, str | None], ...], pack: RulePack
) -> tuple[tuple[StepReason, ...], Result | None]:
    """All reasons in telling order, and the result; None when nothing was judged yet."""
    step, weights = session.steps[name], pack.effects_in(name)
    judged = {slot_name: slot.judged for slot_name, slot in step.slots.items() if slot.judged is not None}
    broken = [slot_name for slot_name, slot in step.slots.items() if slot.broke]
    found: list[tuple[str, Finding, str | None]] = [
        *((slot, finding, None) for slot, finding in _own(judged, compared)),
        *compared,
    ]
    reasons = [
        _reason(code, weights, slot, field, finding.moments[0].start_s if finding.moments else None, finding.pages)
        for slot, finding, field in found
        for code in finding.reasons
    ]
    told = {(reason.code, reason.slot) for reason in reasons}
    reasons += [
        _reason(code, weights, slot) for slot, one in judged.items() for code in one.reasons if (code, slot) not in told
    ]
    reasons += [_reason("file_unreadable", weights, slot) for slot in broken]
    if not judged and not broken:
        return (), None
    complete = all(slot in judged for slot in slots_of(name, session.expected))
    report = judge_report(
        [finding for _, finding, _ in found],
        effects=weights,
        required=_required(session, name, pack) if complete and name is not StepName.FORMS else (),
    )
    effects = {reason.effect for reason in reasons}
    lacking = name is StepName.FORMS and complete and _lacking(session, found, _required(session, name, pack))
    inconclusive = lacking or "check_inconclusive" in report.reasons
    missing = inconclusive and "check_inconclusive" not in {reason.code for reason in reasons}
    if missing and Effect.RETRY.value not in effects:
        # What is to be redone anyway is judged anew then.
        reasons.append(_reason("check_inconclusive", weights))
    codes = {reason.code for reason in reasons}
    earlier = [_reason(code, weights) for code in step.suspicions if code not in codes]
    reasons, effects = [*reasons, *earlier], effects | {reason.effect for reason in earlier}
    result = Result.REJECTED if Effect.RETRY.value in effects else report.result
    if any(reason.code in CLOSING for reason in reasons):
        result = Result.CONSIDER
    if result is Result.CLEAR and (missing or Effect.REVIEW.value in effects):
        result = Result.CONSIDER
    return _in_order(reasons), result


def _own(
    judged: Mapping[str, Judged], compared: tuple[tuple[str, Finding, str | None], ...]
) -> Iterator[tuple[str, Finding]]:
    """The uploads' own findings; what the session compares itself takes the place of the same check there."""
    replaced = {(slot, finding.check) for slot, finding, _ in compared}
    for slot, one in judged.items():
        yield from ((slot, finding) for finding in one.findings if (slot, finding.check) not in replaced)


def _required(session: Session, name: StepName, pack: RulePack) -> tuple[str, ...]:
    required = pack.required.get(name, ())
    if name is StepName.FACE and session.steps[name].slots.get("clip", Slot()).way == TYPED:
        required = (*(check for check in required if check not in _OF_SPEECH), *_OF_TYPING)
    match = session.steps[name].match
    pair = pair_to_compare(session)
    unmatched = match is None or (match.clip_id, match.portrait_id) != pair
    to_come = StepName.PERSON_DOCUMENT in session.steps and portrait_slot(StepName.PERSON_DOCUMENT, session.expected)
    if name is StepName.FACE and unmatched and to_come:
        # The comparison is made when the portrait is there; the session can't be verified before. A certificate
        # without one leaves it to an operator.
        return tuple(check for check in required if check != MATCH)
    if name is StepName.FORMS and session.expected.subject.kind != "unit":
        return tuple(check for check in required if check not in _OF_UNITS)
    if name is StepName.LEGAL_PERSON_DOCUMENT and session.expected.subject.legal_person is None:
        return ()
    return required


def _lacking(session: Session, found: Sequence[tuple[str, Finding, str | None]], required: tuple[str, ...]) -> bool:
    """Whether one of the forms has no decided finding for a check that each of them must have."""
    decided = {(slot, finding.check) for slot, finding, _ in found if finding.outcome in (Outcome.PASS, Outcome.FAIL)}
    return any((slot, check) not in decided for slot in session.steps[StepName.FORMS].slots for check in required)


def _in_order(reasons: list[StepReason]) -> tuple[StepReason, ...]:
    order = {code: place for place, code in enumerate(in_telling_order(reason.code for reason in reasons))}
    return tuple(sorted(dict.fromkeys(reasons), key=lambda reason: order[reason.code]))


def _reason(
    code: str,
    effects: Mapping[str, Effect],
    slot: str | None = None,
    field: str | None = None,
    moment_s: float | None = None,
    pages: tuple[int, ...] = (),
) -> StepReason:
    return StepReason(code, effects.get(code, REASONS[code].effect).value, slot or None, field, moment_s, pages)


def _judged(step: Step, slot: str) -> Judged | None:
    return step.slots.get(slot, Slot()).judged
