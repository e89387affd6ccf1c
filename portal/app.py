"""Puts the portal together."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask, render_template, session
from werkzeug.exceptions import HTTPException

from portal import guard, materials, pages, verification, webhook
from portal.filings import Filings
from portal.service import Service
from portal.settings import Settings
from portal.words import LOCALES, chosen_locale, clock, grouped, hour, say

MAX_BODY_BYTES = 6 * 1024 * 1024


def create_app(settings: Settings | None = None) -> Flask:
    """The portal as a WSGI application; settings from the environment unless given."""
    chosen = settings or Settings.from_environment()
    chosen.data.mkdir(parents=True, exist_ok=True)
    app = Flask(__name__)
    app.config.update(
        SECRET_KEY=guard.secret_key(chosen.data),
        SESSION_COOKIE_NAME="portal",
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=chosen.public_url.startswith("https:"),
        PERMANENT_SESSION_LIFETIME=timedelta(days=30),
        MAX_CONTENT_LENGTH=MAX_BODY_BYTES,
    )
    app.extensions["portal"] = chosen
    app.extensions["filings"] = Filings(chosen.data / "portal.sqlite")
    app.extensions["service"] = Service(chosen.service_url, chosen.api_key)

    guard.install(app)
    for blueprint in (pages.blueprint, verification.blueprint, materials.blueprint, webhook.blueprint):
        app.register_blueprint(blueprint)
    app.add_url_rule("/healthz", "health", lambda: {"status": "ok"})
    app.add_template_filter(clock)
    app.add_template_filter(hour)
    app.add_template_filter(grouped)
    app.context_processor(
        lambda: {
            "say": say,
            "locale": chosen_locale(),
            "locales": LOCALES,
            "csrf": session.get("csrf", ""),
            "account": f"demo-{session.get('owner', '')[:4]}",
        }
    )
    app.register_error_handler(HTTPException, _page_of_error)
    return app


def _page_of_error(error: HTTPException) -> tuple[str, int]:
    code = error.code or 500
    known = code if code in (403, 404, 413, 502) else 500
    return render_template("error.html", code=code, key=f"error.{known}"), code
