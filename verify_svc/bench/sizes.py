"""What a clip costs by its length and its size: decoding apart from the rest."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from verify_svc.bench.speed import MeasuringPool, Spent, decoding_pool
from verify_svc.bench.spoken import joined, spoken_clips
from verify_svc.face.check import FaceWanted, check_face
from verify_svc.inference.engines import Engines
from verify_svc.media.container import ClipLimits, open_clip

if TYPE_CHECKING:
    from av.video.frame import VideoFrame

_LINES = (480, 720, 1080, 2160)
_SECONDS = (4, 8, 12)
_TOO_LONG = (16, 30)
_USUAL_LINES = 720
_FPS = 30
_CODED = {"preset": "veryfast", "crf": "23", "g": str(_FPS), "bf": "0"}
"""As phones record: a keyframe a second, each frame from the one before."""


@dataclass(frozen=True, slots=True)
class Cost:
    """CPU seconds of one clip: of the decoding child, of the models' child, and of the service's own process."""

    seconds: int
    lines: int
    decoding_s: float
    models_s: float
    own_s: float
    said: str


def time_sizes(pictures: Path, sounds: Path) -> Iterator[Cost]:
    """Time one clip in which digits are said, cut and scaled; the weights are loaded before. Folders as `spoken_clips`
    takes them."""
    spoken = next(iter(spoken_clips(pictures, sounds, 1)))
    decoding, models = Spent(), Spent()
    with (
        closing(decoding_pool(decoding)) as decoder,
        closing(MeasuringPool(models)) as inference,
    ):
        engines, wanted = Engines(decoder, inference), FaceWanted(digits=spoken.digits)
        check_face(engines, spoken.data, wanted)
        for lines in _LINES:
            longer = _TOO_LONG if lines == _USUAL_LINES else ()
            whole = scaled(spoken.data, lines, max(_SECONDS + longer))
            for seconds in _SECONDS + longer:
                clip = joined(whole, spoken.data, seconds)
                before, began = (decoding.cpu_s, models.cpu_s), time.process_time()
                report = check_face(engines, clip, wanted).report
                own_s = time.process_time() - began
                said = "video_too_long" if "video_too_long" in report.reasons else "judged"
                yield Cost(seconds, lines, decoding.cpu_s - before[0], models.cpu_s - before[1], own_s, said)


def table(costs: Sequence[Cost]) -> str:
    """The costs as Markdown."""
    lines = [
        "| lines | seconds | CPU-s: decoding | models | own process | all but decoding, a second of clip | |",
        "|---|---|---|---|---|---|---|",
    ]
    for cost in costs:
        rest_s = cost.models_s + cost.own_s
        lines.append(
            f"| {cost.lines} | {cost.seconds} | {cost.decoding_s:.2f} | {cost.models_s:.2f} | {cost.own_s:.2f} | "
            f"{rest_s / cost.seconds:.3f} | {cost.said} |"
        )
    return "\n".join(lines)


def scaled(data: bytes, lines: int, seconds: int) -> bytes:
    """The picture with so many lines on its shorter side; once over it goes back, and so on."""
    import av

    with open_clip(data, ClipLimits()) as film:
        frames = list(film.decode(film.streams.video[0]))
    there_and_back = [*frames, *reversed(frames)]
    made = io.BytesIO()
    scale = lines / min(frames[0].width, frames[0].height)
    width, height = (2 * round(side * scale / 2) for side in (frames[0].width, frames[0].height))
    with av.open(made, "w", format="mp4") as out:
        stream = out.add_stream("libx264", rate=_FPS, options=_CODED)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        for number in range(seconds * _FPS):
            frame: VideoFrame = there_and_back[number % len(there_and_back)].reformat(width, height, "yuv420p")
            frame.pts, frame.time_base = number, Fraction(1, _FPS)
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    return made.getvalue()
