"""What a container says of its writer: a page's recorder, a phone's camera, an editor."""

from __future__ import annotations

from pathlib import Path

import av
import pytest

from tests.media.made_clips import moving_bar
from tests.specimens.recorder import as_by_a_page
from verify_svc.media.origin import is_from_a_page


def box(kind: bytes, content: bytes = b"") -> bytes:
    return (8 + len(content)).to_bytes(4, "big") + kind + content


def webm(writer: bytes, doctype: bytes = b"webm") -> bytes:
    """The head of a live WebM: unknown length, then who wrote it, then the first cluster, which may hold anything."""
    named = b"\x4d\x80" + bytes([0x80 + len(writer)]) + writer + b"\x57\x41" + bytes([0x80 + len(writer)]) + writer
    head = (
        b"\x1a\x45\xdf\xa3\x9f\x42\x82" + bytes([0x80 + len(doctype)]) + doctype + b"\x18\x53\x80\x67\x01" + b"\xff" * 7
    )
    return head + b"\x15\x49\xa9\x66" + bytes([0x80 + len(named)]) + named + b"\x1f\x43\xb6\x75 pictures, Lavf"


FRAGMENTS = box(b"moof", bytes(40)) + box(b"mdat", b"com.android. by chance")
PAGES = {
    "Chromium's WebM": webm(b"Chrome"),
    "Firefox's WebM": webm(b"QTmuxingAppLibWebM-0.0.1"),
    "Chromium's MP4": box(b"ftyp", b"isom\0\0\2\0isomiso6") + box(b"moov", bytes(60)) + FRAGMENTS * 3,
    "Safari's MP4": box(b"ftyp", b"iso5\0\0\0\0iso5hlsf") + box(b"moov", bytes(60)) + FRAGMENTS,
    "one with a box of 64 bits": box(b"ftyp", b"isom\0\0\2\0")
    + b"\0\0\0\1free"
    + (24).to_bytes(8, "big")
    + bytes(8)
    + box(b"moov")
    + FRAGMENTS,
}
OTHERS = {
    "an iPhone's camera": box(b"ftyp", b"qt  \0\0\0\0qt  ")
    + box(b"mdat", bytes(90))
    + box(b"moov", b"com.apple.quicktime.make"),
    "an iPhone's camera in fragments": box(b"ftyp", b"qt  \0\0\0\0qt  ") + box(b"moov") + FRAGMENTS,
    "an Android phone's camera": box(b"ftyp", b"mp42\0\0\0\0isom")
    + box(b"mdat", bytes(90))
    + box(b"moov", b"com.android.version"),
    "an editor's fragments": box(b"ftyp", b"isom\0\0\2\0") + box(b"moov", b"\xa9too Lavf61.7.100") + FRAGMENTS,
    "an editor's WebM": webm(b"Lavf61.7.100"),
    "another Matroska": webm(b"Chrome", b"matroska"),
    "an MPEG": b"\x00\x00\x01\xba" + bytes(60),
    "a picture": b"\xff\xd8\xff\xe0" + bytes(60),
    "a box that ends before it begins": box(b"ftyp", b"isom\0\0\2\0") + b"\0\0\0\2moov" + FRAGMENTS,
    "nothing": b"",
}


@pytest.mark.parametrize("data", PAGES.values(), ids=PAGES)
def test_a_pages_recorder_is_believed(data: bytes) -> None:
    assert is_from_a_page(data)


@pytest.mark.parametrize("data", OTHERS.values(), ids=OTHERS)
def test_what_no_page_records_is_told_apart(data: bytes) -> None:
    assert not is_from_a_page(data)


def test_a_real_file_is_told_from_a_real_recording(tmp_path: Path) -> None:
    made = moving_bar(tmp_path / "bar.mp4")
    recorded = as_by_a_page(made)
    assert (is_from_a_page(made), is_from_a_page(recorded)) == (False, True)
    (tmp_path / "recorded.mp4").write_bytes(recorded)
    with av.open(str(tmp_path / "recorded.mp4")) as container:
        assert sum(1 for _ in container.decode(video=0)) == 40


def test_a_file_cut_short_is_still_looked_at(tmp_path: Path) -> None:
    recorded = as_by_a_page(moving_bar(tmp_path / "bar.mp4"))
    assert is_from_a_page(recorded[: len(recorded) - 20])
