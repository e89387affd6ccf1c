"""Speed on this machine: CPU seconds of the children for each picture, and how long the answer takes."""

from __future__ import annotations

import os
import resource
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from verify_svc.bench.forms import read_labels as read_forms
from verify_svc.bench.labels import Item, read_items
from verify_svc.bench.spoken import spoken_clips
from verify_svc.certificate.kinds import CertificateKind, FormKind
from verify_svc.document.check import DocumentWanted, check_document
from verify_svc.face.check import FaceWanted, check_face
from verify_svc.form.check import FormPicture, FormWanted, check_form
from verify_svc.inference.engines import DECODING_MEMORY_BYTES, Engines
from verify_svc.inference.pool import ChildPool
from verify_svc.media.container import ClipLimits, open_clip
from verify_svc.media.tracks import picture_track
from verify_svc.media.warm import warm_decoders

P = ParamSpec("P")
T = TypeVar("T")

_EACH = 10  # items of a kind
_DECODING_S = 120.0
_FORMS = 20
_TIMED_KINDS = ("id_card_portrait", "id_card_emblem", "business_licence")


@dataclass(slots=True)
class Spent:
    """What children have spent so far: CPU seconds, in all and by what they were asked for, and the most memory that
    one held."""

    cpu_s: float = 0.0
    most_resident_bytes: int = 0
    by_function_s: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))


