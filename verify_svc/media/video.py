"""A recorded clip → upright frames for analysis. Runs in a decoding child: nothing here holds weights.

Frame times are trusted, the header's rate and duration never; the display rotation is applied; frames stream through
and only scaled copies of a few are kept.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import NDArray

from verify_svc.media.audio import Sound, read_sound
from verify_svc.media.container import ClipLimits, ClipRefused, open_clip
from verify_svc.media.edits import check_edits
from verify_svc.media.packets import decode_frames, read_packets
from verify_svc.media.tracks import picture_track

if TYPE_CHECKING:
    from av.buffer import Buffer
    from av.video.frame import VideoFrame

Pixels = NDArray[np.uint8]

_UNSEEN_STEPS = 2  # of the mesh's pace: one frame may be hurt
_MOST_SIDE_PX = 1920  # of a frame that is kept; the networks take what they are given
_MOST_KEPT = 400  # of either size: 30 a second of the longest clip


@dataclass(frozen=True, slots=True)
class ClipSampling:
    """Which frames are kept for analysis; the sharp ones are among those for the mesh, at another size.

    `later`: how much later than it is due each sharp frame but the first is taken, 0–1 of the time until the next; none
    where empty. Drawn by chance it leaves nobody to know which frames will be looked at closely.
    """

    mesh_fps: float = 10.0  # a blink lasts 0.1–0.4 s; each frame costs 7 ms
    mesh_long_side_px: int = 640
    sharp_fps: float = 2.0
    sharp_long_side_px: int = 1280
    later: tuple[float, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Frame:
    """One upright frame: `pixels` RGB uint8 (height, width, 3), contiguous; seconds from the clip's first frame.

    A decoder that was taken over may answer with anything: ValueError where it is no such frame.
    """

    time_s: float
    pixels: Pixels = field(repr=False)

    def __post_init__(self) -> None:
        pixels = self.pixels
        if pixels.dtype != np.uint8 or pixels.ndim != 3 or pixels.shape[2] != 3:
            raise ValueError("no frame")
        if not 0 < min(pixels.shape[:2]) <= max(pixels.shape[:2]) <= _MOST_SIDE_PX:
            raise ValueError("no size of a frame")


@dataclass(frozen=True, slots=True)
class Clip:
    """What was decoded. `width_px` × `height_px` is the upright size; `times_s` are all frames' times, from the first
    one's. ValueError where there are more frames than a clip may have."""

    width_px: int
    height_px: int
    times_s: NDArray[np.float64] = field(repr=False)
    mesh_frames: tuple[Frame, ...] = field(repr=False)
    sharp_frames: tuple[Frame, ...] = field(repr=False)
    sound: Sound | None = field(repr=False)
    container: str = ""
    codec: str = ""
    too_long: bool = False

    def __post_init__(self) -> None:
        if max(len(self.mesh_frames), len(self.sharp_frames)) > _MOST_KEPT:
            raise ValueError("too many frames")

    @property
    def duration_s(self) -> float:
        """From the first frame to the end of the last."""
        if self.times_s.size < 2:
            return 0.0
        return float(self.times_s[-1] - self.times_s[0] + np.median(np.diff(self.times_s)))


def read_clip(
    data: bytes, limits: ClipLimits, sampling: ClipSampling, keep: Callable[[Pixels], Pixels] = lambda pixels: pixels
) -> Clip:
    """Decode a clip inside `limits`; raises `ClipRefused`. `keep` is where each picture is kept that is to come back.

    A clip past the time limit comes back without frames and with `too_long` set: its packets' times tell, and
    nothing of it is decoded.
    """
    try:
        return _read(data, limits, sampling, keep)
    except (ClipRefused, MemoryError):
        raise
    except Exception as error:  # decoders raise whatever a hurt file provokes
        raise ClipRefused("video_unreadable", type(error).__name__) from None


def _read(data: bytes, limits: ClipLimits, sampling: ClipSampling, keep: Callable[[Pixels], Pixels]) -> Clip:
    with open_clip(data, limits) as container:
        stream = picture_track(container, limits)
        width, height = stream.codec_context.width, stream.codec_context.height
        kind, codec = container.format.name, stream.codec_context.name
        packets = read_packets(container, limits)
        if not packets.complete:
            return Clip(width, height, np.zeros(0), (), (), None, kind, codec, too_long=True)
        check_edits(data, packets, limits)
        sampler = _Sampler(sampling, keep)
        for time_us, frame in decode_frames(packets.picture, limits, _sampled(packets.times_us, sampling)):
            sampler.take(time_us, frame)
        if not sampler.times_us:
            raise ClipRefused("video_unreadable", "no frame")
        origin_us = sampler.times_us[0]
        sound = read_sound(packets.sound, limits, origin_s=origin_us / 1e6)
    times_us = np.asarray(sorted({*sampler.times_us, *_shown(packets.times_us, sampler.times_us, sampling)}))
    width, height = sampler.size_px
    times_s = (times_us - origin_us) / 1e6
    return Clip(width, height, times_s, tuple(sampler.mesh), tuple(sampler.sharp), sound, kind, codec)


