"""A worker process for the queue's tests: notes in a file what it does, and does what the job's id says.

Run as: python job_worker.py URL NAME NOTES. It says `ready` and what each handler began and ended; `long…` takes 2 s,
`bad…` raises, `poison…` kills its process.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from threading import Event

from verify_svc.ports import JobKind
from verify_svc.store.database import open_database
from verify_svc.store.jobs import DurableJobRunner, JobLimits, make_executor_id
from verify_svc.store.sqlstore import SqlStore
from verify_svc.store.vault import Keyring, Vault

LIMITS = JobLimits(
    poll_s=0.1,
    heartbeat_s=0.3,
    dead_after_s=1.5,
    sweep_s=0.3,
    retry_after_s=0.1,
    stop_within_s=10,
    clear_every=timedelta(seconds=1),
    kept_for=timedelta(seconds=8),
)


class WallClock:
    """The real time."""

    def now(self) -> datetime:
        """Aware, in UTC."""
        return datetime.now(UTC)


def main(url: str, name: str, notes: Path) -> None:
    """Take jobs until SIGTERM."""

    def note(what: str) -> None:
        with notes.open("a", encoding="utf-8") as file:
            file.write(f"{name} {what}\n")

    def handle(kind: JobKind, job_id: str) -> None:
        note(f"begin {kind.value} {job_id}")
        if job_id.startswith("poison"):
            os.kill(os.getpid(), signal.SIGKILL)
        if job_id.startswith("bad"):
            raise ValueError("words that must not be stored")
        if job_id.startswith("long"):
            time.sleep(2)
        note(f"end {kind.value} {job_id}")

    stop = Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    database = open_database(url)
    store = SqlStore(database, Vault(Keyring("test-1", {"test-1": bytes(range(32))})))
    runner = DurableJobRunner(database, store, WallClock(), make_executor_id(os.urandom), LIMITS)
    runner.run(
        {kind: partial(handle, kind) for kind in JobKind},
        lambda: None,
        stop,
        give_up=lambda kind, job_id: note(f"give_up {kind.value} {job_id}"),
        ready=lambda: note("ready"),
    )
    note("gone")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
