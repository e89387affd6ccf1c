"""A picture is given within a portal's limits; one that a worker has to make first is waited for, a little."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from math import ceil
from typing import Any

from flask import Response, current_app, json

from verify_svc.flow.export import FileBeingMade, FileMade, Limits
from verify_svc.http.portal_bodies import FileQuery
from verify_svc.http.portal_models import BeingMade
from verify_svc.media.export import FileFormat
from verify_svc.ports import Clock

FILE_TOLD = (
    "laid flat, upright, without the original's metadata, as fine as fits within `max_bytes` and `max_side`. A "
    "certificate or form is read again from the very file: `X-Reading: same` says that its number (for an ID card's "
    "emblem side the validity, for a form the names and numbers) was read exactly as before; where it can't be any "
    "more the answer is 422 `reading_lost` and no file. `not_checked` is what holds neither or was never surely read. "
    "Forms say their density, 300 dots an inch or more. 202 while the file is being made: ask again after "
    "`Retry-After` seconds."
)
FILE_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The picture",
        "content": {"image/jpeg": {}, "image/png": {}},
        "headers": {"X-Reading": {"schema": {"type": "string", "enum": ["same", "not_checked"]}}},
    },
    202: {
        "description": "It is being made",
        "content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{BeingMade.__name__}"}}},
        "headers": {"Retry-After": {"schema": {"type": "integer"}}},
    },
    503: {"description": "No hand is free just now"},
}


@dataclass(frozen=True, slots=True)
class FileWaits:
    """How long and how many calls wait for a file."""

    duration_s: float = 4.0  # measured: docs/decisions/0014; a caller that gives up after 5 s still hears 202
    poll_s: float = 0.25
    max_waiting: int = 4  # of this process's threads


def limits_of(query: FileQuery) -> Limits:
    """What was asked for."""
    return Limits(query.max_bytes, query.max_side, FileFormat(query.format), query.date_mark)


class Files:
    """The waiting calls of one web process. `sleep` is passed in."""

    def __init__(self, waits: FileWaits, clock: Clock, sleep: Callable[[float], None]) -> None:
        self._waits = waits
        self._clock = clock
        self._sleep = sleep
        self._places = threading.BoundedSemaphore(waits.max_waiting)

    def respond(self, name: str, ask: Callable[[], FileMade | FileBeingMade]) -> Response:
        """The file that `ask` gives, or 202. `name` is a file name without its suffix."""
        found = ask()
        if isinstance(found, FileBeingMade) and self._places.acquire(blocking=False):
            try:
                found = self._waited(ask, found)
            finally:
                self._places.release()
        if isinstance(found, FileMade):
            response = Response(found.data, mimetype=found.format.media_type)
            response.headers["X-Reading"] = found.reading
            response.headers["Content-Disposition"] = f'inline; filename="{name}.{found.format}"'
            return response
        response = current_app.response_class(json.dumps({"state": "processing"}), 202, mimetype="application/json")
        wait_s = (found.again_at - self._clock.now()).total_seconds()
        response.headers["Retry-After"] = str(max(1, ceil(wait_s)))
        return response

    def _waited(self, ask: Callable[[], FileMade | FileBeingMade], found: FileBeingMade) -> FileMade | FileBeingMade:
        for _ in range(int(self._waits.duration_s / self._waits.poll_s) if self._waits.poll_s else 0):
            self._sleep(self._waits.poll_s)
            again = ask()
            if isinstance(again, FileMade):
                return again
            found = again
        return found


def jpeg(data: bytes) -> Response:
    """A picture of somebody: never kept by the browser."""
    return Response(data, mimetype="image/jpeg")


def pdf(data: bytes, kind: str) -> Response:
    """A form to be printed; browsers show it."""
    return Response(data, mimetype="application/pdf", headers={"Content-Disposition": f'inline; filename="{kind}.pdf"'})
