"""Where the service tells us that something changed (Standard Webhooks)."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from portal import reach
from portal.filings import Notice
from portal.service import ServiceRefused, ServiceUnreachable

blueprint = Blueprint("webhook", __name__)


@blueprint.post("/webhooks/verify-svc")
def receive() -> ResponseReturnValue:
    """Check the signature, note the event once, and read the session back: the event says *that*, the API says *what*.

    The notice is kept last, so that one which could not be followed up is sent again.
    """
    secret = reach.settings().webhook_secret
    headers = {name.lower(): value for name, value in request.headers.items()}
    try:
        Webhook(secret).verify(request.get_data(), headers)
    except (WebhookVerificationError, ValueError):  # a header or a body that can't even be read
        return {"error": "signature"}, 400
    event = _read(request.get_data())
    if event is None:
        return {"error": "body"}, 400
    notice_id, session_id = headers["webhook-id"], str(event["data"].get("id", ""))
    if reach.filings().seen(notice_id) or not session_id:
        return "", 204
    try:
        reach.read_back(session_id)
    except ServiceUnreachable:
        return {"error": "read_back"}, 503
    except ServiceRefused:
        # Not a session of ours (any more): sending the event again would not change that.
        return "", 204
    reach.filings().keep_notice(Notice(notice_id, str(event["type"]), session_id, str(event.get("timestamp", ""))))
    return "", 204


def _read(body: bytes) -> dict[str, Any] | None:
    """An event: an object that says its type and has data; None for anything else, signed as it may be."""
    event = json.loads(body)
    if not isinstance(event, dict) or not isinstance(event.get("data"), dict) or "type" not in event:
        return None
    return event
