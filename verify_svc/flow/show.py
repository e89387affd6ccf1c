"""A session as the applicant and the PC page see it: what would teach an attacker is shown as a general reason."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from verify_svc.certificate.names import normalise_name
from verify_svc.certificate.numbers import normalise_number
from verify_svc.flow.record import pack_of
from verify_svc.flow.services import Services
from verify_svc.flow.views import (
    AttemptsShown,
    ConsentShown,
    DecisionShown,
    FieldShown,
    LinkShown,
    Page,
    PhoneShown,
    Progress,
    Provider,
    ReasonShown,
    ReviewShown,
    SessionHead,
    SlotShown,
    StepShown,
    SubjectShown,
    UploadResult,
    UploadShown,
)
from verify_svc.ports import LinkRow, SessionRow, UploadRow
from verify_svc.session.challenge import Challenge
from verify_svc.session.comparing import entries_of
from verify_svc.session.finding import Outcome
from verify_svc.session.papers import EDITABLE
from verify_svc.session.reasons import REASONS
from verify_svc.session.rulepack import RulePack
from verify_svc.session.state import Judged, Session, Slot, Status, Step, StepReason
from verify_svc.session.steps import SLOTS, StepName, StepState, kind_of_slot

DEFAULT_LOCALE = "zh-CN"
_COMPARING_FRACTION = 0.95


def head(row: SessionRow, session: Session) -> SessionHead:
    return SessionHead(
        session.id,
        session.status.value,
        row.reference,
        session.locale or DEFAULT_LOCALE,
        session.created_at,
        session.expires_at,
    )


def provider(services: Services) -> Provider:
    return Provider(services.policy.provider_name, services.policy.provider_hotline)


def subject(session: Session) -> SubjectShown:
    return SubjectShown(session.expected.subject.kind, session.expected.subject.name)


def consent(services: Services, session: Session) -> ConsentShown:
    policy = services.policy
    return ConsentShown(
        session.consent.given_at is not None,
        session.consent.declined_at is not None,
        policy.consent_version,
        policy.keep_media.days,
        policy.keep_record.days,
    )


def phone(services: Services, session: Session) -> PhoneShown:
    """The number's hint is shown only once the applicant has typed the right number."""
    limits, proof = pack_of(services, session).phone, session.phone
    sent = proof.code_hash is not None and proof.code_sent_at is not None
    known = sent or proof.proved_at is not None
    left = limits.code_tries - proof.code_misses if sent else limits.number_tries - proof.number_misses
    return PhoneShown(
        masked_mobile(session.expected.responsible_person.mobile or "") if known else None,
        sent,
        proof.code_sent_at + limits.code_lives if sent and proof.code_sent_at else None,
        proof.sent_at[-1] + limits.resend_after if proof.sent_at else None,
        max(0, left),
    )


def masked_mobile(mobile: str) -> str:
    """`138****5678`."""
    return f"{mobile[:3]}****{mobile[-4:]}"


def masked_name(name: str) -> str:
    """The family name's first character, the rest as stars."""
    return name[:1] + "*" * max(1, len(name) - 1)


def review(services: Services, session: Session) -> ReviewShown | None:
    since = session.waiting_since
    return None if since is None else ReviewShown(since, since + services.policy.review_within)


def decision(session: Session) -> DecisionShown | None:
    made = session.decision
    return None if made is None else DecisionShown(made.kind, made.message, made.at)


def link(row: LinkRow | None, services: Services) -> LinkShown:
    if row is None:
        return LinkShown("none", None, None, None, None, None)
    if row.opened_at is not None:
        state = "opened"
    elif row.ended_at is not None or services.clock.now() >= row.expires_at:
        state = "expired"
    else:
        state = "waiting"
    return LinkShown(state, row.expires_at, row.opened_at, row.device_kind, row.browser, row.refused_at)


