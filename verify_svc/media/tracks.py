"""Which tracks of a clip are judged: those that whoever opens the file sees and hears, or none.

A file may hold several tracks of a kind, and players choose among them each in its own way. So a clip with a second one
that could be played is refused. What cameras put beside picture and sound is passed over: a cover, the depth of the
scene (a track of the picture's own codec, switched off), spatial sound (a codec that no browser knows).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from verify_svc.media.container import ClipLimits, ClipRefused, is_recorded

if TYPE_CHECKING:
    from av.audio.stream import AudioStream
    from av.container import InputContainer
    from av.video.stream import VideoStream

_RATES_HZ = range(4_000, 192_001)
_MOST_CHANNELS = 8


def picture_track(container: InputContainer, limits: ClipLimits) -> VideoStream:
    """The clip's picture, to be decoded on one thread; raises `ClipRefused` where there is none of a fair size, and
    where another could be shown in its place."""
    from av.stream import Disposition

    tracks = [each for each in container.streams.video if _is_known(each)]
    tracks = [each for each in tracks if not each.disposition & Disposition.attached_pic]
    if not tracks:
        raise ClipRefused("video_unreadable", "no video stream")
    first, *others = tracks
    for other in others:
        # Chromium plays the first of an MP4's tracks that is switched on, and the first at all of a WebM.
        off = container.format.name == "mov" and not other.disposition & Disposition.default
        if not off or other.codec_context.codec.id != first.codec_context.codec.id:
            raise ClipRefused("video_not_as_recorded", f"{len(tracks)} pictures")
    if not is_recorded(first):
        raise ClipRefused("file_type_not_allowed", "a codec of no phone's recording")
    context = first.codec_context
    if context.width * context.height > limits.max_pixels:
        raise ClipRefused("file_too_large", f"{context.width} × {context.height} pixels")
    if not context.width or not context.height:
        raise ClipRefused("video_unreadable", "no frame size")
    context.thread_count = 1
    return first


def sound_track(container: InputContainer) -> AudioStream | None:
    """The clip's sound; None where there is none that phones record. Raises `ClipRefused` where another could be heard
    in its place."""
    tracks = [each for each in container.streams.audio if _is_known(each)]
    if len(tracks) > 1:
        raise ClipRefused("video_not_as_recorded", f"{len(tracks)} sounds")
    if not tracks or not is_recorded(tracks[0]):
        return None
    context = tracks[0].codec_context
    if context.sample_rate not in _RATES_HZ or context.channels > _MOST_CHANNELS:
        return None
    context.thread_count = 1
    return tracks[0]


def _is_known(track: Any) -> bool:
    """Whether FFmpeg knows the track's codec: else it has no context, whatever PyAV's types say."""
    return track.codec_context is not None
