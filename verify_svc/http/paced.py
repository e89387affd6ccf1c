"""A connection's socket as a thread sees it: whoever is at the other end keeps a lowest pace, or is cut off."""

from __future__ import annotations

import errno
import socket
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Pace:
    """How long a thread waits for the other end of a connection."""

    grace_s: float = 10.0  # before any pace is asked
    lowest_bytes_per_s: int = 8_000  # what the poorest mobile line (EDGE) carries
    silence_s: float = 15.0  # a phone that changes cells is back sooner; its page gives up after 30


class PacedSocket:
    """`plain`, whose reads and writes fail with an `OSError` where the other end is too slow.

    Everything else is the plain socket's.
    """

    def __init__(self, plain: socket.socket, pace: Pace = Pace()) -> None:
        self._plain = plain
        self._pace = pace
        self.begin()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._plain, name)

    def begin(self) -> None:
        """A thread begins with a request: the pace is counted from here."""
        self._since_s = time.monotonic()
        self._received = 0

    def setblocking(self, flag: bool) -> None:
        """Whether to wait; never longer than the pace's silence."""
        self._plain.settimeout(self._pace.silence_s if flag else 0.0)

    def recv(self, size: int) -> bytes:
        """Up to `size` bytes. Raises `ConnectionResetError` for silence, and for less than the lowest pace."""
        left_s = self._since_s + self._patience_s(self._received) - time.monotonic()
        if left_s > 0:
            self._plain.settimeout(min(left_s, self._pace.silence_s))
            try:
                piece = self._plain.recv(size)
            except TimeoutError:
                pass
            else:
                self._received += len(piece)
                return piece
        # Such an error gunicorn takes as it comes; what it doesn't know it logs at length.
        raise ConnectionResetError(errno.ECONNRESET, "the request comes too slowly")

    def sendall(self, data: bytes) -> None:
        """Send all. Raises `BrokenPipeError` where that takes longer than at the lowest pace."""
        self._plain.settimeout(self._patience_s(len(data)))
        try:
            self._plain.sendall(data)
        except TimeoutError:
            raise BrokenPipeError(errno.EPIPE, "the answer is taken too slowly") from None

    def read_now(self, size: int) -> bytes:
        """What is there, up to `size` bytes. Raises `BlockingIOError` or `ssl.SSLWantReadError` where nothing is."""
        return self._plain.recv(size)

    def write_now(self, data: bytes) -> None:
        """Send what goes without waiting; a few bytes do, into an empty buffer."""
        with suppress(OSError):
            self._plain.send(data)

    def _patience_s(self, moved_bytes: int) -> float:
        return self._pace.grace_s + moved_bytes / self._pace.lowest_bytes_per_s