def steps(
    services: Services,
    session: Session,
    uploads: Sequence[UploadRow],
    *,
    with_uploads: bool,
    to_operator: bool = False,
) -> tuple[StepShown, ...]:
    """Every step that is asked for, with its slots; an operator sees every reason as it is."""
    pack = pack_of(services, session)
    latest = {(row.step, row.slot): row for row in uploads}
    return tuple(
        _step(session, pack, name, step, latest if with_uploads else {}, to_operator)
        for name, step in session.steps.items()
    )


def attempts(step: Step, pack: RulePack) -> AttemptsShown:
    made = step.attempts
    return AttemptsShown(made.failures, made.allowed(pack.attempts), made.locked_until)


def _step(
    session: Session,
    pack: RulePack,
    name: StepName,
    step: Step,
    latest: Mapping[tuple[str, str], UploadRow],
    to_operator: bool,
) -> StepShown:
    shown_attempts = attempts(step, pack)
    if name is StepName.PHONE:
        limits = pack.phone
        shown_attempts = AttemptsShown(session.phone.number_misses, limits.number_tries, session.phone.locked_until)
    return StepShown(
        name.value,
        step.verdict.state.value,
        step.verdict.needs,
        shown_attempts,
        shown_reasons(
            step.verdict.reasons, frames=kept_frames(latest.get((name.value, "clip"))), to_operator=to_operator
        ),
        _went_right(step),
        tuple(_slot(session, name, step, slot, latest.get((name.value, slot))) for slot in SLOTS[name]),
        step.passed_at,
    )


def _slot(session: Session, name: StepName, step: Step, slot_name: str, row: UploadRow | None) -> SlotShown:
    slot = step.slots.get(slot_name, Slot())
    state = "empty"
    if slot.processing or (slot.judged is not None and _compares_faces(session, name)):
        state = "processing"
    elif row is not None and row.id != slot.upload_id and row.state == "draft":
        state = "draft"
    elif slot.judged is not None or slot.broke:
        state = "done"
    kind = kind_of_slot(name, slot_name, session.expected)
    return SlotShown(slot_name, kind, state, None if row is None or state == "empty" else upload(session, row))


def _compares_faces(session: Session, name: StepName) -> bool:
    """Whether the clip is judged and its comparison with the card is under way."""
    step = session.steps[name]
    judged = step.slots.get("clip", Slot()).judged is not None
    return name is StepName.FACE and judged and step.verdict.state is StepState.PROCESSING


def upload(session: Session, row: UploadRow) -> UploadShown:
    """An upload; its result is the one that counts, so none is shown for one that another took the place of."""
    sent: dict[str, Any] = json.loads(row.sent)
    page = sent.get("page")
    corners = None if page is None or page["corners"] is None else tuple((x, y) for x, y in page["corners"])
    place = session.slot_of_upload(row.id)
    result, state, progress = None, row.state, None
    if row.state == "processing":
        progress = Progress(row.stage or "waiting", row.fraction)
    elif place is not None and _compares_faces(session, place[0]):
        # The comparison with the card is still to come: one answer, with all its reasons at once.
        state, progress = "processing", Progress("judging", _COMPARING_FRACTION)
    elif place is not None and row.state == "done":
        result = _result(session, place[0], place[1], row)
    return UploadShown(
        row.id,
        row.step,
        row.slot,
        state,
        row.width_px,
        row.height_px,
        None if page is None else Page(corners, page["rotate_deg"]),  # type: ignore[arg-type]  # four points, by its maker
        progress,
        result,
    )


def _result(session: Session, name: StepName, slot_name: str, row: UploadRow) -> UploadResult | None:
    step = session.steps[name]
    slot = step.slots[slot_name]
    reasons = tuple(reason for reason in step.verdict.reasons if reason.slot in (slot_name, None))
    shown = shown_reasons(reasons, frames=kept_frames(row))
    if slot.judged is None:
        return UploadResult("unreadable", shown, (), (), 0) if slot.broke else None
    worst = {reason.effect for reason in reasons}
    result = "rejected" if "retry" in worst else "consider" if "review" in worst else slot.judged.result
    fields = tuple(_fields(session, name, slot_name, slot.judged, row))
    return UploadResult(result, shown, _went_right(step, slot_name), fields, slot.judged.stills)


