"""The durable queue: a job is written in the transaction that asks for it, and survives any death of its worker.

DBOS keeps it in the same database. Rules that its trials taught: the web process only enqueues and runs no DBOS of its
own; arguments are ids alone (they are stored in plain, as are results, so a step returns nothing); the application's
version is set by hand, since a job of another version is never taken; `resume_workflow` forgets how often a job has
killed its worker, so that jobs of dead workers are recovered in the way that counts.
"""

from __future__ import annotations

import logging
import os
import socket
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import PurePath
from threading import Event as Signal
from threading import Thread
from typing import TYPE_CHECKING

import structlog

from verify_svc.ports import Clock, JobKind, Transaction
from verify_svc.store.database import Database
from verify_svc.store.sqlstore import SqlStore, SqlTransaction

if TYPE_CHECKING:
    from dbos import DBOSClient

APPLICATION = "verify-svc"
JOBS_VERSION = "1"
"""Changed only when a waiting job of the version before could not be run any more: it would wait for ever."""
ANALYSIS_QUEUE = "analysis"
DELIVERY_QUEUE = "delivery"
_QUEUES = {
    JobKind.ANALYSE: ANALYSIS_QUEUE,
    JobKind.COMPARE: ANALYSIS_QUEUE,
    JobKind.EXPORT: ANALYSIS_QUEUE,
    JobKind.PAPER: ANALYSIS_QUEUE,
    JobKind.DELIVER: DELIVERY_QUEUE,
}

_FRAMES_TOLD = 5
_CLEARED_AT_ONCE = 200

log = structlog.get_logger(__name__)

Handlers = Mapping[JobKind, Callable[[str], None]]
GiveUp = Callable[[JobKind, str], None]


@dataclass(frozen=True, slots=True)
class JobLimits:
    """How jobs are taken, tried again and taken over."""

    poll_s: float = 0.25
    """A phone waits for the answer; the query is cheap. # measured: 4 polls a second cost no visible CPU."""
    heartbeat_s: float = 1.0
    dead_after_s: float = 6.0
    """A false alarm costs a second run, never a second record; a true one delays an applicant. # guessed"""
    sweep_s: float = 1.0
    tries: int = 3
    retry_after_s: float = 1.0
    max_recoveries: int = 3
    """A job that has killed as many workers after the first is given up."""
    deliveries_at_once: int = 4
    stop_within_s: int = 30
    """How long a running job may still take after SIGTERM; then it is left to another worker."""
    clear_every: timedelta = timedelta(minutes=10)
    kept_for: timedelta = timedelta(days=1)
    """How long the queue's rows of finished jobs stay, for whoever looks into a fault."""


def job_id_in_queue(kind: JobKind, job_id: str) -> str:
    """The workflow's id: one per job, so that the same job again is the same row."""
    return f"{kind.value}.{job_id}"


class DurableJobs:
    """See `ports.Jobs`. Made after the fork; imports DBOS when the first job is queued, or in `warm`."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._client: DBOSClient | None = None

    def warm(self) -> None:
        """Import the queue's library now rather than at the first job."""
        self._connected()

    def enqueue(self, tx: Transaction, kind: JobKind, job_id: str) -> None:
        """Queue in the same transaction; the same id again changes nothing, even when that job is done."""
        if not isinstance(tx, SqlTransaction):
            raise TypeError("the queue is in the same database as the transaction")
        client = self._connected()
        from dbos import EnqueueOptions, WorkflowSerializationFormat

        options: EnqueueOptions = {
            "workflow_name": kind.value,
            "queue_name": _QUEUES[kind],
            "workflow_id": job_id_in_queue(kind, job_id),
            "app_version": JOBS_VERSION,
            # Plain JSON: what is read back from the database is never unpickled.
            "serialization_type": WorkflowSerializationFormat.PORTABLE,
        }
        client.enqueue_in_transaction(tx.connection, options, job_id)

    def _connected(self) -> DBOSClient:
        if self._client is None:
            from dbos import DBOSClient

            _hush()
            self._client = DBOSClient(
                system_database_engine=self._database.engine, application_name=APPLICATION, lazy=True
            )
        return self._client


