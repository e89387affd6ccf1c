"""A recorded clip → upright frames for analysis. Runs in a decoding child: nothing here holds weights.

Frame times are trusted, the header's rate and duration never; the display rotation is applied; frames stream through
and only scaled copies of a few are kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from verify_svc.media.audio import Sound, read_sound
from verify_svc.media.container import ClipLimits, ClipRefused, open_clip

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.packet import Packet
    from av.video.frame import VideoFrame
    from av.video.reformatter import VideoReformatter
    from av.video.stream import VideoStream

Pixels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class ClipSampling:
    """Which frames are kept for analysis."""

    mesh_fps: float = 10.0  # a blink lasts 0.1–0.4 s; each frame costs 13 ms
    mesh_long_side_px: int = 640
    sharp_fps: float = 2.0
    sharp_long_side_px: int = 1280


@dataclass(frozen=True, slots=True)
class Frame:
    """One upright frame: `pixels` RGB uint8 (height, width, 3), contiguous; seconds from the clip's first frame."""

    time_s: float
    pixels: Pixels = field(repr=False)


@dataclass(frozen=True, slots=True)
class Clip:
    """What was decoded. `width_px` × `height_px` is the upright size; `times_s` are all frames' times."""

    width_px: int
    height_px: int
    times_s: NDArray[np.float64] = field(repr=False)
    mesh_frames: tuple[Frame, ...] = field(repr=False)
    sharp_frames: tuple[Frame, ...] = field(repr=False)
    sound: Sound | None = field(repr=False)
    container: str = ""
    codec: str = ""
    too_long: bool = False

    @property
    def duration_s(self) -> float:
        """From the first frame to the end of the last."""
        if self.times_s.size < 2:
            return 0.0
        return float(self.times_s[-1] - self.times_s[0] + np.median(np.diff(self.times_s)))


def read_clip(data: bytes, limits: ClipLimits, sampling: ClipSampling) -> Clip:
    """Decode a clip inside `limits`; raises `ClipRefused`.

    A clip past the time limit comes back without frames and with `too_long` set: its packets' times tell, and
    nothing of it is decoded.
    """
    try:
        return _read(data, limits, sampling)
    except (ClipRefused, MemoryError):
        raise
    except Exception as error:  # decoders raise whatever a hurt file provokes
        raise ClipRefused("video_unreadable", type(error).__name__) from None


def _read(data: bytes, limits: ClipLimits, sampling: ClipSampling) -> Clip:
    span_s = _check_packets(data, limits)
    with open_clip(data, limits) as container:
        stream = _video_stream(container, limits)
        width, height = stream.codec_context.width, stream.codec_context.height
        kind, codec = container.format.name, stream.codec_context.name
        if span_s > limits.max_seconds + limits.spare_seconds:
            none = np.zeros(0)
            return Clip(width, height, none, (), (), None, kind, codec, too_long=True)
        sampler = _Sampler(sampling)
        for frame in _frames(container, stream, limits):
            sampler.take(frame)
    if not sampler.times_s:
        raise ClipRefused("video_unreadable", "no frame")
    times = np.asarray(sampler.times_s)
    sound = read_sound(data, limits, origin_s=sampler.origin_s)
    width, height = sampler.size_px
    return Clip(width, height, times, tuple(sampler.mesh), tuple(sampler.sharp), sound, kind, codec)


def read_frames_at(data: bytes, limits: ClipLimits, times_s: Sequence[float]) -> tuple[Frame, ...]:
    """Decode again and give back, at full size, the frames shown at these times (seconds from the first frame)."""
    wanted = sorted(times_s)
    found: list[Frame] = []
    origin_s: float | None = None
    converter = _converter()
    with open_clip(data, limits) as container:
        stream = _video_stream(container, limits)
        for frame in _frames(container, stream, limits):
            origin_s = frame.time if origin_s is None else origin_s
            time_s = frame.time - origin_s
            while len(found) < len(wanted) and time_s >= wanted[len(found)] - 1e-3:
                found.append(Frame(wanted[len(found)], upright(frame, None, converter)))
            if len(found) == len(wanted):
                break
    return tuple(found)


def upright(frame: VideoFrame, long_side_px: int | None, converter: VideoReformatter) -> Pixels:
    """The frame as RGB uint8, turned upright and no longer than `long_side_px`; rows are contiguous.

    A converter that is kept for one size saves laying out the scaling for each frame.
    FFmpeg pads its rows, and MediaPipe then finds no face without saying why: hence the copy.
    """
    width, height = frame.width, frame.height
    scale = 1.0 if long_side_px is None else min(1.0, long_side_px / max(width, height))
    size = (max(2, round(width * scale)), max(2, round(height * scale)))
    converted = converter.reformat(frame, *size, "rgb24", interpolation="AREA" if scale < 1 else "BICUBIC")
    pixels: NDArray[Any] = converted.to_ndarray()
    return np.ascontiguousarray(np.rot90(pixels, round(frame.rotation / 90) % 4))


