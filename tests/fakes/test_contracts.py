"""What each port promises, held against the real thing and the fake that stands for it in tests."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import text

from tests.fakes.outside import AnsweredWebhooks, CountedRandomness, KeptSms, NotedJobs, SetClock
from verify_svc.bootstrap import SystemClock, SystemRandomness
from verify_svc.notify.sms import ConsoleSms
from verify_svc.notify.webhook import SignedWebhooks
from verify_svc.ports import Clock, Inbox, JobKind, Jobs, Passing, Randomness, SentMessage, Sms, Store, WebhookSender
from verify_svc.store.database import Database, open_database
from verify_svc.store.inbox import SqlInbox
from verify_svc.store.jobs import DurableJobs, job_id_in_queue
from verify_svc.store.migrate import migrate
from verify_svc.store.sqlstore import SqlStore
from verify_svc.store.vault import Keyring, Vault

VAULT = Vault(Keyring("test-1", {"test-1": bytes(range(32))}))


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("contracts") / "store.db"
    with closing(open_database(f"sqlite:///{path}")) as database:
        migrate(database)
    return path


@pytest.fixture
def database(migrated: Path, tmp_path: Path) -> Iterator[Database]:
    shutil.copy(migrated, tmp_path / "store.db")
    with closing(open_database(f"sqlite:///{tmp_path / 'store.db'}")) as opened:
        yield opened


@pytest.fixture
def store(database: Database) -> Store:
    return SqlStore(database, VAULT)


@pytest.mark.parametrize("clock", [SystemClock(), SetClock()], ids=["real", "fake"])
def test_a_clock_tells_an_aware_time_in_utc_and_never_goes_back(clock: Clock) -> None:
    first, second = clock.now(), clock.now()
    assert first.utcoffset() == timedelta(0)
    assert first <= second


@pytest.mark.parametrize("randomness", [SystemRandomness(), CountedRandomness()], ids=["real", "fake"])
@pytest.mark.parametrize("count", [0, 1, 16, 33, 100])
def test_randomness_gives_as_many_bytes_as_asked_and_others_each_time(randomness: Randomness, count: int) -> None:
    drawn = [randomness.bytes(count) for _ in range(2)]
    assert [len(each) for each in drawn] == [count, count]
    assert count < 16 or drawn[0] != drawn[1]


@pytest.fixture(params=["real", "fake"])
def sms(request: pytest.FixtureRequest, database: Database) -> Sms:
    clock = SetClock()
    if request.param == "fake":
        return KeptSms(clock)
    inbox = SqlInbox(database, VAULT)
    return ConsoleSms(inbox.add, inbox.messages, clock)


def test_a_development_sms_shows_what_it_was_given_newest_first(sms: Sms) -> None:
    assert isinstance(sms, Inbox)
    assert list(sms.messages()) == []
    sms.send("13800138000", "验证码 123456")
    sms.send("13900139000", "验证码 654321")
    at = SetClock().now()
    assert list(sms.messages()) == [
        SentMessage(at, "13900139000", "验证码 654321"),
        SentMessage(at, "13800138000", "验证码 123456"),
    ]


@pytest.fixture(params=["real", "fake"])
def queue(request: pytest.FixtureRequest, database: Database) -> tuple[Jobs, Callable[[], list[str]]]:
    """The queue, and what is in it."""
    if request.param == "fake":
        fake = NotedJobs()
        return fake, lambda: sorted(job_id_in_queue(kind, job_id) for kind, job_id in fake.asked)

    def queued() -> list[str]:
        with database.reading() as connection:
            return sorted(connection.execute(text("SELECT workflow_uuid FROM workflow_status")).scalars())

    return DurableJobs(database), queued


def test_a_job_is_queued_once_and_with_its_transaction(
    queue: tuple[Jobs, Callable[[], list[str]]], store: Store
) -> None:
    jobs, queued = queue
    for _ in range(2):
        with store.begin() as tx:
            jobs.enqueue(tx, JobKind.ANALYSE, "up_1")
            jobs.enqueue(tx, JobKind.ANALYSE, "up_1")
            jobs.enqueue(tx, JobKind.DELIVER, "up_1")
    assert queued() == ["analyse.up_1", "deliver.up_1"]


def test_no_job_is_left_of_a_transaction_that_raised(queue: tuple[Jobs, Callable[[], list[str]]], store: Store) -> None:
    jobs, queued = queue

    def fail() -> None:
        with store.begin() as tx:
            jobs.enqueue(tx, JobKind.ANALYSE, "up_1")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert queued() == []
    with store.begin() as tx:
        jobs.enqueue(tx, JobKind.ANALYSE, "up_1")
    assert queued() == ["analyse.up_1"]


class _Answers(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(int(self.path[1:]))
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def portal() -> Iterator[str]:
    """A server that answers with the status in the address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Answers)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.parametrize("kind", ["real", "fake"])
@pytest.mark.parametrize("status", [204, 410, 500])
def test_a_webhook_gives_the_status_that_was_answered(kind: str, status: int, portal: str) -> None:
    sender: WebhookSender = SignedWebhooks() if kind == "real" else AnsweredWebhooks([status])
    assert _send(sender, f"{portal}/{status}") == status


@pytest.mark.parametrize("kind", ["real", "fake"])
def test_a_webhook_that_nobody_answers_is_a_passing_fault(kind: str) -> None:
    sender: WebhookSender = SignedWebhooks() if kind == "real" else AnsweredWebhooks([None])
    with pytest.raises(Passing):
        _send(sender, "http://127.0.0.1:9/")


def _send(sender: WebhookSender, url: str) -> int:
    return sender.send(url, "msg_1", datetime.now(UTC), "{}", ("whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3",))
