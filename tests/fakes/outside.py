"""Hand-written fakes of what lies outside: time, randomness, the queue, SMS, webhooks. Each keeps its port's word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from sqlalchemy import event

from verify_svc.ports import JobKind, Passing, SentMessage, Transaction
from verify_svc.store.sqlstore import SqlTransaction


@dataclass
class SetClock:
    """A clock that a test sets."""

    at: datetime = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at

    def advance(self, **parts: float) -> None:
        self.at += timedelta(**parts)


@dataclass
class CountedRandomness:
    """Bytes that look random and are the same in each run."""

    drawn: int = 0

    def bytes(self, count: int) -> bytes:
        found = b""
        while len(found) < count:
            self.drawn += 1
            found += sha256(str(self.drawn).encode()).digest()
        return found[:count]


@dataclass
class NotedJobs:
    """Notes the jobs that were asked for, each once and with its transaction or not at all; a test takes them."""

    asked: list[tuple[JobKind, str]] = field(default_factory=list)

    def enqueue(self, tx: Transaction, kind: JobKind, job_id: str) -> None:
        job = (kind, job_id)
        if job in self.asked:
            return
        assert isinstance(tx, SqlTransaction)
        self.asked.append(job)
        event.listen(tx.connection, "rollback", lambda _connection: self.asked.remove(job), once=True)

    def of(self, kind: JobKind) -> list[str]:
        """The ids of one kind."""
        return [job_id for asked, job_id in self.asked if asked is kind]


@dataclass
class KeptSms:
    """Sends nothing; keeps what was to be sent, newest first."""

    clock: SetClock
    sent: list[SentMessage] = field(default_factory=list)

    def send(self, mobile: str, text: str) -> None:
        self.sent.insert(0, SentMessage(self.clock.now(), mobile, text))

    def messages(self) -> Sequence[SentMessage]:
        return self.sent


@dataclass
class AnsweredWebhooks:
    """Answers with the statuses it is given, one after another; None is no answer."""

    answers: list[int | None] = field(default_factory=list)
    bodies: list[str] = field(default_factory=list)

    def send(self, url: str, message_id: str, at: datetime, body: str, secrets: Sequence[str]) -> int:
        self.bodies.append(body)
        answer = self.answers.pop(0) if self.answers else 200
        if answer is None:
            raise Passing("no answer")
        return answer
