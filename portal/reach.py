"""What the views share: the stores behind the running application, and the filing that an address means."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from flask import abort, current_app, url_for

from portal.filings import Filing, Filings
from portal.guard import owner
from portal.service import Service
from portal.settings import Settings

# What we keep of a session: how it stands. The entry is in the filing already, pictures stay with the service.
_KEPT = (
    "id",
    "status",
    "reference",
    "steps",
    "awaiting",
    "can_retry",
    "handoff",
    "created_at",
    "expires_at",
    "last_error",
    "decision",
)


def settings() -> Settings:
    """The settings the portal was started with."""
    return cast(Settings, current_app.extensions["portal"])


def filings() -> Filings:
    """The portal's own records."""
    return cast(Filings, current_app.extensions["filings"])


def service() -> Service:
    """The verification service."""
    return cast(Service, current_app.extensions["service"])


def filing_or_404(filing_id: str) -> Filing:
    """The visitor's own filing."""
    found = filings().find(filing_id, owner())
    if found is None:
        abort(404)
    return found


def outward(endpoint: str, filing_id: str) -> str:
    """An address of ours that others can call."""
    public = settings().public_url
    path = url_for(endpoint, filing_id=filing_id)
    return f"{public}{path}" if public else url_for(endpoint, filing_id=filing_id, _external=True)


def kept(session: Mapping[str, Any]) -> dict[str, Any]:
    """The part of a session that we store."""
    return {name: session[name] for name in _KEPT if name in session}


def read_back(session_id: str) -> dict[str, Any]:
    """Ask the service how the session stands and remember it. Events may come late or out of order; this can't."""
    found = kept(service().read(session_id))
    filings().update_session(found)
    return found