def _fields(session: Session, name: StepName, slot: str, judged: Judged, row: UploadRow) -> Iterator[FieldShown]:
    entries = {entry.field: entry.entered for entry in entries_of(name, slot, session.expected)}
    tree = json.loads(row.report or "{}").get("properties", {}).get("fields", {})
    for field, read in judged.fields.items():
        entered, edited = entries.get(field), judged.edits.get(field)
        value = edited if edited is not None else read.value
        agrees = None
        if entered is not None:
            agrees = value is not None and _comparable(field, value) == _comparable(field, entered)
        yield FieldShown(
            field,
            read.value,
            read.score,
            entered,
            agrees,
            edited,
            _doubtful(field, read.value, entered, tree.get(field) or {}),
            field in EDITABLE,
        )


def _comparable(field: str, text: str) -> str:
    return normalise_number(text) if field == "number" else normalise_name(text)


def _doubtful(field: str, value: str | None, entered: str | None, read: Mapping[str, Any]) -> tuple[int, ...]:
    """The characters to look at: those read unsurely, and those that differ from the entry."""
    if value is None:
        return ()
    places = {place for place, score in enumerate(read.get("char_scores") or ()) if score < 0.5}
    if entered is not None and len(entered) == len(value) and _comparable(field, value) != _comparable(field, entered):
        places |= {place for place, (one, other) in enumerate(zip(value, entered, strict=True)) if one != other}
    return tuple(sorted(places))


def kept_frames(row: UploadRow | None) -> frozenset[str]:
    """The reasons for which the clip's analysis kept the frame that shows them."""
    tree: dict[str, Any] = {} if row is None or row.report is None else json.loads(row.report)
    return frozenset(tree.get("frames") or ())


def shown_reasons(
    reasons: Sequence[StepReason], *, frames: Collection[str], to_operator: bool = False
) -> tuple[ReasonShown, ...]:
    """As the applicant (or an operator) may see them, each once. `frames`: the codes that a kept frame shows."""
    shown = []
    for reason in reasons:
        code = reason.code if to_operator else REASONS[reason.code].shown_as
        open_to_see = code == reason.code
        shown.append(
            ReasonShown(
                code,
                reason.effect,
                reason.slot,
                reason.field if open_to_see else None,
                reason.moment_s if open_to_see else None,
                open_to_see and code in frames,
            )
        )
    return tuple(dict.fromkeys(shown))


def _went_right(step: Step, slot: str | None = None) -> tuple[str, ...]:
    """The checks that passed."""
    own = [
        finding.check
        for name, each in step.slots.items()
        if each.judged is not None and slot in (None, name)
        for finding in each.judged.findings
        if finding.outcome is Outcome.PASS
    ]
    made = [
        finding.check
        for name, finding in step.verdict.compared
        if finding.outcome is Outcome.PASS and slot in (None, name)
    ]
    return tuple(dict.fromkeys([*own, *made]))


def portrait_ready(session: Session) -> bool:
    """Whether there is a still that the PC may show."""
    face = session.steps.get(StepName.FACE)
    passed = face is not None and face.verdict.state is StepState.PASSED
    approved = session.status is Status.VERIFIED and face is not None
    judged = None if face is None else face.slots.get("clip", Slot()).judged
    return (passed or approved) and judged is not None and judged.stills > 0


def challenge_kept(challenge: Challenge) -> dict[str, Any]:
    """What is kept with a clip of the challenge it answers."""
    return {
        "digits": challenge.digits,
        "reveals_s": list(challenge.reveals_s),
        "language": challenge.language,
        "mode": challenge.mode,
    }
