"""The packets of a clip's picture: when each is shown, and the decoding of those that are asked for.

Much of a clip's cost is decoding. What is neither kept nor referred to by other frames need not be decoded; the frames
that are kept come out the same.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from verify_svc.media.container import ClipLimits, ClipRefused, is_recorded, open_clip

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.packet import Packet
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream


@dataclass(frozen=True, slots=True)
class PacketIndex:
    """When the packets are shown, in microseconds on the container's clock, ascending.

    `complete` is false where it was given up past the limits of time or number.
    """

    times_us: tuple[int, ...] = field(repr=False)
    complete: bool


def video_stream(container: InputContainer, limits: ClipLimits) -> VideoStream:
    """The clip's picture, to be decoded on one thread; raises `ClipRefused` where there is none of a fair size."""
    if not container.streams.video:
        raise ClipRefused("video_unreadable", "no video stream")
    stream = container.streams.video[0]
    if not is_recorded(stream):
        raise ClipRefused("file_type_not_allowed", "a codec of no phone's recording")
    context = stream.codec_context
    if context.width * context.height > limits.max_pixels:
        raise ClipRefused("file_too_large", f"{context.width} × {context.height} pixels")
    if not context.width or not context.height:
        raise ClipRefused("video_unreadable", "no frame size")
    context.thread_count = 1
    return stream


def index_packets(data: bytes, limits: ClipLimits) -> PacketIndex:
    """The packets' own times, read without decoding; stops past the limits, raises `ClipRefused`."""
    times: set[int] = set()
    first_us, last_us = sys.maxsize, -sys.maxsize
    most_us = round((limits.max_seconds + limits.spare_seconds) * 1e6)
    with open_clip(data, limits) as container:
        stream = video_stream(container, limits)
        frame_pixels = stream.codec_context.width * stream.codec_context.height
        for count, packet in enumerate(_packets(container, stream)):
            if count > limits.max_frames:
                return PacketIndex((), complete=False)
            time_us = _microseconds(packet)
            if time_us is None:
                continue
            times.add(time_us)
            first_us, last_us = min(first_us, time_us), max(last_us, time_us)
            if last_us - first_us > most_us:
                return PacketIndex((), complete=False)
            if (count + 1) * frame_pixels > limits.max_decoded_pixels:
                raise ClipRefused("file_too_large", f"{count} frames of {frame_pixels} pixels")
    if not times:
        raise ClipRefused("video_unreadable", "no packet")
    return PacketIndex(tuple(sorted(times)), complete=True)


def decode_frames(
    container: InputContainer,
    stream: VideoStream,
    limits: ClipLimits,
    kept_us: AbstractSet[int],
) -> Iterator[tuple[int, VideoFrame]]:
    """(time in microseconds, frame) in showing order, each later than the one before; ends at the limits.

    Comes with all that is shown at `kept_us` and whatever else had to be decoded. Hurt packets are skipped.
    """
    first_us: int | None = None
    last_us: int | None = None
    pixels = 0
    for frame in _decoded(container, stream, kept_us):
        pixels += frame.width * frame.height  # the header may have named another size
        if pixels > limits.max_decoded_pixels:
            raise ClipRefused("file_too_large", f"{pixels} pixels in all")
        time_us = _microseconds(frame)
        if time_us is None or (last_us is not None and time_us <= last_us):
            continue
        if frame.width * frame.height > limits.max_pixels:
            raise ClipRefused("file_too_large", f"{frame.width} × {frame.height} pixels")
        last_us = time_us
        first_us = time_us if first_us is None else first_us
        if last_us - first_us > (limits.max_seconds + limits.spare_seconds) * 1e6:
            return
        yield time_us, frame


def _decoded(container: InputContainer, stream: VideoStream, kept_us: AbstractSet[int]) -> Iterator[VideoFrame]:
    import av

    for packet in _packets(container, stream):
        time_us = _microseconds(packet)
        stream.codec_context.skip_frame = "DEFAULT" if time_us is None or time_us in kept_us else "NONREF"
        try:
            yield from packet.decode()
        except av.FFmpegError:
            continue


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


def _microseconds(shown: Packet[VideoStream] | VideoFrame) -> int | None:
    """When a packet or a frame is shown, where it says so."""
    if shown.pts is None or shown.time_base is None:
        return None
    return round(shown.pts * shown.time_base * 1_000_000)
