"""Bodies are bounded before they are read and while they stream; bytes are hashed as they come."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from apiflask import APIFlask
from flask import request
from pydantic import BaseModel, ValidationError
from werkzeug.exceptions import BadRequest

from verify_svc.http.errors import FieldError, Problem, invalid

V = TypeVar("V", bound=Callable[..., object])
M = TypeVar("M", bound=BaseModel)

_ATTRIBUTE = "max_body_bytes"
_CHUNK_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class BodyLimits:
    """How large a body may be."""

    max_json_bytes: int = 64 * 1024  # a filing with 100 domains takes 10 kB


LIMITS = BodyLimits()


def max_body(limit: Callable[[], int]) -> Callable[[V], V]:
    """Declare how large a body the view takes: `limit` gives bytes for the present request.

    Without it `BodyLimits.max_json_bytes` holds.
    """

    def declare(view: V) -> V:
        setattr(view, _ATTRIBUTE, limit)
        return view

    return declare


def register_body_limits(app: APIFlask) -> None:
    """Refuse a body that says it is too large at once, and cut one that grows too large while it streams."""

    @app.before_request
    def _limit() -> None:
        if request.endpoint is None:
            return  # no such address: answered without a look at the body
        view = app.view_functions[request.endpoint]
        declared: Callable[[], int] | None = getattr(view, _ATTRIBUTE, None)
        limit = declared() if declared else LIMITS.max_json_bytes
        request.max_content_length = limit
        if request.content_length is not None and request.content_length > limit:
            raise too_large(limit)


def too_large(limit_bytes: int) -> Problem:
    """The problem for a body over its limit. The connection ends: what is left of the body is not waited for."""
    detail = f"At most {limit_bytes} bytes are taken here"
    return Problem(413, "file_too_large", detail, extra={"max_bytes": limit_bytes}, headers={"Connection": "close"})


@dataclass(frozen=True, slots=True)
class Body:
    """The bytes of an upload and their SHA-256 in lower-case hexadecimal."""

    data: bytes = field(repr=False)
    sha256: str


def read_bytes(limit_bytes: int, expected_sha256: str | None) -> Body:
    """Read the request's body in pieces, up to `limit_bytes`, and hold it against the hash that was announced."""
    digest = hashlib.sha256()
    pieces: list[bytes] = []
    total = 0
    while piece := request.stream.read(_CHUNK_BYTES):
        total += len(piece)
        if total > limit_bytes:
            raise too_large(limit_bytes)
        digest.update(piece)
        pieces.append(piece)
    if request.content_length is not None and total < request.content_length:
        raise Problem(400, "bad_request", "The body ended before its announced length")
    found = digest.hexdigest()
    if expected_sha256 is not None and expected_sha256.lower() != found:
        message = "The body's SHA-256 differs from what was announced: send it again"
        raise Problem(422, "validation_failed", message, (FieldError("X-Content-SHA256", "hash_mismatch", message),))
    return Body(b"".join(pieces), found)


def read_json(model: type[M]) -> M:
    """The request's JSON body as `model`. Raises `Problem` 400, 415 or 422."""
    if not request.is_json:
        raise Problem(415, "file_type_not_allowed", "Send application/json")
    try:
        given: Any = request.get_json()
    except (BadRequest, RecursionError, ValueError):
        raise Problem(400, "bad_request", "The body is not valid JSON") from None
    try:
        return model.model_validate(given)
    except ValidationError as error:
        raise invalid(error) from None
