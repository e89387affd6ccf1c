"""Ways in which files are hurt: by bad memory, torn transfers, careless editors and people with ill intent."""

from __future__ import annotations

import random
import struct
from collections.abc import Callable, Mapping, Sequence

_EXTREMES = (0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF)
_HEAD_BYTES = 600  # what says how the rest is to be read
_LONGEST = 4_000


def hurt(data: bytes, injuries: Sequence[tuple[str, int]]) -> bytes:
    """The bytes after these injuries in turn: (a way of `WAYS`, a number that says how and where)."""
    for way, number in injuries:
        if data:
            data = WAYS[way](data, random.Random(number))
    return data


def _place(data: bytes, dice: random.Random) -> int:
    """Somewhere; half of the time in the head."""
    return dice.randrange(min(len(data), _HEAD_BYTES) if dice.randrange(2) else len(data))


def _stretch(data: bytes, dice: random.Random) -> tuple[int, int]:
    """A short part: from, to."""
    start = _place(data, dice)
    return start, start + dice.randrange(1, _LONGEST) // dice.choice((1, 20, 400)) + 1


def _flip(data: bytes, dice: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(dice.choice((1, 1, 2, 8, 60))):
        changed[_place(data, dice)] ^= 1 << dice.randrange(8)
    return bytes(changed)


def _overwrite(data: bytes, dice: random.Random) -> bytes:
    start, end = _stretch(data, dice)
    return data[:start] + dice.randbytes(end - start) + data[end:]


def _extreme(data: bytes, dice: random.Random) -> bytes:
    """A number in the file becomes one that nobody expects."""
    start, width = _place(data, dice), dice.choice((1, 2, 4))
    number = dice.choice(_EXTREMES) & ((1 << 8 * width) - 1)
    return data[:start] + number.to_bytes(width, "big") + data[start + width :]


def _blank(data: bytes, dice: random.Random) -> bytes:
    start, end = _stretch(data, dice)
    return data[:start] + bytes(min(end, len(data)) - start) + data[end:]


def _cut(data: bytes, dice: random.Random) -> bytes:
    return data[: _place(data, dice)]


def _drop(data: bytes, dice: random.Random) -> bytes:
    start, end = _stretch(data, dice)
    return data[:start] + data[end:]


def _insert(data: bytes, dice: random.Random) -> bytes:
    start, end = _stretch(data, dice)
    return data[:start] + dice.randbytes(end - start) + data[start:]


def _repeat(data: bytes, dice: random.Random) -> bytes:
    start, end = _stretch(data, dice)
    return data[:end] + data[start:end] * dice.choice((1, 3, 60)) + data[end:]


def _swap(data: bytes, dice: random.Random) -> bytes:
    start, end = _stretch(data, dice)
    later, last = end, end + (end - start)
    return data[:start] + data[later:last] + data[start:end] + data[last:]


def _names(data: bytes) -> list[int]:
    """Where four letters stand that may be a name."""
    return [at for at in range(4, min(len(data) - 4, 60_000)) if data[at : at + 4].isalpha()]


def _hollow(data: bytes, dice: random.Random) -> bytes:
    """What stands behind a four-letter name becomes zeros, as far as the length before the name tells."""
    names = _names(data)
    if not names:
        return _blank(data, dice)
    at = dice.choice(names)
    end = min(len(data), at - 4 + int.from_bytes(data[at - 4 : at], "big"))
    return data[: at + 4] + bytes(max(0, end - at - 4)) + data[max(at + 4, end) :]


def _claim(data: bytes, dice: random.Random) -> bytes:
    """A length in front of a four-letter name (a PNG's chunk, an MP4's box) becomes another one."""
    names = _names(data)
    if not names:
        return _extreme(data, dice)
    at = dice.choice(names) - 4
    length = int.from_bytes(data[at : at + 4], "big")
    other = dice.choice((*_EXTREMES, length + 1, length * 2, max(0, length - 1)))
    return data[:at] + struct.pack(">I", other & 0xFFFFFFFF) + data[at + 4 :]


WAYS: Mapping[str, Callable[[bytes, random.Random], bytes]] = {
    "flip": _flip,
    "overwrite": _overwrite,
    "extreme": _extreme,
    "blank": _blank,
    "cut": _cut,
    "drop": _drop,
    "insert": _insert,
    "repeat": _repeat,
    "swap": _swap,
    "claim": _claim,
    "hollow": _hollow,
}
