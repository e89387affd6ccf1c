"""Every error leaves as an RFC 9457 problem: a stable code, the field at fault, the request's id, and nothing else.

A stack trace, a path or another person's data never leaves: an exception that nobody foresaw is logged by its type
and place and answered with `internal_error`.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from math import ceil
from typing import Any

import structlog
from apiflask import APIFlask, HTTPError
from flask import Response, current_app, g, json
from pydantic import ValidationError
from werkzeug.exceptions import HTTPException

from verify_svc.flow.refusal import Kind, Refusal
from verify_svc.http.times import iso
from verify_svc.ports import Passing, StaleVersion

_log = structlog.get_logger()

_TITLES: Mapping[int, tuple[str, str]] = {
    400: ("bad_request", "The request can't be understood"),
    401: ("unauthorized", "Who is asking is not known"),
    403: ("forbidden", "This is not allowed"),
    404: ("not_found", "There is no such thing"),
    405: ("method_not_allowed", "This address doesn't take that method"),
    406: ("not_acceptable", "No such form of answer"),
    408: ("request_timeout", "The request took too long"),
    409: ("conflict", "This doesn't fit the present state"),
    410: ("gone", "This is over"),
    411: ("length_required", "The request must say its length"),
    413: ("file_too_large", "The body is too large"),
    415: ("file_type_not_allowed", "This type of content is not taken here"),
    416: ("range_not_satisfiable", "There is no such range"),
    422: ("validation_failed", "Something in the request is not right"),
    429: ("rate_limited", "Too many requests"),
    500: ("internal_error", "Something went wrong on our side"),
    501: ("not_implemented", "This is not offered"),
    503: ("unavailable", "Not available just now"),
}


def codes() -> tuple[tuple[int, str, str], ...]:
    """Every general problem: status, code, title. (A problem may carry a reason's code instead.)"""
    return tuple((status, code, title) for status, (code, title) in _TITLES.items())


@dataclass(frozen=True, slots=True)
class FieldError:
    """One thing wrong with one field; `field` is a dotted path into the body (`subject.certificate.number`)."""

    field: str
    code: str
    message: str

    def as_tree(self) -> dict[str, str]:
        """The error as plain JSON values."""
        return {"field": self.field, "code": self.code, "message": self.message}


@dataclass(slots=True, eq=False)  # not frozen: Python sets __traceback__ on what is raised
class Problem(Exception):
    """An answer that says what is wrong. `extra` are further members (`tries_left`, `retry_at`)."""

    status: int
    code: str = ""
    detail: str = ""
    errors: tuple[FieldError, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


def answer(problem: Problem) -> Response:
    """The problem as an `application/problem+json` response."""
    default_code, title = _TITLES.get(problem.status, _TITLES[500])
    code = problem.code or default_code
    body = {
        "type": f"/docs#problem-{code}",
        "title": title,
        "status": problem.status,
        "code": code,
        "detail": problem.detail or title,
        "errors": [error.as_tree() for error in problem.errors],
        "request_id": g.get("request_id", ""),
        **problem.extra,
    }
    response = current_app.response_class(json.dumps(body), problem.status, mimetype="application/problem+json")
    response.headers.update(problem.headers)
    g.problem_code = code
    return response


_TEXT, _WHOLE, _OBJECT, _LIST = (
    "A text is needed.",
    "A whole number is needed.",
    "An object is needed.",
    "A list is needed.",
)
_WORDS: Mapping[str, str] = {
    "missing": "This field is needed.",
    "extra_forbidden": "There is no such field.",
    "string_type": _TEXT,
    "int_type": _WHOLE,
    "int_parsing": _WHOLE,
    "int_from_float": _WHOLE,
    "float_type": "A number is needed.",
    "float_parsing": "A number is needed.",
    "finite_number": "A number is needed.",
    "bool_type": "`true` or `false` is needed.",
    "bool_parsing": "`true` or `false` is needed.",
    "dict_type": _OBJECT,
    "model_type": _OBJECT,
    "model_attributes_type": _OBJECT,
    "list_type": _LIST,
    "tuple_type": _LIST,
    "string_too_short": "At least {min_length} characters.",
    "string_too_long": "At most {max_length} characters.",
    "too_short": "At least {min_length} of them.",
    "too_long": "At most {max_length} of them.",
    "greater_than_equal": "At least {ge}.",
    "less_than_equal": "At most {le}.",
    "literal_error": "One of {expected}.",
    "string_pattern_mismatch": "Not in the form that this field has.",
    "date_type": "A day is needed, as YYYY-MM-DD.",
    "date_parsing": "A day is needed, as YYYY-MM-DD.",
    "date_from_datetime_parsing": "A day is needed, as YYYY-MM-DD.",
    "date_from_datetime_inexact": "A day is needed, as YYYY-MM-DD.",
}
"""What is wrong, by pydantic's types of error."""


def field_errors(error: ValidationError) -> tuple[FieldError, ...]:
    """Pydantic's complaints as field errors. The value that was sent is not repeated: it may be personal data."""
    found = []
    for item in error.errors(include_url=False, include_input=False):
        path = ".".join(str(part) for part in item["loc"]) or "body"
        kind = item["type"]
        message = item["msg"].removeprefix("Value error, ")
        if kind in _WORDS:
            message = _WORDS[kind].format(**{name: _plain(value) for name, value in item.get("ctx", {}).items()})
        # A validator of our own says its code before a colon: `certificate_kind_not_accepted: …`.
        if kind == "value_error" and ": " in message:
            kind, _, message = message.partition(": ")
        found.append(FieldError(path, kind, message))
    return tuple(found)


def _plain(value: object) -> str:
    """A limit, or the values that are allowed, without quotes."""
    return str(value).replace("'", "").replace(" or ", ", ")


def invalid(error: ValidationError) -> Problem:
    """The problem for a body or query that a model refuses."""
    errors = field_errors(error)
    fields = ", ".join(dict.fromkeys(item.field for item in errors))
    return Problem(422, "validation_failed", f"Not right: {fields}", errors)


_STATUS: Mapping[Kind, int] = {
    Kind.NOT_FOUND: 404,
    Kind.UNAUTHORIZED: 401,
    Kind.FORBIDDEN: 403,
    Kind.CONFLICT: 409,
    Kind.GONE: 410,
    Kind.INVALID: 422,
    Kind.TOO_LARGE: 413,
    Kind.WRONG_TYPE: 415,
    Kind.LIMITED: 429,
    Kind.BUSY: 503,
}


def problem_of(refusal: Refusal, now: datetime) -> Problem:
    """What a story refused, as a problem; `now` is for `Retry-After`."""
    extra: dict[str, Any] = {}
    headers: dict[str, str] = {}
    if refusal.tries_left is not None:
        extra["tries_left"] = refusal.tries_left
    if refusal.retry_at is not None:
        extra["retry_at"] = iso(refusal.retry_at)
        headers["Retry-After"] = str(max(1, ceil((refusal.retry_at - now).total_seconds())))
    if refusal.kind is Kind.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    errors = tuple(FieldError(fault.field, fault.code, fault.message) for fault in refusal.faults)
    return Problem(_STATUS[refusal.kind], refusal.code, refusal.detail, errors, extra, headers)


def register_errors(app: APIFlask, now: Callable[[], datetime]) -> None:
    """Make every error of `app`, foreseen or not, leave as a problem."""

    # First: it claims werkzeug's errors too, which ours below takes back.
    @app.error_processor
    def _apiflask(error: HTTPError) -> Response:
        cause = error.__cause__
        if isinstance(cause, ValidationError):
            return answer(invalid(cause))
        return answer(Problem(error.status_code))

    @app.errorhandler(Refusal)
    def _refused(refusal: Refusal) -> Response:
        return answer(problem_of(refusal, now()))

    @app.errorhandler(Passing)
    @app.errorhandler(StaleVersion)
    def _passing(error: Exception) -> Response:
        _log.warning("passing_fault", error=type(error).__name__)
        return answer(Problem(503, headers={"Retry-After": "2"}))

    @app.errorhandler(Problem)
    def _problem(problem: Problem) -> Response:
        return answer(problem)

    @app.errorhandler(HTTPException)
    def _http(error: HTTPException) -> Response:
        headers = {name: value for name, value in error.get_headers() if name in ("Allow", "Retry-After")}
        status = error.code or 500
        if error.response is not None:
            return current_app.make_response(error.response)
        return answer(Problem(status if status in _TITLES else 400, headers=headers))

    @app.errorhandler(RecursionError)
    def _nested(_error: RecursionError) -> Response:
        return answer(Problem(400, "bad_request", "The body is nested too deeply"))

    @app.errorhandler(Exception)
    def _unforeseen(error: Exception) -> Response:
        # The message of a foreign exception may quote personal data: only its type and place are logged.
        place = traceback.extract_tb(error.__traceback__)[-1] if error.__traceback__ else None
        _log.error(
            "unforeseen_error",
            error=type(error).__name__,
            place=f"{place.name}:{place.lineno}" if place else None,
        )
        return answer(Problem(500))
