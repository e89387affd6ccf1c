"""The web workers' entry in browser tests: the product's own application, with challenges that a test can know and a
clock that it can put forward.

Both are handed in, as `bootstrap.install` lets a test do; every other random byte is the machine's.
"""

from __future__ import annotations

import os
import secrets
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread
from typing import Any

from verify_svc.bootstrap import install, warm_web
from verify_svc.http.app import create_app
from verify_svc.session.challenge import BYTES_NEEDED, TURN_BYTES_NEEDED, draw, with_turn
from verify_svc.settings import Settings

CHALLENGE_BYTES = bytes((place * 37 + 11) % 256 for place in range(BYTES_NEEDED))
TURN_BYTES = bytes([1, 0])
DIGITS, REVEALS_S, DURATION_S = draw(CHALLENGE_BYTES)
_, TYPED_DURATION_S, TURN = with_turn(REVEALS_S, DURATION_S, TURN_BYTES)
"""The same digits where they are typed: the head is to turn to its left after the third."""
CLOCK_FILE_VARIABLE = "BROWSER_TESTS_CLOCK_FILE"


class KnownChallenges:
    """Secrets are random; the bytes that a challenge is drawn from are always the same."""

    def bytes(self, count: int) -> bytes:
        known = {BYTES_NEEDED: CHALLENGE_BYTES, TURN_BYTES_NEEDED: TURN_BYTES}
        return known.get(count) or secrets.token_bytes(count)


class MovableClock:
    """The machine's time plus the seconds that a file holds; without the file the machine's time."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def now(self) -> datetime:
        try:
            ahead_s = float(self._file.read_text(encoding="ascii"))
        except FileNotFoundError:
            ahead_s = 0.0
        return datetime.now(UTC) + timedelta(seconds=ahead_s)


def make_app() -> Any:
    """The application of one web worker."""
    clock = MovableClock(Path(os.environ[CLOCK_FILE_VARIABLE]))
    installation = install(Settings(), clock=clock, randomness=KnownChallenges())
    installation.durable.warm()
    Thread(target=warm_web, args=(installation.services.engines,), name="warming", daemon=True).start()
    return create_app(installation.services, installation.web)
