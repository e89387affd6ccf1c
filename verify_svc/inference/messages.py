"""How the service and its children talk over a socket: a body, and large buffers beside it or on `sheets`.

A call is pickled, for a child trusts the service. The service trusts no child: what one says is opened by `answers`.
"""

from __future__ import annotations

import io
import mmap
import os
import pickle
import socket
import struct
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

from verify_svc.inference.answers import NotData, array_of, is_of_numbers, number_of
from verify_svc.inference.sheets import ALIGNED, MOST_BYTES, place_of, read_sheet, seal, write_on

_MOST_PARTS = 10_000
_MOST_SHEETS = 64
_SENT_APART_BYTES = 1 << 16
_LARGE_BYTES = 1 << 22
_HERE = (0, 0)
_COUNT = struct.Struct("<I")
_PART = struct.Struct("<QIQ")
"""Its length in bytes, the number of its sheet (0: it follows on the line), its place there."""


class Ended(Exception):
    """The other side is gone."""


class Line:
    """One end of the socket between the service and a child."""

    def __init__(self, end: socket.socket) -> None:
        self._end = end

    def send(
        self,
        message: Sequence[memoryview],
        ends_at: float | None = None,
        *,
        blank: int | None = None,
        on: int | None = None,
    ) -> None:
        """Send a message's parts, its body first; by then (monotonic seconds), or raise TimeoutError. Raises `Ended`.

        Bytes and arrays go from where they lie: no copy of them is made here, and what lies on a sealed sheet stays
        there. `blank` is a sheet to go along for the answer; `on`, of an answer, the one that came for it.
        """
        body, *parts = message
        sheets = [] if blank is None else [blank]
        places = [_HERE]
        if on is None:
            places += [_place_among(sheets, part) for part in parts]
        else:
            places += _places_on(on, parts)
        laid = zip((body, *parts), places, strict=True)
        head = b"".join(_PART.pack(part.nbytes, *place) for part, place in laid)
        here = [part for part, place in zip((body, *parts), places, strict=True) if place == _HERE]
        try:
            self._wait_until(ends_at)
            count = _COUNT.pack(len(places))
            if sheets:
                socket.send_fds(self._end, [count], sheets)
            else:  # not by the call that could carry some: a confined child is refused it
                self._end.sendall(count)
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


def call_parts(value: object) -> list[memoryview]:
    """The parts of a call: the value pickled, then its large buffers."""
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


def _places_on(sheet: int, parts: Sequence[memoryview]) -> list[tuple[int, int]]:
    """Where the parts of an answer lie on its sheet: what isn't there yet is written there, if it is large together."""
    found = [place_of(part) for part in parts]
    places = [(1, place[1]) if place is not None and place[0] == sheet else _HERE for place in found]
    rest = [part for part, place in zip(parts, places, strict=True) if place == _HERE]
    if sum(part.nbytes for part in rest) < _LARGE_BYTES:
        return places
    written = iter(write_on(sheet, rest))
    return [(1, next(written)) if place == _HERE else place for place in places]


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


class _Pickler(pickle.Pickler):
    """Arrays of numbers go as their bytes, whatever way they lie."""

    def reducer_override(self, value: Any) -> Any:
        if not is_of_numbers(value):
            return NotImplemented
        numpy: Any = sys.modules["numpy"]
        if isinstance(value, numpy.generic):
            return number_of, (value.dtype.str, value.tobytes())
        laid = numpy.ascontiguousarray(value)
        return array_of, (value.dtype.str, value.shape, pickle.PickleBuffer(laid.reshape(-1).view(numpy.uint8)))
