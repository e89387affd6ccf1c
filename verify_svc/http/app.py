"""The application: every blueprint, under guard, with its limits, headers, errors and log lines."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from apiflask import APIFlask
from flask import json
from flask.json.provider import DefaultJSONProvider
from werkzeug.middleware.proxy_fix import ProxyFix

from verify_svc import __version__
from verify_svc.flow.hints import HintPace
from verify_svc.flow.services import Services
from verify_svc.http.bodies import register_body_limits
from verify_svc.http.console_api import check_operator, make_console_api
from verify_svc.http.documentation import configure_openapi, make_documentation
from verify_svc.http.errors import register_errors
from verify_svc.http.files import Files, FileWaits
from verify_svc.http.guards import Guard, register_guards
from verify_svc.http.handoff_api import check_client_token, make_handoff_api
from verify_svc.http.headers import register_headers
from verify_svc.http.health import make_health
from verify_svc.http.inbox import make_inbox
from verify_svc.http.logs import register_logs
from verify_svc.http.mobile_api import check_phone, check_proved_phone, make_mobile_api
from verify_svc.http.pages import make_pages
from verify_svc.http.portal_api import check_api_key, make_portal_api
from verify_svc.http.sse import StreamLimits, Streams
from verify_svc.http.words import register_words


class Json(DefaultJSONProvider):
    """JSON in the order it was written, in UTF-8."""

    sort_keys = False
    ensure_ascii = False


_PACKAGE = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True)
class Web:
    """Where the service is reached and who may frame its hand-off page.

    `public_url` is the address that phones and portals use (`https://verify.example`), `portal_origins` the origins
    whose pages may embed the hand-off page, `trusted_proxies` how many proxies in front set `X-Forwarded-…`.
    """

    public_url: str
    portal_origins: tuple[str, ...] = ()
    trusted_proxies: int = 0
    web_dir: Path = _PACKAGE.parent / "web"
    locales_dir: Path = _PACKAGE / "locales"
    streams: StreamLimits = field(default_factory=StreamLimits)
    file_waits: FileWaits = field(default_factory=FileWaits)


def create_app(services: Services, web: Web) -> APIFlask:
    """The WSGI application. Raises `guards.UnguardedRoute` when a route declares no guard."""
    app = APIFlask(
        "verify_svc",
        title="verify-svc",
        version=__version__,
        spec_path=None,
        docs_path=None,
        static_folder=None,  # type: ignore[arg-type]  # Flask's own "no such route"; APIFlask forgot it in its types
    )
    app.config.update(MAX_FORM_MEMORY_SIZE=0, PROPAGATE_EXCEPTIONS=False, TRAP_HTTP_EXCEPTIONS=False)
    app.json = Json(app)
    app.url_map.merge_slashes = False
    if web.trusted_proxies:
        count = web.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
    streams = Streams(web.streams, time.monotonic, time.sleep)
    files = Files(web.file_waits, services.clock, time.sleep)

    register_words(app)
    configure_openapi(app)
    register_logs(app)
    register_headers(app, web.portal_origins)
    register_errors(app, services.clock.now)
    app.register_blueprint(make_health(services))
    app.register_blueprint(make_pages(web.web_dir.resolve(), web.locales_dir.resolve()))
    app.register_blueprint(make_documentation(_words(web.locales_dir)))
    app.register_blueprint(make_portal_api(services, streams, files, web.public_url))
    app.register_blueprint(make_mobile_api(services, streams, HintPace(time.monotonic), web.public_url))
    app.register_blueprint(make_handoff_api(services, streams, web.public_url))
    app.register_blueprint(make_console_api(services, web.public_url))
    if services.sms_inbox is not None:
        app.register_blueprint(make_inbox(services.sms_inbox))
    checks = {
        Guard.API_KEY: check_api_key(services),
        Guard.PHONE: check_phone(services),
        Guard.PHONE_PROVED: check_proved_phone(services),
        Guard.PHONE_FRAMING: check_phone(services, counted=False),
        Guard.CLIENT_TOKEN: check_client_token(services),
        Guard.OPERATOR: check_operator(services),
    }
    register_guards(app, checks, web.public_url)
    register_body_limits(app)
    return app


def _words(locales_dir: Path) -> Any:
    @lru_cache
    def words(locale: str) -> Mapping[str, Any]:
        path = locales_dir / f"{locale}.json"
        if not path.is_file():
            return {}
        parsed: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return parsed

    return words
