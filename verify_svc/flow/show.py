"""A session as the applicant and the PC page see it: what would teach an attacker is shown as a general reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from verify_svc.certificate.kinds import FormKind
from verify_svc.flow.record import pack_of
from verify_svc.flow.services import Services
from verify_svc.flow.upload_view import compares_faces, kept_frames, shown_reasons, upload, went_right
from verify_svc.flow.views import (
    AttemptsShown,
    ConsentShown,
    DecisionShown,
    LinkShown,
    PhoneShown,
    Provider,
    ReviewShown,
    SessionHead,
    SlotShown,
    StepShown,
    SubjectShown,
)
from verify_svc.form.lines import page_count
from verify_svc.ports import LinkRow, SessionRow, UploadRow
from verify_svc.session.rulepack import RulePack
from verify_svc.session.state import Session, Slot, Status, Step
from verify_svc.session.steps import StepName, StepState, kind_of_slot, slots_of

DEFAULT_LOCALE = "zh-CN"


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


def proved_mobile(session: Session) -> str | None:
    """The mobile number's hint once the applicant has proved it."""
    if session.phone.proved_at is None:
        return None
    return masked_mobile(session.expected.responsible_person.mobile or "")


def verified_person(session: Session) -> str | None:
    """The responsible person's name once the session is verified."""
    return session.expected.responsible_person.name if session.status is Status.VERIFIED else None


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


def link(row: LinkRow | None, session: Session, services: Services) -> LinkShown:
    """How the newest link stands; one that nobody opened ends with its session."""
    if row is None:
        return LinkShown("none", None, None, None, None, None)
    if row.opened_at is not None:
        state = "opened"
    elif row.ended_at is not None or session.closed or services.clock.now() >= row.expires_at:
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
        _step(session, pack, name, step, latest if with_uploads else {}, with_uploads, to_operator)
        for name, step in session.steps.items()
    )


def state_of(session: Session, step: Step) -> StepState:
    """Where a step stands: what was doubtful passed when an operator approved the session."""
    approved = session.status is Status.VERIFIED and step.verdict.state is StepState.IN_REVIEW
    return StepState.PASSED if approved else step.verdict.state


def attempts(step: Step, pack: RulePack) -> AttemptsShown:
    made = step.attempts
    return AttemptsShown(made.failures, made.allowed(pack.attempts), made.locked_until)


def _step(
    session: Session,
    pack: RulePack,
    name: StepName,
    step: Step,
    latest: Mapping[tuple[str, str], UploadRow],
    with_uploads: bool,
    to_operator: bool,
) -> StepShown:
    shown_attempts = attempts(step, pack)
    if name is StepName.PHONE:
        limits = pack.phone
        shown_attempts = AttemptsShown(session.phone.number_misses, limits.number_tries, session.phone.locked_until)
    return StepShown(
        name.value,
        state_of(session, step).value,
        step.verdict.needs,
        shown_attempts,
        shown_reasons(
            step.verdict.reasons, frames=kept_frames(latest.get((name.value, "clip"))), to_operator=to_operator
        ),
        went_right(step),
        tuple(
            replace(
                _slot(session, name, step, slot, latest.get((name.value, slot))),
                pages=_pages(session, name, slot) if with_uploads else None,
            )
            for slot in slots_of(name, session.expected)
        ),
        step.passed_at or (session.closed_at if state_of(session, step) is StepState.PASSED else None),
    )


def _slot(session: Session, name: StepName, step: Step, slot_name: str, row: UploadRow | None) -> SlotShown:
    slot = step.slots.get(slot_name, Slot())
    state = "empty"
    if slot.processing or (slot.judged is not None and compares_faces(session, name)):
        state = "processing"
    elif row is not None and row.id != slot.upload_id and row.state == "draft":
        state = "draft"
    elif slot.judged is not None or slot.broke:
        state = "done"
    kind = kind_of_slot(name, slot_name, session.expected)
    shown = None if row is None or state == "empty" else upload(session, row)
    return SlotShown(slot_name, kind, state, shown, way=slot.way or None)


def _pages(session: Session, name: StepName, slot: str) -> int | None:
    """On how many pages the applicant has that form, if it is the service's own print."""
    return (
        page_count(FormKind(kind_of_slot(name, slot, session.expected)), session.expected)
        if name is StepName.FORMS
        else None
    )


def portrait_ready(session: Session) -> bool:
    """Whether there is a still that the PC may show."""
    face = session.steps.get(StepName.FACE)
    passed = face is not None and face.verdict.state is StepState.PASSED
    approved = session.status is Status.VERIFIED and face is not None
    judged = None if face is None else face.slots.get("clip", Slot()).judged
    return (passed or approved) and judged is not None and judged.stills > 0
