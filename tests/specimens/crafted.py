"""Clips that no recorder writes: several tracks, edit lists, frames out of order, a size that changes on the way."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import cast

import av
import numpy as np
from av.audio.stream import AudioStream
from av.stream import Disposition
from av.video.stream import VideoStream

FPS, SIZE_PX = 20, (96, 64)
_RATE_HZ = 48_000
_GREYS = (40, 220)
"""Of the first and the second picture."""


@dataclass(frozen=True, slots=True)
class Track:
    """`on`: None leaves it to the writer whether it says that the track is to be played."""

    codec: str
    on: bool | None = None


def with_tracks(
    container: str,
    pictures: Sequence[Track],
    sounds: Sequence[Track] = (),
    seconds: float = 1.0,
    rate_hz: int = _RATE_HZ,
) -> bytes:
    """Pictures of one grey each, sounds of one tone each."""
    out = io.BytesIO()
    with av.open(out, "w", format=container) as written:
        shown = [cast(VideoStream, written.add_stream(each.codec, rate=FPS)) for each in pictures]
        heard = [cast(AudioStream, written.add_stream(each.codec, rate=rate_hz)) for each in sounds]
        for stream, track in zip((*shown, *heard), (*pictures, *sounds), strict=True):
            if track.on is not None:
                stream.disposition = Disposition.default if track.on else Disposition(0)
        for video in shown:
            video.width, video.height = SIZE_PX
            video.pix_fmt = "yuvj420p" if video.codec_context.name == "mjpeg" else "yuv420p"
            video.codec_context.thread_count = 1
        for audio in heard:
            audio.layout = "mono"
        for _ in range(round(seconds * FPS)):
            for video, grey in zip(shown, _GREYS, strict=False):
                written.mux(video.encode(_plain(grey)))
        for video in shown:
            written.mux(video.encode(None))
        for number, audio in enumerate(heard):
            times_s = np.arange(round(seconds * rate_hz)) / rate_hz
            tone = (12_000 * np.sin(2 * np.pi * 440 * (1 + number) * times_s)).astype(np.int16)
            frame = av.AudioFrame.from_ndarray(tone[None, :], format="s16", layout="mono")
            frame.rate, frame.pts, frame.time_base = rate_hz, 0, Fraction(1, rate_hz)
            written.mux(audio.encode(frame))
            written.mux(audio.encode(None))
    return out.getvalue()


def of_packets(codec: str, sizes_px: Sequence[tuple[int, int]], shown_at: Sequence[int]) -> bytes:
    """A WebM with as many frames of each size, the second size in another grey; frame by frame the number of the
    twentieth of a second at which it is shown."""
    packets: list[bytes] = []
    for number, (width, height) in enumerate(sizes_px):
        with av.open(io.BytesIO(), "w", format="webm") as part:
            stream = cast(VideoStream, part.add_stream(codec, rate=FPS))
            stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
            frames = [_plain(_GREYS[number], (width, height)) for _ in range(len(shown_at) // len(sizes_px))]
            packets += [bytes(packet) for frame in (*frames, None) for packet in stream.encode(frame)]
    out = io.BytesIO()
    with av.open(out, "w", format="webm") as written:
        main = cast(VideoStream, written.add_stream(codec, rate=FPS))
        main.width, main.height, main.pix_fmt = *sizes_px[0], "yuv420p"
        written.start_encoding()
        for number, (data, place) in enumerate(zip(packets, shown_at, strict=True)):
            packet = av.Packet(data)
            packet.stream, packet.time_base = main, Fraction(1, FPS)
            packet.pts, packet.dts = place + len(shown_at), number  # none is shown before it is decoded
            written.mux(packet)
    return out.getvalue()


def edited(mp4: bytes, edits: Sequence[tuple[float, float]]) -> bytes:
    """The MP4, whose index is its end, with other edits of its tracks: seconds that each lasts and begins at; −1 is
    nothing for so long."""
    moov = next(place for place, name, _ in _boxes(mp4, 0) if name == b"moov")
    tracks = b""
    for _, name, box in _boxes(mp4, moov + 8):
        tracks += _edited_track(box, edits) if name == b"trak" else box
    return mp4[:moov] + _box(b"moov", tracks)


def _edited_track(track: bytes, edits: Sequence[tuple[float, float]]) -> bytes:
    rate = int.from_bytes(track[(at := track.index(b"mdhd")) + 16 : at + 20], "big")
    rows = b"".join(
        struct.pack(">IiI", round(1000 * lasts_s), round(begins_s * rate) if begins_s >= 0 else -1, 0x10000)
        for lasts_s, begins_s in edits
    )
    listed = _box(b"edts", _box(b"elst", struct.pack(">II", 0, len(edits)) + rows))
    return _box(b"trak", b"".join(listed if name == b"edts" else box for _, name, box in _boxes(track, 8)))


def _boxes(data: bytes, place: int) -> Iterator[tuple[int, bytes, bytes]]:
    while place + 8 <= len(data):
        size = int.from_bytes(data[place : place + 4], "big")
        yield place, data[place + 4 : place + 8], data[place : place + size]
        place += size


def _box(name: bytes, inside: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(inside), name) + inside


def _plain(grey: int, size_px: tuple[int, int] = SIZE_PX) -> av.VideoFrame:
    return av.VideoFrame.from_ndarray(np.full((size_px[1], size_px[0], 3), grey, np.uint8), format="rgb24")
