"""The whole service on PostgreSQL with two job workers, one of which freezes or dies in the middle of an analysis:
nothing is lost and nothing is judged twice."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any

import pytest
from sqlalchemy import text

from tests.browser.applicant import Applicant, Portal
from tests.browser.camera import recorded
from tests.browser.papers import photographs, unit_filing
from tests.browser.service import Service, running
from tests.store.postgresql import running_postgresql
from verify_svc.store.database import Database, open_database
from verify_svc.store.sqlstore import SqlStore
from verify_svc.store.vault import Vault, read_key_file

pytestmark = pytest.mark.weights

_PATIENCE_S = 120.0
_AT_WORK = ("decoding", "measuring")


@pytest.fixture(scope="module")
def database() -> Iterator[Database]:
    with running_postgresql() as url, closing(open_database(url)) as opened:
        yield opened


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory, database: Database) -> Iterator[Service]:
    address = database.engine.url.render_as_string(hide_password=False)
    with running(tmp_path_factory.mktemp("two"), address, workers=2) as started:
        until = time.monotonic() + _PATIENCE_S
        while (started.folder / "worker.log").read_text("utf-8").count("worker ready") < 2:
            assert time.monotonic() < until
            time.sleep(0.1)
        yield started


@pytest.fixture
def applicants(service: Service) -> Iterator[list[Applicant]]:
    """Two people past consent and mobile number."""
    portal = Portal(service)
    taken = []
    for _ in range(2):
        filing = unit_filing()
        applicant = Applicant.opening(service, portal.open(filing)["url"])
        applicant.agree()
        applicant.prove_phone(filing["responsible_person"]["mobile"])
        taken.append(applicant)
    yield taken
    for applicant in taken:
        applicant.client.close()
    portal.client.close()


Upload = Mapping[str, Any]


def filmed(applicant: Applicant, fault: str) -> tuple[Upload, Upload]:
    """A clip that was sent, and what the page says of it."""
    challenge = applicant.post("/face/challenge", {"language": "en", "mode": "live"})
    draft = applicant.draft("face", "clip", recorded("president", fault))
    return draft, {"challenge_id": challenge["id"], "shown_at_s": None}


def submit_at_once(applicants: list[Applicant]) -> list[tuple[Applicant, Upload]]:
    """The first one's clip, and everybody's licence and card, in the same moment; the clip comes first."""
    papers = photographs()
    drafts: list[tuple[Applicant, Upload, Upload | None]] = [(applicants[0], *filmed(applicants[0], "eyes_closed"))]
    for applicant in applicants:
        drafts += [
            (applicant, applicant.draft("subject_document", "page", papers.licence), None),
            (applicant, applicant.draft("person_document", "portrait", papers.portrait), None),
            (applicant, applicant.draft("person_document", "emblem", papers.emblem), None),
        ]
    with ThreadPoolExecutor(len(drafts)) as pool:
        waiting = [(applicant, pool.submit(applicant.submit, draft, said)) for applicant, draft, said in drafts]
        return [(applicant, each.result()) for applicant, each in waiting]


def worker_of(service: Service, database: Database, upload: Upload) -> subprocess.Popen[bytes]:
    """The worker that had the upload's job last. An executor's id: host, process, a random end."""
    query = text("SELECT executor_id FROM dbos.workflow_status WHERE workflow_uuid = :job")
    with database.reading() as connection:
        executor = str(connection.execute(query, {"job": f"analyse.{upload['id']}"}).scalar_one())
    process = int(executor.rsplit("-", 2)[1])
    return next(worker for worker in service.workers if worker.pid == process)


def caught_at_work(
    service: Service, database: Database, applicant: Applicant, clip: Upload, sent: signal.Signals
) -> subprocess.Popen[bytes]:
    """The worker that is in the middle of the clip, once it was sent the signal."""
    until = time.monotonic() + _PATIENCE_S
    while (applicant.upload_now(clip)["progress"] or {}).get("stage") not in _AT_WORK:
        assert time.monotonic() < until
    worker = worker_of(service, database, clip)
    os.kill(worker.pid, sent)
    return worker


def judgements(service: Service, database: Database, applicants: list[Applicant]) -> Counter[str]:
    """How often each upload's verdict was recorded."""
    keys = read_key_file(service.folder / "data" / "keys.json")
    with SqlStore(database, Vault(keys)).read() as tx:
        told = [row for applicant in applicants for row in tx.audit.of_session(applicant.state()["session"]["id"])]
    assert "analysis_broke" not in {row.what for row in told}
    return Counter(json.loads(row.detail)["upload"] for row in told if row.what == "upload_judged")


def assert_failed_once(applicant: Applicant, reason: str) -> None:
    face = applicant.step("face")
    assert face["state"] == "failed"
    assert face["attempts"]["used"] == 1
    # The clip came by the API in a file that no page recorded, at once: it counts as a fallback too.
    assert {each["code"] for each in face["reasons"]} == {reason, "capture_fallback_used"}


def test_a_worker_frozen_in_mid_analysis_and_thawed_does_not_judge_again(
    service: Service, applicants: list[Applicant], database: Database
) -> None:
    applicant = applicants[0]
    clip = applicant.submit(*filmed(applicant, "shake"))
    frozen = caught_at_work(service, database, applicant, clip, signal.SIGSTOP)
    applicant.judged(clip)
    other = worker_of(service, database, clip)
    assert other is not frozen
    # From here on only the thawed one works: what it judges next comes after the end of what it was at.
    other.send_signal(signal.SIGSTOP)
    frozen.send_signal(signal.SIGCONT)
    licence = applicant.send("subject_document", "page", photographs().licence)
    assert worker_of(service, database, licence) is frozen
    other.send_signal(signal.SIGCONT)
    assert judgements(service, database, [applicant]) == {clip["id"]: 1, licence["id"]: 1}
    assert_failed_once(applicant, "head_shaking")


def test_a_worker_killed_among_two_loses_nothing_and_each_step_is_judged_once(
    service: Service, applicants: list[Applicant], database: Database
) -> None:
    uploads = submit_at_once(applicants)
    first, clip = uploads[0]
    killed = caught_at_work(service, database, first, clip, signal.SIGKILL)
    killed.wait()
    assert first.upload_now(clip)["state"] == "processing"
    for applicant, upload in uploads:
        applicant.judged(upload)
    assert worker_of(service, database, clip) is not killed
    assert judgements(service, database, applicants) == {upload["id"]: 1 for _, upload in uploads}
    for applicant in applicants:
        assert applicant.step("subject_document")["state"] == "passed"
        assert applicant.step("person_document")["state"] == "passed"
    assert_failed_once(first, "eyes_closed")
