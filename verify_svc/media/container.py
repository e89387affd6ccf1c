"""What a file of sound and moving pictures says it is, by its bytes: names and declared types are not believed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from av.audio.stream import AudioStream
    from av.container import InputContainer
    from av.video.stream import VideoStream


class ClipRefused(Exception):
    """A clip that is not decoded; `reason` is the code that says why. Permanent: the same bytes fail again."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason, detail)
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True, slots=True)
class ClipLimits:
    """What is decoded at all. A phone's recording of 12 s lies far inside; the rest is never unpacked."""

    max_bytes: int = 64 * 1024 * 1024  # 12 s of a phone's own 4K camera: about 50 MB
    max_pixels: int = 4096 * 2304  # a frame; 4K cameras make 3840 × 2160
    max_seconds: float = 12.0  # the longest recording the page makes
    spare_seconds: float = 1.0  # recorders stop late: decoded, and said to be too long only past it
    max_frames: int = 3200  # 13 s at 240 fps, as phones film slow motion
    max_packets: int = 50_000  # of all tracks: 13 s of the shortest Opus frames take 5200, a phone's own data 5000
    max_decoded_pixels: int = 4_000_000_000  # of all frames: 4K at 30 fps takes 3.2e9 in 12 s, at 60 fps in 6.5 s
    # Of decoded frames, those shown no later than one before them. Measured: none in 103 clips; guessed.
    max_late_share: float = 0.02
    max_boxes: int = 10_000  # of an MP4: in fragments a recording of 12 s has a few hundred
    max_box_bytes: int = 4_000_000  # of boxes that may hold others: every frame's place and time take some kB
    probe_bytes: int = 2_000_000  # an 8K file costs seconds to open when FFmpeg may probe at will


# What phones, browsers and old cameras record. FFmpeg knows four hundred more decoders, for games, film studios and
# satellites: slower by far, hardly looked after, and no person's recording.
_PICTURE = frozenset({"h264", "hevc", "vp8", "vp9", "av1", "mpeg4", "h263", "mjpeg", "mpeg1video", "mpeg2video"})
_SOUND = frozenset(
    {
        *("aac", "opus", "vorbis", "mp3", "mp2", "flac", "alac", "amr_nb", "amr_wb"),
        *("pcm_s16le", "pcm_s16be", "pcm_u8", "pcm_f32le", "pcm_mulaw", "pcm_alaw"),
    }
)
_DECODERS = (  # of the same, where their names differ
    *("libdav1d", "libaom-av1", "libvpx", "libvpx-vp9", "libopus", "libvorbis", "mp3float", "mp2float"),
    *("amrnb", "amrwb", "libopencore_amrnb", "libopencore_amrwb"),
)

# Leading bytes → FFmpeg's demuxer. Phones make the first two; the others are old cameras'. Anything else that
# FFmpeg could open (playlists, images, subtitles, raw streams) stays shut.
_MATROSKA = b"\x1a\x45\xdf\xa3"
_MPEG = b"\x00\x00\x01\xba"
_LEAVES = frozenset({b"mdat", b"free", b"skip", b"wide"})  # boxes of an MP4 that hold no others
_PICTURE_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif", b"avis")


def sniff_container(data: bytes) -> str:
    """The demuxer that the bytes ask for; raises `ClipRefused` (`file_type_not_allowed`) for all others.

    >>> sniff_container(b"\\x00\\x00\\x00\\x18ftypmp42........")
    'mov'
    """
    head = data[:16]
    if head[4:8] == b"ftyp" and head[8:12] not in _PICTURE_BRANDS:
        return "mov"
    if head.startswith(_MATROSKA):
        return "matroska"
    if head.startswith(_MPEG):
        return "mpeg"
    if head.startswith(b"RIFF") and head[8:12] == b"AVI ":
        return "avi"
    raise ClipRefused("file_type_not_allowed", "no container of a phone's recording")


def check_boxes(data: bytes, limits: ClipLimits) -> None:
    """Raise `ClipRefused` for an MP4 of more boxes than a recording needs: FFmpeg spends microseconds on each."""
    place = nesting_bytes = 0
    for _ in range(limits.max_boxes):
        size, name = int.from_bytes(data[place : place + 4], "big"), data[place + 4 : place + 8]
        if size == 1:
            size = int.from_bytes(data[place + 8 : place + 16], "big")
        if name not in _LEAVES:
            nesting_bytes += min(size or len(data), len(data) - place)
        if nesting_bytes > limits.max_box_bytes:
            break
        place += size
        if size < 8 or place >= len(data):
            return  # the last one, or none that can be passed over
    raise ClipRefused("video_unreadable", "more boxes than a recording needs")


@contextmanager
def open_clip(data: bytes, limits: ClipLimits, *, edited: bool = True) -> Iterator[InputContainer]:
    """Open the bytes as a container; what FFmpeg says against them becomes `video_unreadable`.

    `edited`: an MP4's edit lists are followed. Where they are not, its packets can be read and not decoded.
    """
    import av

    if len(data) > limits.max_bytes:
        raise ClipRefused("file_too_large", f"{len(data)} bytes")
    if not data:
        raise ClipRefused("video_unreadable", "empty")
    demuxer = sniff_container(data)
    if demuxer == "mov":
        check_boxes(data, limits)
    options = {
        "probesize": str(limits.probe_bytes),
        "analyzeduration": "2000000",
        # Of its own look at every track: it decodes the first frames.
        "codec_whitelist": ",".join((*_PICTURE, *_SOUND, *_DECODERS)) if edited else "none",
        **({"ignore_editlist": "0" if edited else "1"} if demuxer == "mov" else {}),
    }
    try:
        container = av.open(BytesIO(data), format=demuxer, options=options, metadata_errors="ignore")
    except (av.FFmpegError, ValueError, UnicodeError) as error:
        raise ClipRefused("video_unreadable", type(error).__name__) from None
    with cast("InputContainer", container):
        yield cast("InputContainer", container)


def is_recorded(stream: VideoStream | AudioStream) -> bool:
    """Whether phones, browsers or old cameras record the track's codec; no other is decoded."""
    known = _PICTURE if stream.type == "video" else _SOUND
    return stream.codec_context.codec.canonical_name in known
