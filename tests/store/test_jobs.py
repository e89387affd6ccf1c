"""The durable queue, with real worker processes that are really killed."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from tests.store.made_rows import a_session
from verify_svc.ports import JobKind
from verify_svc.store.database import Database
from verify_svc.store.jobs import DurableJobs
from verify_svc.store.sqlstore import SqlStore

_PATIENCE_S = 180.0
"""For one awaited note, on a machine that does other things too."""


class Workers:
    """Worker processes by name, and what they noted."""

    def __init__(self, url: str, notes: Path) -> None:
        self._url = url
        self._notes = notes
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str) -> None:
        """Start one and wait until it takes jobs."""
        program = str(Path(__file__).with_name("job_worker.py"))
        self._running[name] = subprocess.Popen([sys.executable, program, self._url, name, str(self._notes)])
        self.wait_for(f"{name} ready")

    def send(self, name: str, signal_number: signal.Signals) -> None:
        """Send one a signal; for SIGKILL wait until it is dead."""
        self._running[name].send_signal(signal_number)
        if signal_number is signal.SIGKILL:
            self._running[name].wait(_PATIENCE_S)

    def freeze(self, name: str, database: Database) -> None:
        """Stop one with SIGSTOP outside any transaction: on SQLite one frozen within it blocks all."""
        deadline = time.monotonic() + _PATIENCE_S
        while True:
            self.send(name, signal.SIGSTOP)
            try:
                with database.writing():
                    return
            except OperationalError:
                assert time.monotonic() < deadline, self.notes()
                self.send(name, signal.SIGCONT)
                time.sleep(0.1)  # to let it end the transaction

    def end(self, name: str) -> int:
        """Wait for its end; gives the exit status."""
        return self._running[name].wait(_PATIENCE_S)

    def notes(self) -> list[str]:
        """All notes so far."""
        return self._notes.read_text("utf-8").splitlines() if self._notes.exists() else []

    def count(self, what: str) -> int:
        """How often any worker noted that."""
        return sum(note.split(" ", 1)[1] == what for note in self.notes())

    def wait_for(self, *wanted: str) -> None:
        """Wait until every note is there; without a worker's name, from any."""
        self.wait_until(
            lambda: all(any(note == one or note.endswith(f" {one}") for note in self.notes()) for one in wanted)
        )

    def wait_until(self, met: Callable[[], bool]) -> None:
        """Look again and again."""
        deadline = time.monotonic() + _PATIENCE_S
        while not met():
            assert time.monotonic() < deadline, self.notes()
            time.sleep(0.05)

    def close(self) -> None:
        """Leave none running."""
        for process in self._running.values():
            if process.poll() is None:
                process.send_signal(signal.SIGCONT)
                process.kill()
                process.wait()


@pytest.fixture
def workers(url: str, tmp_path: Path) -> Iterator[Workers]:
    """Workers on that database."""
    started = Workers(url, tmp_path / "notes")
    yield started
    started.close()


@pytest.fixture
def jobs(database: Database) -> DurableJobs:
    """The queue, as a web process has it."""
    return DurableJobs(database)


def _queue(store: SqlStore, jobs: DurableJobs, *job_ids: str, kind: JobKind = JobKind.ANALYSE) -> None:
    for job_id in job_ids:
        with store.begin() as tx:
            jobs.enqueue(tx, kind, job_id)


def _statuses(database: Database) -> dict[str, str]:
    table = "workflow_status" if database.engine.dialect.name == "sqlite" else "dbos.workflow_status"
    with database.reading() as connection:
        rows = connection.execute(text(f"SELECT workflow_uuid, status FROM {table}"))
        return {row[0]: row[1] for row in rows}


def test_a_job_is_queued_with_its_row_or_not_at_all(store: SqlStore, jobs: DurableJobs, database: Database) -> None:
    def fail_after_queueing() -> None:
        with store.begin() as tx:
            tx.sessions.add(a_session())
            jobs.enqueue(tx, JobKind.ANALYSE, "up_1")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_after_queueing()
    assert _statuses(database) == {}
    with store.begin() as tx:
        tx.sessions.add(a_session())
        jobs.enqueue(tx, JobKind.ANALYSE, "up_1")
        jobs.enqueue(tx, JobKind.ANALYSE, "up_1")
    assert _statuses(database) == {"analyse.up_1": "ENQUEUED"}


