"""Small clips of a moving bar and a tone, without faces or weights."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from tests.specimens.recording import Recording
from tests.specimens.voice import RATE_HZ


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
