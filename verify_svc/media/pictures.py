"""Uploaded pictures: what they are, decoded inside limits, upright as EXIF says, and encoded again.

`decode` runs in decoding children: bytes from outside meet native decoders here and nowhere else.
"""

from __future__ import annotations

import io
import re
import struct
import warnings
import zlib
from dataclasses import dataclass
from enum import StrEnum

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

Pixels = NDArray[np.uint8]
"""BGR, shape (height, width, 3)."""


class PictureType(StrEnum):
    """The types that are taken. HEIC is what many phones record."""

    JPEG = "image/jpeg"
    PNG = "image/png"
    HEIC = "image/heic"


@dataclass(frozen=True, slots=True)
class PictureLimits:
    """What a picture may cost."""

    max_bytes: int = 20_000_000  # a 50-megapixel JPEG of a phone has 8 to 15 MB
    max_pixels: int = 64_000_000  # the largest ordinary phone camera; 192 MB decoded
    max_side_px: int = 16_000
    max_aspect: float = 20.0  # long side over short; a panorama has 8, a strip can't be laid out
    max_scans: int = 64  # of a progressive JPEG, each a pass over all its pixels; 16 at most in 200 real ones
    max_chunks: int = 20_000  # of a PNG; one of 20 MB in libpng's usual pieces has 2,500
    max_text_chunks: int = 100
    max_text_bytes: int = 1 << 20  # inflated, all together
    working_side_px: int = 3072  # what the engines look at; a licence wants 1920 (measured)


