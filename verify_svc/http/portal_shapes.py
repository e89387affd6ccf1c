"""A verification session as the portal's API shows it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from verify_svc.flow.views import AttemptsShown, PaperPage, PaperShown, SessionEvent, SessionView

EXAMPLE: dict[str, Any] = {
    "client_reference_id": "filing-20261122-001",
    "filing": {"kind": "new_subject", "created_on": "2026-11-22", "province": "310000"},
    "subject": {
        "kind": "individual",
        "name": "张示例",
        "certificate": {"kind": "id_card", "number": "110101199003070011"},
    },
    "site": {"name": "示例的网站", "domains": ["example.com"]},
    "responsible_person": {
        "name": "张示例",
        "certificate": {"kind": "id_card", "number": "110101199003070011"},
        "mobile": "13800005678",
    },
}


def session(view: SessionView, public_url: str, waiting_url: str | None, *, with_token: bool = False) -> dict[str, Any]:
    """The session object. `waiting_url` is the phone's address while a link waits. The hand-off page's address holds
    the client token: it is there with `with_token` alone.
    """
    base = public_url.rstrip("/")
    own = f"{base}/v1/verification_sessions/{view.id}"
    error = view.last_error
    return {
        "id": view.id,
        "livemode": view.livemode,
        "status": view.status,
        "reference": view.reference,
        "steps": [
            {
                "name": step.name,
                "state": step.state,
                "attempts": attempts(step.attempts),
                "reasons": list(step.reasons),
            }
            for step in view.steps
        ],
        "awaiting": view.awaiting,
        "can_retry": view.can_retry,
        "attempts": attempts(view.attempts),
        "client_reference_id": view.client_reference_id,
        "metadata": dict(view.metadata),
        "expected": dict(view.expected),
        "rule_pack": {"id": view.rule_pack_id, "version": view.rule_pack_version},
        "url": waiting_url,
        "qr": None if waiting_url is None else {"svg_url": f"{own}/qr.svg", "png_url": f"{own}/qr.png"},
        "handoff": {
            "state": view.handoff.state,
            "expires_at": view.handoff.expires_at,
            "url": f"{base}/handoff/#{view.client_token}" if with_token else None,
        },
        "created_at": view.created_at,
        "expires_at": view.expires_at,
        "last_error": None if error is None else {"code": error.code, "reason": error.reason, "field": error.field},
        "decision": None
        if view.decision is None
        else {"kind": view.decision.kind, "message": view.decision.message, "at": view.decision.at},
        "report": {"result": view.report_result, "url": f"{own}/report"},
        "return_url": view.return_url,
        "locale": view.locale,
        "redaction": {"status": view.redaction_status or "none"},
        "last_event_id": view.last_event_id,
    }


def attempts(shown: AttemptsShown) -> dict[str, Any]:
    """How often a step was judged and failed."""
    return {"used": shown.used, "max": shown.max, "locked_until": shown.locked_until}


def events(shown: Iterable[SessionEvent]) -> list[dict[str, Any]]:
    """Events for a portal that follows a session."""
    return [{"id": event.id, "type": event.type, "step": event.step} for event in shown]


def paper(shown: PaperShown, public_url: str) -> dict[str, Any]:
    """A paper that the portal sent."""
    own = f"{public_url.rstrip('/')}/v1/verification_sessions/{shown.session_id}/papers/{shown.id}"
    return {
        "id": shown.id,
        "session_id": shown.session_id,
        "kind": shown.kind,
        "state": shown.state,
        "report": None if shown.report is None else dict(shown.report),
        "file": _page(shown.pages[0], f"{own}/file"),
        "more_pages": [_page(page, f"{own}/file?page={number}") for number, page in enumerate(shown.pages[1:], 2)],
        "created_at": shown.created_at,
        "done_at": shown.done_at,
    }


def _page(shown: PaperPage, url: str) -> dict[str, Any]:
    return {
        "media_type": shown.media_type,
        "size_bytes": shown.size_bytes,
        "width_px": shown.width_px,
        "height_px": shown.height_px,
        "sha256": shown.sha256,
        "url": url,
    }
