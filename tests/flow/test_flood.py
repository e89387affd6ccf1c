"""One session can't keep the decoding child busy, nor fill the store by sending at once."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace

import pytest

from tests.fakes.outside import SetClock
from tests.flow.applicant import CLIP, Applicant, a_picture
from verify_svc.flow import allowance, upload
from verify_svc.flow.challenge import new_challenge
from verify_svc.flow.judge import analyse
from verify_svc.flow.refusal import Kind, Refusal
from verify_svc.flow.services import Services
from verify_svc.flow.upload import submit_clip
from verify_svc.inference.engines import Engines
from verify_svc.inference.pool import ChildPool, PoolBusy, PoolLimits
from verify_svc.session.steps import StepName

CARD = StepName.PERSON_DOCUMENT


def test_what_could_not_be_read_counts_too(applicant: Applicant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(allowance, "SENT", replace(allowance.SENT, most=3))
    applicant.to_papers()
    refused = []
    for number in range(5):
        with pytest.raises(Refusal) as fault:
            applicant.puts(CARD, "portrait", b"\xff\xd8\xff\xe0 broken %d" % number)
        refused.append(fault.value.code)
    assert refused == ["file_unreadable"] * 3 + ["rate_limited"] * 2


def test_files_sent_at_once_are_no_more_than_the_session_may_keep(
    applicant: Applicant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(allowance, "MAX_UPLOADS", 2)
    applicant.to_papers()

    def put(number: int) -> bool:
        while True:
            try:
                applicant.puts(CARD, "portrait", a_picture(number))
            except Refusal as refused:
                if refused.kind is Kind.BUSY:
                    continue
                return False
            return True

    with ThreadPoolExecutor(6) as threads:
        kept = list(threads.map(put, range(6)))
    assert kept.count(True) == 2


def test_of_clips_handed_in_at_once_with_one_challenge_one_is_taken(
    applicant: Applicant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(allowance, "MAX_UPLOADS", 10)
    applicant.to_papers()
    challenge = new_challenge(applicant.services, applicant.phone, language="zh", mode="live")
    drafts = [applicant.puts(StepName.FACE, "clip", CLIP + bytes([number])) for number in range(6)]

    def submit(upload_id: str) -> Kind | None:
        try:
            submit_clip(applicant.services, applicant.phone, upload_id, challenge_id=challenge.id, shown_at_s=None)
        except Refusal as refused:
            return refused.kind
        return None

    with ThreadPoolExecutor(6) as threads:
        told = list(threads.map(submit, drafts))
    assert (told.count(None), told.count(Kind.CONFLICT)) == (1, 5)


def test_one_picture_of_a_session_is_looked_at_at_a_time(
    applicant: Applicant, services: Services, clock: SetClock
) -> None:
    applicant.to_papers()
    with allowance.one_at_a_time(services, applicant.session_id):
        with pytest.raises(Refusal) as fault:
            applicant.puts(CARD, "portrait", a_picture(1))
        assert (fault.value.kind, fault.value.code) == (Kind.BUSY, "unavailable")
        assert fault.value.retry_at is not None
        assert fault.value.retry_at > clock.now()
    assert applicant.puts(CARD, "portrait", a_picture(1))


def test_a_process_that_died_over_a_picture_locks_nobody_out(
    applicant: Applicant, services: Services, clock: SetClock
) -> None:
    applicant.to_papers()
    with allowance.one_at_a_time(services, applicant.session_id):
        clock.advance(seconds=31)
        assert applicant.puts(CARD, "portrait", a_picture(1))


@pytest.fixture
def crowded(services: Services) -> Iterator[Services]:
    """The service while its only child is held."""
    with closing(ChildPool(limits=PoolLimits(max_wait_s=0.1))) as pool, ThreadPoolExecutor(1) as thread:
        pool.call(60, int)
        thread.submit(pool.call, 60, time.sleep, 3.0)
        time.sleep(0.2)
        yield replace(services, engines=Engines(pool, pool))


def test_a_service_without_a_free_child_asks_for_patience_and_counts_no_attempt(
    applicant: Applicant, crowded: Services
) -> None:
    applicant.to_papers()
    with pytest.raises(Refusal) as fault:
        replace(applicant, services=crowded).puts(CARD, "portrait", a_picture(1))
    assert (fault.value.kind, fault.value.code) == (Kind.BUSY, "unavailable")
    assert applicant.step(CARD).attempts.used == 0
    assert applicant.puts(CARD, "portrait", a_picture(1))


def test_a_job_without_a_free_child_is_left_to_be_tried_again(applicant: Applicant, crowded: Services) -> None:
    upload_id = applicant.to_papers().submits(CARD, "portrait")
    with pytest.raises(PoolBusy):
        analyse(crowded, upload_id)
    assert upload.show_upload(crowded, applicant.phone, upload_id).state == "processing"
    assert applicant.step(CARD).attempts.used == 0
