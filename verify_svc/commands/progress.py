"""A progress bar on standard error: drawn on a terminal, one line a step elsewhere."""

from __future__ import annotations

import sys
import time
from typing import TextIO

_WIDTH = 30
_REDRAW_S = 0.1


class ByteBar:
    """Shows how far downloads are. Quiet but for a line at the start of each where the output is no terminal."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._drawn = self._stream.isatty()
        self._label = ""
        self._total_bytes = 0
        self._redrawn_at_s = 0.0

    def begin(self, label: str, total_bytes: int) -> None:
        """A step of `total_bytes` begins."""
        self._label, self._total_bytes = label, total_bytes
        if self._drawn:
            self._draw(0)
        else:
            print(f"{label} ({_megabytes(total_bytes)})", file=self._stream, flush=True)

    def at(self, done_bytes: int) -> None:
        """So many bytes of the step are done."""
        if self._drawn and time.monotonic() - self._redrawn_at_s >= _REDRAW_S:
            self._draw(done_bytes)

    def end(self) -> None:
        """The step is done."""
        if self._drawn:
            self._draw(self._total_bytes)
            print(file=self._stream, flush=True)

    def _draw(self, done_bytes: int) -> None:
        share = min(1.0, done_bytes / self._total_bytes) if self._total_bytes else 1.0
        filled = round(share * _WIDTH)
        bar = "█" * filled + "·" * (_WIDTH - filled)
        print(f"\r{bar} {share:4.0%} of {_megabytes(self._total_bytes):>8}  {self._label}", end="", file=self._stream)
        self._stream.flush()
        self._redrawn_at_s = time.monotonic()


def _megabytes(size_bytes: int) -> str:
    return f"{size_bytes / 1e6:.1f} MB"
