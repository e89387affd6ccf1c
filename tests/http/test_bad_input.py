"""Files that are meant to hurt: each gets its own clear refusal, soon, and the service goes on."""

from __future__ import annotations

import struct
import time
import zlib
from collections.abc import Callable
from typing import Any

import pytest

from tests.specimens.hurting import hurt
from tests.specimens.picture_files import picture_files

SAME = {"Sec-Fetch-Site": "same-origin"}
SOON_S = 8.0  # a second or two on a machine that does nothing else


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width_px: int, height_px: int, pixels: bytes, *extra: bytes) -> bytes:
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width_px, height_px, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(extra) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def hundred_megapixels() -> bytes:
    packer = zlib.compressobj(9)
    rows = b"".join(packer.compress(bytes(10_001)) for _ in range(10_000))
    return png(10_000, 10_000, rows + packer.flush())


def claims_more_than_it_holds() -> bytes:
    return png(30_000, 30_000, zlib.compress(b"\x00" * 100))


def bomb_in_a_text_chunk() -> bytes:
    packer = zlib.compressobj(9)
    text = b"".join(packer.compress(bytes(1_000_000)) for _ in range(400)) + packer.flush()
    return png(8, 8, zlib.compress(bytes(72)), chunk(b"zTXt", b"Comment\x00\x00" + text))


def hurt_heic() -> bytes:
    return b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + b"\x00\x00\x01\x00meta" + bytes(range(256)) * 8


def web_page_behind_a_jpeg_head() -> bytes:
    return b"\xff\xd8\xff\xe0\x00\x10JFIF\x00<html><script>alert(1)</script></html>" + bytes(500)


def animated_gif() -> bytes:
    frame = b"!\xf9\x04\x00\x0a\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00"
    return b"GIF89a\x01\x00\x01\x00\x80\x00\x00\xff\xff\xff\x00\x00\x00" + frame * 50 + b";"


def video_as_a_picture() -> bytes:
    return b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2" + bytes(1000)


PICTURES: list[tuple[Callable[[], bytes], set[str]]] = [
    (hundred_megapixels, {"file_too_large", "file_unreadable"}),
    (claims_more_than_it_holds, {"file_too_large", "file_unreadable"}),
    (bomb_in_a_text_chunk, {"file_too_large", "file_unreadable"}),
    (hurt_heic, {"file_unreadable"}),
    (web_page_behind_a_jpeg_head, {"file_type_not_allowed", "file_unreadable"}),
    (animated_gif, {"file_type_not_allowed"}),
    (video_as_a_picture, {"file_type_not_allowed"}),
]


@pytest.fixture
def phone(app: Any, portal: Any, filing: dict[str, Any], sms: Any) -> Any:
    session = portal.call("POST", "/verification_sessions", filing).json
    client = app.test_client()
    state = client.post("/m/api/redeem", json={"token": session["url"].partition("#")[2]}, headers=SAME).json
    body = {"processing": True, "face": True, "version": state["consent"]["version"]}
    client.post("/m/api/consent", json=body, headers=SAME)
    client.post("/m/api/phone", json={"mobile": filing["responsible_person"]["mobile"]}, headers=SAME)
    code = "".join(character for character in sms.sent[0].text.partition("，")[0] if character.isdigit())
    assert client.post("/m/api/phone/code", json={"code": code}, headers=SAME).status_code == 200
    return client


@pytest.mark.parametrize(("make", "codes"), PICTURES, ids=lambda value: getattr(value, "__name__", ""))
def test_a_hurtful_picture_is_refused_soon_and_the_next_one_is_taken(
    phone: Any, make: Callable[[], bytes], codes: set[str]
) -> None:
    data = make()
    begun_s = time.monotonic()
    answer = phone.put("/m/api/steps/person_document/slots/portrait", data=data, headers=SAME)
    took_s = time.monotonic() - begun_s
    assert 400 <= answer.status_code < 500, answer.text
    assert answer.json["code"] in codes
    assert took_s < SOON_S
    good = png(640, 400, zlib.compress((b"\x00" + bytes(range(256)) * 2 + bytes(128)) * 400))
    assert phone.put("/m/api/steps/person_document/slots/portrait", data=good, headers=SAME).status_code == 201


HURT = {
    "JPEG": ("flip", 11),
    "JPEG progressive": ("cut", 4),
    "JPEG YCCK": ("overwrite", 3),
    "JPEG EXIF in a ring": ("extreme", 5),
    "JPEG profile huge": ("drop", 9),
    "PNG interlaced": ("blank", 2),
    "PNG 16 bits RGBA": ("claim", 7),
    "PNG 1 × 900": ("repeat", 0),
    "APNG": ("swap", 6),
    "HEIC tiles": ("insert", 8),
    "HEIC of a tile of itself": ("flip", 1),
    "SVG": ("repeat", 1),
}


def test_a_row_of_hurt_pictures_is_answered_one_by_one_and_a_good_one_after_them(phone: Any) -> None:
    for name, injury in HURT.items():
        data = hurt(picture_files()[name], [injury])
        answer = phone.put("/m/api/steps/person_document/slots/portrait", data=data, headers=SAME)
        assert answer.status_code in (201, 413, 415, 422), (name, answer.text)
        refusals = {"file_unreadable", "file_type_not_allowed", "file_too_large"}
        assert answer.status_code == 201 or answer.json["code"] in refusals
    good = phone.put("/m/api/steps/person_document/slots/portrait", data=picture_files()["JPEG"], headers=SAME)
    assert good.status_code == 201


@pytest.mark.parametrize(
    "make", [animated_gif, hurt_heic, hundred_megapixels, lambda: b"", lambda: b"#EXTM3U\nfile:///etc/passwd"]
)
def test_what_is_no_clip_is_refused(phone: Any, make: Callable[[], bytes]) -> None:
    answer = phone.put("/m/api/steps/face/slots/clip", data=make(), headers=SAME)
    assert answer.status_code in (415, 422)
    assert answer.json["code"] in {"file_type_not_allowed", "file_unreadable"}


@pytest.mark.parametrize(
    "path",
    [
        "/m/api/steps/../../etc/slots/passwd",
        "/m/api/steps/person_document/slots/..%2f..%2fkeys.json",
        "/m/api/uploads/..%2f..%2fkeys.json/picture",
        "/m/api/uploads/up_x/strip/..%2f..%2fkeys",
        "/m/api/uploads/%00/picture",
        "/v1/verification_sessions/..%2f..%2fkeys.json",
    ],
)
def test_characters_of_paths_in_names_lead_nowhere(phone: Any, path: str) -> None:
    assert phone.get(path).status_code in (401, 404, 405)
