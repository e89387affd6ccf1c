"""What the stories show, as the JSON of docs/page-api.md. Pure: the addresses of pictures are handed in."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from verify_svc.flow.views import (
    DecisionShown,
    FieldShown,
    HandoffState,
    LinkShown,
    Page,
    PhoneState,
    Provider,
    ReasonShown,
    ReviewShown,
    SessionEvent,
    StepShown,
    SubjectShown,
    UploadResult,
    UploadShown,
)
from verify_svc.http.times import iso, iso_or_none

Tree = dict[str, Any]
FrameUrl = Callable[[str, str], str]
"""The address of the frame that shows a reason, from the upload's id and the reason's code."""


def phone_state(state: PhoneState, frame_url: FrameUrl) -> Tree:
    """`State` of the phone."""
    session, consent, phone = state.session, state.consent, state.phone
    return {
        "session": {
            "id": session.id,
            "status": session.status,
            "reference": session.reference,
            "locale": session.locale,
            "expires_at": iso(session.expires_at),
            "created_at": iso(session.created_at),
        },
        "provider": provider(state.provider),
        "subject": subject(state.subject),
        "consent": {
            "given": consent.given,
            "declined": consent.declined,
            "version": consent.version,
            "retention_days": {"media": consent.retention_days_media, "record": consent.retention_days_record},
        },
        "phone": {
            "hint": phone.hint,
            "code_sent": phone.code_sent,
            "expires_at": iso_or_none(phone.expires_at),
            "resend_at": iso_or_none(phone.resend_at),
            "tries_left": phone.tries_left,
        },
        "steps": [step(each, frame_url) for each in state.steps],
        "awaiting": state.awaiting,
        "review": review(state.review),
        "decision": decision(state.decision),
        "last_event_id": state.last_event_id,
    }


def handoff_state(state: HandoffState) -> Tree:
    """The hand-off page's state: steps without uploads or pictures."""
    session = state.session
    return {
        "session": {
            "id": session.id,
            "status": session.status,
            "reference": session.reference,
            "created_at": iso(session.created_at),
            "expires_at": iso(session.expires_at),
        },
        "provider": provider(state.provider),
        "subject": subject(state.subject),
        "mobile_hint": state.mobile_hint,
        "person": state.person,
        "steps": [step(each, None) for each in state.steps],
        "awaiting": state.awaiting,
        "review": review(state.review),
        "decision": decision(state.decision),
        "link": link(state.link),
        "portrait": state.portrait,
        "return_url": state.return_url,
        "last_event_id": state.last_event_id,
    }


def provider(shown: Provider) -> Tree:
    """Whose service it is."""
    return {"name": shown.name, "hotline": shown.hotline}


def subject(shown: SubjectShown) -> Tree:
    """Whose filing it is."""
    return {"kind": shown.kind, "name": shown.name}


def review(shown: ReviewShown | None) -> Tree | None:
    """Since when, and until when, an operator is awaited."""
    return None if shown is None else {"since": iso(shown.since), "due_at": iso(shown.due_at)}


def decision(shown: DecisionShown | None) -> Tree | None:
    """An operator's decision, in the applicant's words."""
    return None if shown is None else {"kind": shown.kind, "message": shown.message, "at": iso(shown.at)}


def link(shown: LinkShown) -> Tree:
    """The hand-off link's state."""
    device = None
    if shown.device_kind is not None or shown.browser is not None:
        device = {"kind": shown.device_kind, "browser": shown.browser}
    return {
        "state": shown.state,
        "expires_at": iso_or_none(shown.expires_at),
        "opened_at": iso_or_none(shown.opened_at),
        "device": device,
        "refused_at": iso_or_none(shown.refused_at),
    }


def step(shown: StepShown, frame_url: FrameUrl | None) -> Tree:
    """A step. Without `frame_url` (the hand-off page) its slots hold no uploads and its reasons no pictures."""
    uploads = {slot.name: slot.upload.id for slot in shown.slots if slot.upload is not None}
    return {
        "name": shown.name,
        "state": shown.state,
        "needs": shown.needs,
        "attempts": {
            "used": shown.attempts.used,
            "max": shown.attempts.max,
            "locked_until": iso_or_none(shown.attempts.locked_until),
        },
        "reasons": [reason(each, uploads.get(each.slot or ""), frame_url) for each in shown.reasons],
        "went_right": list(shown.went_right),
        "slots": [
            {
                "name": slot.name,
                "kind": slot.kind,
                "state": slot.state,
                "pages": slot.pages,
                "way": slot.way,
                "upload": None if slot.upload is None or frame_url is None else upload(slot.upload, frame_url),
            }
            for slot in shown.slots
        ],
        "passed_at": iso_or_none(shown.passed_at),
    }


def reason(shown: ReasonShown, upload_id: str | None, frame_url: FrameUrl | None) -> Tree:
    """A reason, with the address of the frame that shows it."""
    frame = None
    if shown.frame and upload_id is not None and frame_url is not None:
        frame = frame_url(upload_id, shown.code)
    return {
        "code": shown.code,
        "slot": shown.slot,
        "field": shown.field,
        "effect": shown.effect,
        "moment_s": shown.moment_s,
        "pages": list(shown.pages),
        "frame": frame,
    }


def page(shown: Page | None) -> Tree | None:
    """How a page lies in its picture."""
    if shown is None:
        return None
    corners = None if shown.corners is None else [list(point) for point in shown.corners]
    return {"corners": corners, "rotate_deg": shown.rotate_deg}


def upload(shown: UploadShown, frame_url: FrameUrl) -> Tree:
    """`Upload`."""
    progress = None
    if shown.progress is not None:
        progress = {"stage": shown.progress.stage, "fraction": shown.progress.fraction}
    return {
        "id": shown.id,
        "step": shown.step,
        "slot": shown.slot,
        "state": shown.state,
        "width": shown.width,
        "height": shown.height,
        "page": page(shown.page),
        "pages": [
            {
                "file": each.file,
                "number": each.number,
                "width": each.width,
                "height": each.height,
                "page": page(each.page),
            }
            for each in shown.pages
        ],
        "progress": progress,
        "result": None if shown.result is None else result(shown.result, shown.id, frame_url),
    }


def result(shown: UploadResult, upload_id: str, frame_url: FrameUrl) -> Tree:
    """What was judged of an upload."""
    return {
        "result": shown.result,
        "reasons": [reason(each, upload_id, frame_url) for each in shown.reasons],
        "went_right": list(shown.went_right),
        "fields": [field(each) for each in shown.fields],
        "stills": shown.stills,
    }


def field(shown: FieldShown) -> Tree:
    """A field that was read."""
    return {
        "name": shown.name,
        "value": shown.value,
        "score": shown.score,
        "entered": shown.entered,
        "agrees": shown.agrees,
        "edited": shown.edited,
        "doubtful": list(shown.doubtful),
        "editable": shown.editable,
    }


def events(shown: Iterable[SessionEvent]) -> list[Tree]:
    """Events for a page: that something changed, and where."""
    return [{"id": event.id, "type": event.type, "step": event.step} for event in shown]
