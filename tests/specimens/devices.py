"""A take as a device writes it: its codecs, container, clock, and what the header says."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, cast

import av
import cv2
import numpy as np
from av.audio.stream import AudioStream
from av.video.stream import VideoStream
from numpy.typing import NDArray

from tests.specimens.portrait import Pixels
from tests.specimens.priority import usual_priority
from tests.specimens.recording import turned_header
from tests.specimens.takes import Take
from tests.specimens.voice import RATE_HZ

_CLOCK_HZ = 60_000  # MPEG-4 knows none above 65,535
FRAGMENTS = {"movflags": "empty_moov+default_base_moof", "frag_duration": "500000"}
"""As pages' recorders write MP4: half a second at a time."""
_FAST = {
    "libx264": {"preset": "veryfast", "crf": "22"},
    "libx265": {"preset": "ultrafast", "crf": "22", "x265-params": "log-level=none:pools=1:frame-threads=1"},
    "libvpx": {"deadline": "realtime", "cpu-used": "8", "b:v": "2M", "crf": "10"},
    "libvpx-vp9": {"deadline": "realtime", "cpu-used": "8", "b:v": "2M", "crf": "20"},
    "libsvtav1": {"preset": "11", "crf": "28", "svtav1-params": "lp=1"},
    "mpeg4": {"b:v": "3M"},
}


@dataclass(frozen=True, slots=True)
class Device:
    """How a device writes a take: FFmpeg's names of muxer and encoders, what the header says (`matrix`, of an MP4's
    picture track), and how the pixels lie in the file (`stored`)."""

    container: str
    picture: str
    sound: str | None
    muxing: Mapping[str, str] = field(default_factory=dict)
    tag: str = ""
    sound_rate_hz: int = 48_000
    layout: str = "mono"
    long_side_px: int = 640
    hlg: bool = False
    matrix: tuple[int, ...] = ()
    stored: Callable[[Pixels], Pixels] = np.asarray


@usual_priority()
def record(take: Take, device: Device) -> bytes:
    """The take as the device's file."""
    out = io.BytesIO()
    with av.open(out, "w", format=device.container, container_options=dict(device.muxing)) as container:
        fps = Fraction((len(take.times_s) - 1) / max(take.times_s[-1] - take.times_s[0], 0.01)).limit_denominator(100)
        video = cast(VideoStream, container.add_stream(device.picture, rate=fps, options=_FAST.get(device.picture, {})))
        video.pix_fmt = "yuv420p10le" if device.hlg else "yuv420p"
        video.codec_context.time_base = Fraction(1, _CLOCK_HZ)
        video.codec_context.thread_count = 1
        if device.tag:
            video.codec_context.codec_tag = device.tag
        pictures = [_scaled(device.stored(picture), device.long_side_px) for picture in take.pictures]
        video.height, video.width = pictures[0].shape[:2]
        audio: AudioStream | None = None
        if device.sound and take.sound is not None:
            audio = cast(AudioStream, container.add_stream(device.sound, rate=device.sound_rate_hz))
            audio.layout = device.layout
        if device.hlg:
            context = video.codec_context
            context.color_primaries, context.color_trc, context.colorspace = 9, 18, 9
        packets: list[av.Packet[Any]] = list(_coded_pictures(video, pictures, take.times_s, device))
        if audio is not None and take.sound is not None:
            packets += _coded_sound(audio, take.sound, take.sound_from_s, device)
        for packet in sorted(packets, key=lambda packet: float((packet.dts or 0) * (packet.time_base or 0))):
            container.mux(packet)  # as recorders write: what is heard beside what is seen
    return turned_header(out.getvalue(), device.matrix) if device.matrix else out.getvalue()


def _coded_pictures(
    video: VideoStream, pictures: Sequence[Pixels], times_s: Sequence[float], device: Device
) -> Iterator[av.Packet[VideoStream]]:
    for picture, at in zip(pictures, times_s, strict=True):
        frame = _hlg(picture) if device.hlg else av.VideoFrame.from_ndarray(picture, format="rgb24")
        frame.pts, frame.time_base = round(at * _CLOCK_HZ), Fraction(1, _CLOCK_HZ)
        yield from video.encode(frame)
    yield from video.encode(None)


def _coded_sound(
    audio: AudioStream, sound: NDArray[np.float32], from_s: float, device: Device
) -> Iterator[av.Packet[AudioStream]]:
    samples = np.ascontiguousarray((np.clip(sound, -1, 1) * 32767).astype(np.int16)[None, :])
    whole = av.AudioFrame.from_ndarray(samples, format="s16", layout="mono")
    whole.rate = RATE_HZ
    context = audio.codec_context
    resampler = av.AudioResampler(context.format, device.layout, device.sound_rate_hz, context.frame_size or 1024)
    at = round(from_s * device.sound_rate_hz)
    for frame in [*resampler.resample(whole), *resampler.resample(None)]:
        frame.pts, frame.time_base = at, Fraction(1, device.sound_rate_hz)
        at += frame.samples
        yield from audio.encode(frame)
    yield from audio.encode(None)


def _scaled(picture: Pixels, long_side_px: int) -> Pixels:
    """As long as asked, with even sides."""
    scale = long_side_px / max(picture.shape[:2])
    height, width = (2 * round(side * scale / 2) for side in picture.shape[:2])
    if (height, width) == picture.shape[:2]:
        return np.ascontiguousarray(picture)
    return np.asarray(cv2.resize(picture, (width, height), interpolation=cv2.INTER_CUBIC), np.uint8)


_TO_WIDE = np.array([[0.6274, 0.3293, 0.0433], [0.0691, 0.9195, 0.0114], [0.0164, 0.0880, 0.8956]])  # ITU-R BT.2087
_WHITE_AT = 0.265  # of the scene's light, so that white is at 75 % of the signal: ITU-R BT.2408
_LUMA = np.array([0.2627, 0.6780, 0.0593])


def _hlg(picture: Pixels) -> av.VideoFrame:
    """The picture as phones film by themselves today: 10 bits, BT.2020, hybrid log-gamma (ITU-R BT.2100)."""
    signal = np.arange(256) / 255
    linear = np.where(signal <= 0.04045, signal / 12.92, ((signal + 0.055) / 1.055) ** 2.4)
    light = np.arange(65_536) / 65_535
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    gamma = np.where(light <= 1 / 12, np.sqrt(3 * light), a * np.log(np.maximum(12 * light - b, 1e-9)) + c)
    wide = (linear * _WHITE_AT).astype(np.float32)[picture] @ _TO_WIDE.T.astype(np.float32)
    colours = gamma.astype(np.float32)[np.clip(wide * 65_535, 0, 65_535).astype(np.uint16)]
    luma = colours @ _LUMA.astype(np.float32)
    small = cv2.resize(np.dstack([luma, colours]), None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    blue, red = (small[..., 3] - small[..., 0]) / 1.8814, (small[..., 1] - small[..., 0]) / 1.4746
    planes = [np.round(values).astype(np.uint16) for values in (64 + 876 * luma, 512 + 896 * blue, 512 + 896 * red)]
    packed = np.concatenate([plane.ravel() for plane in planes]).reshape(-1, picture.shape[1])
    frame = av.VideoFrame.from_ndarray(packed, format="yuv420p10le")
    frame.color_primaries, frame.color_trc, frame.colorspace, frame.color_range = 9, 18, 9, 1
    return frame
