"""What a child answers, as data: numbers and texts as JSON, bytes and arrays in parts beside it.

No pickle: whatever names its reader is allowed, one of a hundred bytes ends the service, hangs it, fills its memory or
writes over our classes. Here nothing is made but what is listed, a part is used once, and no value is hashed twice.
"""

from __future__ import annotations

import builtins
import dataclasses
import enum
import functools
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MOST_TOLD_BYTES = 4 << 20
"""Of JSON. Each answer on a clip takes 6 KB at most; what JSON makes takes twenty times its length."""
_MOST_KEYS = 10_000
"""In the sets and dictionaries of an answer, all together: keys can be chosen to collide."""
_NUMBERS = "biufc"
_ROOMS = ("bench", "certificate", "document", "face", "form", "inference", "media", "speech")
"""Those whose functions run in children."""
_PLAIN = (bool, int, float, str, type(None))
_ROWS: dict[type, str] = {list: "list", tuple: "tuple", set: "set", frozenset: "frozenset"}


class NotData(Exception):
    """An answer names something that is no plain data, or is larger than any answer is."""


def answer_parts(value: object) -> list[memoryview]:
    """The parts of an answer: what it tells, then its bytes and arrays. Raises TypeError where it is no data."""
    parts: list[memoryview] = []
    told = json.dumps(_told(value, parts), separators=(",", ":")).encode()
    return [memoryview(told), *parts]


def received_answer(parts: Sequence[memoryview]) -> Any:
    """What a child said: numbers, texts, arrays, our dataclasses and enumerations, exceptions. Raises `NotData`."""
    if parts[0].nbytes > MOST_TOLD_BYTES:
        raise NotData("too much told")
    try:
        return _Opening(iter(parts[1:])).value(json.loads(bytes(parts[0])))
    except NotData:
        raise
    except Exception as error:  # what is told with ill intent can raise anything
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


def is_of_numbers(value: object) -> bool:
    """Whether it is an array of numbers, or one of numpy's numbers."""
    numpy = sys.modules.get("numpy")  # not imported for this: a child starts its threads only once it is confined
    return numpy is not None and isinstance(value, numpy.ndarray | numpy.generic) and str(value.dtype.kind) in _NUMBERS


def _told(value: Any, parts: list[memoryview]) -> Any:
    """As JSON can say it: what is no number, text or nothing becomes a list that begins with its kind."""
    kind = type(value)
    if kind in _PLAIN:
        return value
    if kind in _ROWS:
        return [_ROWS[kind], *(_told(each, parts) for each in value)]
    if kind is dict:
        return ["dict", *(_told(each, parts) for item in value.items() for each in item)]
    if kind in (bytes, bytearray):
        parts.append(memoryview(value))
        return [kind.__name__]
    if isinstance(value, enum.Enum):
        return ["member", kind.__module__, kind.__qualname__, value.name]
    if dataclasses.is_dataclass(kind):
        fields = (_told(getattr(value, name), parts) for name in _fields(kind))
        return ["record", kind.__module__, kind.__qualname__, *fields]
    if isinstance(value, Exception):
        return ["error", kind.__module__, kind.__qualname__, *(_told(each, parts) for each in value.args)]
    if is_of_numbers(value):
        return _numbers(value, parts)
    raise TypeError(f"no data: {kind.__qualname__}")


def _numbers(value: Any, parts: list[memoryview]) -> list[Any]:
    import numpy as np

    if isinstance(value, np.generic):
        return ["number", value.dtype.str, value.tobytes().hex()]
    parts.append(np.ascontiguousarray(value).reshape(-1).view(np.uint8).data)
    return ["array", value.dtype.str, *value.shape]


class _Opening:
    """Makes the values of one answer; its bytes and arrays take its parts in turn, each once."""

    def __init__(self, parts: Iterator[memoryview]) -> None:
        self._parts = parts
        self._keys = 0

    def value(self, told: Any) -> Any:
        if type(told) in _PLAIN:
            return told
        if type(told) is not list:
            raise NotData("no value")
        return _MADE[told[0]](self, *told[1:])

    def values(self, told: Sequence[Any]) -> list[Any]:
        return [self.value(each) for each in told]

    def keyed(self, told: Sequence[Any]) -> list[Any]:
        self._keys += len(told)
        if self._keys > _MOST_KEYS:
            raise NotData("too many keys")
        return self.values(told)

    def part(self) -> memoryview:
        return next(self._parts)


def _dictionary(opening: _Opening, *told: Any) -> dict[Any, Any]:
    values = opening.keyed(told)
    return dict(zip(values[::2], values[1::2], strict=True))


def _record(opening: _Opening, module: str, name: str, *told: Any) -> Any:
    kind = _ours(module, name, object)
    if len(told) != len(_fields(kind)):
        raise NotData(f"{module}.{name}")
    return kind(**dict(zip(_fields(kind), opening.values(told), strict=True)))


_MADE: dict[str, Callable[..., Any]] = {
    "list": lambda opening, *told: opening.values(told),
    "tuple": lambda opening, *told: tuple(opening.values(told)),
    "set": lambda opening, *told: set(opening.keyed(told)),
    "frozenset": lambda opening, *told: frozenset(opening.keyed(told)),
    "dict": _dictionary,
    "bytes": lambda opening: bytes(opening.part()),
    "bytearray": lambda opening: bytearray(opening.part()),
    "number": lambda opening, kind, digits: number_of(kind, bytes.fromhex(digits)),
    "array": lambda opening, kind, *shape: array_of(kind, shape, opening.part()),
    "member": lambda opening, module, name, member: _ours(module, name, enum.Enum)[member],
    "record": _record,
    "error": lambda opening, module, name, *told: _error(module, name)(*opening.values(told)),
}
"""How each kind is made of what is told of it."""


@functools.cache
def _fields(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in dataclasses.fields(kind))


def _ours(module: str, name: str, base: type) -> Any:
    """Our class of that name in that very module. What a function gives back is known where the function is."""
    if module.startswith(tuple(f"verify_svc.{room}." for room in _ROOMS)):
        found = getattr(sys.modules.get(module), name, None)
        if isinstance(found, type) and found.__module__ == module and issubclass(found, base):
            return found
    raise NotData(f"{module}.{name}")


def _error(module: str, name: str) -> Any:
    if module != "builtins":
        return _ours(module, name, Exception)
    found = getattr(builtins, name, None)
    if isinstance(found, type) and issubclass(found, Exception):
        return found
    raise NotData(f"{module}.{name}")


def _dtype(kind: str) -> np.dtype[Any]:
    import numpy as np

    dtype = np.dtype(str(kind))
    if dtype.kind not in _NUMBERS:
        raise NotData(f"an array of {dtype}")
    return dtype
