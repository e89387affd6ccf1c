"""What is logged of a request: ids, codes and times. Never an address's query, a body, a name or a number."""

from __future__ import annotations

import re
import secrets
import time

import structlog
from apiflask import APIFlask
from flask import Response, g, request

_log = structlog.get_logger()
_GIVEN_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")


def register_logs(app: APIFlask) -> None:
    """Give each request an id, answered as `X-Request-ID`, and log one line for it."""

    @app.before_request
    def _begin() -> None:
        given = request.headers.get("X-Request-ID", "")
        g.request_id = given if _GIVEN_ID.fullmatch(given) else f"req_{secrets.token_hex(8)}"
        g.begun_s = time.perf_counter()
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=g.request_id)

    @app.after_request
    def _end(response: Response) -> Response:
        response.headers["X-Request-ID"] = g.get("request_id", "")
        rule = request.url_rule.rule if request.url_rule else None
        tell = _log.warning if response.status_code >= 500 else _log.info
        tell(
            "request",
            method=request.method,
            # The rule, not the path: a path that matches nothing can hold anything.
            rule=rule,
            status=response.status_code,
            code=g.get("problem_code"),
            duration_ms=round((time.perf_counter() - g.get("begun_s", time.perf_counter())) * 1000, 1),
            session=g.get("session_id"),
        )
        return response
