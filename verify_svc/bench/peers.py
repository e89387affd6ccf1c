"""Certificates read by this service and by open text readers: the same pictures, one after another, one thread each."""

from __future__ import annotations

import re
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from verify_svc.bench.labels import Item, read_items
from verify_svc.bench.speed import MeasuringPool, Spent, measuring_engines
from verify_svc.certificate.kinds import CertificateKind
from verify_svc.document.check import DocumentWanted, check_document
from verify_svc.inference.peers import PEER_PACKAGES, READERS, is_installed, read_as

_EACH = 10  # pictures of a kind
_KINDS = ("id_card_portrait", "business_licence")
_LIMIT_S = 300.0  # for one picture, the weights loaded first
OURS = "verify-svc"

Reads = Callable[[bytes, Item], bool]
"""Whether the item's number is read right in the picture."""


@dataclass(slots=True)
class Tally:
    """One reader over one kind's pictures."""

    reader: str
    kind: str
    right: int = 0
    cpu_s: list[float] = field(default_factory=list)
    resident_bytes: int = 0

    def line(self) -> str:
        """A row of the table: medians, and the most in brackets."""
        cpu = f"{statistics.median(self.cpu_s):.2f} ({max(self.cpu_s):.2f})"
        memory = f"{self.resident_bytes / 2**20:.0f}"
        return f"| {self.kind} | {self.reader} | {self.right} of {len(self.cpu_s)} | {cpu} | {memory} |"


def compare_documents(folder: Path) -> list[Tally]:
    """Let each reader that is installed read the good pictures whose number is labelled."""
    items = [item for item in read_items(folder) if not item.fault and item.legible and item.number]
    return [tally for reader in (OURS, *filter(is_installed, READERS)) for tally in _tallies(reader, folder, items)]


def table(tallies: Sequence[Tally]) -> str:
    """The comparison as Markdown, with the readers that are missing."""
    head = ["| kind | reader | numbers right | CPU-s: median (most) | largest child, MiB |", "|---|---|---|---|---|"]
    missing = [f"{peer} is not installed: `{PEER_PACKAGES}`." for peer in READERS if not is_installed(peer)]
    rows = [tally.line() for kind in _KINDS for tally in tallies if tally.kind == kind]
    return "\n".join([*head, *rows, *([""] if missing else []), *missing])


def _tallies(reader: str, folder: Path, items: Sequence[Item]) -> Iterator[Tally]:
    spent = Spent()
    reads, close = _ours(spent) if reader == OURS else _peer(spent, reader)
    try:
        reads((folder / items[0].file).read_bytes(), items[0])  # loads the weights
        for kind in _KINDS:
            tally = Tally(reader, kind)
            for item in [item for item in items if item.asked == kind][:_EACH]:
                data = (folder / item.file).read_bytes()
                before = spent.cpu_s + time.process_time()
                tally.right += reads(data, item)
                tally.cpu_s.append(spent.cpu_s + time.process_time() - before)
            tally.resident_bytes = spent.most_resident_bytes
            yield tally
    finally:
        close()


def _ours(spent: Spent) -> tuple[Reads, Callable[[], None]]:
    engines = measuring_engines(spent)

    def reads(data: bytes, item: Item) -> bool:
        report = check_document(engines, data, DocumentWanted(CertificateKind(item.asked)))
        number = (report.properties.get("fields") or {}).get("number") or {}
        return number.get("value") == item.number

    return reads, engines.close


def _peer(spent: Spent, peer: str) -> tuple[Reads, Callable[[], None]]:
    pool = MeasuringPool(spent)

    def reads(data: bytes, item: Item) -> bool:
        lines = pool.call(_LIMIT_S, read_as, peer, data)
        return any(item.number in re.sub(r"\s", "", line) for line in lines)

    return reads, pool.close
