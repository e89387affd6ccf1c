"""Bodies are bounded before they are read and while they stream; bytes are hashed as they come."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from threading import Lock
from typing import Any, TypeVar

from apiflask import APIFlask
from flask import current_app, g, request
from pydantic import BaseModel, ValidationError
from werkzeug.exceptions import BadRequest, ClientDisconnected

from verify_svc.http.errors import FieldError, Problem, invalid

V = TypeVar("V", bound=Callable[..., object])
M = TypeVar("M", bound=BaseModel)

_ATTRIBUTE = "max_body_bytes"
_ROOM = "verify_svc.body_room"
_CHUNK_BYTES = 64 * 1024
_LATER = {"Retry-After": "5"}  # a phone's clip takes a few seconds to come


@dataclass(frozen=True, slots=True)
class BodyLimits:
    """How large a body may be, and how much one process holds of files that come at the same time."""

    max_json_bytes: int = 64 * 1024  # a filing with 100 domains takes 10 kB
    max_held_bytes: int = 256_000_000  # four of the largest clips; each is held once more while it is sealed
    max_readers: int = 8  # threads of one process; as many are left for streams, and as many for everything else
    max_readers_each: int = 2  # a phone sends one file at a time; another may still be waited for on a broken line


LIMITS = BodyLimits()


def max_body(limit: Callable[[], int]) -> Callable[[V], V]:
    """Declare how large a body the view takes: `limit` gives bytes for the present request.

    Without it `BodyLimits.max_json_bytes` holds.
    """

    def declare(view: V) -> V:
        setattr(view, _ATTRIBUTE, limit)
        return view

    return declare


class _Room:
    """What one process holds and reads of files. The only one that comes is let in, however large it may be."""

    def __init__(self, limits: BodyLimits) -> None:
        self._limits = limits
        self._held_bytes = 0
        self._readers = Counter[str | None]()
        self._lock = Lock()

    def check(self, more_bytes: int, own_bytes: int = 0) -> None:
        """Raises `Problem` 503 where there is no room for so much more."""
        alone = self._held_bytes == own_bytes
        if not alone and self._held_bytes + more_bytes > self._limits.max_held_bytes:
            raise _later()

    def take(self, more_bytes: int, own_bytes: int) -> None:
        """Hold more of a file of which `own_bytes` are held. Raises `Problem` 503."""
        with self._lock:
            self.check(more_bytes, own_bytes)
            self._held_bytes += more_bytes

    def give(self, own_bytes: int) -> None:
        with self._lock:
            self._held_bytes -= own_bytes

    @contextmanager
    def reading(self, sender: str | None) -> Iterator[None]:
        """A thread reads a file of `sender`'s. Raises `Problem` 503 where enough do, of all or of this one's."""
        with self._lock:
            each = 0 if sender is None else self._readers[sender]
            if self._readers.total() >= self._limits.max_readers or each >= self._limits.max_readers_each:
                raise _later()
            self._readers[sender] += 1
        try:
            yield
        finally:
            with self._lock:
                self._readers[sender] -= 1
                self._readers += Counter()  # forgets senders who send nothing


def _later() -> Problem:
    return Problem(503, detail="Many files are coming in. Send it again in a moment.", headers=_LATER)


def register_body_limits(app: APIFlask, limits: BodyLimits = LIMITS) -> None:
    """Refuse a body that says it is too large at once, and cut one that grows too large while it streams.

    Files that together are more than a process may hold are asked to come again, best before they are sent.
    """
    room = app.extensions[_ROOM] = _Room(limits)

    @app.teardown_request
    def _give(_error: BaseException | None) -> None:
        room.give(g.pop("held_bytes", 0))

    @app.before_request
    def _limit() -> None:
        if request.endpoint is None:
            return  # no such address: answered without a look at the body
        view = app.view_functions[request.endpoint]
        declared: Callable[[], int] | None = getattr(view, _ATTRIBUTE, None)
        limit = declared() if declared else limits.max_json_bytes
        request.max_content_length = limit
        if declared is None and "Transfer-Encoding" in request.headers:
            raise Problem(411)  # the server waits for a small body that says its length, without giving it a thread
        if request.content_length is not None and request.content_length > limit:
            raise too_large(limit)
        if declared is not None:
            room.check(request.content_length or 0)


def too_large(limit_bytes: int) -> Problem:
    """The problem for a body over its limit."""
    detail = f"At most {limit_bytes} bytes are taken here"
    return Problem(413, "file_too_large", detail, extra={"max_bytes": limit_bytes})


@dataclass(frozen=True, slots=True)
class Body:
    """The bytes of an upload and their SHA-256 in lower-case hexadecimal."""

    data: bytes = field(repr=False)
    sha256: str


def read_bytes(limit_bytes: int, expected_sha256: str | None, sender: str | None = None) -> Body:
    """Read the request's body in pieces, up to `limit_bytes`, and hold it against the hash that was announced.

    `sender` is whose file it is, by any id: of one sender few are read at a time. A portal's server sends for many
    and is none. Raises `Problem` 400, 408 (it came too slowly), 413, 422 or 503.
    """
    digest = hashlib.sha256()
    room: _Room = current_app.extensions[_ROOM]
    held = BytesIO()
    total = 0
    with room.reading(sender):
        while piece := _piece():
            total += len(piece)
            if total > limit_bytes:
                raise too_large(limit_bytes)
            room.take(len(piece), total - len(piece))
            g.held_bytes = total
            digest.update(piece)
            held.write(piece)
    if request.content_length is not None and total < request.content_length:
        raise Problem(400, "bad_request", "The body ended before its announced length")
    found = digest.hexdigest()
    if expected_sha256 is not None and expected_sha256.lower() != found:
        message = "The body's SHA-256 differs from what was announced: send it again"
        raise Problem(422, "validation_failed", message, (FieldError("X-Content-SHA256", "hash_mismatch", message),))
    return Body(held.getvalue(), found)


def _piece() -> bytes:
    try:
        return request.stream.read(_CHUNK_BYTES)
    except ClientDisconnected as error:
        # Cut off by us for its pace; otherwise its sender is gone.
        raise Problem(408 if isinstance(error.__context__, OSError) else 400) from None


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
