"""Writes frames and sound as a phone's recording (mp4, webm) or as a fake camera's files (mjpeg, y4m, wav)."""

from __future__ import annotations

import struct
import wave
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import cast

import av
import cv2
import numpy as np
from av.audio.stream import AudioStream
from av.video.stream import VideoStream
from numpy.typing import NDArray

from tests.specimens.voice import RATE_HZ

Pixels = NDArray[np.uint8]
QUARTER_TURN = (0, 1, -1, 0)
"""Of a header: the pixels are to be turned a quarter clockwise."""
_CODECS = {"mp4": ("libx264", "aac"), "webm": ("libvpx", "libopus")}
_OPTIONS: dict[str, dict[str, object]] = {
    "mp4": {"crf": "24", "preset": "veryfast"},
    "webm": {"crf": "12", "b:v": "1200k", "deadline": "realtime", "cpu-used": "8"},
}


class Recording:
    """One file; `add` frames (RGB) as they are made, `close` with the sound (None: a file without a sound track)."""

    def __init__(self, path: Path, fps: float, size_px: tuple[int, int]) -> None:
        self._path, self._kind = path, path.suffix[1:]
        path.parent.mkdir(parents=True, exist_ok=True)
        rate = Fraction(fps).limit_denominator(1000)
        if self._kind in ("mjpeg", "y4m"):
            self._raw = path.open("wb")
            if self._kind == "y4m":
                head = f"YUV4MPEG2 W{size_px[0]} H{size_px[1]} F{rate.numerator}:{rate.denominator} Ip A1:1\n"
                self._raw.write(head.encode())
            return
        self._container = av.open(str(path), "w")
        self._video = cast(VideoStream, self._container.add_stream(_CODECS[self._kind][0], rate=rate))
        self._video.width, self._video.height = size_px
        self._video.pix_fmt = "yuv420p"
        self._video.options = _OPTIONS[self._kind]
        self._video.codec_context.thread_count = 1
        self._sound: AudioStream | None = None

    def with_sound(self) -> Recording:
        """Declare the sound track; to be called before the first frame."""
        if self._kind in _CODECS:
            self._sound = cast(AudioStream, self._container.add_stream(_CODECS[self._kind][1], rate=RATE_HZ))
            self._sound.layout = "mono"
        return self

    def add(self, picture: Pixels) -> None:
        """Write one frame."""
        if self._kind == "mjpeg":
            jpeg = cv2.imencode(".jpg", picture[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, 90])[1]
            self._raw.write(jpeg.tobytes())
        elif self._kind == "y4m":
            self._raw.write(b"FRAME\n" + cv2.cvtColor(picture, cv2.COLOR_RGB2YUV_I420).tobytes())
        else:
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="rgb24")
            self._container.mux(self._video.encode(frame))

    def close(self, samples: NDArray[np.float32] | None, quarter_turns: int = 0) -> None:
        """Finish the file. `quarter_turns` is written into an mp4's header, as phones do."""
        if self._kind in ("mjpeg", "y4m"):
            self._raw.close()
            return
        self._container.mux(self._video.encode(None))
        if self._sound is not None and samples is not None:
            pcm = np.ascontiguousarray((samples * 32767).astype(np.int16)[None, :])
            frame = av.AudioFrame.from_ndarray(pcm, format="s16", layout="mono")
            frame.rate = RATE_HZ
            self._container.mux(self._sound.encode(frame))
            self._container.mux(self._sound.encode(None))
        self._container.close()
        if quarter_turns:
            self._path.write_bytes(turned_header(self._path.read_bytes(), QUARTER_TURN))


def write_wav(path: Path, samples: NDArray[np.float32]) -> None:
    """Mono, 16 bit, for a fake microphone."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        file.writeframes((samples * 32767).astype("<i2").tobytes())


def turned_header(mp4: bytes, matrix: Sequence[int]) -> bytes:
    """The file with the matrix (a, b, c, d) in its picture track's header: x and y are shown at ax + cy, bx + dy."""
    a, b, c, d = (round(entry * 65_536) for entry in matrix)
    data = bytearray(mp4)
    at = data.find(b"tkhd")
    while at >= 0:
        long_times = data[at + 4] == 1
        place = at + (56 if long_times else 44)
        if struct.unpack_from(">I", data, place + 36)[0] > 0:  # only a picture's track has a width
            struct.pack_into(">9i", data, place, a, b, 0, c, d, 0, 0, 0, 1 << 30)
        at = data.find(b"tkhd", at + 4)
    return bytes(data)
