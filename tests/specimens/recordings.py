"""One take as phones, browsers and mishaps record it, with what must be said of each.

`python -m tests.specimens.recordings DIR/devices [CLIP DIGITS]` writes all of them with labels for `verify-svc bench
accuracy devices DIR`: of a clip in which these digits are read in Mandarin, or of one that is made here.
"""

from __future__ import annotations

import csv
import io
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import cast

import av
import numpy as np
from av.container import InputContainer

from tests.specimens.clips import make_clip
from tests.specimens.devices import FRAGMENTS, Device, record
from tests.specimens.portrait import Pixels
from tests.specimens.recording import QUARTER_TURN
from tests.specimens.takes import (
    Take,
    ahead,
    at_rate,
    black,
    heard_from,
    mirrored,
    part,
    silent,
    standing,
    take_of,
    unsteady,
    without_pictures,
)

DIGITS = "4830"
ONSETS_S = (0.9, 1.85, 2.8, 3.75)


@dataclass(frozen=True, slots=True)
class Sort:
    """How a take is recorded. `reason` must be among those given, `""`: the same is said as of the take itself."""

    made: Callable[[Take], bytes]
    reason: str = ""


def good_take() -> Take:
    """Four English digits, well read before a white wall."""
    with tempfile.TemporaryDirectory() as folder:
        clip = make_clip("president", DIGITS, ONSETS_S, out=Path(folder) / "take", fps=25)
        return take_of(clip.files["mp4"].read_bytes())


def _on_its_side(pixels: Pixels) -> Pixels:
    return np.rot90(pixels)


_MP4 = Device("mp4", "libx264", "aac")
_PAGE = replace(_MP4, muxing=FRAGMENTS)
_WEBM = Device("webm", "libvpx", "libopus", {"live": "1"})
_IPHONE = Device("mov", "libx265", "aac", tag="hvc1", sound_rate_hz=44_100, matrix=QUARTER_TURN, stored=_on_its_side)


def _by(device: Device, happened: Callable[[Take], Take] = lambda take: take) -> Callable[[Take], bytes]:
    return lambda take: record(happened(take), device)


def _cut(device: Device, share: float) -> Callable[[Take], bytes]:
    """The transfer, or the phone, stopped in the middle."""

    def made(take: Take) -> bytes:
        data = record(take, device)
        return data[: round(len(data) * share)]

    return made


def _for_ten_minutes(take: Take) -> bytes:
    """The same packets again and again."""
    clip, out = record(take, _MP4), io.BytesIO()
    with av.open(out, "w", format="mp4") as written, cast(InputContainer, av.open(io.BytesIO(clip))) as once:
        source = once.streams.video[0]
        packets = [packet for packet in once.demux(source) if packet.dts is not None]
        stream = written.add_stream_from_template(source)
        length = sum(packet.duration or 0 for packet in packets)
        for turn in range(round(600 / (length * float(source.time_base or 0)))):
            for packet in packets:
                again = av.Packet(bytes(packet))
                again.pts, again.dts = (packet.pts or 0) + turn * length, (packet.dts or 0) + turn * length
                again.time_base, again.is_keyframe, again.stream = packet.time_base, packet.is_keyframe, stream
                written.mux(again)
    return out.getvalue()


def _of_two_sizes(take: Take) -> bytes:
    """A browser on a busy phone goes on with a smaller picture in the same track."""
    begun = record(without_pictures(take, 2.4, take.seconds + 1), _WEBM)
    went_on = record(without_pictures(replace(take, sound=None), 0, 2.4), replace(_WEBM, long_side_px=480))
    out = io.BytesIO()
    with (
        av.open(out, "w", format="webm", container_options={"live": "1"}) as written,
        cast(InputContainer, av.open(io.BytesIO(begun))) as first,
        cast(InputContainer, av.open(io.BytesIO(went_on))) as second,
    ):
        streams = {source.type: written.add_stream_from_template(source) for source in first.streams}
        packets = [packet for source in (first, second) for packet in source.demux() if packet.dts is not None]
        for packet in sorted(packets, key=lambda packet: float((packet.dts or 0) * packet.time_base)):
            packet.stream = streams[packet.stream.type]
            written.mux(packet)
    return out.getvalue()