class PictureError(Exception):
    """The bytes can't be taken as a picture; `reason` is the reason code."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(reason, message)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Decoded:
    """A picture as the engines see it: `pixels` upright, at most `working_side_px` long.

    `width_px` and `height_px` are those of the upright picture as it was recorded; `scale` is working pixels to
    a recorded pixel (≤ 1). `recorded` are its own pixels; None where it was decoded smaller.
    """

    pixels: Pixels
    width_px: int
    height_px: int
    scale: float
    type: PictureType
    recorded: Pixels | None


_HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
_TAIL_BYTES = 66_000  # a zip's end record lies within its last 65,557 bytes
_HEAD_BYTES = 1_024  # where readers of PDF and HTML look for their mark
_FOREIGN_MARKS = (b"%pdf-1", b"<script", b"<html", b"<?php", b"<svg x", b"<!doctype")  # long: no chance hits


def sniff(data: bytes) -> PictureType | None:
    """What the bytes begin as; names and declared types are ignored.

    >>> sniff(b"GIF89a") is None
    True
    """
    if data.startswith(b"\xff\xd8\xff"):
        return PictureType.JPEG
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return PictureType.PNG
    if data[4:8] == b"ftyp" and data[8:12] in _HEIC_BRANDS:
        return PictureType.HEIC
    return None


def check_bytes(data: bytes, limits: PictureLimits = PictureLimits()) -> PictureType:
    """The type of a picture that may be decoded. Cheap; decodes nothing.

    Raises PictureError: empty, too large, of another type, or two things at once (a polyglot).
    """
    if not data:
        raise PictureError("file_unreadable", "the file is empty")
    if len(data) > limits.max_bytes:
        raise PictureError("file_too_large", f"more than {limits.max_bytes} bytes")
    kind = sniff(data)
    if kind is None:
        raise PictureError("file_type_not_allowed", "not a JPEG, PNG or HEIC picture")
    head, tail = data[:_HEAD_BYTES].lower(), data[-_TAIL_BYTES:]
    zipped = b"PK\x05\x06" in tail and b"PK\x01\x02" in data
    if zipped or any(mark in head or mark in tail.lower() for mark in _FOREIGN_MARKS):
        raise PictureError("file_type_not_allowed", "a picture with another file inside")
    return kind


def decode(data: bytes, limits: PictureLimits = PictureLimits()) -> Decoded:
    """Decode a picture upright, for the engines. Runs in a decoding child.

    The size is read from the header and judged before a pixel is decoded. Raises PictureError.
    """
    kind = check_bytes(data, limits)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a decoder's remarks about odd files are no fault of ours
        try:
            return _decode(data, kind, limits)
        except (PictureError, MemoryError):
            raise
        except Exception as error:  # decoders raise whatever a hurt file provokes
            raise PictureError("file_unreadable", f"can't be decoded: {type(error).__name__}") from None


def encode_jpeg(pixels: Pixels, max_side_px: int, quality: int = 88) -> bytes:
    """A clean JPEG of `pixels` at most `max_side_px` long: no metadata, no trailer, nothing of the original file."""
    long_side = max(pixels.shape[:2])
    if long_side > max_side_px:
        pixels = resize(pixels, max_side_px / long_side)
    done, encoded = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not done:
        raise ValueError("the picture can't be encoded")
    return encoded.tobytes()


def resize(pixels: Pixels, scale: float) -> Pixels:
    """`pixels` scaled; each new pixel is the mean of what it covers. At a half and less an odd last row or column is
    left out.
    """
    height, width = pixels.shape[:2]
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    if scale >= 1:
        return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_CUBIC), np.uint8)
    while scale <= 0.5 and min(pixels.shape[:2]) > 1:  # halving is done in a tenth of the time of other shares
        half = (pixels.shape[1] // 2, pixels.shape[0] // 2)
        even = pixels[: 2 * half[1], : 2 * half[0]]
        pixels, scale = np.asarray(cv2.resize(even, half, interpolation=cv2.INTER_AREA), np.uint8), scale * 2
    if pixels.shape[1::-1] == size:
        return pixels
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)


def _decode(data: bytes, kind: PictureType, limits: PictureLimits) -> Decoded:
    if kind is PictureType.HEIC:
        from pillow_heif import register_heif_opener

        register_heif_opener(thumbnails=False)
    elif kind is PictureType.PNG:
        _check_png_chunks(data, limits)
    elif kind is PictureType.JPEG:
        _check_scans(data, limits)
    formats = {PictureType.JPEG: "JPEG", PictureType.PNG: "PNG", PictureType.HEIC: "HEIF"}
    Image.MAX_IMAGE_PIXELS = None  # judged here, from the same header
    # MPO is what Pillow calls a JPEG with further frames (a phone's depth map); its first frame is the picture.
    allowed = ["JPEG", "MPO"] if kind is PictureType.JPEG else [formats[kind]]
    with Image.open(io.BytesIO(data), formats=allowed) as image:
        width, height = image.size
        if width * height > limits.max_pixels or max(width, height) > limits.max_side_px:
            raise PictureError("file_too_large", f"{width} × {height} pixels")
        if max(width, height) > limits.max_aspect * min(width, height):
            raise PictureError("file_unreadable", f"a strip of {width} × {height} pixels")
        turned = image.getexif().get(0x0112, 1) in (5, 6, 7, 8)
        if kind is PictureType.JPEG and max(width, height) > limits.working_side_px:
            # libjpeg decodes at 1/2, 1/4 or 1/8 when that is still large enough.
            wanted = limits.working_side_px / max(width, height)
            image.draft("RGB", (int(width * wanted), int(height * wanted)))
        image.load()
        ImageOps.exif_transpose(image, in_place=True)
        pixels = _as_bgr(image)
    full_width, full_height = (height, width) if turned else (width, height)
    recorded = pixels if pixels.shape[1] == full_width else None
    long_side = max(pixels.shape[:2])
    if long_side > limits.working_side_px:
        pixels = resize(pixels, limits.working_side_px / long_side)
    return Decoded(pixels, full_width, full_height, pixels.shape[1] / full_width, kind, recorded)


def _as_bgr(image: Image.Image) -> Pixels:
    """Any colour mode as BGR; what is transparent lies on white."""
    if image.mode.startswith("I") or image.mode == "F":
        grey = np.asarray(image, np.float32)
        top = 65535.0 if grey.max(initial=0.0) > 255 else 255.0
        return np.repeat((grey.clip(0, top) * (255 / top)).astype(np.uint8)[..., None], 3, axis=2)
    if image.mode in ("LA", "PA", "RGBA", "La", "RGBa") or "transparency" in image.info:
        layered = image.convert("RGBA")
        paper = Image.new("RGBA", layered.size, (255, 255, 255, 255))
        paper.alpha_composite(layered)
        image = paper
    rgb = image if image.mode == "RGB" else image.convert("RGB")  # converting copies it all
    return np.asarray(cv2.cvtColor(np.asarray(rgb, np.uint8), cv2.COLOR_RGB2BGR), np.uint8)


_MARKER = re.compile(rb"\xff([^\x00\xff])")


def _check_scans(data: bytes, limits: PictureLimits) -> None:
    """Raise PictureError for more scans than a picture needs. Goes from marker to marker as libjpeg does."""
    place, scans = 2, 0
    while found := _MARKER.search(data, place):
        marker, place = found[1][0], found.end()
        if marker == 0xD9:
            return
        if marker == 0x01 or 0xD0 <= marker <= 0xD8:
            continue  # these stand alone
        place += int.from_bytes(data[place : place + 2], "big")
        scans += marker == 0xDA
        if scans > limits.max_scans:
            raise PictureError("file_unreadable", "more scans than a picture needs")


def _check_png_chunks(data: bytes, limits: PictureLimits) -> None:
    """Raise PictureError for chunks that run past the end, for too many, and for text that swells, PNG's zip bombs."""
    place, text_chunks, text_bytes = 8, 0, 0
    for _ in range(limits.max_chunks):
        if place + 8 > len(data):
            break
        length, name = struct.unpack(">I4s", data[place : place + 8])
        if place + 12 + length > len(data):
            break
        if name == b"IEND":
            return
        if name in (b"tEXt", b"zTXt", b"iTXt"):
            text_chunks += 1
            text_bytes += _inflated_bytes(data[place + 8 : place + 8 + length], limits.max_text_bytes)
            if text_chunks > limits.max_text_chunks or text_bytes > limits.max_text_bytes:
                raise PictureError("file_unreadable", "text that swells")
        place += 12 + length
    else:
        raise PictureError("file_unreadable", "more chunks than a picture needs")
    raise PictureError("file_unreadable", "the file is cut short")


def _inflated_bytes(body: bytes, most_bytes: int) -> int:
    """How long deflated text in a chunk gets. Inflates little more than `most_bytes`."""
    for start in range(min(len(body), 400)):
        if body[start] == 0x78:  # a zlib header
            try:
                return len(zlib.decompressobj().decompress(body[start:], most_bytes + 1))
            except zlib.error:
                continue
    return 0
