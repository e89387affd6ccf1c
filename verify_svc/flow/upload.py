"""A file comes in: sniffed, limited, hashed, sealed; then submitted for judgement."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from verify_svc.document.preview import preview
from verify_svc.face.source import SourceFacts
from verify_svc.face.typed import TypedKey
from verify_svc.flow import pictures, upload_view
from verify_svc.flow.allowance import check_room, one_at_a_time
from verify_svc.flow.record import APPLICANT, load, move, note, pack_of, refusal_of, tell, transact
from verify_svc.flow.refusal import Kind, Refusal, conflict, not_found
from verify_svc.flow.services import Services
from verify_svc.flow.tokens import new_id, same
from verify_svc.flow.upload_pages import as_corners, pages_of
from verify_svc.flow.views import Corners, UploadShown
from verify_svc.inference.pool import ChildError
from verify_svc.media.container import ClipRefused, sniff_container
from verify_svc.media.pictures import PictureError, check_bytes
from verify_svc.ports import JobKind, PhoneRow, Transaction, UploadRow
from verify_svc.session.changes import Change
from verify_svc.session.codec import to_plain
from verify_svc.session.events import UploadSubmitted
from verify_svc.session.papers import check_step_takes_files
from verify_svc.session.refused import NotAllowed
from verify_svc.session.state import Session
from verify_svc.session.steps import StepName, slots_of

CAPTURES = ("camera", "album", "file")
_LOOKS = 32
"""More than the sharp frames of the longest clip."""

_KIND_OF_REASON: Mapping[str, Kind] = {
    "file_too_large": Kind.TOO_LARGE,
    "file_type_not_allowed": Kind.WRONG_TYPE,
    "file_unreadable": Kind.INVALID,
}
_CLIP_TYPES: Mapping[str, str] = {
    "mov": "video/mp4",
    "matroska": "video/webm",
    "mpeg": "video/mpeg",
    "avi": "video/x-msvideo",
}


@dataclass(frozen=True, slots=True)
class Seen:
    """What the bytes are: a picture has a preview and maybe a page."""

    media_type: str
    width_px: int = 0
    height_px: int = 0
    page: Corners | None = None
    preview: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Typed:
    """The answer of who types the digits: each key pressed, and when the arrow was shown, on the clip's clock."""

    keys: tuple[TypedKey, ...]
    turn_shown_at_s: float | None


def put_file(
    services: Services, phone: PhoneRow, *, step: str, slot: str, data: bytes, sha256: str, capture: str
) -> UploadShown:
    """Keep a draft. `sha256` in hex as the page computed it; `capture` is `camera`, `album` or `file`.

    The same bytes again give the same upload. Refusals: TOO_LARGE `file_too_large`, WRONG_TYPE
    `file_type_not_allowed`, INVALID `file_unreadable`, CONFLICT, LIMITED `too_many_attempts` (retry_at), NOT_FOUND,
    BUSY (retry_at; nothing was counted against the applicant but one file sent).
    """
    with services.store.read() as tx:
        _, session = load(tx, phone.session_id)
        name = _slot_named(session, step, slot)
        digest = check_sent(services, name, data, sha256, capture)
        check_takes(services, session, name)
        known = _known(tx, session, name, slot, digest)
        if known is not None:
            return upload_view.upload(session, known)
        check_room(tx.uploads.of_session(session.id), len(data))
    with one_at_a_time(services, session.id):
        seen = look_at(services, session.id, name, data)
    row = _draft(services, session.id, name, slot, data, digest, capture, seen)
    services.blobs.put(row.blob, data)
    if seen.preview is not None:
        services.blobs.put(pictures.key_of(session.id, row.id, "preview"), seen.preview)

    def story(tx: Transaction) -> UploadShown:
        session_row, session = load(tx, phone.session_id)
        check_takes(services, session, name)
        # Again, in the transaction: files that came at once were all let in by the look before.
        check_room(tx.uploads.of_session(session.id), len(data))
        tx.uploads.add(row)
        note(tx, session.id, row.created_at, APPLICANT, "file_kept", {"upload": row.id, "sha256": digest})
        tell(services, tx, session_row, session, Change("upload_changed", name))
        return upload_view.upload(session, row)

    with pictures.gone_if_refused(services, session.id, row.id):
        return transact(services, story)


