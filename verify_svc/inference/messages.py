"""What the service and its children say to each other over a socket: pickled values, large buffers beside them.

The service trusts no child: `received_answer` opens an answer to data alone. A child that was taken over by the file it
decoded can give wrong values, but no code.
"""

from __future__ import annotations

import builtins
import dataclasses
import enum
import io
import mmap
import pickle
import socket
import struct
import sys
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MOST_ANSWER_BYTES = 1 << 30
"""Decoded frames of a clip take 100 MB, its stills at full size 85 MB."""
_MOST_PARTS = 10_000
_SENT_APART_BYTES = 1 << 16
_LARGE_BYTES = 1 << 22
_ALIGNED = 64
_COUNT = struct.Struct("<I")
_LENGTH = struct.Struct("<Q")
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

    def send(self, value: object, ends_at: float | None = None) -> None:
        """Send a value; by then (monotonic seconds), or raise TimeoutError. Raises `Ended`.

        Bytes and arrays go from where they lie: no copy of them is made here.
        """
        buffers: list[pickle.PickleBuffer] = []
        body = io.BytesIO()
        _Pickler(body, protocol=5, buffer_callback=buffers.append).dump(value)
        parts = [body.getbuffer(), *(buffer.raw() for buffer in buffers)]
        head = _COUNT.pack(len(parts)) + b"".join(_LENGTH.pack(part.nbytes) for part in parts)
        try:
            for part in (memoryview(head), *parts):
                self._wait_until(ends_at)
                self._end.sendall(part)
        except (BrokenPipeError, ConnectionError):
            raise Ended from None

    def receive(self, ends_at: float | None = None) -> list[memoryview]:
        """The next message's parts, still closed; by then (monotonic seconds), or raise TimeoutError.

        Raises `Ended`, and `NotData` when it says that it is larger than any answer.
        """
        (count,) = _COUNT.unpack(self._take(_COUNT.size, ends_at))
        if not 0 < count <= _MOST_PARTS:
            raise NotData("too many parts")
        lengths = [length for (length,) in _LENGTH.iter_unpack(self._take(_LENGTH.size * count, ends_at))]
        if sum(lengths) > MOST_ANSWER_BYTES:
            raise NotData("too many bytes")
        room = _room(sum(length + _ALIGNED for length in lengths))
        parts, at = [], 0
        for length in lengths:
            parts.append(room[at : at + length])
            self._fill(parts[-1], ends_at)
            at += -(-length // _ALIGNED) * _ALIGNED  # numbers are read faster from where they are aligned
        return parts

    def close(self) -> None:
        """Hang up."""
        self._end.close()

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