class _Upright:
    """Makes frames RGB uint8, turned upright and no longer than `long_side_px`; rows are contiguous, FFmpeg's aren't.

    Kept for all frames of a clip, it lays out its scaling once. All come out as large as the first: where the recording
    changes its size (a phone that is turned meanwhile), what follows is fitted into that, as players do.
    """

    def __init__(self, long_side_px: int) -> None:
        from av.video.reformatter import VideoReformatter

        self._long_side_px = long_side_px
        self._shrinking, self._colouring = VideoReformatter(), VideoReformatter()
        self._size_px: tuple[int, int] | None = None  # (height, width)

    def __call__(self, frame: VideoFrame) -> Pixels:
        scale = self._long_side_px / max(frame.width, frame.height)
        shown = frame
        if scale < 1:  # in its own colours: half the numbers, and the colouring of a whole size has its own fast way
            size = (max(2, round(frame.width * scale)), max(2, round(frame.height * scale)))
            shown = self._shrinking.reformat(frame, *size, frame.format.name, interpolation="AREA")
        pixels: NDArray[Any] = self._colouring.reformat(shown, format="rgb24").to_ndarray()
        if _is_mirrored(frame):
            pixels = pixels[::-1]  # the rotation that FFmpeg tells is that of what then is left
        upright = np.ascontiguousarray(np.rot90(pixels, round(frame.rotation / 90) % 4))
        self._size_px = self._size_px or upright.shape[:2]
        return upright if upright.shape[:2] == self._size_px else _fitted(upright, self._size_px)


def _fitted(pixels: Pixels, size_px: tuple[int, int]) -> Pixels:
    """The picture as large as it fits into the middle of black, (height, width)."""
    import cv2

    height, width = size_px
    scale = min(height / pixels.shape[0], width / pixels.shape[1])
    inner = (max(1, round(pixels.shape[1] * scale)), max(1, round(pixels.shape[0] * scale)))
    top, left = (height - inner[1]) // 2, (width - inner[0]) // 2
    out = np.zeros((height, width, 3), np.uint8)
    out[top : top + inner[1], left : left + inner[0]] = cv2.resize(pixels, inner, interpolation=cv2.INTER_AREA)
    return out


def _is_mirrored(frame: VideoFrame) -> bool:
    """Whether the header's matrix turns the picture over, as front cameras have it: a negative determinant."""
    beside = cast("Mapping[str, Buffer]", frame.side_data)
    if "DISPLAYMATRIX" not in beside:
        return False
    a, b, _, c, d = np.frombuffer(bytes(beside["DISPLAYMATRIX"]), np.int32, 5).tolist()
    return bool(a * d < b * c)


class _Pace:
    """Takes so many moments a second out of a growing row of them, each but the first `later` than it is due."""

    def __init__(self, fps: float, later: Sequence[float] = ()) -> None:
        self._fps = fps
        self._later = itertools.chain((0.0,), later, itertools.repeat(0.0))
        self._next_s = 0.0
        self._at_s = next(self._later)

    def due(self, time_s: float) -> bool:
        if time_s < self._at_s - 1e-3:
            return False
        self._next_s = max(self._next_s + 1 / self._fps, time_s - self._at_s + self._next_s)
        self._at_s = self._next_s + next(self._later) / self._fps
        return True


def _sampled(times_us: Sequence[int], sampling: ClipSampling) -> set[int]:
    """Which of all frames' times will be taken, if each is decoded."""
    pace = _Pace(sampling.mesh_fps)
    return {time_us for time_us in times_us if pace.due((time_us - times_us[0]) / 1e6)}


def _shown(times_us: Sequence[int], decoded_us: Sequence[int], sampling: ClipSampling) -> list[int]:
    """Those of all frames' times that follow what was decoded: where nothing can be, nothing is shown either, and what
    was passed over there may be anything."""
    decoded = np.asarray(decoded_us)
    later = np.asarray([time_us for time_us in times_us if time_us > decoded[0]], np.int64)
    since_us = later - decoded[np.searchsorted(decoded, later, side="right") - 1]
    shown: list[int] = later[since_us <= _UNSEEN_STEPS * 1e6 / sampling.mesh_fps].tolist()
    return shown


class _Sampler:
    """Keeps what the sampling asks for while frames stream by."""

    def __init__(self, sampling: ClipSampling, keep: Callable[[Pixels], Pixels]) -> None:
        self._sampling, self._keep = sampling, keep
        self._mesh_pace, self._sharp_pace = _Pace(sampling.mesh_fps), _Pace(sampling.sharp_fps, sampling.later)
        self._to_mesh = _Upright(sampling.mesh_long_side_px)
        self._to_sharp = _Upright(sampling.sharp_long_side_px)
        self.times_us: list[int] = []
        self.mesh: list[Frame] = []
        self.sharp: list[Frame] = []
        self.size_px = (0, 0)

    def take(self, time_us: int, frame: VideoFrame) -> None:
        if not self.times_us:
            turned = round(frame.rotation / 90) % 2 == 1
            self.size_px = (frame.height, frame.width) if turned else (frame.width, frame.height)
        self.times_us.append(time_us)
        time_s = (time_us - self.times_us[0]) / 1e6
        if not self._mesh_pace.due(time_s):
            return
        self.mesh.append(Frame(time_s, self._keep(self._to_mesh(frame))))
        if self._sharp_pace.due(time_s):
            self.sharp.append(Frame(time_s, self._keep(self._to_sharp(frame))))
