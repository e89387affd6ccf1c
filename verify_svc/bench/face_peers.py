"""Selfie clips judged by this service and by a plain assembly of public parts: the same clips, one after another."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from verify_svc.bench.clip_labels import LabelledClip, read_clips
from verify_svc.bench.faults import FAULTS
from verify_svc.bench.speed import MeasuringPool, Spent, measuring_engines
from verify_svc.bench.spoken import spoken_clips
from verify_svc.face.check import FaceWanted, check_face
from verify_svc.inference.face_peer import FACE_PEER, FACE_PEER_PACKAGES, face_peer_is_installed, judge_plainly
from verify_svc.session.report import Result

_LARGE = 4  # clips of 8 s and 720 lines
_GOOD = 5
_LIMIT_S = 600.0  # for one clip, the weights loaded first, on a busy machine
OURS = "verify-svc"

Judges = Callable[[bytes, str, str], tuple[bool, Sequence[str]]]
"""Whether a clip passes that was to read these digits in this language, and the reasons given."""


@dataclass(frozen=True, slots=True)
class Film:
    """A clip to judge. `labels` None: it is for its cost alone."""

    data: bytes = field(repr=False)
    digits: str
    language: str
    labels: LabelledClip | None = None


@dataclass(slots=True)
class Tally:
    """One judge over the clips of one kind."""

    judge: str
    kind: str
    cpu_s: list[float] = field(default_factory=list)
    answer_s: list[float] = field(default_factory=list)
    resident_bytes: int = 0
    good: list[bool] = field(default_factory=list)
    refused: list[bool] = field(default_factory=list)
    named: list[bool] = field(default_factory=list)

    def take(self, film: Film, passes: bool, reasons: Sequence[str]) -> None:
        """Note whether the verdict was right."""
        if film.labels is None:
            return
        if film.labels.expect == "pass":
            self.good.append(passes)
        else:
            self.refused.append(not passes)
            due = frozenset[str]().union(*(FAULTS[fault].named for fault in film.labels.shows))
            self.named.append(bool(due & set(reasons)))

    def line(self) -> str:
        """A row of the table: medians, and the most in brackets."""
        cpu = f"{statistics.median(self.cpu_s):.2f} ({max(self.cpu_s):.2f})"
        answer = f"{statistics.median(self.answer_s):.2f} ({max(self.answer_s):.2f})"
        verdicts = " | ".join(
            f"{sum(each)} of {len(each)}" if each else "–" for each in (self.good, self.refused, self.named)
        )
        memory = f"{self.resident_bytes / 2**20:.0f}"
        return f"| {self.kind} | {self.judge} | {len(self.cpu_s)} | {cpu} | {answer} | {memory} | {verdicts} |"


def compare_clips(pictures: Path, clips: Path) -> list[Tally]:
    """Let both judge the same clips: large ones for their cost, and of the labelled ones some good and one of each
    fault. Folders as `spoken_clips` takes them."""
    large = [Film(clip.data, clip.digits, "zh") for clip in spoken_clips(pictures, clips, _LARGE)]
    kinds = {"8 s, 720 lines": large, "labelled, 480 × 640": list(_labelled(clips))}
    tallies = list(_tallies(OURS, kinds))
    if face_peer_is_installed():
        tallies += _tallies(FACE_PEER, kinds)
    return tallies


def table(tallies: Sequence[Tally]) -> str:
    """The comparison as Markdown, and what is missing."""
    lines = [
        "| clips | judged by | clips | CPU-s: median (most) | answer in s: median (most) | largest child, MiB "
        "| good passed | faulty refused | fault named |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    kinds = dict.fromkeys(tally.kind for tally in tallies)
    lines += [tally.line() for kind in kinds for tally in tallies if tally.kind == kind]
    if not any(tally.judge == FACE_PEER for tally in tallies):
        lines += ["", f"The {FACE_PEER} is not installed: `{FACE_PEER_PACKAGES}`."]
    return "\n".join(lines)


def chosen(labelled: Sequence[LabelledClip]) -> list[LabelledClip]:
    """Some good clips, and the first of each fault that must be named."""
    good = [clip for clip in labelled if clip.expect == "pass"][:_GOOD]
    first = {clip.what: clip for clip in reversed(labelled) if clip.expect == "fault"}
    harmful = [clip for clip in first.values() if any(not FAULTS[fault].may_be_clear for fault in clip.shows)]
    return [*good, *reversed(harmful)]


def _labelled(folder: Path) -> Iterator[Film]:
    for clip in chosen(read_clips(folder)):
        yield Film(clip.path.read_bytes(), clip.challenge or "", clip.language, clip)


def _tallies(judge: str, kinds: dict[str, list[Film]]) -> Iterator[Tally]:
    spent = Spent()
    judges, close = _ours(spent) if judge == OURS else _peer(spent)
    try:
        first = next(film for films in kinds.values() for film in films)
        judges(first.data, first.digits, first.language)  # loads the weights
        for kind, films in kinds.items():
            tally = Tally(judge, kind)
            for film in films:
                before, began = spent.cpu_s + time.process_time(), time.perf_counter()
                passes, reasons = judges(film.data, film.digits, film.language)
                tally.answer_s.append(time.perf_counter() - began)
                tally.cpu_s.append(spent.cpu_s + time.process_time() - before)
                tally.take(film, passes, reasons)
            tally.resident_bytes = spent.most_resident_bytes
            yield tally
    finally:
        close()


def _ours(spent: Spent) -> tuple[Judges, Callable[[], None]]:
    engines = measuring_engines(spent)

    def judges(data: bytes, digits: str, language: str) -> tuple[bool, Sequence[str]]:
        report = check_face(engines, data, FaceWanted(digits=digits, language=language)).report
        return report.result is Result.CLEAR, report.reasons

    return judges, engines.close


def _peer(spent: Spent) -> tuple[Judges, Callable[[], None]]:
    pool = MeasuringPool(spent)

    def judges(data: bytes, digits: str, language: str) -> tuple[bool, Sequence[str]]:
        reasons = pool.call(_LIMIT_S, judge_plainly, data, digits, language)
        return not reasons, reasons

    return judges, pool.close
