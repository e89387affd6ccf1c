"""One session can't keep the decoding child busy, nor fill the store by sending at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.flow.applicant import Applicant, a_picture
from verify_svc.flow import upload
from verify_svc.flow.refusal import Refusal
from verify_svc.session.steps import StepName

CARD = StepName.PERSON_DOCUMENT


def test_what_could_not_be_read_counts_too(applicant: Applicant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upload, "MAX_SENT", 3)
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
    monkeypatch.setattr(upload, "MAX_UPLOADS", 2)
    applicant.to_papers()

    def put(number: int) -> bool:
        try:
            applicant.puts(CARD, "portrait", a_picture(number))
        except Refusal:
            return False
        return True

    with ThreadPoolExecutor(6) as threads:
        kept = list(threads.map(put, range(6)))
    assert kept.count(True) == 2
