"""The headers that every answer carries: what a page may load, who may frame it, what may be kept."""

from __future__ import annotations

from collections.abc import Sequence

from apiflask import APIFlask
from flask import Response, request

_POLICY: dict[str, str] = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' blob:",
    "media-src": "'self' blob:",
    "connect-src": "'self'",
    "font-src": "'self'",
    "manifest-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
}
HSTS_S = 365 * 24 * 3600


def content_policy(frame_ancestors: Sequence[str] = ()) -> str:
    """The Content-Security-Policy; `frame_ancestors` are the origins that may frame the page (none by default).

    >>> content_policy(["https://portal.example"]).rpartition("; ")[2]
    "frame-ancestors 'self' https://portal.example"
    """
    policy = dict(_POLICY)
    if frame_ancestors:
        policy["frame-ancestors"] = " ".join(["'self'", *frame_ancestors])
    return "; ".join(f"{name} {value}" for name, value in policy.items())


def register_headers(app: APIFlask, portal_origins: Sequence[str]) -> None:
    """Set the headers on every response of `app`. The hand-off page alone may be framed, by the portals named."""
    closed = content_policy()
    framed = content_policy(portal_origins)

    @app.after_request
    def _set(response: Response) -> Response:
        handoff_page = request.endpoint == "pages.handoff"
        headers = response.headers
        headers["Content-Security-Policy"] = framed if handoff_page else closed
        headers["X-Content-Type-Options"] = "nosniff"
        headers["Referrer-Policy"] = "no-referrer"
        headers["Permissions-Policy"] = "camera=(self), microphone=(self), geolocation=(), payment=(), usb=()"
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if not (handoff_page and portal_origins):
            headers["X-Frame-Options"] = "DENY"
        # Answers are about people unless the view says otherwise.
        headers.setdefault("Cache-Control", "no-store")
        if request.is_secure:
            headers["Strict-Transport-Security"] = f"max-age={HSTS_S}"
        return response