def submit_picture(
    services: Services, phone: PhoneRow, upload_id: str, *, corners: Corners | None, rotate_deg: int
) -> UploadShown:
    """Queue the judgement. Again: the same answer. Refusals: NOT_FOUND, CONFLICT, LIMITED."""
    return _submit(services, phone, upload_id, {"corners": corners, "rotate_deg": rotate_deg}, None)


def submit_clip(
    services: Services,
    phone: PhoneRow,
    upload_id: str,
    *,
    challenge_id: str,
    shown_at_s: tuple[float, ...] | None,
    typed: Typed | None = None,
    source: SourceFacts | None = None,
) -> UploadShown:
    """Queue the judgement; the challenge is spent. `source` is the page's word about its camera.

    Refusals: GONE `challenge_expired`, NOT_FOUND, CONFLICT, LIMITED.
    """
    sent: dict[str, Any] = {
        "shown_at_s": shown_at_s,
        "source": None if source is None else to_plain(source),
        # Drawn once for an upload: a job that runs twice must keep the stills that it tells of.
        "looks_later": services.randomness.bytes(_LOOKS).hex(),
    }
    if typed is not None:
        sent.update(keys=to_plain(typed.keys), turn_shown_at_s=typed.turn_shown_at_s)
    return _submit(services, phone, upload_id, sent, challenge_id)


def upload_kind(services: Services, phone: PhoneRow, upload_id: str) -> str:
    """`picture` or `clip`. Refusals: NOT_FOUND."""
    with services.store.read() as tx:
        row = own_upload(tx, phone, upload_id)
    return "clip" if row.step == StepName.FACE else "picture"


def show_upload(services: Services, phone: PhoneRow, upload_id: str) -> UploadShown:
    """Refusals: NOT_FOUND."""
    with services.store.read() as tx:
        row = own_upload(tx, phone, upload_id)
        _, session = load(tx, phone.session_id)
        return upload_view.upload(session, row)


def picture_of_upload(services: Services, phone: PhoneRow, upload_id: str, number: int | None = None) -> bytes:
    """JPEG, upright, at most 1600 px; once judged the page alone. `number` is the file of a form's page, else the
    first is given. Refusals: NOT_FOUND.
    """
    with services.store.read() as tx:
        row = own_upload(tx, phone, upload_id)
    if number is not None and all(page.number != number for page in pages_of(row)):
        raise not_found("page")
    return _found(pictures.page_or_preview(services, row, number), "picture")


def strip_of_upload(services: Services, phone: PhoneRow, upload_id: str, field: str) -> bytes:
    """JPEG: the picture's strip with that field. Refusals: NOT_FOUND."""
    with services.store.read() as tx:
        row = own_upload(tx, phone, upload_id)
    return _found(pictures.strip(services, row, field), "strip")


def frame_of_upload(services: Services, phone: PhoneRow, upload_id: str, code: str) -> bytes:
    """JPEG: the frame of a clip that shows that reason, unless it would teach an attacker. Refusals: NOT_FOUND."""
    with services.store.read() as tx:
        row = own_upload(tx, phone, upload_id)
        _, session = load(tx, phone.session_id)
    step = session.steps.get(StepName(row.step))
    shown = () if step is None else upload_view.shown_reasons(step.verdict.reasons, frames=upload_view.kept_frames(row))
    if not any(reason.code == code and reason.frame for reason in shown):
        raise not_found("frame")
    return _found(pictures.get(services, row.session_id, row.id, pictures.FRAME + code), "frame")


def own_upload(tx: Transaction, phone: PhoneRow, upload_id: str) -> UploadRow:
    """The upload, if it is of the phone's session. Refusals: NOT_FOUND."""
    row = tx.uploads.get(upload_id)
    if row is None or row.session_id != phone.session_id:
        raise not_found("upload")
    return row


