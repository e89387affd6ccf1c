"""What every request passes: who the visitor is, that a form came from our own page, and the headers of each answer."""

from __future__ import annotations

import hmac
import os
import secrets
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask, Response, abort, current_app, g, request, session

# The one address that other machines post to; it proves itself by its signature.
OPEN_TO_MACHINES = frozenset({"webhook.receive"})


# Its first letters are shown as the account's name: nothing that is mistaken for something else when read out.
_READABLE = "abcdefghjkmnpqrstuvwxyz23456789"
_OWNER_LENGTH = 20  # 99 bits: it names the account that a signed cookie belongs to


def secret_key(folder: Path) -> bytes:
    """The key that signs cookies: made on the first start, then kept, so that a restart logs nobody out."""
    path = folder / "cookie.key"
    try:
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return path.read_bytes()
    with os.fdopen(handle, "wb") as file:
        key = secrets.token_bytes(32)
        file.write(key)
    return key


def install(app: Flask) -> None:
    """Every route is guarded; a page's frame policy is set by `allow_frame`."""

    @app.before_request
    def know_the_visitor() -> None:
        if "owner" not in session and request.endpoint not in {"static", "health", *OPEN_TO_MACHINES}:
            session["owner"] = "".join(secrets.choice(_READABLE) for _ in range(_OWNER_LENGTH))
            session["csrf"] = secrets.token_urlsafe(16)
            session.permanent = True
        if request.method not in {"GET", "HEAD", "OPTIONS"} and request.endpoint not in OPEN_TO_MACHINES:
            given = request.headers.get("X-CSRF-Token") or request.form.get("csrf", "")
            if not hmac.compare_digest(given.encode(), str(session.get("csrf", "")).encode()) or not given:
                abort(403)

    @app.after_request
    def set_headers(answer: Response) -> Response:
        frame = f" frame-src {g.frame_origin};" if "frame_origin" in g else ""
        answer.headers["Content-Security-Policy"] = (
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
            f"{frame} form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        )
        answer.headers["X-Content-Type-Options"] = "nosniff"
        answer.headers["Referrer-Policy"] = "no-referrer"
        if request.endpoint != "static":
            answer.headers["Cache-Control"] = "no-store"
        return answer


def allow_frame(address: str) -> str:
    """Let this page show a frame from the address's origin; returns the origin."""
    parts = urlsplit(address)
    origin = f"{parts.scheme}://{parts.netloc}"
    if parts.scheme not in {"http", "https"} or not parts.netloc or any(c in origin for c in " ;,'\""):
        current_app.logger.error("the service gave a hand-off address that is not a web address")
        abort(502)
    g.frame_origin = origin
    return origin


def owner() -> str:
    """The visitor's account: a random name in a signed cookie."""
    return str(session["owner"])
