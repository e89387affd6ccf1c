"""The sound of a clip → 16 kHz mono. Runs in a decoding child."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from verify_svc.media.container import ClipLimits

if TYPE_CHECKING:
    from av.audio.stream import AudioStream
    from av.packet import Packet

RATE_HZ = 16_000
_MOST_S = 60.0  # far more than any clip has


@dataclass(frozen=True, slots=True)
class Sound:
    """Mono sound at 16 kHz: `samples` float32, full scale ±1, laid on the picture's clock.

    Sample 0 is at the clip's first frame: a later start is filled with zeros, an earlier one cut. ValueError where it
    is no such sound.
    """

    samples: NDArray[np.float32] = field(repr=False)
    rate_hz: int = RATE_HZ

    def __post_init__(self) -> None:
        if self.samples.dtype != np.float32 or self.samples.ndim != 1:
            raise ValueError("no sound")
        if self.rate_hz != RATE_HZ or self.duration_s > _MOST_S:
            raise ValueError("no sound of a clip")

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return self.samples.size / self.rate_hz


def read_sound(packets: Sequence[Packet[AudioStream]], limits: ClipLimits, origin_s: float) -> Sound | None:
    """The sound of these packets, or None where there is none (or nothing of it can be decoded, or heard with the
    picture).

    `origin_s` is the first frame's time on the container's clock.
    """
    import av

    most = int((limits.max_seconds + limits.spare_seconds) * RATE_HZ)
    parts: list[NDArray[np.int16]] = []
    start_s: float | None = None
    resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE_HZ)
    length = 0
    try:
        for packet in packets:
            try:
                frames = packet.decode()
            except av.FFmpegError:
                continue
            for frame in frames:
                if start_s is None:
                    start_s = frame.time or 0.0
                frame.pts = None  # gaps in the stamps would make the resampler invent silence
                pieces = [piece.to_ndarray()[0] for piece in resampler.resample(frame)]
                length += sum(piece.size for piece in pieces)
                parts += pieces
            if length > 2 * most:
                break
        parts += [piece.to_ndarray()[0] for piece in resampler.resample(None)]
    except av.FFmpegError:
        pass  # a hurt track: what is there is heard
    shift = 0 if start_s is None else round((start_s - origin_s) * RATE_HZ)
    if not parts or shift >= most:
        return None
    samples = np.concatenate(parts).astype(np.float32) / 32768
    samples = np.pad(samples, (shift, 0)) if shift > 0 else samples[-shift:]
    if not samples.size:  # all of it lies before the picture
        return None
    return Sound(np.ascontiguousarray(samples[:most], dtype=np.float32))
