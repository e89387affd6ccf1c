"""Small clips of a moving bar and a tone, without faces or weights."""

from __future__ import annotations

import io
from fractions import Fraction
from pathlib import Path
from typing import cast

import av
import numpy as np
from av.video.stream import VideoStream

from tests.specimens.recording import Recording
from tests.specimens.voice import RATE_HZ

_GROUPED = {
    "mp4": ("libx264", {"preset": "veryfast", "x264-params": "scenecut=0:bframes=2:b-adapt=0:b-pyramid=none"}),
    "webm": ("libvpx", {"deadline": "realtime", "cpu-used": "8", "b:v": "800k"}),
}


def moving_bar(
    path: Path,
    seconds: float = 2.0,
    fps: float = 20.0,
    size_px: tuple[int, int] = (96, 64),
    *,
    sound: bool = True,
    quarter_turns: int = 0,
    beep_at_s: float = 0.5,
) -> bytes:
    """A bright bar that moves a pixel a frame over a dark ground with a red upper left corner; a short beep."""
    recording = Recording(path, fps, size_px)
    if sound:
        recording.with_sound()
    for number in range(round(seconds * fps)):
        picture = np.full((size_px[1], size_px[0], 3), 30, np.uint8)
        picture[:, 20 + number % 20 : 24 + number % 20] = 220
        picture[: size_px[1] // 4, : size_px[0] // 6] = (220, 20, 20)
        recording.add(picture)
    times_s = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    beep = np.where((times_s >= beep_at_s) & (times_s < beep_at_s + 0.2), np.sin(2 * np.pi * 440 * times_s), 0)
    recording.close((0.5 * beep).astype(np.float32) if sound else None, quarter_turns)
    return path.read_bytes()


def frames_at(path: Path, times_s: list[float], size_px: tuple[int, int] = (64, 48)) -> bytes:
    """An mp4 whose frames are shown at these times."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=25)
        stream.width, stream.height = size_px
        stream.pix_fmt = "yuv420p"
        stream.codec_context.time_base = Fraction(1, 1000)
        for number, time_s in enumerate(times_s):
            picture = np.full((size_px[1], size_px[0], 3), 40 + number % 100, np.uint8)
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.pts, frame.time_base = round(time_s * 1000), Fraction(1, 1000)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path.read_bytes()


def in_groups(path: Path, group: int, count: int, size_px: tuple[int, int] = (160, 96)) -> bytes:
    """`count` frames at 30 a second, a keyframe every `group`: a patch that wanders over noise that stays.

    As mp4 with frames that no other refers to, as webm without.
    """
    codec, options = _GROUPED[path.suffix[1:]]
    rng = np.random.default_rng(3)
    ground = rng.integers(60, 190, (size_px[1], size_px[0], 3), dtype=np.uint8)
    with av.open(str(path), "w") as container:
        stream = cast(VideoStream, container.add_stream(codec, rate=30, options=options))
        stream.width, stream.height, stream.pix_fmt = *size_px, "yuv420p"
        stream.codec_context.gop_size, stream.codec_context.thread_count = group, 1
        for number in range(count):
            picture = ground.copy()
            left, top = 5 + number % (size_px[0] - 40), 5 + number * 2 % (size_px[1] - 40)
            picture[top : top + 30, left : left + 30] = (250, number % 250, 20)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode(None))
    return path.read_bytes()


def hollowed(clip: bytes, kind: str, from_s: float, until_s: float) -> bytes:
    """The clip (`mp4` or `webm`) with nothing but zeros in its picture's packets between these times."""
    out = io.BytesIO()
    with av.open(io.BytesIO(clip), "r") as read, av.open(out, "w", format=kind) as written:
        tracks = {stream.index: written.add_stream_from_template(stream) for stream in read.streams}
        for packet in read.demux():
            if packet.dts is None or packet.pts is None:
                continue
            kept, time_s = packet, float(packet.pts * packet.time_base)
            if packet.stream.type == "video" and from_s <= time_s < until_s:
                kept = av.Packet(bytes(packet.size))
                kept.pts, kept.dts, kept.duration = packet.pts, packet.dts, packet.duration
                kept.time_base = packet.time_base
            kept.stream = tracks[packet.stream.index]
            written.mux(kept)
    return out.getvalue()
