"""A small application for the worker's tests: what it is asked shows what the worker does."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import Any


def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """`/read` answers with the body's length, `/refuse` reads none of it, `/stream` says a word each half second.

    `/seen` tells where the request is taken to have come.
    """
    if environ["PATH_INFO"] == "/stream":
        start_response("200 OK", [("Content-Type", "text/event-stream")])
        return _words()
    body = b"refused"
    if environ["PATH_INFO"] == "/seen":
        body = f"{environ['wsgi.url_scheme']} {environ['SCRIPT_NAME']!r} {environ['REMOTE_ADDR']}".encode()
    if environ["PATH_INFO"] == "/read":
        try:
            body = str(len(environ["wsgi.input"].read())).encode()
        except OSError:
            body = b"too slow"
    start_response("200 OK", [("Content-Length", str(len(body)))])
    return [body]


def _words() -> Iterable[bytes]:
    for word in (b"one", b"two", b"three"):
        yield word
        time.sleep(0.5)
