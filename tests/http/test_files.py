"""A portal takes a picture within its limits over HTTP: 200, 202 while it is made, or why there is none."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask, Response
from PIL import Image

from tests.flow.applicant import Applicant
from verify_svc.flow.analysis import Analysis
from verify_svc.flow.export import FileBeingMade, FileMade
from verify_svc.flow.handoff import redeem_link, waiting_link
from verify_svc.flow.judge import record
from verify_svc.flow.record import transact
from verify_svc.flow.services import Services
from verify_svc.http.files import Files, FileWaits
from verify_svc.media.export import FileFormat
from verify_svc.session.finding import Finding, Outcome
from verify_svc.session.report import judge_report
from verify_svc.session.steps import StepName

MADE = FileMade(b"picture", FileFormat.JPG, "same")
NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
LATER = FileBeingMade(NOW + timedelta(seconds=1))


@pytest.fixture
def path(portal: Any, filing: dict[str, Any], services: Services, sms: Any) -> str:
    """Where the files are of a session whose emblem side was judged; its validity wasn't read."""
    session_id = portal.call("POST", "/verification_sessions", filing).json["id"]
    token = waiting_link(services, session_id).token
    phone = redeem_link(services, token, device_kind="iPhone", browser="微信", cookie=None)
    applicant = Applicant(services, phone.phone, phone.cookie, sms).to_papers()
    upload_id = applicant.submits(StepName.PERSON_DOCUMENT, "emblem")
    report = judge_report((Finding("kind", Outcome.PASS),), {"kind": "id_card_emblem", "fields": {}})
    transact(services, lambda tx: record(services, tx, upload_id, Analysis(report)))
    return f"/verification_sessions/{session_id}/files/person_document.emblem"


def test_a_file_says_what_it_is(portal: Any, path: str) -> None:
    answer = portal.call("GET", f"{path}?max_bytes=60000&max_side=500")
    assert answer.status_code == 200
    assert answer.mimetype == "image/jpeg"
    assert answer.headers["X-Reading"] == "not_checked"
    assert answer.headers["Content-Disposition"] == 'inline; filename="person_document.emblem.jpg"'
    assert "no-store" in answer.headers["Cache-Control"]
    assert max(Image.open(io.BytesIO(answer.data)).size) == 500


def test_a_png_is_given_where_it_is_asked_for(portal: Any, path: str) -> None:
    answer = portal.call("GET", f"{path}?format=png")
    assert (answer.mimetype, answer.data[:4]) == ("image/png", b"\x89PNG")


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("max_bytes=1", "max_bytes"),
        ("max_bytes=2MB", "max_bytes"),
        ("max_side=10", "max_side"),
        ("format=gif", "format"),
    ],
)
def test_limits_that_are_none_are_named(portal: Any, path: str, query: str, field: str) -> None:
    answer = portal.call("GET", f"{path}?{query}")
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json["errors"]] == [field]


def answered(ask: Callable[[], FileMade | FileBeingMade], waits: FileWaits) -> tuple[Response, list[float]]:
    """The answer, and how long was slept."""
    slept: list[float] = []

    class At:
        def now(self) -> datetime:
            return NOW

    with Flask("files").app_context():
        return Files(waits, At(), slept.append).respond("card", ask), slept


def test_a_file_that_is_made_meanwhile_is_waited_for() -> None:
    given: Iterator[FileMade | FileBeingMade] = iter([LATER, LATER, MADE])
    answer, slept = answered(lambda: next(given), FileWaits())
    assert (answer.status_code, answer.data, answer.headers["X-Reading"]) == (200, b"picture", "same")
    assert len(slept) == 2


def test_a_file_that_takes_longer_is_to_be_asked_for_again() -> None:
    waits = FileWaits()
    answer, slept = answered(lambda: LATER, waits)
    assert (answer.status_code, answer.headers["Retry-After"], answer.json) == (202, "1", {"state": "processing"})
    assert sum(slept) == pytest.approx(waits.duration_s)


def test_only_some_calls_wait() -> None:
    answer, slept = answered(lambda: LATER, replace(FileWaits(), max_waiting=0))
    assert (answer.status_code, slept) == (202, [])