class MeasuringPool(ChildPool):
    """A pool of one child that adds up its CPU time: what it runs, and what it takes to hear and to answer. What is
    forked for a call counts with its template, in hundredths of a second."""

    def __init__(
        self,
        spent: Spent,
        max_memory_bytes: int | None = None,
        confined: bool = False,
        prepare: Callable[[], object] | None = None,
    ) -> None:
        super().__init__(max_memory_bytes=max_memory_bytes, confined=confined, prepare=prepare)
        self._spent = spent
        self._spent_s: defaultdict[int, float] = defaultdict(float)

    def call(self, timeout_s: float, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        # The function goes as a part of another: what it needs is imported before a fork.
        value, own_s, most_bytes, child, parent = super().call(timeout_s, partial(_measured, function), args, kwargs)
        if parent == os.getpid():
            process, process_s, most_bytes = child, own_s, _most_resident_bytes(child)
        else:
            process, process_s = parent, _spent_with_forked_s(parent)
        spent_s = process_s - self._spent_s[process]
        self._spent_s[process] = process_s
        self._spent.cpu_s += spent_s
        self._spent.by_function_s[function.__name__] += spent_s
        self._spent.most_resident_bytes = max(self._spent.most_resident_bytes, most_bytes)
        return value


def decoding_pool(spent: Spent) -> MeasuringPool:
    """A pool of decoding children as the service has them."""
    return MeasuringPool(spent, DECODING_MEMORY_BYTES, confined=True, prepare=warm_decoders)


@dataclass(frozen=True, slots=True)
class Timing:
    """One kind's times over its pictures."""

    kind: str
    cpu_s: tuple[float, ...]
    answer_s: tuple[float, ...]
    resident_bytes: int = field(default=0)
    steps_s: Mapping[str, float] = field(default_factory=dict)
    """Where the time goes: mean CPU seconds of an item's steps, where they were told apart."""

    def line(self) -> str:
        """A row of the table: medians, and the slowest in brackets."""
        cpu, answer = statistics.median(self.cpu_s), statistics.median(self.answer_s)
        return (
            f"| {self.kind} | {len(self.cpu_s)} | {cpu:.2f} ({max(self.cpu_s):.2f}) | {answer:.2f} "
            f"({max(self.answer_s):.2f}) | {self.resident_bytes / 2**20:.0f} |"
        )


HEAD = (
    "| what | items | CPU-s: median (most) | answer in s: median (most) | largest child, MiB |\n|---|---|---|---|---|"
)


def measuring_engines(spent: Spent) -> Engines:
    """Engines of one child each that note what they spend."""
    return Engines(decoding_pool(spent), MeasuringPool(spent))


def time_documents(folder: Path) -> list[Timing]:
    """Time good pictures of each kind in the labelled folder; the weights are loaded before."""
    spent = Spent()
    engines = measuring_engines(spent)
    try:
        items = good_certificates(folder)
        check_certificate(engines, folder, items[0])
        return [_time(engines, spent, folder, kind, items) for kind in _TIMED_KINDS]
    finally:
        engines.close()


def time_clips(pictures: Path, sounds: Path) -> Timing:
    """Time found clips of 720 lines in which digits are said; the weights are loaded before. Folders as
    `spoken_clips` takes them.

    Their lips say something else: a clip costs the same whatever its result.
    """
    spent = Spent()
    engines = measuring_engines(spent)
    try:
        clips = list(spoken_clips(pictures, sounds, _EACH))
        check_face(engines, clips[0].data, FaceWanted(digits=clips[0].digits))
        spent.by_function_s.clear()
        cpu, answers, own_s = [], [], 0.0
        for clip in clips:
            cpu_before, own_before, began = spent.cpu_s, time.process_time(), time.perf_counter()
            check_face(engines, clip.data, FaceWanted(digits=clip.digits))
            answers.append(time.perf_counter() - began)
            own_s += time.process_time() - own_before
            cpu.append(spent.cpu_s - cpu_before + time.process_time() - own_before)
        for clip in clips:
            engines.decoding.call(_DECODING_S, decode_alone, clip.data)
        spent.by_function_s["own"] = own_s
        steps = {name: total_s / len(clips) for name, total_s in spent.by_function_s.items()}
        return Timing("clip of 8 s, 720 lines", tuple(cpu), tuple(answers), spent.most_resident_bytes, steps)
    finally:
        engines.close()


def decode_alone(data: bytes) -> int:
    """Decode every frame of a clip, as anybody must who looks at each, and keep none: how many there are."""
    with open_clip(data, ClipLimits()) as film:
        stream = picture_track(film, ClipLimits())
        return sum(1 for _ in film.decode(stream))


_STEPS = {
    "read_clip": "reading: decoding, scaling, sound",
    "see_faces": "faces, embeddings, attack, person mask",
    "see_largest": "further looks where the face changes or company shows",
    "sunglasses_shares": "sunglasses",
    "screen_shares": "a device round the face, skimmed",
    "device_scores": "a device round the face, looked for",
    "hands_near": "hands over the face",
    "mesh_faces": "face mesh",
    "voice_probabilities": "voice activity",
    "score_digits": "digits",
    "own": "judging and coding, in the service's own process",
    "decode_alone": "the floor, beside all this: decoding every frame and no more",
}


def steps_table(timing: Timing) -> str:
    """Where an item's time goes, as Markdown."""
    rows = [
        f"| {_STEPS.get(name, name)} | {timing.steps_s[name]:.2f} |"
        for name in sorted(timing.steps_s, key=lambda name: list(_STEPS).index(name) if name in _STEPS else 0)
    ]
    return "\n".join(["| step | CPU-s: mean |", "|---|---|", *rows])


def time_forms(folder: Path, name: str) -> list[Timing]:
    """Time the faultless forms of a labelled folder; the weights are loaded before."""
    spent = Spent()
    engines = measuring_engines(spent)
    try:
        items = [item.job for item in read_forms(folder) if not item.fault][:_FORMS]
        checks = [(Path(job["file"]), FormWanted(FormKind(job["kind"]), job["subject"] == "unit")) for job in items]
        check_form(engines, [FormPicture(checks[0][0].read_bytes())], checks[0][1])
        cpu, answers = [], []
        for path, wanted in checks:
            cpu_before, began = spent.cpu_s + time.process_time(), time.perf_counter()
            check_form(engines, [FormPicture(path.read_bytes())], wanted)
            answers.append(time.perf_counter() - began)
            cpu.append(spent.cpu_s + time.process_time() - cpu_before)
        return [Timing(name, tuple(cpu), tuple(answers), spent.most_resident_bytes)]
    finally:
        engines.close()


def table(timings: Sequence[Timing]) -> str:
    """The timings as Markdown."""
    return "\n".join([HEAD, *(timing.line() for timing in timings)])


def _time(engines: Engines, spent: Spent, folder: Path, kind: str, items: Sequence[Item]) -> Timing:
    cpu, answers = [], []
    for item in [item for item in items if item.asked == kind][:_EACH]:
        cpu_before, began = spent.cpu_s + time.process_time(), time.perf_counter()
        check_certificate(engines, folder, item)
        answers.append(time.perf_counter() - began)
        cpu.append(spent.cpu_s + time.process_time() - cpu_before)
    return Timing(kind, tuple(cpu), tuple(answers), spent.most_resident_bytes)


def good_certificates(folder: Path) -> list[Item]:
    """The faultless, legible pictures of the kinds that are timed."""
    return [item for item in read_items(folder) if not item.fault and item.asked in _TIMED_KINDS and item.legible]


def check_certificate(engines: Engines, folder: Path, item: Item) -> None:
    """Judge one of them."""
    check_document(engines, (folder / item.file).read_bytes(), DocumentWanted(CertificateKind(item.asked)))


def _measured(function: Callable[..., T], args: Any, kwargs: Any) -> tuple[T, float, int, int, int]:
    """Runs in a child: what the function gives, the CPU seconds and the most memory of the child's life, its number and
    its parent's."""
    value = function(*args, **kwargs)
    most_bytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return value, time.process_time(), most_bytes, os.getpid(), os.getppid()


def _most_resident_bytes(pid: int) -> int:
    """The most memory a started child ever held. Its own word for it counts in what its parent held."""
    for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    raise OSError("the kernel tells no memory")


def _spent_with_forked_s(pid: int) -> float:
    """The CPU seconds of a process and of all that it was forked to and has buried."""
    times = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[11:15]
    return sum(map(int, times)) / os.sysconf("SC_CLK_TCK")