def test_jobs_are_done_once_each_and_a_repeated_one_not_again(
    store: SqlStore, jobs: DurableJobs, workers: Workers, database: Database
) -> None:
    _queue(store, jobs, "up_1", "up_2", "bad_3")
    _queue(store, jobs, "dl_1.0", kind=JobKind.DELIVER)
    workers.start("one")
    workers.wait_for("end analyse up_1", "end analyse up_2", "end deliver dl_1.0", "give_up analyse bad_3")
    _queue(store, jobs, "up_1", "up_4")
    workers.wait_for("end analyse up_4")
    assert [workers.count(f"end analyse {job}") for job in ("up_1", "up_2", "up_4")] == [1, 1, 1]
    # A handler that raises is tried three times in all; its words are stored nowhere.
    assert workers.count("begin analyse bad_3") == 3
    workers.wait_until(lambda: set(_statuses(database).values()) == {"SUCCESS"})
    # What ended well leaves the queue after a while.
    workers.wait_until(lambda: _statuses(database) == {})
    workers.send("one", signal.SIGTERM)
    assert workers.end("one") == 0


def test_a_worker_killed_in_mid_job_loses_nothing_and_another_takes_over(
    store: SqlStore, jobs: DurableJobs, workers: Workers
) -> None:
    _queue(store, jobs, "up_1", "long_2", "up_3")
    workers.start("one")
    workers.wait_for("one begin analyse long_2")
    workers.send("one", signal.SIGKILL)
    workers.start("two")
    workers.wait_for("two end analyse long_2", "end analyse up_3")
    assert workers.count("end analyse up_1") == 1
    assert workers.count("end analyse long_2") == 1
    assert workers.count("begin analyse long_2") == 2


def test_a_false_take_over_ends_in_one_result(
    store: SqlStore, jobs: DurableJobs, workers: Workers, database: Database
) -> None:
    _queue(store, jobs, "long_1")
    workers.start("one")
    workers.wait_for("one begin analyse long_1")
    workers.freeze("one", database)
    workers.start("two")
    workers.wait_for("two begin analyse long_1")
    workers.send("one", signal.SIGCONT)
    workers.wait_for("one end analyse long_1", "two end analyse long_1")
    workers.wait_until(lambda: _statuses(database) == {"analyse.long_1": "SUCCESS"})
    # Both go on working afterwards.
    _queue(store, jobs, "long_2", "long_3")
    workers.wait_for("end analyse long_2", "end analyse long_3")


def test_a_stopped_worker_lets_its_job_end_first(store: SqlStore, jobs: DurableJobs, workers: Workers) -> None:
    _queue(store, jobs, "long_1", "up_2")
    workers.start("one")
    workers.wait_for("begin analyse long_1")
    workers.send("one", signal.SIGTERM)
    assert workers.end("one") == 0
    assert workers.notes()[-2:] == ["one end analyse long_1", "one gone"]
    workers.start("two")
    workers.wait_for("two end analyse up_2")


def test_a_job_that_kills_worker_after_worker_is_given_up(
    store: SqlStore, jobs: DurableJobs, workers: Workers, database: Database
) -> None:
    _queue(store, jobs, "poison_1")
    for name in ("one", "two", "three", "four"):
        workers.start(name)
        assert workers.end(name) == -signal.SIGKILL
    workers.start("five")
    workers.wait_for("five give_up analyse poison_1")
    assert workers.count("begin analyse poison_1") == 4
    workers.wait_until(lambda: _statuses(database) == {})


def test_the_queue_wants_a_transaction_of_its_own_database(jobs: DurableJobs) -> None:
    with pytest.raises(TypeError):
        jobs.enqueue(object(), JobKind.ANALYSE, "up_1")  # type: ignore[arg-type]  # that is the point
