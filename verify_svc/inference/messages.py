"""What the service and its children say to each other over a socket: pickled values, large buffers beside them or on
`sheets`.

The service trusts no child: `received_answer` opens an answer to data alone. A child that was taken over by the file it
decoded can give wrong values, but no code.
"""

from __future__ import annotations

import builtins
import dataclasses
import enum
import io
import mmap
import os
import pickle
import socket
import struct
import sys
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from verify_svc.inference.sheets import ALIGNED, MOST_BYTES, place_of, read_sheet, seal, write_on

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_MOST_PARTS = 10_000
_MOST_SHEETS = 64
_SENT_APART_BYTES = 1 << 16
_LARGE_BYTES = 1 << 22
_HERE = (0, 0)
_COUNT = struct.Struct("<I")
_PART = struct.Struct("<QIQ")
"""Its length in bytes, the number of its sheet (0: it follows on the line), its place there."""
_PLAIN = frozenset({"bytearray", "bytes", "complex", "frozenset", "range", "set", "slice"})
_NUMBERS = "biufc"
_ROOMS = ("bench", "certificate", "document", "face", "form", "inference", "media", "speech")
"""Those whose functions run in children."""


class Ended(Exception):
    """The other side is gone."""


class NotData(Exception):
    """An answer names something that is no plain data, or is larger than any answer is."""


class Line:
    """One end of the socket between the service and a child."""

    def __init__(self, end: socket.socket) -> None:
        self._end = end

    def send(
        self, value: object, ends_at: float | None = None, *, blank: int | None = None, on: int | None = None
    ) -> None:
        """Send a value; by then (monotonic seconds), or raise TimeoutError. Raises `Ended`.

        Bytes and arrays go from where they lie: no copy of them is made here, and what lies on a sealed sheet stays
        there. `blank` is a sheet to go along for the answer; `on`, of an answer, the one that came for it.
        """
        body, *parts = _parts(value)
        sheets = [] if blank is None else [blank]
        places = [_HERE]
        if on is not None and sum(part.nbytes for part in parts) >= _LARGE_BYTES:
            places += [(1, at) for at in write_on(on, parts)]
        else:
            places += [_place_among(sheets, part) for part in parts]
        laid = zip((body, *parts), places, strict=True)
        head = b"".join(_PART.pack(part.nbytes, *place) for part, place in laid)
        here = [part for part, place in zip((body, *parts), places, strict=True) if place == _HERE]
        try:
            self._wait_until(ends_at)
            socket.send_fds(self._end, [_COUNT.pack(len(places))], sheets)
            for part in (memoryview(head), *here):
                self._wait_until(ends_at)
                self._end.sendall(part)
        except (BrokenPipeError, ConnectionError):
            raise Ended from None

    def receive(self, ends_at: float | None = None, on: int | None = None) -> list[memoryview]:
        """The next message's parts, still closed; by then (monotonic seconds), or raise TimeoutError.

        `on` is the sheet on which they may lie. Raises `Ended`, and `NotData` when it says that it is larger than any
        answer, or could be changed afterwards.
        """

        def laid(sheet: int, count: int) -> memoryview:
            if sheet != 1 or on is None or count > MOST_BYTES:
                raise NotData("no such place")
            try:
                return seal(on, count)
            except OSError:
                raise NotData("it could be changed") from None

        return self._parts(_COUNT.unpack(self._take(_COUNT.size, ends_at))[0], laid, ends_at)

    def receive_call(self) -> tuple[list[memoryview], int | None]:
        """The next message's parts, still closed, and the blank sheet that came along. Raises `Ended`."""
        try:
            head, sheets, _, _ = socket.recv_fds(self._end, _COUNT.size, _MOST_SHEETS)
        except ConnectionError:
            raise Ended from None
        (count,) = _COUNT.unpack(head + self._take(_COUNT.size - len(head), None))
        parts = self._parts(count, lambda sheet, needed: read_sheet(sheets[sheet - 1], needed), None)
        for sheet in sheets[1:]:
            os.close(sheet)
        return parts, sheets[0] if sheets else None

    def close(self) -> None:
        """Hang up."""
        self._end.close()

    def _parts(self, count: int, laid: Callable[[int, int], memoryview], ends_at: float | None) -> list[memoryview]:
        """So many parts; `laid` opens a sheet up to the last byte that is needed."""
        if not 0 < count <= _MOST_PARTS:
            raise NotData("too many parts")
        told = list(_PART.iter_unpack(self._take(_PART.size * count, ends_at)))
        if sum(length for length, _, _ in told) > MOST_BYTES:
            raise NotData("too many bytes")
        needed: dict[int, int] = {}
        for length, sheet, at in told:
            if sheet and length:
                needed[sheet] = max(needed.get(sheet, 0), at + length)
        sheets = {sheet: laid(sheet, most) for sheet, most in needed.items()}
        room = _room(sum(length + ALIGNED for length, sheet, _ in told if not sheet))
        parts, free = [], 0
        for length, sheet, at in told:
            if sheet:
                parts.append(sheets[sheet][at : at + length] if length else memoryview(b""))
                continue
            part = room[free : free + length]
            self._fill(part, ends_at)
            parts.append(part.toreadonly())
            free += length + -length % ALIGNED
        return parts

    def _take(self, count: int, ends_at: float | None) -> bytearray:
        taken = bytearray(count)
        self._fill(memoryview(taken), ends_at)
        return taken

    def _fill(self, rest: memoryview, ends_at: float | None) -> None:
        while rest:
            self._wait_until(ends_at)
            try:
                got = self._end.recv_into(rest)
            except ConnectionError:
                raise Ended from None
            if got == 0:
                raise Ended
            rest = rest[got:]

    def _wait_until(self, ends_at: float | None) -> None:
        if ends_at is None:
            return
        rest_s = ends_at - time.monotonic()
        if rest_s <= 0:
            raise TimeoutError
        self._end.settimeout(rest_s)


