"""Picture files of every sort that reaches an upload: what phones and scanners write, what editors write, and what only
wears a picture's name. All are made here, of a drawn card; `tests.specimens.hurting` hurts them.
"""

from __future__ import annotations

import io
import random
import struct
import zlib
from collections.abc import Callable, Iterator, Mapping
from functools import cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageCms
from pillow_heif import register_heif_opener

from tests.specimens.heic_grid import tiled
from tests.specimens.papers import Person, id_card_portrait
from tests.specimens.photographs import Shot, photograph

_PNG = b"\x89PNG\r\n\x1a\n"
_ADAM7 = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
_EXIF_BYTE, _EXIF_SHORT, _EXIF_LONG = 1, 3, 4


@cache
def card(width: int = 320) -> Image.Image:
    """A photographed card."""
    data = photograph(id_card_portrait(Person()), Shot(long_side_px=640))
    return Image.open(io.BytesIO(data)).convert("RGB").resize((width, width * 3 // 4))


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    """The picture as Pillow writes it."""
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def chunk(name: bytes, body: bytes) -> bytes:
    """A chunk of a PNG."""
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(header: tuple[int, int, int, int, int], rows: bytes, extra: bytes = b"") -> bytes:
    """A PNG by hand: (width, height, bits a sample, colour type, interlaced), filtered rows, chunks before them."""
    width, height, bits, colour, interlaced = header
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, interlaced))
    return _PNG + head + extra + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def mended(data: bytes) -> bytes:
    """A PNG whose chunks' sums hold again, so that what is hurt inside them is looked at."""
    out, place = data[:8], 8
    while place + 12 <= len(data):
        length = int.from_bytes(data[place : place + 4], "big")
        if place + 12 + length > len(data):
            break
        out += chunk(data[place + 4 : place + 8], data[place + 8 : place + 8 + length])
        place += 12 + length
    return out + data[place:]


def exif(orientation: int, kind: int = _EXIF_SHORT, count: int = 1, next_ifd: int = 0) -> bytes:
    """EXIF with an orientation alone, big-endian, by hand: cameras write what they like."""
    value = {_EXIF_BYTE: ">Bxxx", _EXIF_SHORT: ">Hxx", _EXIF_LONG: ">I"}[kind]
    entry = struct.pack(">HHI", 0x0112, kind, count) + struct.pack(value, orientation)
    return b"Exif\x00\x00MM\x00*" + struct.pack(">IH", 8, 1) + entry + struct.pack(">I", next_ifd)