class DurableJobRunner:
    """See `ports.JobRunner`. One per process: DBOS is a process-wide singleton."""

    def __init__(
        self, database: Database, store: SqlStore, clock: Clock, executor_id: str, limits: JobLimits | None = None
    ) -> None:
        self._database = database
        self._store = store
        self._clock = clock
        self._executor_id = executor_id
        self._limits = limits or JobLimits()
        self._cleared_at: datetime | None = None

    def run(
        self,
        handlers: Handlers,
        sweep: Callable[[], None],
        stop: Signal,
        *,
        give_up: GiveUp,
        ready: Callable[[], None] = lambda: None,
    ) -> None:
        """Take jobs until `stop` is set; then let the running one end and go."""
        from dbos import DBOS

        limits = self._limits
        _hush()
        self._beat()
        DBOS(
            config={
                "name": APPLICATION,
                "executor_id": self._executor_id,
                "application_version": JOBS_VERSION,
                "system_database_engine": self._database.engine,
                "run_migrations": False,
                "max_executor_threads": limits.deliveries_at_once + 8,
                "log_level": "ERROR",
            }
        )
        for kind, handler in handlers.items():
            _register(kind, handler, give_up, limits)
        DBOS.listen_queues([ANALYSIS_QUEUE, DELIVERY_QUEUE])
        DBOS.launch()
        # Beats on while the last job ends after `stop`: it must not be taken over meanwhile.
        ended = Signal()
        beating = Thread(target=self._beat_until, args=(ended,), name="heartbeat", daemon=True)
        beating.start()
        try:
            _open_queue(ANALYSIS_QUEUE, 1, limits)
            _open_queue(DELIVERY_QUEUE, limits.deliveries_at_once, limits)
            ready()
            while not stop.wait(limits.sweep_s):
                _attempt("take_over", self._take_over)
                _attempt("bury", partial(self._bury, give_up))
                _attempt("clear", self._clear)
                _attempt("sweep", sweep)
        finally:
            DBOS.destroy(workflow_completion_timeout_sec=limits.stop_within_s)
            ended.set()
            beating.join()
            _attempt("leave", self._leave)

    def _beat(self) -> None:
        with self._store.begin() as tx:
            tx.heartbeats.beat(self._executor_id, self._clock.now())

    def _beat_until(self, ended: Signal) -> None:
        while not ended.wait(self._limits.heartbeat_s):
            _attempt("beat", self._beat)

    def _leave(self) -> None:
        """Whatever is still marked as running here is free for another worker at once."""
        with self._store.begin() as tx:
            tx.heartbeats.beat(self._executor_id, self._clock.now() - timedelta(days=1))

    def _take_over(self) -> None:
        """Put the jobs of workers whose heart has stopped back in the queue; each counts as one more recovery."""
        from dbos import DBOS

        before = self._clock.now() - timedelta(seconds=self._limits.dead_after_s)
        with self._store.read() as tx:
            dead = [executor for executor in tx.heartbeats.silent_since(before) if executor != self._executor_id]
        for executor in dead:
            # Not `resume_workflow`: that sets the count of recoveries back to nought, and a job that kills its worker
            # would kill workers for ever. Idempotent: only rows still owned by the dead executor are touched.
            found = DBOS._recover_pending_workflows([executor])
            with self._store.begin() as tx:
                tx.heartbeats.remove(executor)
            log.info("worker_gone", executor_id=executor, jobs_taken_over=len(found))

    def _bury(self, give_up: GiveUp) -> None:
        """Tell the story of jobs that ended without their handler: those that killed worker after worker."""
        from dbos import DBOS

        for dead in DBOS.list_workflows(status=["ERROR", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"], load_input=False, limit=20):
            kind, _, job_id = dead.workflow_id.partition(".")
            log.error("job_given_up", job=dead.workflow_id, status=dead.status)
            give_up(JobKind(kind), job_id)
            DBOS.delete_workflow(dead.workflow_id)

    def _clear(self) -> None:
        """Take the rows of jobs that ended well a while ago out of the queue."""
        now = self._clock.now()
        if self._cleared_at is not None and now - self._cleared_at < self._limits.clear_every:
            return
        from dbos import DBOS

        ended = DBOS.list_workflows(
            status=["SUCCESS"],
            completed_before=(now - self._limits.kept_for).isoformat(),
            limit=_CLEARED_AT_ONCE,
            load_input=False,
            load_output=False,
        )
        DBOS.delete_workflows([row.workflow_id for row in ended])
        if len(ended) < _CLEARED_AT_ONCE:
            self._cleared_at = now


def make_executor_id(random_bytes: Callable[[int], bytes]) -> str:
    """A name for this worker process, never used again: a dead worker's jobs are told from its successor's."""
    return f"{socket.gethostname()}-{os.getpid()}-{random_bytes(4).hex()}"


def _register(kind: JobKind, handler: Callable[[str], None], give_up: GiveUp, limits: JobLimits) -> None:
    from dbos import DBOS

    @DBOS.step(name=f"{kind.value}_try")
    def done(job_id: str) -> bool:
        try:
            handler(job_id)
        except Exception as error:
            # Its kind and place alone: its words could hold personal data, and DBOS would store them.
            log.error("job_failed", job=job_id_in_queue(kind, job_id), **_told(error))
            return False
        return True

    @DBOS.step(name=f"{kind.value}_give_up")
    def end(job_id: str) -> None:
        give_up(kind, job_id)

    @DBOS.workflow(name=kind.value, max_recovery_attempts=limits.max_recoveries)
    def job(job_id: str) -> None:
        for attempt in range(limits.tries):
            if attempt:
                DBOS.sleep(limits.retry_after_s * 2 ** (attempt - 1))
            if done(job_id):
                return
        end(job_id)


def _open_queue(name: str, at_once: int, limits: JobLimits) -> None:
    from dbos import DBOS

    DBOS.register_queue(
        name, worker_concurrency=at_once, polling_interval_sec=limits.poll_s, on_conflict="always_update"
    )


def _attempt(name: str, chore: Callable[[], None]) -> None:
    """A chore comes again in a second: its fault is logged and ends nothing."""
    try:
        chore()
    except Exception as error:
        log.error("chore_failed", chore=name, **_told(error))


def _told(error: Exception) -> dict[str, str]:
    """What is logged of an error: its kind, and where it came from (innermost first)."""
    frames = reversed(traceback.extract_tb(error.__traceback__)[-_FRAMES_TOLD:])
    places = " < ".join(f"{PurePath(frame.filename).name}:{frame.lineno}" for frame in frames)
    return {"error": type(error).__name__, "at": places}


def _hush() -> None:
    """DBOS logs the words of errors; ours are logged by their kind alone."""
    logging.getLogger("dbos").setLevel(logging.ERROR)
