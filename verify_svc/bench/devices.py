"""One take as many devices recorded it: the same must be said of each, or what its mishap asks for. And the cost."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from verify_svc.bench.speed import MeasuringPool, Spent, decoding_pool
from verify_svc.face.check import FaceWanted, check_face
from verify_svc.inference.engines import Engines
from verify_svc.media.container import ClipLimits, ClipRefused
from verify_svc.media.video import ClipSampling, read_clip
from verify_svc.session.report import Report

_LIMIT_S = 60.0
_NO_CLIP = b"\x00\x00\x00\x18ftypmp42" + bytes(100)


@dataclass(frozen=True, slots=True)
class Recording:
    """A row of the labels. `reason` must be among those given; empty: the same is said as of the first row's clip."""

    path: Path
    name: str
    reason: str
    challenge: str
    language: str


@dataclass(frozen=True, slots=True)
class Seen:
    """What was said of a recording, and what it took: CPU seconds, and the most memory its decoding child held."""

    recording: Recording
    report: Report
    decoding_cpu_s: float
    other_cpu_s: float
    decoding_bytes: int

    def outcomes(self) -> Mapping[str, str]:
        """Each check's result."""
        return {finding.check: finding.outcome.value for finding in self.report.findings}


def read_recordings(folder: Path) -> list[Recording]:
    """The rows of `labels.csv`, columns `file`, `recorded`, `reason`, `challenge` and `language`."""
    with (folder / "labels.csv").open(encoding="utf-8", newline="") as rows:
        return [
            Recording(folder / row["file"], row["recorded"], row["reason"], row["challenge"], row["language"])
            for row in csv.DictReader(rows)
        ]


def see_recordings(recordings: Sequence[Recording]) -> Iterator[Seen]:
    """Judge each, decoded in a child of its own; libraries and weights are loaded before."""
    inferring = Spent()
    with closing(MeasuringPool(inferring)) as inference:
        _see(recordings[0], inference, inferring)
        for recording in recordings:
            yield _see(recording, inference, inferring)


def _see(recording: Recording, inference: MeasuringPool, inferring: Spent) -> Seen:
    decoding = Spent()
    with closing(decoding_pool(decoding)) as decoder:
        with suppress(ClipRefused):
            decoder.call(_LIMIT_S, read_clip, _NO_CLIP, ClipLimits(), ClipSampling())
        decoder.call(_LIMIT_S, os.getpid)  # what a refusal takes is counted by the next call
        decoding_s, other_s = decoding.cpu_s, inferring.cpu_s
        wanted = FaceWanted(recording.challenge, language=recording.language)
        report = check_face(Engines(decoder, inference), recording.path.read_bytes(), wanted).report
        decoder.call(_LIMIT_S, os.getpid)
    return Seen(
        recording,
        report,
        decoding.cpu_s - decoding_s,
        inferring.cpu_s - other_s,
        decoding.most_resident_bytes,
    )


def right(seen: Seen, take: Seen) -> bool:
    """Whether what was said is what must be said."""
    if seen.recording.reason:
        return seen.recording.reason in seen.report.reasons
    return (seen.report.result, seen.outcomes()) == (take.report.result, take.outcomes())


def table(seen: Sequence[Seen]) -> str:
    """What was said of each, as Markdown."""
    lines = [
        f"Said as must be: {sum(right(one, seen[0]) for one in seen)} of {len(seen)}.",
        "",
        "| recorded | to be said | said | checks otherwise | CPU-s: decoding, models | decoding, MiB |",
        "|---|---|---|---|---|---|",
    ]
    first = seen[0].outcomes()
    for one in seen:
        said = ", ".join(one.report.reasons) or one.report.result.value
        other = [name for name, outcome in one.outcomes().items() if outcome != first.get(name)]
        beside = "–" if one.recording.reason else ", ".join(other) or "none"
        lines.append(
            f"| {one.recording.name} | {one.recording.reason or 'the same'} | {said} | {beside} | "
            f"{one.decoding_cpu_s:.2f}, {one.other_cpu_s:.2f} | {one.decoding_bytes / 2**20:.0f} |"
        )
    return "\n".join(lines)
