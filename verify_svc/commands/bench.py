"""`verify-svc bench accuracy [PART] DIR`, `bench speed [PART] DIR` and `bench calibrate DIR…`.

Each part fills its own section of docs/accuracy.md or docs/performance.md; what another part wrote stays.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any

from verify_svc.bench import (
    calibration,
    clips,
    devices,
    digits,
    documents,
    face_peers,
    faces,
    forms,
    held,
    hints,
    peers,
    signs,
    sizes,
    speed,
)
from verify_svc.bench.agreement import judge
from verify_svc.bench.clip_labels import LabelsWrong, read_clips
from verify_svc.bench.page import put_section
from verify_svc.commands.batch import answers
from verify_svc.commands.check import judge_file
from verify_svc.inference.engines import Engines, make_engines
from verify_svc.media.warm import warm_decoders

_AT_ONCE = 2
_PEERS_OF = {"documents": "peers", "clips": "face_peers"}
_USUAL_FOLDER = "../shared/data"
_HEADS = {
    "accuracy": """# Accuracy

Measured by `verify-svc bench accuracy ../shared/data` on labelled items: found ones, and ones drawn with a fault each.
Shares are given with their 95 % intervals; `missed` names each item that came out otherwise than labelled.
""",
    "speed": """# Performance

Measured by `verify-svc bench speed ../shared/data`.
""",
}


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the three measurements."""
    measures = parser.add_subparsers(dest="measure", metavar="MEASURE", required=True)
    for name, summary, page in (
        ("accuracy", "judge every labelled item, count what is right", "docs/accuracy.md"),
        ("speed", "time good items on this machine", "docs/performance.md"),
    ):
        one = measures.add_parser(name, help=summary, description=f"{summary.capitalize()}.")
        parts = [part for of, part in PARTS if of == name]
        one.add_argument(
            "what",
            metavar="[PART] DIR",
            nargs="*",
            help=f"DIR holds a folder for each part, with labels.csv in it; PART is one of {', '.join(parts)}",
        )
        one.add_argument("--only", choices=parts)
        if name == "speed":
            one.add_argument(
                "--peers",
                nargs="?",
                const="",
                metavar="DIR",
                help="measure others on the same certificates or clips: what is installed of them",
            )
        one.add_argument("--out", type=Path, default=Path(page), help=f"the page to write (default {page})")
    summary = "tables, pictures and proposed limits from labelled clips of your own; changes nothing"
    own = measures.add_parser(
        "calibrate", help=summary, description=f"{summary.capitalize()}. See docs/calibration.md."
    )
    own.add_argument("folders", metavar="DIR", nargs="+", type=Path, help="a folder of clips with labels.csv in it")
    own.add_argument("--out", type=Path, default=Path("calibration"), help="the folder to write (default calibration)")
    own.add_argument(
        "--page", type=Path, help="put the limits into this page's section; of the rest write the pictures alone"
    )


def run(arguments: argparse.Namespace) -> int:
    """0 when something was measured, 2 when the folder holds nothing to measure, or its labels are wrong."""
    try:
        return _calibrate(arguments) if arguments.measure == "calibrate" else _measure(arguments)
    except LabelsWrong as wrong:
        print(f"verify-svc bench: {wrong}", file=sys.stderr)
        return 2


def _calibrate(arguments: argparse.Namespace) -> int:
    labelled = [clip for folder in arguments.folders for clip in read_clips(folder)]
    if not labelled:
        raise LabelsWrong("the labels list no clip")
    with _batches() as (_, judged):
        answered = judge(labelled, judged)
    calibrated = calibration.calibrate(answered)
    if arguments.page is None:
        for path in calibration.write(arguments.out, answered, calibrated):
            print(path)
        return 0
    pictures = calibration.draw(arguments.out, calibrated)
    text = calibration.section(answered, calibrated, pictures, arguments.page.parent)
    put_section(arguments.page, _HEADS["accuracy"], "limits", text)
    return 0


