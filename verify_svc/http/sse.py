"""Server-sent events, short and few: a stream lasts at most 25 s, then the page comes back with `Last-Event-ID`.

Each open stream holds a thread of the web process. Beyond `max_streams` a stream ends as soon as it has said what is
new, and asks to come back later: the page polls without knowing it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from flask import Response, current_app, json, request

from verify_svc.http.errors import FieldError, Problem

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class StreamLimits:
    """How long and how many streams may be."""

    duration_s: float = 25.0  # proxies and phones commonly cut idle connections at 30 s
    poll_s: float = 0.5  # how often the store is asked
    retry_ms: int = 500  # after a stream that ran its time
    busy_retry_ms: int = 3000  # after one that was turned into a poll
    max_streams: int = 8  # of this process: half its threads are left for everything else


Reader = Callable[[int], Sequence[dict[str, Any]]]
"""Gives the events after an id, oldest first; each has an `id`."""


class Streams:
    """The streams of one web process. `sleep` and `clock` are passed in."""

    def __init__(self, limits: StreamLimits, clock: Callable[[], float], sleep: Callable[[float], None]) -> None:
        self._limits = limits
        self._clock = clock
        self._sleep = sleep
        self._places = threading.BoundedSemaphore(limits.max_streams)

    def respond(self, read: Reader) -> Response:
        """Answer with the events that `read` gives: a stream, or plain JSON where that is what is accepted."""
        after = _after()
        best = request.accept_mimetypes.best_match(["text/event-stream", "application/json"], "text/event-stream")
        if best == "application/json":
            body = json.dumps({"events": list(read(after))})
            return current_app.response_class(body, mimetype="application/json")
        response = current_app.response_class(self._stream(read, after), mimetype="text/event-stream")
        response.headers["X-Accel-Buffering"] = "no"
        return response

    def _stream(self, read: Reader, after: int) -> Iterator[str]:
        if not self._places.acquire(blocking=False):
            yield f"retry: {self._limits.busy_retry_ms}\n\n"
            yield from map(_frame, read(after))
            return
        try:
            yield f"retry: {self._limits.retry_ms}\n\n"
            end_s = self._clock() + self._limits.duration_s
            while True:
                for event in read(after):
                    after = event["id"]
                    yield _frame(event)
                if self._clock() >= end_s:
                    return
                self._sleep(self._limits.poll_s)
        except Exception as error:
            # Past the headers there is no problem to answer with, and the server would log what the error holds.
            _log.error("stream_broke", error=type(error).__name__)
        finally:
            self._places.release()


def _frame(event: dict[str, Any]) -> str:
    return f"id: {event['id']}\ndata: {json.dumps(event)}\n\n"


def _after() -> int:
    given = request.headers.get("Last-Event-ID") or request.args.get("after") or "0"
    if not given.isascii() or not given.isdigit() or len(given) > 18:
        raise Problem(422, "validation_failed", errors=(FieldError("after", "int_parsing", "An event's id"),))
    return int(given)