def _parts(value: object) -> list[memoryview]:
    """The value pickled, and the large buffers beside it."""
    buffers: list[pickle.PickleBuffer] = []
    body = io.BytesIO()
    _Pickler(body, protocol=5, buffer_callback=buffers.append).dump(value)
    return [body.getbuffer(), *(buffer.raw() for buffer in buffers)]


def _place_among(sheets: list[int], part: memoryview) -> tuple[int, int]:
    """Where the part lies on one of these sheets, whose number is its place among them from 1 on; a sealed one that is
    new joins them."""
    found = place_of(part)
    if found is None or (found[0] not in sheets and len(sheets) == _MOST_SHEETS):
        return _HERE
    if found[0] not in sheets:
        sheets.append(found[0])
    return sheets.index(found[0]) + 1, found[1]


def _room(count: int) -> memoryview:
    """Memory for so many bytes. A clip's frames in pages of 4 KiB cost more to lay out than to carry."""
    if count < _LARGE_BYTES:
        return memoryview(bytearray(count))
    room = mmap.mmap(-1, count, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    if hasattr(mmap, "MADV_HUGEPAGE"):
        room.madvise(mmap.MADV_HUGEPAGE)
    return memoryview(room)


class _Apart:
    """Bytes that travel beside the pickled value instead of being copied into it."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def __reduce_ex__(self, protocol: Any) -> tuple[type[bytes], tuple[pickle.PickleBuffer]]:
        return bytes, (pickle.PickleBuffer(self._data),)


def apart(value: object) -> object:
    """An argument as it is sent: large bytes aren't copied on their way."""
    return _Apart(value) if type(value) is bytes and len(value) > _SENT_APART_BYTES else value


def received_call(parts: Sequence[memoryview]) -> Any:
    """What the service said to a child, who trusts it."""
    return pickle.loads(parts[0], buffers=parts[1:])  # noqa: S301  # from the parent alone


def received_answer(parts: Sequence[memoryview]) -> Any:
    """What a child said: numbers, texts, arrays, our dataclasses and enumerations, exceptions. Raises `NotData`."""
    try:
        return _Data(io.BytesIO(parts[0]), buffers=parts[1:]).load()
    except NotData:
        raise
    except Exception as error:  # a pickle made with ill intent can raise anything
        raise NotData(type(error).__name__) from None


def array_of(kind: str, shape: tuple[int, ...], data: memoryview) -> NDArray[Any]:
    """The array of numbers with that dtype and shape over these bytes."""
    import numpy as np

    return np.ndarray(tuple(int(length) for length in shape), _dtype(kind), buffer=data)


def number_of(kind: str, data: bytes) -> np.generic[Any]:
    """One number of numpy's."""
    import numpy as np

    number: np.generic[Any] = np.frombuffer(data, _dtype(kind))[0]
    return number


def _dtype(kind: str) -> np.dtype[Any]:
    import numpy as np

    dtype = np.dtype(str(kind))
    if dtype.kind not in _NUMBERS:
        raise NotData(f"an array of {dtype}")
    return dtype


class _Pickler(pickle.Pickler):
    """Arrays of numbers go as their bytes: what numpy's own pickles can say is more than a child may."""

    def reducer_override(self, value: object) -> Any:
        numpy = sys.modules.get("numpy")  # not imported for this: a child starts its threads only once it is confined
        if numpy is None or not isinstance(value, numpy.ndarray | numpy.generic) or value.dtype.kind not in _NUMBERS:
            return NotImplemented
        if isinstance(value, numpy.generic):
            return number_of, (value.dtype.str, value.tobytes())
        laid = numpy.ascontiguousarray(value)
        return array_of, (value.dtype.str, value.shape, pickle.PickleBuffer(laid.reshape(-1).view(numpy.uint8)))


_ARRAYS: dict[str, Callable[..., object]] = {"array_of": array_of, "number_of": number_of}


class _Data(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if module == __name__ and name in _ARRAYS:
            return _ARRAYS[name]
        if module == "builtins" and (name in _PLAIN or _is_exception(getattr(builtins, name, None))):
            return getattr(builtins, name)
        if module.startswith(tuple(f"verify_svc.{room}." for room in _ROOMS)):
            # What a function gives back is known where the function is.
            found = getattr(sys.modules.get(module), name, None)
            if _is_ours(found, module):
                return found
        raise NotData(f"{module}.{name}")


def _is_ours(found: object, module: str) -> bool:
    """Whether it is a dataclass, an enumeration or an exception of that very module."""
    if not isinstance(found, type) or found.__module__ != module:
        return False
    return dataclasses.is_dataclass(found) or issubclass(found, enum.Enum) or _is_exception(found)


def _is_exception(found: object) -> bool:
    return isinstance(found, type) and issubclass(found, Exception)
