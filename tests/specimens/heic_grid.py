"""HEIC as iPhones write it: a picture laid of coded tiles (ISO/IEC 23008-12, 6.6.2.3). Pillow writes none."""

from __future__ import annotations

import struct
from collections.abc import Iterator

_CONTAINERS = frozenset({b"iprp", b"ipco"})


def tiled(
    heic: bytes, tile_px: int, rows: int, columns: int, size_px: tuple[int, int] | None = None, *, own: bool = False
) -> bytes:
    """A grid of `rows` × `columns` times the one square tile that `heic` holds. `size_px` is what the grid says to
    be; `own`: the grid is said to be one of its own tiles.
    """
    boxes = dict(_boxes(heic[_place(heic, b"meta") + 12 : _end(heic, b"meta")]))
    coding = boxes[b"hvcC"]
    coded = heic[_place(heic, b"mdat") + 8 : _end(heic, b"mdat")]
    width, height = size_px or (tile_px * columns, tile_px * rows)
    tiles = list(range(2, 2 + rows * columns))
    grid = struct.pack(">BBBBII", 0, 1, rows - 1, columns - 1, width, height)
    named = _full(b"infe", 2, struct.pack(">HH4sx", 1, 0, b"grid"))
    named += b"".join(_full(b"infe", 2, struct.pack(">HH4sx", item, 0, b"hvc1"), flags=1) for item in tiles)
    properties = _box(b"hvcC", coding) + _ispe(tile_px, tile_px) + _ispe(width, height)
    belongs = struct.pack(">HBB", 1, 1, 0x83)
    belongs += b"".join(struct.pack(">HBBB", item, 2, 0x81, 0x02) for item in tiles)
    shown = [1, *tiles[1:]] if own else tiles
    head = _box(b"ftyp", b"heic\x00\x00\x00\x00mif1heic")

    def meta(at: int) -> bytes:
        places = struct.pack(">HHHHII", 1, 1, 0, 1, 0, len(grid))
        places += b"".join(struct.pack(">HHHHII", item, 0, 0, 1, at, len(coded)) for item in tiles)
        return _full(
            b"meta",
            0,
            _full(b"hdlr", 0, b"\x00\x00\x00\x00pict" + bytes(13))
            + _full(b"pitm", 0, struct.pack(">H", 1))
            + _full(b"iinf", 0, struct.pack(">H", 1 + len(tiles)) + named)
            + _full(b"iref", 0, _box(b"dimg", struct.pack(f">HH{len(shown)}H", 1, len(shown), *shown)))
            + _box(b"iprp", _box(b"ipco", properties) + _full(b"ipma", 0, struct.pack(">I", 1 + len(tiles)) + belongs))
            + _box(b"idat", grid)
            + _full(b"iloc", 1, struct.pack(">BBH", 0x44, 0x00, 1 + len(tiles)) + places),
        )

    return head + meta(len(head) + len(meta(0)) + 8) + _box(b"mdat", coded)


def _box(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I4s", len(body) + 8, name) + body


def _full(name: bytes, version: int, body: bytes, flags: int = 0) -> bytes:
    return _box(name, struct.pack(">I", version << 24 | flags) + body)


def _ispe(width: int, height: int) -> bytes:
    return _full(b"ispe", 0, struct.pack(">II", width, height))


def _place(data: bytes, name: bytes) -> int:
    return data.index(name) - 4


def _end(data: bytes, name: bytes) -> int:
    at = _place(data, name)
    return at + int.from_bytes(data[at : at + 4], "big")


def _boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Every box and those within, but the first of each kind alone counts for a dict that is read from the end."""
    at = 0
    while at + 8 <= len(data):
        size, name = struct.unpack(">I4s", data[at : at + 8])
        if size < 8:
            return
        yield name, data[at + 8 : at + size]
        if name in _CONTAINERS:
            yield from _boxes(data[at + 8 : at + size])
        at += size
