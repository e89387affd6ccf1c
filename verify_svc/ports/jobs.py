"""The durable queue and who works it off."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from threading import Event as Signal
from typing import Protocol

from verify_svc.ports.store import Transaction


class JobKind(StrEnum):
    """The durable jobs. The job's id says what it is about."""

    ANALYSE = "analyse"
    """Judge an upload; the id is the upload's."""
    COMPARE = "compare"
    """Compare a clip's face with a card's portrait; the id is `<clip upload>.<portrait upload>`."""
    EXPORT = "export"
    """Make a file within a portal's limits and read it again; the id names the picture and the limits."""
    PAPER = "paper"
    """Judge a paper; the id is the paper's."""
    DELIVER = "deliver"
    """Send a webhook; the id is `<delivery>.<attempt>`."""


class Jobs(Protocol):
    """The durable queue: at least once, each id recorded once."""

    def enqueue(self, tx: Transaction, kind: JobKind, job_id: str) -> None:
        """Queue in the same transaction; the same id again changes nothing."""
        ...


class JobRunner(Protocol):
    """A worker process's loop; one analysis (analyse, compare, export, paper) at a time, deliveries beside it."""

    def run(
        self,
        handlers: Mapping[JobKind, Callable[[str], None]],
        sweep: Callable[[], None],
        stop: Signal,
        *,
        give_up: Callable[[JobKind, str], None],
        ready: Callable[[], None] = lambda: None,
    ) -> None:
        """Take jobs until `stop` is set; `sweep` is called every second or so, its own faults are logged.

        Beats the heart, and takes over the jobs of workers whose heart has stopped. A handler that raises is tried
        again, three times in all; then `give_up` is called with the job's kind and id, as it is for a job whose
        worker died over it again and again. Handlers and `give_up` run at least once: they must bear a repetition.
        `ready` is called once, when jobs are being taken.
        """
        ...