SORTS: Mapping[str, Sort] = MappingProxyType(
    {
        "MP4, H.264, AAC": Sort(_by(_MP4)),
        "MP4 in fragments, H.264, AAC": Sort(_by(_PAGE)),
        "MP4 in fragments, H.264, Opus": Sort(_by(replace(_PAGE, sound="libopus"))),
        "MP4 in fragments, VP9, Opus": Sort(_by(replace(_PAGE, picture="libvpx-vp9", sound="libopus"))),
        "MP4 in fragments, AV1, Opus": Sort(_by(replace(_PAGE, picture="libsvtav1", sound="libopus"))),
        "MP4 in fragments, HEVC, AAC": Sort(_by(replace(_PAGE, picture="libx265", tag="hvc1"))),
        "WebM of no length, VP8, Opus": Sort(_by(_WEBM)),
        "WebM of no length, VP9, Opus": Sort(_by(replace(_WEBM, picture="libvpx-vp9"))),
        "WebM of no length, AV1, Opus": Sort(_by(replace(_WEBM, picture="libsvtav1"))),
        "Matroska, H.264, Opus": Sort(_by(replace(_WEBM, container="matroska", picture="libx264"))),
        "MOV, HEVC, AAC at 44.1 kHz, on its side": Sort(_by(_IPHONE)),
        "MOV, HEVC of 10 bits in HLG, 1080 lines, 60 a second, on its side": Sort(
            _by(replace(_IPHONE, hlg=True, long_side_px=1440), partial(at_rate, fps=60))
        ),
        "MOV, HEVC of 10 bits in HLG, on its side": Sort(_by(replace(_IPHONE, hlg=True))),
        "MOV, H.264, PCM": Sort(_by(replace(_MP4, container="mov", sound="pcm_s16le"))),
        "3GP, H.264, AMR at 8 kHz": Sort(_by(Device("3gp", "libx264", "libopencore_amrnb", sound_rate_hz=8_000))),
        "MP4, MPEG-4, AAC": Sort(_by(replace(_MP4, picture="mpeg4"))),
        "MP4, AAC at 8 kHz": Sort(_by(replace(_MP4, sound_rate_hz=8_000))),
        "WebM, Opus at 8 kHz": Sort(_by(replace(_WEBM, sound_rate_hz=8_000))),
        "MP4, AAC, two channels": Sort(_by(replace(_MP4, layout="stereo"))),
        "MP4, upside down by its header": Sort(
            _by(replace(_MP4, matrix=(-1, 0, 0, -1), stored=lambda pixels: pixels[::-1, ::-1]))
        ),
        "MP4, on the other side": Sort(
            _by(replace(_MP4, matrix=(0, -1, 1, 0), stored=lambda pixels: np.rot90(pixels, -1)))
        ),
        "MP4, mirrored in its pixels": Sort(_by(_MP4, mirrored)),
        "MP4, mirrored by its header": Sort(_by(replace(_MP4, matrix=(-1, 0, 0, 1)))),
        "MOV, mirrored and turned by its header": Sort(
            _by(replace(_IPHONE, picture="libx264", tag="", matrix=(0, 1, 1, 0)))
        ),
        "MP4, 15 frames a second": Sort(_by(_MP4, partial(at_rate, fps=15))),
        "MP4, 60 frames a second": Sort(_by(_MP4, partial(at_rate, fps=60))),
        "WebM, frames come late by up to 12 ms": Sort(_by(_WEBM, partial(unsteady, share_lost=0.0))),
        "WebM, every third frame is lost": Sort(_by(_WEBM, partial(unsteady, share_lost=0.33))),
        "MP4, half of the frames are lost": Sort(_by(_PAGE, partial(unsteady, share_lost=0.5))),
        "WebM, its picture becomes smaller in the middle": Sort(_of_two_sizes),
        "MP4, no frame for 0.6 s": Sort(_by(_PAGE, partial(without_pictures, from_s=1.3, until_s=1.9))),
        "MP4, sound begins 0.6 s late": Sort(_by(_MP4, partial(heard_from, from_s=0.6))),
        "WebM, sound begins 0.6 s late": Sort(_by(_WEBM, partial(heard_from, from_s=0.6))),
        "MP4, sound begins 0.4 s early": Sort(_by(_MP4, lambda take: ahead(without_pictures(take, 0, 0.4), 0.0))),
        "MP4, 0.4 s left out by an edit list": Sort(
            _by(replace(_MP4, muxing={"avoid_negative_ts": "disabled"}), partial(ahead, by_s=0.4))
        ),
        "MP4, cut in the middle": Sort(_cut(_MP4, 0.5), "video_unreadable"),
        "MP4 in fragments, cut in the middle": Sort(_cut(_PAGE, 0.55), "digits_incomplete"),
        "WebM, cut in the middle": Sort(_cut(_WEBM, 0.6), "digits_incomplete"),
        "MP4 of 0.1 s": Sort(_by(_MP4, partial(part, until_s=0.1)), "video_too_short"),
        "WebM of one frame": Sort(_by(_WEBM, partial(part, until_s=0.02)), "video_too_short"),
        "MP4 of 10 min": Sort(_for_ten_minutes, "video_too_long"),
        "MP4, no frame for 2 s": Sort(
            _by(_PAGE, partial(without_pictures, from_s=1.3, until_s=3.3)), "video_frame_rate_low"
        ),
        "MP4, 6 frames a second": Sort(_by(_MP4, partial(at_rate, fps=6)), "video_frame_rate_low"),
        "MP4, 144 lines": Sort(_by(replace(_MP4, long_side_px=192)), "video_resolution_low"),
        "MP4, no sound track": Sort(_by(replace(_MP4, sound=None)), "audio_missing"),
        "MP4, a sound track of silence": Sort(_by(_MP4, silent), "speech_not_found"),
        "MP4, sound ends in the middle": Sort(
            _by(_MP4, lambda take: replace(take, sound=part(take, 2.4).sound)), "digits_incomplete"
        ),
        "MP4, black": Sort(_by(_MP4, black), "face_not_found"),
        "MP4, the picture stands": Sort(_by(_MP4, partial(standing, from_s=0.0)), "presentation_attack_suspected"),
        "MP4, the picture stands from the middle": Sort(
            _by(_MP4, partial(standing, from_s=2.4)), "presentation_attack_suspected"
        ),
    }
)
"""By what is told of them."""


def main(folder: Path, clip: bytes | None, digits: str) -> None:
    """Write every sort into the folder, the take itself first, with `labels.csv`."""
    folder.mkdir(parents=True, exist_ok=True)
    take = good_take() if clip is None else take_of(clip)
    rows = []
    for number, (name, sort) in enumerate(SORTS.items(), 1):
        file = f"{number:02}.bin"
        (folder / file).write_bytes(sort.made(take))
        language = "en" if clip is None else "zh"
        rows.append([file, name, sort.reason, digits, language])
    with (folder / "labels.csv").open("w", encoding="utf-8", newline="") as opened:
        csv.writer(opened).writerows([["file", "recorded", "reason", "challenge", "language"], *rows])


if __name__ == "__main__":
    given = sys.argv[1:]
    main(Path(given[0]), Path(given[1]).read_bytes() if given[1:] else None, given[2] if given[2:] else DIGITS)
