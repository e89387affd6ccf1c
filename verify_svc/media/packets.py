"""The packets of a clip, read once: when each is shown, and the decoding of those that are asked for.

Much of a clip's cost is decoding. What is neither kept nor referred to by other frames need not be decoded; the frames
that are kept come out the same.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from verify_svc.media.container import ClipLimits, ClipRefused
from verify_svc.media.tracks import picture_track, sound_track

if TYPE_CHECKING:
    from av.audio.stream import AudioStream
    from av.container import InputContainer
    from av.packet import Packet
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

_LATE_BY_CHANCE = 5


@dataclass(frozen=True, slots=True)
class ClipPackets:
    """The packets of the tracks that are judged, in the file's order, none decoded.

    `tracks` are their numbers, `times_us` when those of the picture are shown, in microseconds on the container's
    clock, ascending. `complete` is false where they were given up past the limit of time.
    """

    tracks: frozenset[int]
    picture: tuple[Packet[VideoStream], ...] = field(repr=False)
    sound: tuple[Packet[AudioStream], ...] = field(repr=False)
    times_us: tuple[int, ...] = field(repr=False)
    complete: bool = True


def read_packets(container: InputContainer, limits: ClipLimits) -> ClipPackets:
    """The packets of picture and sound; stops past the limit of time, raises `ClipRefused`. They can be decoded as long
    as the container is open."""
    picture, sound = picture_track(container, limits), sound_track(container)
    kept: dict[int, list[Any]] = {picture.index: [], **({} if sound is None else {sound.index: []})}
    frame_pixels = picture.codec_context.width * picture.codec_context.height
    most_us = round((limits.max_seconds + limits.spare_seconds) * 1e6)
    times: set[int] = set()
    first_us, last_us = sys.maxsize, -sys.maxsize
    frames = 0
    for count, packet in enumerate(all_packets(container), 1):
        if count > limits.max_packets:
            raise ClipRefused("video_unreadable", "more packets than a recording needs")
        if packet.stream.index not in kept:
            continue
        kept[packet.stream.index].append(packet)
        time_us = _microseconds(packet) if packet.stream.index == picture.index else None
        if time_us is None:
            continue
        frames += 1
        times.add(time_us)
        first_us, last_us = min(first_us, time_us), max(last_us, time_us)
        if last_us - first_us > most_us:
            return ClipPackets(frozenset(kept), (), (), (), complete=False)
        if frames > limits.max_frames or frames * frame_pixels > limits.max_decoded_pixels:
            raise ClipRefused("video_frame_rate_high", f"{frames} frames of {frame_pixels} pixels")
    if not times:
        raise ClipRefused("video_unreadable", "no packet")
    heard = () if sound is None else tuple(kept[sound.index])
    return ClipPackets(frozenset(kept), tuple(kept[picture.index]), heard, tuple(sorted(times)))


def decode_frames(
    packets: Sequence[Packet[VideoStream]],
    limits: ClipLimits,
    kept_us: AbstractSet[int],
) -> Iterator[tuple[int, VideoFrame]]:
    """(time in microseconds, frame) in showing order, each later than the one before; ends at the limits.

    Comes with all that is shown at `kept_us` and whatever else had to be decoded. Hurt packets are skipped.
    """
    first_us: int | None = None
    last_us: int | None = None
    pixels = late = 0
    for count, frame in enumerate(_decoded(packets, kept_us), 1):
        size_px = frame.width * frame.height  # the header may have named another
        pixels += size_px
        if size_px > limits.max_pixels or pixels > limits.max_decoded_pixels:
            raise ClipRefused("video_unreadable", f"{size_px} pixels, {pixels} in all")
        time_us = _microseconds(frame)
        if time_us is None or (last_us is not None and time_us <= last_us):
            late += 1
            if late > max(_LATE_BY_CHANCE, limits.max_late_share * count):
                raise ClipRefused("video_unreadable", "frames in another order")
            continue
        last_us = time_us
        first_us = time_us if first_us is None else first_us
        if last_us - first_us > (limits.max_seconds + limits.spare_seconds) * 1e6:
            return
        yield time_us, frame


def _decoded(packets: Sequence[Packet[VideoStream]], kept_us: AbstractSet[int]) -> Iterator[VideoFrame]:
    import av

    for packet in packets:
        time_us = _microseconds(packet)
        shown = time_us is None or time_us in kept_us
        packet.stream.codec_context.skip_frame = "DEFAULT" if shown else "NONREF"
        try:
            yield from packet.decode()
        except av.FFmpegError:
            continue


def all_packets(container: InputContainer) -> Iterator[Packet[Any]]:
    """The packets of all tracks, up to where the file is cut short."""
    import av

    packets = container.demux()
    while True:
        try:
            packet = next(packets)
        except (StopIteration, av.FFmpegError):
            return
        yield packet


def _microseconds(shown: Packet[Any] | VideoFrame) -> int | None:
    """When a packet or a frame is shown, where it says so."""
    base = shown.time_base
    if shown.pts is None or base is None:
        return None
    return (2_000_000 * shown.pts * base.numerator + base.denominator) // (2 * base.denominator)
