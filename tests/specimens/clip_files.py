"""Clips of every sort that reaches an upload: what pages record, what cameras and editors write, and odd ones."""

from __future__ import annotations

import io
import struct
from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from typing import cast

import av
import numpy as np
from av.audio.stream import AudioStream
from av.video.stream import VideoStream

from tests.specimens.priority import usual_priority
from tests.specimens.recorder import as_by_a_page

_WIDE, _HIGH, _FPS, _RATE_HZ = 96, 64, 20, 48_000
_IN_FRAGMENTS = {"movflags": "frag_keyframe+empty_moov+default_base_moof"}
_SETTINGS = {"libx265": {"x265-params": "log-level=none:pools=1:frame-threads=1"}, "libsvtav1": {"preset": "12"}}


@usual_priority()
def clip(
    container: str, picture: str, sound: str | None, seconds: float = 1.5, options: Mapping[str, str] | None = None
) -> bytes:
    """A bar that moves over a dark ground, and a tone, in these codecs."""
    out = io.BytesIO()
    with av.open(out, "w", format=container, container_options=dict(options or {})) as written:
        rate = 25 if container == "vob" else _FPS
        video = cast(VideoStream, written.add_stream(picture, rate=rate, options=_SETTINGS.get(picture, {})))
        video.width, video.height, video.pix_fmt = _WIDE, _HIGH, "yuv420p"
        video.codec_context.thread_count = 1
        if picture == "mjpeg":
            video.pix_fmt = "yuvj420p"
        rate_hz = 8_000 if sound == "libopencore_amrnb" else _RATE_HZ
        audio = None if sound is None else cast(AudioStream, written.add_stream(sound, rate=rate_hz))
        if audio is not None:
            audio.layout = "mono"
        for number in range(round(seconds * _FPS)):
            pixels = np.full((_HIGH, _WIDE, 3), 30, np.uint8)
            pixels[:, 20 + number % 20 : 24 + number % 20] = 220
            written.mux(video.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")))
        written.mux(video.encode(None))
        if audio is not None:
            times_s = np.arange(round(seconds * rate_hz)) / rate_hz
            tone = (12_000 * np.sin(2 * np.pi * 440 * times_s)).astype(np.int16)
            frame = av.AudioFrame.from_ndarray(tone[None, :], format="s16", layout="mono")
            frame.rate, frame.pts, frame.time_base = rate_hz, 0, Fraction(1, rate_hz)
            written.mux(audio.encode(frame))
            written.mux(audio.encode(None))
    return out.getvalue()


def _renumbered(mp4: bytes, box: bytes, skipped: int, value: bytes) -> bytes:
    """The MP4 with some bytes of the first such box replaced: `skipped` bytes behind its name."""
    at = mp4.index(box) + 4 + skipped
    return mp4[:at] + value + mp4[at + len(value) :]


def _nested(depth: int) -> bytes:
    """Boxes within boxes."""
    inner = b""
    for _ in range(depth):
        inner = struct.pack(">I4s", len(inner) + 8, b"moov") + inner
    return b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + inner


@cache
def clip_files() -> Mapping[str, bytes]:
    """All of them by name; the first word says the container."""
    mp4 = clip("mp4", "libx264", "aac")
    most = b"\xff\xff\xff\xff"
    return {
        "MP4": mp4,
        "MP4 in fragments": clip("mp4", "libx264", "aac", options=_IN_FRAGMENTS),
        "MP4 by a page": as_by_a_page(mp4),
        "MP4 mute": clip("mp4", "libx264", None),
        "MP4 of old phones": clip("mp4", "mpeg4", "aac"),
        "MP4 AV1": clip("mp4", "libsvtav1", "libopus", options=_IN_FRAGMENTS),
        "MOV": clip("mov", "mjpeg", "pcm_s16le"),
        "MOV HEVC": clip("mov", "libx265", "aac"),
        "3GP": clip("3gp", "libx264", "libopencore_amrnb"),
        "WebM": clip("webm", "libvpx", "libopus"),
        "WebM VP9": clip("webm", "libvpx-vp9", "libopus"),
        "WebM AV1": clip("webm", "libsvtav1", "libopus"),
        "WebM live": clip("webm", "libvpx", "libopus", options={"live": "1"}),
        "MKV": clip("matroska", "libx264", "aac"),
        "AVI": clip("avi", "mpeg4", "pcm_s16le"),
        "MPEG": clip("vob", "mpeg2video", "mp2"),
        "MP4 of no index": mp4[: mp4.index(b"moov") - 4],
        "MP4 of an index alone": mp4[:32] + mp4[mp4.index(b"moov") - 4 :],
        "MP4 of no clock": _renumbered(mp4, b"mvhd", 12, bytes(4)),
        "MP4 of a track without a clock": _renumbered(mp4, b"mdhd", 12, bytes(4)),
        "MP4 of the fastest clock": _renumbered(mp4, b"mdhd", 12, most),
        "MP4 of endless frames": _renumbered(mp4, b"stts", 8, most),
        "MP4 of no frames": _renumbered(mp4, b"stsz", 8, bytes(4)),
        "MP4 of millions of frames": _renumbered(mp4, b"stsz", 4, b"\x00\x00\x00\x01\x7f\xff\xff\xff"),
        "MP4 of millions of places": _renumbered(mp4, b"stco", 4, b"\x7f\xff\xff\xff"),
        "MP4 places out of the file": _renumbered(mp4, b"stco", 8, b"\x7f\xff\xff\xff"),
        "MP4 of other sides": _renumbered(mp4, b"avc1", 24, b"\xff\xff\xff\xff"),
        "MP4 turned askew": _renumbered(mp4, b"tkhd", 40, struct.pack(">9i", 7, 9, 1, -3, 5, 1, 0, 0, 1 << 30)),
        "MP4 boxes in boxes": _nested(5_000),
        "MP4 a box of no size": mp4.replace(b"mdat", b"mdat", 1)[: mp4.index(b"mdat") - 4]
        + bytes(4)
        + mp4[mp4.index(b"mdat") :],
        "MP4 behind an EBML head": b"\x1a\x45\xdf\xa3" + mp4,
        "WebM of a length beyond measure": b"\x1a\x45\xdf\xa3\x01" + b"\xff" * 200,
        "playlist": b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n",
        "text": b"ffconcat version 1.0\nfile /etc/passwd\n",
        "nothing": b"",
    }