def _segment(marker: int, body: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body


def with_segments(jpeg: bytes, *segments: bytes) -> bytes:
    """The JPEG with further segments behind its first two bytes."""
    return jpeg[:2] + b"".join(segments) + jpeg[2:]


def _profile(body: bytes) -> list[bytes]:
    """A colour profile as segments of a JPEG."""
    pieces = [body[at : at + 65_000] for at in range(0, len(body), 65_000)]
    return [
        _segment(0xE2, b"ICC_PROFILE\x00" + bytes([number, len(pieces)]) + piece)
        for number, piece in enumerate(pieces, 1)
    ]


def _frame_header(jpeg: bytes) -> int:
    """Where the frame header (SOF0 or SOF2) of one of Pillow's JPEGs begins."""
    return max(jpeg.find(b"\xff\xc0\x00"), jpeg.find(b"\xff\xc2\x00"))


def sized(data: bytes, width: int, height: int) -> bytes:
    """The JPEG or PNG, whose header names another size."""
    if data.startswith(_PNG):
        return mended(data[:16] + struct.pack(">II", width, height) + data[24:])
    at = _frame_header(data)
    return data[: at + 5] + struct.pack(">HH", height & 0xFFFF, width & 0xFFFF) + data[at + 9 :]


def _arithmetic(jpeg: bytes) -> bytes:
    """Its coded data said to be arithmetically coded: a decoder makes something of any bits."""
    at = _frame_header(jpeg)
    return jpeg[: at + 1] + b"\xc9" + jpeg[at + 2 :]


def _without_restarts(jpeg: bytes, every: int = 3) -> bytes:
    """Some of its restart markers are cut out."""
    dice = random.Random(every)
    parts = jpeg.split(b"\xff\xd3")
    return parts[0] + b"".join((b"\xff\xd3" if dice.randrange(every) else b"") + part for part in parts[1:])


def _ycck() -> Image.Image:
    """The card in CMYK, its inks as lightness and colour; Adobe stores inks upside down, and Pillow turns them."""
    cyan, magenta, yellow, black = card().convert("CMYK").split()
    inks = Image.merge("RGB", (cyan, magenta, yellow)).convert("YCbCr").split()
    return Image.merge("CMYK", (*(ImageChops.invert(part) for part in inks), black))


def _adobe(jpeg: bytes, transform: int) -> bytes:
    """A JPEG of four colours whose Adobe mark names another transform: 2 is YCCK."""
    at = jpeg.index(b"Adobe") + 11
    return jpeg[:at] + bytes([transform]) + jpeg[at + 1 :]


def _interlaced(pixels: NDArray[np.uint8]) -> bytes:
    """Adam7, seven passes."""
    height, width = pixels.shape[:2]
    rows = b"".join(
        b"\x00" + row.tobytes() for left, top, across, down in _ADAM7 for row in pixels[top::down, left::across]
    )
    return png((width, height, 8, 2, 1), rows)


def _deep(channels: int) -> bytes:
    """A PNG of 16 bits a sample in full colour, which Pillow doesn't write."""
    pixels = np.asarray(card(160).convert("RGBA"), np.uint16)[:, :, :channels] * 257
    rows = b"".join(b"\x00" + row.astype(">u2").tobytes() for row in pixels)
    return png((160, 120, 16, 2 if channels == 3 else 6, 0), rows)


def _jpegs() -> Iterator[tuple[str, bytes]]:
    picture = card()
    plain = saved(picture, "JPEG", quality=80)
    srgb, lab = (ImageCms.ImageCmsProfile(ImageCms.createProfile(name)).tobytes() for name in ("sRGB", "LAB"))
    dice = random.Random(7)
    yield "JPEG", plain
    yield "JPEG progressive", saved(picture, "JPEG", progressive=True)
    yield "JPEG arithmetic", _arithmetic(plain)
    yield "JPEG lossless by its mark", _arithmetic(plain).replace(b"\xff\xc9\x00", b"\xff\xc3\x00", 1)
    yield "JPEG 12 bits by its mark", plain.replace(b"\xff\xc0\x00\x11\x08", b"\xff\xc0\x00\x11\x0c", 1)
    restarts = saved(picture, "JPEG", restart_marker_blocks=4)
    yield "JPEG restarts", restarts
    yield "JPEG restarts cut", _without_restarts(restarts)
    yield "JPEG grey", saved(picture.convert("L"), "JPEG")
    yield "JPEG full colour", saved(picture, "JPEG", subsampling=0, quality=97)
    yield "JPEG RGB kept", saved(picture, "JPEG", keep_rgb=True)
    cmyk = saved(picture.convert("CMYK"), "JPEG")
    yield "JPEG CMYK", cmyk
    yield "JPEG YCCK", _adobe(saved(_ycck(), "JPEG", quality=90), 2)
    yield "JPEG unknown transform", _adobe(cmyk, 9)
    for turn in (*range(10), 255, 65535):
        yield f"JPEG EXIF {turn}", with_segments(plain, _segment(0xE1, exif(turn)))
    yield "JPEG EXIF byte", with_segments(plain, _segment(0xE1, exif(6, _EXIF_BYTE)))
    yield "JPEG EXIF long", with_segments(plain, _segment(0xE1, exif(6, _EXIF_LONG)))
    yield "JPEG EXIF of millions", with_segments(plain, _segment(0xE1, exif(6, _EXIF_LONG, 0x3FFFFFFF)))
    yield "JPEG EXIF in a ring", with_segments(plain, _segment(0xE1, exif(6, next_ifd=8)))
    yield "JPEG EXIF cut", with_segments(plain, _segment(0xE1, exif(6)[:19]))
    yield "JPEG EXIF twice", with_segments(plain, _segment(0xE1, exif(6)), _segment(0xE1, exif(3)))
    yield "JPEG EXIF large", with_segments(plain, _segment(0xE1, exif(8) + dice.randbytes(65_000)))
    yield "JPEG profile", saved(picture, "JPEG", icc_profile=srgb)
    yield "JPEG profile LAB", saved(picture, "JPEG", icc_profile=lab)
    yield "JPEG profile hurt", with_segments(plain, *_profile(srgb[:60] + dice.randbytes(400)))
    yield "JPEG profile huge", with_segments(plain, *_profile(srgb + bytes(3_000_000)))
    yield "JPEG profile's parts missing", with_segments(plain, *_profile(bytes(300_000))[1::2])
    yield "MPO", saved(picture, "MPO", save_all=True, append_images=[card(160)])
    yield "JPEG 65535", sized(plain, 65_535, 65_535)
    yield "JPEG no height", sized(plain, 320, 0)
    yield "JPEG larger than its data", sized(plain, 7_000, 7_000)


def _pngs() -> Iterator[tuple[str, bytes]]:
    picture = card()
    small = card(160)
    palette = small.quantize(200)
    yield "PNG", saved(picture, "PNG")
    yield "PNG interlaced", _interlaced(np.asarray(picture, np.uint8))
    yield "PNG 1 bit", saved(picture.convert("1"), "PNG")
    for bits in (2, 4):
        yield f"PNG {bits} bits", saved(small.quantize(1 << bits), "PNG", bits=bits)
    yield "PNG palette", saved(palette, "PNG")
    yield "PNG palette clear", saved(palette, "PNG", transparency=bytes(range(200)))
    yield "PNG palette too short", png((64, 48, 8, 3, 0), (b"\x00" + bytes(range(64))) * 48, chunk(b"PLTE", bytes(9)))
    yield "PNG without its palette", png((64, 48, 8, 3, 0), (b"\x00" + bytes(range(64))) * 48)
    for mode in ("L", "LA", "RGBA"):
        yield f"PNG {mode}", saved(small.convert(mode), "PNG")
    yield "PNG grey with a clear colour", saved(small.convert("L"), "PNG", transparency=128)
    yield "PNG with a clear colour", saved(small, "PNG", transparency=(240, 240, 240))
    grey = np.asarray(small.convert("L"), np.uint16) * 257
    yield "PNG 16 bits", saved(Image.fromarray(grey), "PNG")
    yield "PNG 16 bits RGB", _deep(3)
    yield "PNG 16 bits RGBA", _deep(4)
    yield "APNG", saved(small, "PNG", save_all=True, append_images=[card(160).rotate(90), card(64)], duration=100)
    yield "PNG EXIF", saved(small, "PNG", exif=exif(6)[6:])
    yield "PNG EXIF hurt", saved(small, "PNG", exif=exif(6, _EXIF_LONG, 0x3FFFFFFF)[6:])
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    yield "PNG profile", saved(small, "PNG", icc_profile=srgb)
    header, row = (64, 48, 8, 0, 0), b"\x00" + bytes(range(64))
    swells = chunk(b"iCCP", b"p\x00\x00" + zlib.compress(bytes(50_000_000), 9))
    yield "PNG profile that swells", png(header, row * 48, swells)
    yield "PNG text that swells", png(header, row * 48, chunk(b"zTXt", b"c\x00\x00" + zlib.compress(bytes(50_000_000))))
    yield "PNG rows too few", png(header, row * 20)
    yield "PNG rows too many", png(header, row * 20_000)
    yield "PNG of a strange filter", png(header, (b"\x07" + bytes(64)) * 48)
    yield "PNG of strange bits", png((64, 48, 3, 2, 0), row * 48)
    yield "PNG without pixels", png((0, 0, 8, 0, 0), b"")
    for width, height in ((1, 1), (1, 900), (16_000, 1), (3, 3), (2, 15_999), (17, 40)):
        packed = zlib.compress((b"\x00" + bytes(width)) * height)
        head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
        yield f"PNG {width} × {height}", _PNG + head + chunk(b"IDAT", packed) + chunk(b"IEND", b"")
    for width, height in ((40_000, 40_000), (16_001, 1), (0x7FFFFFFF, 0x7FFFFFFF), (0xFFFFFFFF, 2), (8_000, 8_000)):
        yield f"PNG said {width} × {height}", sized(saved(small, "PNG"), width, height)


def _heics() -> Iterator[tuple[str, bytes]]:
    register_heif_opener()
    picture, small = card(), card(160)
    yield "HEIC", saved(picture, "HEIF", quality=60)
    yield "HEIC clear", saved(small.convert("RGBA"), "HEIF", quality=60)
    yield "HEIC grey", saved(small.convert("L"), "HEIF", quality=60)
    yield "HEIC of several", saved(small, "HEIF", quality=60, save_all=True, append_images=[card(96)])
    yield "HEIC EXIF", saved(small, "HEIF", quality=60, exif=exif(6)[6:])
    yield "HEIC EXIF hurt", saved(small, "HEIF", quality=60, exif=exif(6, _EXIF_LONG, 0x3FFFFFFF))
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    yield "HEIC profile", saved(small, "HEIF", quality=60, icc_profile=srgb)
    tile = saved(card(128).resize((128, 128)), "HEIF", quality=50)
    yield "HEIC tiles", tiled(tile, 128, 2, 3)
    yield "HEIC many tiles", tiled(tile, 128, 16, 16)
    yield "HEIC tiles beyond measure", tiled(tile, 128, 255, 255)
    yield "HEIC larger than its tiles", tiled(tile, 128, 2, 2, (30_000, 30_000))
    yield "HEIC of a tile of itself", tiled(tile, 128, 2, 2, own=True)


def _strangers() -> Iterator[tuple[str, bytes]]:
    small = card(160)
    yield "WebP", saved(small, "WEBP")
    yield "GIF", saved(small, "GIF", save_all=True, append_images=[card(96)])
    yield "BMP", saved(small, "BMP")
    yield "TIFF float", saved(Image.fromarray(np.asarray(small.convert("L"), np.float32)), "TIFF")
    yield "TIFF LAB", saved(small.convert("LAB"), "TIFF")
    yield "JPEG 2000", saved(small, "JPEG2000")
    yield "AVIF", saved(small, "AVIF", quality=50)
    yield "ICO", saved(small, "ICO")
    yield (
        "SVG",
        b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>',
    )
    yield "PDF", saved(small, "PDF")
    yield "JPEG XL", b"\xff\x0a" + random.Random(1).randbytes(400)
    yield "nothing", b""
    yield "PDF in a JPEG", with_segments(saved(small, "JPEG"), _segment(0xFE, saved(small, "PDF")[:900]))
    yield "WebP behind a JPEG's head", b"\xff\xd8\xff\xe0" + saved(small, "WEBP")


_FAMILIES: tuple[Callable[[], Iterator[tuple[str, bytes]]], ...] = (_jpegs, _pngs, _heics, _strangers)


@cache
def picture_files() -> Mapping[str, bytes]:
    """All of them by name; the first word says the format."""
    return {name: data for family in _FAMILIES for name, data in family()}