def _measure(arguments: argparse.Namespace) -> int:
    chosen, given = _chosen(arguments)
    done = 0
    for (measure, part), (below, work) in PARTS.items():
        folder = _folder(given, below)
        if measure != arguments.measure or part not in chosen or folder is None:
            continue
        text = work(folder)
        print(text, flush=True)
        put_section(arguments.out, _HEADS[measure], part, text)
        done += 1
    if not done:
        print(f"verify-svc bench: {given} holds no labelled items", file=sys.stderr)
    return 0 if done else 2


def _chosen(arguments: argparse.Namespace) -> tuple[set[str], Path]:
    """Which parts are to be measured, and the folder that was given. A part may be called by its folder's name too.
    Peers are measured when they are asked for, and then alone."""
    folders = {part: below for (measure, part), (below, _) in PARTS.items() if measure == arguments.measure}
    usual = folders.keys() - set(_PEERS_OF.values())
    beside = getattr(arguments, "peers", None)
    words = [*arguments.what, *([beside] if beside else [])]  # in `--peers DIR` the folder stands behind the option
    known = {word: {word} for word in folders}
    for below in set(folders.values()):
        if not Path(below).is_dir():
            known.setdefault(below, {part for part in usual if folders[part] == below})
    named = [known[word] for word in words if word in known]
    folder = Path(next((word for word in words if word not in known), _USUAL_FOLDER))
    parts = {arguments.only} if arguments.only else set().union(*named) or set(usual)
    return (parts if beside is None else {_PEERS_OF[part] for part in parts & _PEERS_OF.keys()}), folder


def _accuracy_documents(folder: Path) -> str:
    with _batches() as (_, judged):
        return f"## Certificates and forms\n\n{documents.table(documents.score_documents(folder, judged))}"


def _accuracy_forms(folder: Path) -> str:
    with _batches() as (_, judged):
        return f"## Forms\n\n{forms.table(forms.read_drawn(folder), judged)}"


def _accuracy_made_forms(folder: Path) -> str:
    with _batches() as (_, judged):
        head = "Drawn and photographed by `python -m tests.specimens.forms DIR/form 72`, with the faults at random."
        return f"## Forms, our own drawings\n\n{head}\n\n{forms.table(forms.read_labels(folder), judged)}"


def _accuracy_printed_forms(folder: Path) -> str:
    with _batches() as (_, judged):
        head = "Printed by the service, signed and photographed by `python -m tests.specimens.printed DIR/printed 90`."
        return f"## Forms that the service prints\n\n{head}\n\n{forms.table(forms.read_labels(folder), judged)}"


def _accuracy_clips(folder: Path) -> str:
    with _batches() as (_, judged):
        return f"## Selfie clips reading digits\n\n{clips.table(judge(read_clips(folder), judged))}"


def _accuracy_faces(folder: Path) -> str:
    with _batches() as (engines, judged):
        labelled = read_clips(folder)
        stills, frames = faces.see_stills(folder, engines), faces.see_frames(labelled, engines)
        found = judge(labelled, judged)
        table = faces.table(found, stills, frames, signs.loops(found, engines))
        return f"## Found faces and replays\n\n{table}"


def _accuracy_hints(folder: Path) -> str:
    sections = []
    with _batches() as (engines, judged):
        for title, beside in (("reading digits", folder), ("found", folder.with_name("face"))):
            if (beside / "labels.csv").is_file():
                told = hints.tell(engines, judge(read_clips(beside), judged))
                sections.append(f"### Clips {title}\n\n{hints.table(told)}")
    return "\n\n".join(["## Live hints", _machine(), *sections])


def _accuracy_digits(folder: Path) -> str:
    with _batches() as (engines, _):
        return f"## Spoken digits\n\n{digits.table(digits.score_spoken(engines, folder))}"


def _accuracy_devices(folder: Path) -> str:
    head = "One take recorded in many ways by `python -m tests.specimens.recordings DIR/devices`."
    seen = list(devices.see_recordings(devices.read_recordings(folder)))
    return f"## Recordings of every sort\n\n{head}\n\n{devices.table(seen)}"


