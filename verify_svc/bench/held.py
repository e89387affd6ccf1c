"""How much memory a worker holds: its own process and all children, over clips and after it has read certificates."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread

from verify_svc.bench.speed import check_certificate, good_certificates
from verify_svc.bench.spoken import spoken_clips
from verify_svc.face.check import FaceWanted, check_face
from verify_svc.inference.engines import make_engines
from verify_svc.inference.warm import WARMING_LIMIT_S, warm_inference
from verify_svc.media.warm import warm_decoders

_CLIPS, _CERTIFICATES = 4, 12
_PACE_S = 0.05


@dataclass(frozen=True, slots=True)
class Held:
    """What was done, and the most that was held at once meanwhile, in bytes."""

    over: str
    own: int
    children: int

    def line(self) -> str:
        """A row of the table."""
        own, children = self.own / 2**20, self.children / 2**20
        return f"| {self.over} | {own:.0f} | {children:.0f} | {own + children:.0f} |"


HEAD = "| over | the worker's own process, MiB | its children, MiB | together, MiB |\n|---|---|---|---|"


class Watch:
    """Looks again and again at how much this process and all below it hold together, and keeps the most.

    A page that several hold counts once in all: each has its share of it (the kernel's proportional set size).
    """

    def __init__(self) -> None:
        self.most = (0, 0)
        self._ended = Event()
        self._thread = Thread(target=self._look, daemon=True)

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _look(self) -> None:
        while True:
            now = (held_bytes(os.getpid()), sum(map(held_bytes, all_below(os.getpid()))))
            self.most = max(self.most, now, key=sum)
            if self._ended.wait(_PACE_S):
                return


def held_bytes(pid: int) -> int:
    """A process's share of what is in memory; 0 where it has ended."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in text.splitlines() if line.startswith("Pss:")), 0)


def all_below(pid: int) -> Iterator[int]:
    """The process's children, and theirs."""
    try:
        threads = list(Path(f"/proc/{pid}/task").iterdir())
        children = [int(child) for task in threads for child in (task / "children").read_text("ascii").split()]
    except OSError:
        return
    for child in children:
        yield child
        yield from all_below(child)


def watch_worker(faces: Path) -> Iterator[Held]:
    """Judge clips, then certificates, then the same clips, on engines as a worker has them. `faces` is the folder of
    found clips; sounds (`clip`) and certificates (`document`) lie beside it."""
    clips = list(spoken_clips(faces, faces.with_name("clip"), _CLIPS))
    papers = faces.with_name("document")
    items = good_certificates(papers)
    chosen = items[:: max(1, len(items) // _CERTIFICATES)]
    with closing(make_engines(prepare=warm_decoders)) as engines:

        def judge_clips() -> None:
            for clip in clips:
                check_face(engines, clip.data, FaceWanted(digits=clip.digits))

        def read_certificates() -> None:
            for item in chosen:
                check_certificate(engines, papers, item)

        rounds: Sequence[tuple[str, Callable[[], None]]] = (
            ("loading the weights", lambda: engines.inference.call(WARMING_LIMIT_S, warm_inference)),
            (f"{len(clips)} clips", judge_clips),
            (f"{len(chosen)} certificates", read_certificates),
            ("the clips again", judge_clips),
        )
        for name, work in rounds:
            with Watch() as watch:
                work()
            yield Held(name, *watch.most)


def table(rounds: Sequence[Held]) -> str:
    """The rounds as Markdown."""
    return "\n".join([HEAD, *(held.line() for held in rounds)])
