"""Whatever is uploaded: decoded inside limits, or refused with its own reason, within a second or two."""

from __future__ import annotations

import io
import struct
import time
import zipfile
import zlib

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from tests.specimens.papers import Person, id_card_portrait
from tests.specimens.photographs import Shot, photograph
from tests.specimens.picture_files import chunk, saved
from verify_svc.media.pictures import PictureError, PictureLimits, PictureType, check_bytes, decode, encode_jpeg, sniff


def picture(width: int = 320, height: int = 200, mode: str = "RGB") -> Image.Image:
    rng = np.random.default_rng(3)
    grain = rng.integers(0, 255, (height // 8, width // 8, 3), np.uint8)
    return Image.fromarray(grain).resize((width, height)).convert(mode)


def png_of(width: int, height: int, extra: bytes = b"") -> bytes:
    """A PNG whose header says `width` × `height`, of one colour."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    rows = zlib.compress(b"\x00" * ((width + 7) // 8 + 1) * height, 9)
    return b"\x89PNG\r\n\x1a\n" + head + extra + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def heic() -> bytes:
    from pillow_heif import register_heif_opener

    register_heif_opener()
    return saved(picture(), "HEIF", quality=60)


def zipped() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("page.html", "<b>hello</b>")
    return out.getvalue()


JPEG = saved(picture(), "JPEG")
BOMB = chunk(b"zTXt", b"Comment\x00\x00" + zlib.compress(b"\x00" * 60_000_000, 9))

REFUSED = {
    "empty": (b"", "file_unreadable"),
    "truncated JPEG": (JPEG[: len(JPEG) // 2], "file_unreadable"),
    "truncated PNG": (saved(picture(), "PNG")[:-40], "file_unreadable"),
    "text with a picture's name": (b"name,number\n", "file_type_not_allowed"),
    "animated GIF": (
        saved(picture(), "GIF", save_all=True, append_images=[picture(mode="L")]),
        "file_type_not_allowed",
    ),
    "SVG": (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "file_type_not_allowed"),
    "PDF": (b"%PDF-1.7\n", "file_type_not_allowed"),
    "WebP": (saved(picture(), "WEBP"), "file_type_not_allowed"),
    "JPEG with a zip behind": (JPEG + zipped(), "file_type_not_allowed"),
    "JPEG with a script behind": (JPEG + b"<script>alert(1)</script>", "file_type_not_allowed"),
    "100 megapixels": (png_of(10_000, 10_000), "file_too_large"),
    "a line 60,000 pixels long": (png_of(60_000, 4), "file_too_large"),
    "zip bomb in a text chunk": (png_of(64, 64, BOMB), "file_unreadable"),
    "more bytes than allowed": (b"\xff\xd8\xff" + bytes(20_000_001), "file_too_large"),
    "hurt HEIC": (heic()[:200] + b"\x00" * 400, "file_unreadable"),
    "a JPEG's head alone": (b"\xff\xd8\xff\xe0", "file_unreadable"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_is_no_good_is_refused_quickly_with_its_own_reason(name: str) -> None:
    data, reason = REFUSED[name]
    began = time.monotonic()
    with pytest.raises(PictureError) as refusal:
        decode(data)
    assert refusal.value.reason == reason
    assert time.monotonic() - began < 2


@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK", "1"])
def test_every_colour_mode_of_a_jpeg_or_png_is_decoded(mode: str) -> None:
    kinds = ("JPEG", "PNG") if mode != "CMYK" else ("JPEG",)
    for kind in kinds:
        if mode == "1" and kind == "JPEG":
            continue
        decoded = decode(saved(picture(mode=mode), kind))
        assert decoded.pixels.shape == (200, 320, 3)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "I;16"])
def test_transparent_palette_and_16_bit_pngs_are_decoded(mode: str) -> None:
    if mode == "I;16":
        image = Image.fromarray(np.linspace(0, 65535, 64_000).reshape(200, 320).astype(np.uint16))
    else:
        image = picture(mode="RGBA") if mode == "RGBA" else picture(mode="L").convert(mode)
    assert decode(saved(image, "PNG")).pixels.shape == (200, 320, 3)


def test_what_is_transparent_lies_on_white() -> None:
    clear = Image.new("RGBA", (64, 64), (0, 0, 0, 0))
    assert decode(saved(clear, "PNG")).pixels.min() == 255


@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_picture_comes_upright_whatever_exif_says(orientation: int) -> None:
    image = Image.new("RGB", (96, 64), "white")
    image.paste("black", (0, 0, 24, 16))
    back = {
        1: (),
        2: (Image.Transpose.FLIP_LEFT_RIGHT,),
        3: (Image.Transpose.ROTATE_180,),
        4: (Image.Transpose.FLIP_TOP_BOTTOM,),
        5: (Image.Transpose.TRANSPOSE,),
        6: (Image.Transpose.ROTATE_90,),
        7: (Image.Transpose.TRANSVERSE,),
        8: (Image.Transpose.ROTATE_270,),
    }[orientation]
    stored = image
    for method in back:
        stored = stored.transpose(method)
    exif = Image.Exif()
    exif[0x0112] = orientation
    decoded = decode(saved(stored, "JPEG", exif=exif, quality=95))
    assert (decoded.width_px, decoded.height_px) == (96, 64)
    assert decoded.pixels[6, 8].max() < 60
    assert decoded.pixels[50, 80].min() > 200


def test_a_heic_from_a_phone_is_decoded() -> None:
    data = heic()
    assert sniff(data) is PictureType.HEIC
    assert decode(data).pixels.shape == (200, 320, 3)


def test_a_large_picture_is_worked_on_smaller_and_says_so() -> None:
    decoded = decode(saved(picture(6000, 4000), "JPEG"))
    assert max(decoded.pixels.shape[:2]) == PictureLimits().working_side_px
    assert (decoded.width_px, decoded.height_px) == (6000, 4000)
    assert decoded.scale == pytest.approx(decoded.pixels.shape[1] / 6000)


def test_a_phones_trailer_behind_a_jpeg_does_no_harm() -> None:
    assert decode(JPEG + b"\x00\x00\x00\x18ftypmp42" + bytes(4000)).width_px == 320


def test_an_encoded_picture_holds_nothing_of_the_original_file() -> None:
    exif = Image.Exif()
    exif[0x010E] = "canary"
    decoded = decode(saved(picture(), "JPEG", exif=exif))
    clean = encode_jpeg(decoded.pixels, 160)
    assert b"canary" not in clean
    assert decode(clean).width_px == 160


PHOTOGRAPH = photograph(id_card_portrait(Person()), Shot(long_side_px=640))


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_hurt_bytes_decode_or_are_refused(data: st.DataObject) -> None:
    hurt = bytearray(PHOTOGRAPH)
    for _ in range(data.draw(st.integers(1, 6))):
        hurt[data.draw(st.integers(0, len(hurt) - 1))] = data.draw(st.integers(0, 255))
    end = data.draw(st.integers(0, len(hurt)))
    try:
        given_back = decode(bytes(hurt[:end] if data.draw(st.booleans()) else hurt))
    except PictureError as refusal:
        known = refusal.reason in ("file_unreadable", "file_type_not_allowed", "file_too_large")
    else:
        known = given_back.pixels.ndim == 3
    assert known


def test_the_type_is_told_without_decoding() -> None:
    assert check_bytes(JPEG) is PictureType.JPEG


def test_a_jpeg_of_many_scans_is_refused_quickly() -> None:
    scans = saved(picture(), "JPEG", progressive=True)
    start = scans.rindex(b"\xff\xda")
    began = time.monotonic()
    with pytest.raises(PictureError, match="scans"):
        decode(scans[:-2] + scans[start:-2] * 100 + scans[-2:])
    assert time.monotonic() - began < 1
    assert decode(scans).pixels.shape == (200, 320, 3)


def test_scans_behind_the_picture_are_no_scans_of_it() -> None:
    assert decode(JPEG + b"\xff\xda\x00\x02" * 1000).pixels.shape == (200, 320, 3)


@pytest.mark.parametrize(
    "extra",
    [
        chunk(b"zTXt", b"C\x00\x00" + zlib.compress(b"a" * 500_000, 9)) * 3,
        chunk(b"tEXt", b"C\x00a") * 101,
        chunk(b"abCd", b"") * 20_000,
    ],
    ids=["text", "text chunks", "chunks"],
)
def test_a_png_of_many_small_chunks_is_refused_quickly(extra: bytes) -> None:
    began = time.monotonic()
    with pytest.raises(PictureError) as refusal:
        decode(png_of(64, 48, extra))
    assert refusal.value.reason == "file_unreadable"
    assert time.monotonic() - began < 1
