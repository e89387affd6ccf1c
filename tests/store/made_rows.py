"""Rows for the store's tests, with made-up data."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from verify_svc.ports import AuditRow, DeliveryRow, LinkRow, PaperRow, PhoneRow, SessionRow, UploadRow

NOON = datetime(2026, 11, 22, 12, 0, 0, 123456, tzinfo=UTC)
CANARY = "测试甲金丝雀-110101199003070000"


def minutes(count: float) -> timedelta:
    """A span."""
    return timedelta(minutes=count)


def a_session(session_id: str = "vs_1", *, at: datetime = NOON, state: str = "{}", priority: int = 0) -> SessionRow:
    """An open session."""
    return SessionRow(
        id=session_id,
        api_key_id="key_1",
        livemode=False,
        status="requires_input",
        reference=f"REF-{session_id}",
        client_reference_id=None,
        created_at=at,
        expires_at=at + timedelta(days=7),
        updated_at=at,
        waiting_since=None,
        priority=priority,
        claimed_by=None,
        claimed_until=None,
        closed_at=None,
        purged_at=None,
        version=1,
        state=state,
    )


def an_upload(
    upload_id: str = "up_1",
    session_id: str = "vs_1",
    *,
    at: datetime = NOON,
    sha256: str = "00" * 32,
    slot: str = "portrait",
    sent: str = "{}",
    report: str | None = None,
) -> UploadRow:
    """A draft."""
    return UploadRow(
        id=upload_id,
        session_id=session_id,
        step="person_document",
        slot=slot,
        state="draft",
        media_type="image/jpeg",
        capture="camera",
        sha256=sha256,
        size_bytes=1000,
        width_px=1600,
        height_px=1000,
        blob=f"sessions/{session_id}/{upload_id}/original",
        created_at=at,
        submitted_at=None,
        done_at=None,
        stage=None,
        fraction=0.0,
        sent=sent,
        report=report,
    )


def a_paper(
    paper_id: str = "pp_1", session_id: str = "vs_1", *, at: datetime = NOON, report: str | None = None
) -> PaperRow:
    """A paper that is being judged."""
    return PaperRow(
        id=paper_id,
        session_id=session_id,
        kind="authorisation_letter",
        state="processing",
        media_type="image/jpeg",
        sha256="00" * 32,
        size_bytes=1000,
        width_px=1600,
        height_px=1000,
        created_at=at,
        done_at=None,
        report=report,
    )


def a_link(link_id: str = "ln_1", session_id: str = "vs_1", *, at: datetime = NOON) -> LinkRow:
    """A link that waits."""
    return LinkRow(
        id=link_id,
        session_id=session_id,
        token_hash=f"hash of {link_id}",
        created_at=at,
        expires_at=at + minutes(10),
        opened_at=None,
        ended_at=None,
        refused_at=None,
        device_kind=None,
        browser=None,
    )


def a_phone(phone_id: str = "ph_1", session_id: str = "vs_1", *, at: datetime = NOON) -> PhoneRow:
    """A phone that redeemed a link."""
    return PhoneRow(
        id=phone_id,
        session_id=session_id,
        link_id="ln_1",
        token_hash=f"hash of {phone_id}",
        device_kind="iPhone",
        browser="Safari",
        created_at=at,
        revoked_at=None,
    )


def an_audit(what: str, session_id: str = "vs_1", *, detail: str = "{}") -> AuditRow:
    """An entry of the audit trail."""
    return AuditRow(session_id=session_id, at=NOON, who="service", what=what, detail=detail)


def a_delivery(delivery_id: str = "dl_1", *, next_at: datetime | None = NOON, state: str = "waiting") -> DeliveryRow:
    """A webhook that waits."""
    return DeliveryRow(
        id=delivery_id,
        event_id=1,
        session_id="vs_1",
        url="https://portal.example/hook",
        state=state,
        attempts=0,
        next_at=next_at,
        last_status=None,
        created_at=NOON,
        updated_at=NOON,
    )
