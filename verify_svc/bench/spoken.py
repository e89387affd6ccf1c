"""Clips to measure on: the picture of a found one, cut to eight seconds, with the sound of one that reads digits."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from verify_svc.media.container import ClipLimits, open_clip

_LARGE_LINES = 700
_SECONDS = 8.0


@dataclass(frozen=True, slots=True)
class SpokenClip:
    """An MP4 of eight seconds and the digits that are said in it."""

    data: bytes = field(repr=False)
    digits: str


def spoken_clips(pictures: Path, sounds: Path, most: int) -> Iterator[SpokenClip]:
    """Up to `most` clips. `pictures` and `sounds` are folders with labels.csv: of the first are taken clips of 720
    lines and 7–12 s, of the second the good ones that hold AAC. Nothing is encoded anew.
    """
    with (pictures / "labels.csv").open(encoding="utf-8", newline="") as rows:
        films = [pictures / row["file"] for row in csv.DictReader(rows) if row["kind"] == "clip"]
    with (sounds / "labels.csv").open(encoding="utf-8", newline="") as rows:
        good = [row for row in csv.DictReader(rows) if row["expect"] == "pass" and row["file"].endswith(".mp4")]
    large = [data for data in (film.read_bytes() for film in films) if _is_large(data)]
    for data, row in zip(large[:most], good, strict=False):
        yield SpokenClip(joined(data, (sounds / row["file"]).read_bytes(), _SECONDS), row["challenge"])


def _is_large(data: bytes) -> bool:
    """Whether a clip's header tells of 720 lines and 7–12 s."""
    with open_clip(data, ClipLimits()) as container:
        context = container.streams.video[0].codec_context
        return min(context.width, context.height) >= _LARGE_LINES and 7 <= (container.duration or 0) / 1e6 <= 12


def joined(picture: bytes, sound: bytes, seconds: float) -> bytes:
    """So many seconds of the packets of one clip's picture, and of the other's sound, as an MP4."""
    import av

    made = io.BytesIO()
    with (
        open_clip(picture, ClipLimits()) as film,
        open_clip(sound, ClipLimits()) as spoken,
        av.open(made, "w", format="mp4") as out,
    ):
        sources = ((film, film.streams.video[0]), (spoken, spoken.streams.audio[0]))
        streams = [out.add_stream_from_template(source) for _, source in sources]
        for (container, source), stream in zip(sources, streams, strict=True):
            for packet in container.demux(source):
                if packet.dts is None or packet.pts is None or float(packet.pts * packet.time_base) > seconds:
                    continue
                packet.stream = stream
                out.mux(packet)
    return made.getvalue()
