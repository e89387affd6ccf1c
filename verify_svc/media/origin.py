"""What a recording's container says of who wrote it: a page's recorder, or something else. Nothing is decoded.

It is a claim, like every header: whoever writes a container by hand can write this one. What is honest about itself is
told apart: the files of camera applications and of editors, which no page's recorder makes.

Seen of Chromium's MediaRecorder: WebM of unknown length by `Chrome`; MP4 in fragments (`moof`). A recorder that hands
out pieces while it runs can't write any other MP4, Safari's is in fragments too.
"""

from __future__ import annotations

from collections.abc import Iterator

from verify_svc.media.container import ClipRefused, sniff_container

_HEAD_BYTES = 64 * 1024
_MOST_BOXES = 4096
_CLUSTER = b"\x1f\x43\xb6\x75"
_QUICKTIME = b"qt  "

# Marks of programs that write files, and of phones' cameras. GStreamer is missing: WebKit's Linux recorder uses it.
_FOREIGN = (
    b"Lavf",
    b"HandBrake",
    b"mkvmerge",
    b"com.android.",
    b"com.apple.quicktime.make",
    b"com.apple.quicktime.model",
    b"com.apple.quicktime.location",
    b"\xa9mak",
    b"\xa9mod",
)


def is_from_a_page(data: bytes) -> bool:
    """Whether the container looks as a page's recorder makes it; False also for what is no such container at all."""
    try:
        container = sniff_container(data)
    except ClipRefused:
        return False
    if container == "matroska":
        # All that is said of the file as a whole comes before its first cluster.
        head = data[:_HEAD_BYTES].partition(_CLUSTER)[0]
        return b"webm" in head[:64] and not any(mark in head for mark in _FOREIGN)
    if container != "mov" or data[8:12] == _QUICKTIME:
        return False
    boxes = dict(_boxes(data))
    about = boxes.get(b"moov", b"") + boxes.get(b"udta", b"") + boxes.get(b"meta", b"")
    return b"moof" in boxes and not any(mark in about for mark in _FOREIGN)


def _boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The outermost boxes of an MP4: kind, content."""
    at = 0
    for _ in range(_MOST_BOXES):
        if at + 8 > len(data):
            return
        size, head = int.from_bytes(data[at : at + 4], "big"), 8
        if size == 1:
            size, head = int.from_bytes(data[at + 8 : at + 16], "big"), 16
        if size < head:
            return
        yield data[at + 4 : at + 8], data[at + head : at + size]
        at += size
