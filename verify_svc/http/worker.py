"""gunicorn's thread worker, with patience on its loop: a thread is given to a request that has come.

gunicorn gives a thread to a connection at its first byte and reads on without limit: as many unfinished requests as
there are threads stop it. Here the loop gathers the head, and a small body with it; a larger body is a file, which its
view reads, paced (`paced.py`). The loop waits for nobody who is leaving either.
"""

from __future__ import annotations

import re
import selectors
import socket
import ssl
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from itertools import takewhile
from typing import Any

from gunicorn.http import get_parser
from gunicorn.sock import ssl_context
from gunicorn.workers.gthread import TConn, ThreadWorker

from verify_svc.http.paced import PacedSocket

_CHUNKED = re.compile(rb"\r\ntransfer-encoding[ \t]*:", re.IGNORECASE)
_EXPECTS = re.compile(rb"\r\nexpect[ \t]*:[ \t]*100-continue[ \t]*(?=\r\n)", re.IGNORECASE)
_LENGTH = re.compile(rb"\r\ncontent-length[ \t]*:[ \t]*(\d{1,18})[ \t]*\r\n", re.IGNORECASE)
_END = b"\r\n\r\n"
_PIECE_BYTES = 64 * 1024
_GO_ON = b"HTTP/1.1 100 Continue\r\n\r\n"
_HEAD_TOO_LARGE = b"HTTP/1.1 431 Request Header Fields Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


@dataclass(frozen=True, slots=True)
class GatherLimits:
    """What the loop holds for a connection, and for how long."""

    head_bytes: int = 32 * 1024  # browsers' heads take 1 to 2 kB
    body_bytes: int = 64 * 1024  # as `BodyLimits.max_json_bytes`: what is larger is a file
    within_s: float = 10.0  # handshake, head and small body: a phone on a poor line takes one or two
    leave_s: float = 2.0  # as gunicorn has it: so long a client may take to hang up
    leave_bytes: int = 4_000_000  # of a refused body, read so that its sender hears the answer


LIMITS = GatherLimits()


@dataclass(slots=True)
class Coming:
    """A request that is coming: its bytes so far, and when it must have come (monotonic seconds)."""

    until_s: float
    data: bytearray = field(default_factory=bytearray, repr=False)
    wanted_bytes: int | None = None
    expects: bool = False

    def add(self, piece: bytes) -> None:
        """Take what came. Looks at each byte of the head once, however small the pieces are."""
        seen = max(0, len(self.data) - len(_END) + 1)
        self.data += piece
        if self.wanted_bytes is not None:
            return
        end = self.data.find(_END, seen)
        if end < 0 or end > LIMITS.head_bytes:
            return
        head = bytes(self.data[: end + 2])
        self.expects = _EXPECTS.search(head) is not None
        length = _LENGTH.search(head)
        body_bytes = 0 if length is None or _CHUNKED.search(head) else int(length[1])
        self.wanted_bytes = end + len(_END) + (body_bytes if body_bytes <= LIMITS.body_bytes else 0)

    @property
    def head_too_large(self) -> bool:
        """Whether the head doesn't end where one should."""
        return self.wanted_bytes is None and len(self.data) > LIMITS.head_bytes

    @property
    def has_come(self) -> bool:
        """Whether a thread has all that it needs to begin."""
        return self.wanted_bytes is not None and len(self.data) >= self.wanted_bytes

    def no_more_expected(self) -> None:
        """Take the expectation out of the head: it was answered."""
        self.expects = False
        shorter = _EXPECTS.sub(b"", bytes(self.data), count=1)
        self.wanted_bytes = (self.wanted_bytes or 0) - (len(self.data) - len(shorter))
        self.data = bytearray(shorter)


class PatientWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn ships no types
    """`--worker-class verify_svc.http.worker.PatientWorker`. Plain HTTP/1 and TLS alike; HTTP/2 is a proxy's affair."""

    wsgi: Any  # the application

    def init_process(self) -> None:
        """Called after the fork; serves until the worker ends."""
        self._coming: dict[TConn, Coming] = {}
        self._leaving: dict[TConn, tuple[float, int]] = {}
        self._tls: ssl.SSLContext | None = ssl_context(self.cfg) if self.cfg.is_ssl else None
        super().init_process()

    def load_wsgi(self) -> None:
        """Make the application, and say `Connection: close` where it leaves a body unread."""
        super().load_wsgi()
        self.wsgi = _closing(self.wsgi)

    def accept(self, listener: socket.socket) -> None:
        """Take a connection; where there are as many as may be, whoever has been about it longest makes room."""
        super().accept(listener)
        if self.nr_conns >= self.worker_connections:
            for waiting in (self._leaving, self._coming):
                if waiting:
                    self._drop(next(iter(waiting)))
                    return

    def enqueue_req(self, conn: TConn) -> None:
        """Gather a connection's next request; a thread gets it when it has come."""
        coming = self._coming[conn] = Coming(time.monotonic() + LIMITS.within_s)
        try:
            if conn.parser is None:
                self._begin(conn)
            conn.sock.setblocking(False)
            self.poller.register(conn.sock, selectors.EVENT_READ, partial(self._gather, conn))
        except OSError:  # gone before it was served
            self._drop(conn)
            return
        coming.add(conn.parser.unreader.take_buffered())
        self._gather(conn, conn.sock)

    def _begin(self, conn: TConn) -> None:
        plain: socket.socket = conn.sock
        if self._tls is not None:
            plain.setblocking(False)
            # The handshake goes on with the first reads.
            plain = self._tls.wrap_socket(plain, server_side=True, do_handshake_on_connect=False)
        conn.sock = PacedSocket(plain)
        conn.parser = get_parser(self.cfg, conn.sock, conn.client)
        conn.initialized = True

    def _gather(self, conn: TConn, _sock: object) -> None:
        """Read what is there, without waiting."""
        coming = self._coming[conn]
        ended = False
        try:
            while not (coming.has_come or coming.head_too_large):
                piece = conn.sock.read_now(_PIECE_BYTES)
                ended = not piece
                if ended:
                    break
                coming.add(piece)
        except (BlockingIOError, ssl.SSLWantReadError):
            pass
        except OSError:
            ended = True
        if coming.head_too_large:
            conn.sock.write_now(_HEAD_TOO_LARGE)
            self._forget(conn)
            self._leave(conn)
        elif coming.has_come:
            self._forget(conn)
            conn.parser.unreader.unread(bytes(coming.data))
            conn.sock.begin()
            super().enqueue_req(conn)
        elif ended:
            self._drop(conn)
        elif coming.expects:
            conn.sock.write_now(_GO_ON)
            coming.no_more_expected()

    def finish_request(self, conn: TConn, fs: Future[bool]) -> None:
        """Called on the loop when a thread is done with a request."""
        if not fs.cancelled() and fs.exception() is None and fs.result():
            super().finish_request(conn, fs)
        else:
            self._leave(conn)

    def _leave(self, conn: TConn) -> None:
        """Hang up, and read on for a moment, so that the answer isn't lost with what was never read."""
        try:
            conn.sock.shutdown(socket.SHUT_WR)
            conn.sock.setblocking(False)
            self.poller.register(conn.sock, selectors.EVENT_READ, partial(self._drain, conn))
        except (OSError, ValueError):
            self._drop(conn)
            return
        self._leaving[conn] = (time.monotonic() + LIMITS.leave_s, 0)

    def _drain(self, conn: TConn, _sock: object) -> None:
        until_s, drained = self._leaving[conn]
        try:
            piece = conn.sock.read_now(_PIECE_BYTES)
        except BlockingIOError:
            return
        except OSError:
            piece = b""
        self._leaving[conn] = (until_s, drained + len(piece))
        if not piece or drained > LIMITS.leave_bytes:
            self._drop(conn)

    def murder_pending(self) -> None:
        """Called on each turn of the loop: hang up on whoever took too long."""
        now_s = time.monotonic()
        # A worker that stops waits for what is coming no longer than for those who leave.
        early_s = 0.0 if self.alive else LIMITS.within_s - LIMITS.leave_s
        coming = takewhile(lambda pair: pair[1].until_s - early_s <= now_s, self._coming.items())  # oldest first
        leaving = takewhile(lambda pair: pair[1][0] <= now_s, self._leaving.items())
        for conn in [conn for conn, _ in (*coming, *leaving)]:
            self._drop(conn)

    def _drop(self, conn: TConn) -> None:
        self._forget(conn)
        self.nr_conns -= 1
        conn.close()

    def _forget(self, conn: TConn) -> None:
        self._coming.pop(conn, None)
        self._leaving.pop(conn, None)
        with suppress(KeyError, ValueError):
            self.poller.unregister(conn.sock)


def _closing(app: Callable[..., Iterable[bytes]]) -> Callable[..., Iterable[bytes]]:
    """The application, whose answer ends the connection where a file is left unread.

    gunicorn would promise to keep it, not keep the promise, and fail the client's next request; what an application
    says itself of the connection it drops.
    """

    def run(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        def start(*given: Any) -> Any:
            if _is_left(environ):
                start_response.__self__.force_close()  # type: ignore[attr-defined]  # gunicorn's Response
            return start_response(*given)

        return app(environ, start)

    return run


def _is_left(environ: dict[str, Any]) -> bool:
    """Whether there is a body too large to be gathered which isn't read to its end."""
    reader = environ["wsgi.input"].reader
    if "HTTP_TRANSFER_ENCODING" in environ:
        return reader.parser is not None
    return int(environ.get("CONTENT_LENGTH") or 0) > LIMITS.body_bytes and reader.length > 0