@contextmanager
def _batches() -> Iterator[tuple[Engines, documents.Answers]]:
    """Engines, and what answers the lines of a batch with them and says how far it is."""
    engines = make_engines(_AT_ONCE, _AT_ONCE, prepare=warm_decoders)

    def judged(lines: Iterable[str]) -> Iterator[dict[str, Any]]:
        for number, answer in enumerate(answers(engines, lines, judge_file), 1):
            print(f"\r{number} items", end="", file=sys.stderr, flush=True)
            if "error" in answer:
                print(f"\n{answer['id']}: {answer['error']}", file=sys.stderr, flush=True)
            yield answer
        print(file=sys.stderr)

    try:
        yield engines, judged
    finally:
        engines.close()


def _speed_documents(folder: Path) -> str:
    return f"## Certificates\n\n{_machine()}\n\n{speed.table(speed.time_documents(folder))}"


def _speed_peers(folder: Path) -> str:
    table = peers.table(peers.compare_documents(folder))
    return f"## Open text readers on the same certificates\n\n{_machine()}\n\n{table}"


def _speed_forms(folder: Path) -> str:
    return f"## Forms\n\n{_machine()}\n\n{speed.table(speed.time_forms(folder, 'form'))}"


def _speed_printed_forms(folder: Path) -> str:
    return f"## Forms that the service prints\n\n{_machine()}\n\n{speed.table(speed.time_forms(folder, 'our print'))}"


def _speed_clips(folder: Path) -> str:
    timing = speed.time_clips(folder, folder.with_name("clip"))
    return f"## Selfie clips\n\n{_machine()}\n\n{speed.table([timing])}\n\n{speed.steps_table(timing)}"


def _speed_sizes(folder: Path) -> str:
    costs = list(sizes.time_sizes(folder, folder.with_name("clip")))
    return f"## A clip's cost by length and size\n\n{_machine()}\n\n{sizes.table(costs)}"


def _speed_held(folder: Path) -> str:
    table = held.table(list(held.watch_worker(folder)))
    return f"## What a worker holds in memory\n\n{_machine()}\n\n{table}"


def _speed_face_peers(folder: Path) -> str:
    table = face_peers.table(face_peers.compare_clips(folder, folder.with_name("clip")))
    return f"## A plain assembly of public parts on the same clips\n\n{_machine()}\n\n{table}"


def _machine() -> str:
    return f"One thread a child, {os.cpu_count()} cores; load average before: {os.getloadavg()[0]:.1f}."


PARTS: Mapping[tuple[str, str], tuple[str, Callable[[Path], str]]] = MappingProxyType(
    {
        ("accuracy", "documents"): ("document", _accuracy_documents),
        ("accuracy", "forms"): ("document", _accuracy_forms),
        ("accuracy", "made_forms"): ("form", _accuracy_made_forms),
        ("accuracy", "printed_forms"): ("printed", _accuracy_printed_forms),
        ("accuracy", "clips"): ("clip", _accuracy_clips),
        ("accuracy", "faces"): ("face", _accuracy_faces),
        ("accuracy", "hints"): ("clip", _accuracy_hints),
        ("accuracy", "digits"): ("speech", _accuracy_digits),
        ("accuracy", "devices"): ("devices", _accuracy_devices),
        ("speed", "documents"): ("document", _speed_documents),
        ("speed", "peers"): ("document", _speed_peers),
        ("speed", "forms"): ("form", _speed_forms),
        ("speed", "printed_forms"): ("printed", _speed_printed_forms),
        ("speed", "clips"): ("face", _speed_clips),
        ("speed", "sizes"): ("face", _speed_sizes),
        ("speed", "held"): ("face", _speed_held),
        ("speed", "face_peers"): ("face", _speed_face_peers),
    }
)
"""By measure and part: the part's folder, and what measures it and gives its section as Markdown."""


def _folder(given: Path, below: str) -> Path | None:
    """The part's folder in `given`, or `given` itself when it is that folder."""
    for folder in (given / below, given):
        if folder.name == below and (folder / "labels.csv").is_file():
            return folder
    return None
