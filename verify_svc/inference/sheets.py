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
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    N = TypeVar("N", bound=np.generic)

MOST_BYTES = 1 << 30
"""Of a sheet. Decoded frames of a clip take 100 MB, its stills at full size 85 MB. What isn't written takes no room."""
ALIGNED = 64
"""Numbers are read faster from where they are aligned."""


@dataclass(frozen=True, slots=True)
class _Laid:
    """Up to which address something lies here of a sheet, of which sheet, and at which place of it that begins."""

    end: int
    descriptor: int
    at: int = 0


_laid: dict[int, _Laid] = {}
"""By the address where each begins, as long as something of it is in use."""
_of_this_call: list[int] = []
"""In a child: the sheet of the call that it serves."""


def blank_sheet() -> int:
    """The descriptor of an empty sheet, which is the caller's to close."""
    descriptor = os.memfd_create("sheet", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    os.ftruncate(descriptor, MOST_BYTES)
    fcntl.fcntl(descriptor, fcntl.F_ADD_SEALS, fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW)
    return descriptor


def write_on(sheet: int, parts: Sequence[memoryview], aligned: int = ALIGNED) -> list[int]:
    """Write them after what is written already, and give the place of each. Raises `OSError` where it takes no more."""
    places = []
    for part in parts:
        at = os.lseek(sheet, 0, os.SEEK_CUR)
        places.append(os.lseek(sheet, -at % aligned, os.SEEK_CUR))
        rest = part
        while rest:
            rest = rest[os.write(sheet, rest) :]
    return places


@contextmanager
def serving(sheet: int | None) -> Iterator[None]:
    """In a child, while it serves a call: `laid` uses that call's sheet, which is closed in the end."""
    _of_this_call[:] = [] if sheet is None else [sheet]
    try:
        yield
    finally:
        _of_this_call.clear()
        _laid.clear()
        if sheet is not None:
            os.close(sheet)


def laid(array: NDArray[N]) -> NDArray[N]:
    """The same array, written where the answer will lie, to be read alone: what a function makes piece by piece takes
    no memory beside its answer then. Outside a child it stays as it is."""
    import numpy as np

    if not _of_this_call or not array.nbytes:
        return array
    (sheet,) = _of_this_call
    (at,) = write_on(sheet, [np.ascontiguousarray(array).reshape(-1).view(np.uint8).data], mmap.PAGESIZE)
    view = mmap.mmap(sheet, array.nbytes, mmap.MAP_PRIVATE, mmap.PROT_READ, offset=at)
    start = _address(memoryview(view))
    _laid[start] = _Laid(start + array.nbytes, sheet, at)
    weakref.finalize(view, _laid.pop, start, None)
    return np.frombuffer(view, array.dtype).reshape(array.shape)


def seal(sheet: int, count: int) -> memoryview:
    """The first `count` bytes of what was written. Raises `OSError` where somebody could still change them."""
    fcntl.fcntl(sheet, fcntl.F_ADD_SEALS, fcntl.F_SEAL_WRITE | fcntl.F_SEAL_SEAL)
    laid = read_sheet(sheet, count)
    start = _address(laid)
    _laid[start] = _Laid(start + count, os.dup(sheet))
    weakref.finalize(laid.obj, _forget, start)
    return laid


def read_sheet(sheet: int, count: int) -> memoryview:
    """The first `count` bytes of a sealed sheet, to be read alone."""
    # Private, for kernels before 6.7 map nothing shared that is sealed. Nothing is copied where nothing is written.
    return memoryview(mmap.mmap(sheet, count, mmap.MAP_PRIVATE, mmap.PROT_READ))


def place_of(part: memoryview) -> tuple[int, int] | None:
    """The sealed sheet on which these bytes lie, and where; None where they lie elsewhere."""
    if not _laid or not part.readonly or not part.nbytes:
        return None
    start = _address(part)
    for begins, here in list(_laid.items()):
        if begins <= start and start + part.nbytes <= here.end:
            return here.descriptor, here.at + start - begins
    return None


def _forget(start: int) -> None:
    os.close(_laid.pop(start).descriptor)


def _address(part: memoryview) -> int:
    import numpy as np

    return int(np.frombuffer(part, np.uint8).ctypes.data)