def _converter() -> VideoReformatter:
    from av.video.reformatter import VideoReformatter

    return VideoReformatter()


class _Sampler:
    """Keeps what the sampling asks for while frames stream by."""

    def __init__(self, sampling: ClipSampling) -> None:
        self._sampling = sampling
        self._next_mesh_s = self._next_sharp_s = 0.0
        self._to_mesh, self._to_sharp = _converter(), _converter()
        self.origin_s = 0.0
        self.times_s: list[float] = []
        self.mesh: list[Frame] = []
        self.sharp: list[Frame] = []
        self.size_px = (0, 0)

    def take(self, frame: VideoFrame) -> None:
        if not self.times_s:
            self.origin_s = frame.time
            turned = round(frame.rotation / 90) % 2 == 1
            self.size_px = (frame.height, frame.width) if turned else (frame.width, frame.height)
        time_s = frame.time - self.origin_s
        self.times_s.append(time_s)
        wanted = self._sampling
        if time_s >= self._next_mesh_s - 1e-3:
            self.mesh.append(Frame(time_s, upright(frame, wanted.mesh_long_side_px, self._to_mesh)))
            self._next_mesh_s = max(self._next_mesh_s + 1 / wanted.mesh_fps, time_s)
        if time_s >= self._next_sharp_s - 1e-3:
            self.sharp.append(Frame(time_s, upright(frame, wanted.sharp_long_side_px, self._to_sharp)))
            self._next_sharp_s = max(self._next_sharp_s + 1 / wanted.sharp_fps, time_s)


def _video_stream(container: InputContainer, limits: ClipLimits) -> VideoStream:
    if not container.streams.video:
        raise ClipRefused("video_unreadable", "no video stream")
    stream = container.streams.video[0]
    context = stream.codec_context
    if context.width * context.height > limits.max_pixels:
        raise ClipRefused("file_too_large", f"{context.width} × {context.height} pixels")
    if not context.width or not context.height:
        raise ClipRefused("video_unreadable", "no frame size")
    context.thread_count = 1
    return stream


def _check_packets(data: bytes, limits: ClipLimits) -> float:
    """The span of the packets' own times in seconds, read without decoding; stops past the limits."""
    first = last = None
    with open_clip(data, limits) as container:
        stream = _video_stream(container, limits)
        frame_pixels = stream.codec_context.width * stream.codec_context.height
        for count, packet in enumerate(_packets(container, stream)):
            if packet.pts is None or packet.time_base is None:
                continue
            time_s = float(packet.pts * packet.time_base)
            first = time_s if first is None else min(first, time_s)
            last = time_s if last is None else max(last, time_s)
            if last - first > limits.max_seconds + limits.spare_seconds or count > limits.max_frames:
                return float("inf")
            if (count + 1) * frame_pixels > limits.max_decoded_pixels:
                raise ClipRefused("file_too_large", f"{count} frames of {frame_pixels} pixels")
    if first is None or last is None:
        raise ClipRefused("video_unreadable", "no packet")
    return last - first


def _frames(container: InputContainer, stream: VideoStream, limits: ClipLimits) -> Iterator[VideoFrame]:
    """The frames in showing order, each later than the one before; ends at the limits. Hurt packets are skipped."""
    import av

    first_s: float | None = None
    last_s = float("-inf")
    pixels = 0
    for packet in _packets(container, stream):
        try:
            frames = packet.decode()
        except av.FFmpegError:
            continue
        for frame in frames:
            pixels += frame.width * frame.height  # the header may have named another size
            if pixels > limits.max_decoded_pixels:
                raise ClipRefused("file_too_large", f"{pixels} pixels in all")
            if frame.pts is None or frame.time <= last_s:
                continue
            if frame.width * frame.height > limits.max_pixels:
                raise ClipRefused("file_too_large", f"{frame.width} × {frame.height} pixels")
            last_s = frame.time
            first_s = last_s if first_s is None else first_s
            if last_s - first_s > limits.max_seconds + limits.spare_seconds:
                return
            yield frame


def _packets(container: InputContainer, stream: VideoStream) -> Iterator[Packet[VideoStream]]:
    """The packets up to where the file is cut short."""
    import av

    packets = container.demux(stream)
    while True:
        try:
            packet = next(packets)
        except (StopIteration, av.FFmpegError):
            return
        yield packet