def _submit(
    services: Services, phone: PhoneRow, upload_id: str, sent: Mapping[str, Any], challenge_id: str | None
) -> UploadShown:
    def story(tx: Transaction) -> UploadShown:
        row = own_upload(tx, phone, upload_id)
        _, session = load(tx, phone.session_id)
        if row.state != "draft":
            return upload_view.upload(session, row)
        name = StepName(row.step)
        if (name is StepName.FACE) != (challenge_id is not None):
            raise conflict("A clip is submitted with its challenge, a picture without one.")
        now = services.clock.now()
        challenge = session.challenge
        asked = (
            {} if challenge is None or challenge_id is None else {"challenge": upload_view.challenge_kept(challenge)}
        )
        row = replace(
            row,
            state="processing",
            submitted_at=now,
            stage="waiting",
            fraction=0.0,
            sent=json.dumps({**json.loads(row.sent), **sent, **asked}),
        )
        tx.uploads.save(row)
        capture = "file" if challenge_id and challenge and challenge.mode == "file" else row.capture
        event = UploadSubmitted(now, name, row.slot, row.id, capture, challenge_id)
        session = move(
            services, tx, session.id, event, who=APPLICANT, what="upload_submitted", detail={"upload": row.id}
        )
        services.jobs.enqueue(tx, JobKind.ANALYSE, row.id)
        return upload_view.upload(session, row)

    return transact(services, story)


def check_sent(services: Services, name: StepName, data: bytes, sha256: str, capture: str) -> str:
    """The digest of what came. Refusals: TOO_LARGE, INVALID."""
    limit = services.policy.max_clip_bytes if name is StepName.FACE else services.policy.max_picture_bytes
    if len(data) > limit:
        raise Refusal(Kind.TOO_LARGE, "file_too_large", f"At most {limit} bytes.")
    digest = hashlib.sha256(data).hexdigest()
    if capture not in CAPTURES or not same(digest, sha256.lower()):
        raise Refusal(Kind.INVALID, "file_unreadable", "The bytes that came are not those that were sent.")
    return digest


def _slot_named(session: Session, step: str, slot: str) -> StepName:
    """The step, if the session asks for a file in that slot of it. Refusal: NOT_FOUND."""
    if step not in list(StepName) or slot not in slots_of(StepName(step), session.expected):
        raise not_found("slot")
    return StepName(step)


def check_takes(services: Services, session: Session, name: StepName) -> None:
    """Whether the step takes a file now. Refusals: CONFLICT, LIMITED `too_many_attempts` (retry_at)."""
    try:
        check_step_takes_files(session, name, pack_of(services, session), services.clock.now())
    except NotAllowed as fault:
        raise refusal_of(session, fault) from None


def _known(tx: Transaction, session: Session, name: StepName, slot: str, digest: str) -> UploadRow | None:
    """The upload of the same bytes that is still a draft, or that counts."""
    row = tx.uploads.with_hash(session.id, name.value, slot, digest)
    if row is None or (row.state != "draft" and session.slot_of_upload(row.id) is None):
        return None
    return row


def look_at(services: Services, session_id: str, name: StepName, data: bytes) -> Seen:
    """Sniff the bytes and decode a picture once. Refusals: INVALID, WRONG_TYPE, BUSY."""
    try:
        if name is StepName.FACE:
            return Seen(_CLIP_TYPES[sniff_container(data)])
        kind = check_bytes(data)
        seen = pictures.decoded(services, session_id, preview, data)
    except (PictureError, ClipRefused) as fault:
        raise Refusal(_KIND_OF_REASON.get(fault.reason, Kind.INVALID), fault.reason) from None
    except ChildError:
        raise Refusal(Kind.INVALID, "file_unreadable") from None
    return Seen(kind.value, seen.width_px, seen.height_px, as_corners(seen.corners), seen.jpeg)


def _draft(
    services: Services, session_id: str, name: StepName, slot: str, data: bytes, digest: str, capture: str, seen: Seen
) -> UploadRow:
    upload_id = new_id(services, "up_")
    return UploadRow(
        id=upload_id,
        session_id=session_id,
        step=name.value,
        slot=slot,
        state="draft",
        media_type=seen.media_type,
        capture=capture,
        sha256=digest,
        size_bytes=len(data),
        width_px=seen.width_px,
        height_px=seen.height_px,
        blob=pictures.key_of(session_id, upload_id, "original"),
        created_at=services.clock.now(),
        submitted_at=None,
        done_at=None,
        stage=None,
        fraction=0.0,
        sent=json.dumps({"page": {"corners": seen.page, "rotate_deg": 0} if seen.width_px else None}),
        report=None,
    )


def _found(data: bytes | None, what: str) -> bytes:
    if data is None:
        raise not_found(what)
    return data
