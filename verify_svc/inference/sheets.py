"""Memory that one process writes and others then read where it lies, instead of each being sent a copy.

The service lays a blank sheet beside each call, and the child writes on it what is large in its answer. Then the sheet
is sealed: from there on nobody can change it, not even a child that was taken over while the service looks at it. What
lies on a sealed sheet goes to another child as a place on it.
"""

from __future__ import annotations

import fcntl
import mmap
import os
import weakref
from collections.abc import Sequence
from dataclasses import dataclass

MOST_BYTES = 1 << 30
"""Of a sheet. Decoded frames of a clip take 100 MB, its stills at full size 85 MB. What isn't written takes no room."""
ALIGNED = 64
"""Numbers are read faster from where they are aligned."""


@dataclass(frozen=True, slots=True)
class _Sealed:
    end: int
    descriptor: int


_sealed: dict[int, _Sealed] = {}
"""By the address where each begins, as long as something of it is in use."""


def blank_sheet() -> int:
    """The descriptor of an empty sheet, which is the caller's to close."""
    descriptor = os.memfd_create("sheet", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    os.ftruncate(descriptor, MOST_BYTES)
    fcntl.fcntl(descriptor, fcntl.F_ADD_SEALS, fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW)
    return descriptor


def write_on(sheet: int, parts: Sequence[memoryview]) -> list[int]:
    """Write them, one after the other, and give the place of each. Raises `OSError` where it takes no more."""
    places, at = [], 0
    for part in parts:
        places.append(at)
        rest = part
        while rest:
            written = os.pwrite(sheet, rest, at)
            rest, at = rest[written:], at + written
        at += -at % ALIGNED
    return places


def seal(sheet: int, count: int) -> memoryview:
    """The first `count` bytes of what was written. Raises `OSError` where somebody could still change them."""
    fcntl.fcntl(sheet, fcntl.F_ADD_SEALS, fcntl.F_SEAL_WRITE | fcntl.F_SEAL_SEAL)
    laid = read_sheet(sheet, count)
    start = _address(laid)
    _sealed[start] = _Sealed(start + count, os.dup(sheet))
    weakref.finalize(laid.obj, _forget, start)
    return laid


def read_sheet(sheet: int, count: int) -> memoryview:
    """The first `count` bytes of a sealed sheet, to be read alone."""
    # Private, for kernels before 6.7 map nothing shared that is sealed. Nothing is copied where nothing is written.
    return memoryview(mmap.mmap(sheet, count, mmap.MAP_PRIVATE, mmap.PROT_READ))


def place_of(part: memoryview) -> tuple[int, int] | None:
    """The sealed sheet on which these bytes lie, and where; None where they lie elsewhere."""
    if not _sealed or not part.readonly or not part.nbytes:
        return None
    start = _address(part)
    for begins, sheet in list(_sealed.items()):
        if begins <= start and start + part.nbytes <= sheet.end:
            return sheet.descriptor, start - begins
    return None


def _forget(start: int) -> None:
    os.close(_sealed.pop(start).descriptor)


def _address(part: memoryview) -> int:
    import numpy as np

    return int(np.frombuffer(part, np.uint8).ctypes.data)
