"""`verify-svc bench accuracy [PART] DIR` and `verify-svc bench speed [PART] DIR`.

Each part fills its own section of docs/accuracy.md or docs/performance.md; what another part wrote stays.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any

from verify_svc.bench import clips, digits, documents, faces, forms, peers, speed
from verify_svc.commands.batch import answers
from verify_svc.commands.check import judge_file
from verify_svc.inference.engines import Engines, make_engines

_AT_ONCE = 2
_PEERS = "peers"
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
    """Add the two measurements."""
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
                help="measure open text readers on the same certificates, those that are installed",
            )
        one.add_argument("--out", type=Path, default=Path(page), help=f"the page to write (default {page})")


def run(arguments: argparse.Namespace) -> int:
    """0 when something was measured, 2 when the folder holds nothing to measure."""
    chosen, given = _chosen(arguments)
    done = 0
    for (measure, part), (below, work) in PARTS.items():
        folder = _folder(given, below)
        if measure != arguments.measure or part not in chosen or folder is None:
            continue
        text = work(folder)
        print(text, flush=True)
        _write(arguments.out, _HEADS[measure], part, text)
        done += 1
    if not done:
        print(f"verify-svc bench: {given} holds no labelled items", file=sys.stderr)
    return 0 if done else 2


def _chosen(arguments: argparse.Namespace) -> tuple[set[str], Path]:
    """Which parts are to be measured, and the folder that was given. Peers are measured when they are asked for."""
    known = {part for measure, part in PARTS if measure == arguments.measure}
    beside = getattr(arguments, "peers", None)
    words = [*arguments.what, *([beside] if beside else [])]  # in `--peers DIR` the folder stands behind the option
    folder = Path(next((word for word in words if word not in known), _USUAL_FOLDER))
    if beside is not None:
        return {_PEERS}, folder
    return {arguments.only} if arguments.only else known.intersection(words) or known - {_PEERS}, folder


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
        return f"## Selfie clips reading digits\n\n{clips.table(clips.score_clips(folder, judged))}"


def _accuracy_faces(folder: Path) -> str:
    with _batches() as (engines, judged):
        seen = faces.judge_clips(folder, judged)
        return f"## Found faces and replays\n\n{faces.table(seen, faces.see_stills(folder, engines))}"


def _accuracy_digits(folder: Path) -> str:
    with _batches() as (engines, _):
        return f"## Spoken digits\n\n{digits.table(digits.score_spoken(engines, folder))}"


@contextmanager
def _batches() -> Iterator[tuple[Engines, documents.Answers]]:
    """Engines, and what answers the lines of a batch with them and says how far it is."""
    engines = make_engines(_AT_ONCE, _AT_ONCE)

    def judged(lines: Iterable[str]) -> Iterator[dict[str, Any]]:
        for number, answer in enumerate(answers(engines, lines, judge_file), 1):
            print(f"\r{number} items", end="", file=sys.stderr, flush=True)
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
    table = speed.table(speed.time_clips(folder, folder.with_name("clip")))
    return f"## Selfie clips\n\n{_machine()}\n\n{table}"


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
        ("accuracy", "digits"): ("speech", _accuracy_digits),
        ("speed", "documents"): ("document", _speed_documents),
        ("speed", _PEERS): ("document", _speed_peers),
        ("speed", "forms"): ("form", _speed_forms),
        ("speed", "printed_forms"): ("printed", _speed_printed_forms),
        ("speed", "clips"): ("face", _speed_clips),
    }
)
"""By measure and part: the part's folder, and what measures it and gives its section as Markdown."""


def _folder(given: Path, below: str) -> Path | None:
    """The part's folder in `given`, or `given` itself when it is that folder."""
    for folder in (given / below, given):
        if folder.name == below and (folder / "labels.csv").is_file():
            return folder
    return None


def _write(page: Path, head: str, part: str, text: str) -> None:
    """Put `text` in place of the part's section of the page."""
    begin, end = f"<!-- {part} -->", f"<!-- /{part} -->"
    section = f"{begin}\n{text.strip()}\n{end}"
    before = page.read_text(encoding="utf-8") if page.exists() else head
    pattern = re.compile(re.escape(begin) + ".*?" + re.escape(end), re.DOTALL)
    after = pattern.sub(lambda _: section, before) if pattern.search(before) else f"{before.rstrip()}\n\n{section}\n"
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(after, encoding="utf-8")
