"""Files come in and are handed in."""

from __future__ import annotations

from hashlib import sha256

import pytest

from tests.fakes.outside import NotedJobs, SetClock
from tests.fakes.services import POLICY
from tests.flow.applicant import CLIP, Applicant, a_picture
from verify_svc.flow.challenge import new_challenge
from verify_svc.flow.refusal import Kind, Refusal
from verify_svc.flow.services import Services
from verify_svc.flow.upload import picture_of_upload, put_file, show_upload, submit_clip, submit_picture
from verify_svc.ports import JobKind
from verify_svc.session.steps import StepName

LICENCE = StepName.SUBJECT_DOCUMENT


def test_a_draft_is_kept_sealed_with_its_size_and_a_preview(services: Services, applicant: Applicant) -> None:
    data = a_picture()
    upload_id = applicant.to_papers().puts(LICENCE, "page", data)
    shown = show_upload(services, applicant.phone, upload_id)
    assert (shown.state, shown.width, shown.height) == ("draft", 640, 480)
    assert picture_of_upload(services, applicant.phone, upload_id).startswith(b"\xff\xd8\xff")
    assert applicant.step(LICENCE).slots[0].state == "draft"


def test_the_same_bytes_are_the_same_upload(services: Services, applicant: Applicant) -> None:
    applicant.to_papers()
    assert applicant.puts(LICENCE, "page", a_picture()) == applicant.puts(LICENCE, "page", a_picture())


def test_a_submitted_upload_is_queued_once(services: Services, applicant: Applicant, jobs: NotedJobs) -> None:
    upload_id = applicant.to_papers().puts(LICENCE, "page")
    for _ in range(2):
        shown = submit_picture(services, applicant.phone, upload_id, corners=None, rotate_deg=0)
        assert (shown.state, shown.progress is not None) == ("processing", True)
    assert jobs.of(JobKind.ANALYSE) == [upload_id]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file_unreadable"),
        (b"GIF89a" + bytes(90), "file_type_not_allowed"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "file_type_not_allowed"),
        (b"\xff\xd8\xff" + bytes(200), "file_unreadable"),
        (bytes(POLICY.max_picture_bytes + 1), "file_too_large"),
    ],
)
def test_what_is_no_picture_is_refused_its_own_code(applicant: Applicant, data: bytes, code: str) -> None:
    applicant.to_papers()
    with pytest.raises(Refusal) as refused:
        applicant.puts(LICENCE, "page", data)
    assert refused.value.code == code


def test_bytes_that_changed_on_the_way_are_refused(services: Services, applicant: Applicant) -> None:
    applicant.to_papers()
    digest = sha256(b"other").hexdigest()
    with pytest.raises(Refusal, match="file_unreadable"):
        put_file(
            services,
            applicant.phone,
            step="subject_document",
            slot="page",
            data=a_picture(),
            sha256=digest,
            capture="album",
        )


@pytest.mark.parametrize(("step", "slot"), [("subject_document", "emblem"), ("../etc", "page"), ("phone", "page")])
def test_there_are_no_other_slots(services: Services, applicant: Applicant, step: str, slot: str) -> None:
    with pytest.raises(Refusal) as refused:
        put_file(services, applicant.phone, step=step, slot=slot, data=b"x", sha256="", capture="album")
    assert refused.value.kind is Kind.NOT_FOUND


def test_nothing_is_taken_before_consent(applicant: Applicant) -> None:
    with pytest.raises(Refusal) as refused:
        applicant.puts(LICENCE, "page")
    assert refused.value.kind is Kind.CONFLICT


def test_a_clip_is_handed_in_with_its_challenge_once(services: Services, applicant: Applicant) -> None:
    applicant.to_papers()
    first = new_challenge(services, applicant.phone, language="zh", mode="live")
    second = new_challenge(services, applicant.phone, language="zh", mode="live")
    assert first.id != second.id
    upload_id = applicant.puts(StepName.FACE, "clip", CLIP)
    with pytest.raises(Refusal, match="conflict"):
        submit_clip(services, applicant.phone, upload_id, challenge_id=first.id, shown_at_s=None)
    submit_clip(services, applicant.phone, upload_id, challenge_id=second.id, shown_at_s=None)
    again = applicant.puts(StepName.FACE, "clip", CLIP + b"again")
    with pytest.raises(Refusal, match="conflict"):
        submit_clip(services, applicant.phone, again, challenge_id=second.id, shown_at_s=None)


def test_a_challenge_is_good_for_sixty_seconds(services: Services, applicant: Applicant, clock: SetClock) -> None:
    applicant.to_papers()
    challenge = new_challenge(services, applicant.phone, language="en", mode="live")
    upload_id = applicant.puts(StepName.FACE, "clip", CLIP)
    clock.advance(seconds=61)
    with pytest.raises(Refusal, match="challenge_expired"):
        submit_clip(services, applicant.phone, upload_id, challenge_id=challenge.id, shown_at_s=None)


def test_another_sessions_upload_is_not_there(services: Services, applicant: Applicant) -> None:
    upload_id = applicant.to_papers().puts(LICENCE, "page")
    stranger = type(applicant.phone)(
        id="ph_x",
        session_id="vs_x",
        link_id="ln_x",
        token_hash="",
        device_kind="?",
        browser="?",
        created_at=applicant.phone.created_at,
        revoked_at=None,
    )
    with pytest.raises(Refusal, match="not_found"):
        show_upload(services, stranger, upload_id)
