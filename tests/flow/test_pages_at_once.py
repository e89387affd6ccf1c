"""Pages of a form that come, go and are handed in at the same time: none is lost, written over or left behind."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from tests.fakes.outside import SetClock
from tests.flow.applicant import Applicant, a_picture
from tests.flow.sent_papers import AGREEMENT, Send
from tests.flow.test_more_pages import SLOT, Reader, another, judged, row_of
from verify_svc.flow import form, more_pages, pictures, upload
from verify_svc.flow.more_pages import remove_page
from verify_svc.flow.open import cancel_session
from verify_svc.flow.refusal import Kind, Refusal
from verify_svc.flow.retain import purge_session
from verify_svc.flow.services import Services
from verify_svc.flow.upload import Seen, submit_picture
from verify_svc.flow.upload_pages import pages_of
from verify_svc.ports import ApiKeyRow, UploadRow
from verify_svc.session.steps import StepName


@pytest.fixture
def draft(applicant: Applicant) -> str:
    """A form of which the first page was sent."""
    return applicant.to_papers().puts(StepName.FORMS, SLOT, a_picture(1))


def meanwhile(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
    """Have that done while the next page is looked at."""
    looked, left = upload.look_at, [act]

    def look_at(services: Services, session_id: str, name: StepName, data: bytes) -> Seen:
        seen = looked(services, session_id, name, data)
        if left:
            left.pop()()
        return seen

    monkeypatch.setattr(more_pages, "look_at", look_at)


def files_of(services: Services, applicant: Applicant, upload_id: str) -> set[str]:
    """Which files an upload has, by their sealed keys."""
    prefix = f"sessions/{applicant.session_id}/{upload_id}/"
    names = {f"{what}{number}" for what in ("original", "preview") for number in ("", *(f"-{n}" for n in range(2, 20)))}
    return {name for name in names if is_there(services, prefix + name)}


def is_there(services: Services, key: str) -> bool:
    try:
        services.blobs.get(key)
    except KeyError:
        return False
    return True


def test_a_page_that_comes_at_the_same_time_is_never_written_over(
    services: Services, applicant: Applicant, draft: str, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def overtaken() -> None:
        # The one that is under way takes longer than it may.
        clock.advance(seconds=31)
        another(applicant, draft, 2)

    meanwhile(monkeypatch, overtaken)
    with pytest.raises(Refusal) as refused:
        another(applicant, draft, 3)
    assert refused.value.kind is Kind.BUSY
    assert services.blobs.get(f"sessions/{applicant.session_id}/{draft}/original-2") == a_picture(2)
    assert [page.sha256 for page in pages_of(row_of(services, draft))] == [
        sha256(a_picture(seed)).hexdigest() for seed in (1, 2)
    ]


def test_a_number_is_never_given_twice(services: Services, applicant: Applicant, draft: str) -> None:
    another(applicant, draft, 2)
    remove_page(services, applicant.phone, draft, 2)
    assert [page.file for page in another(applicant, draft, 3).pages] == [1, 3]
    with pytest.raises(Refusal, match="not_found"):
        remove_page(services, applicant.phone, draft, 2)


def test_a_number_is_never_given_twice_in_a_draft_that_goes_on(
    services: Services, applicant: Applicant, draft: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(form, "check_form", Reader((1,)).check)
    judged(applicant, draft)
    whole = another(applicant, draft, 2)
    remove_page(services, applicant.phone, whole.id, 2)
    assert [page.file for page in another(applicant, whole.id, 3).pages] == [1, 3]


def test_a_late_removal_does_not_take_the_next_pages_file(
    services: Services, applicant: Applicant, draft: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    another(applicant, draft, 2)
    forget = pictures.forget
    left = [lambda: another(applicant, draft, 3)]

    def forgets(services: Services, row: UploadRow, number: int) -> None:
        if left:
            left.pop()()
        forget(services, row, number)

    monkeypatch.setattr(pictures, "forget", forgets)
    remove_page(services, applicant.phone, draft, 2)
    assert files_of(services, applicant, draft) == {"original", "preview", "original-3", "preview-3"}


def test_nothing_is_left_of_a_page_that_came_too_late(
    services: Services, applicant: Applicant, draft: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = services.blobs.put

    def put(key: str, data: bytes) -> None:
        if key.endswith("original-2"):
            submit_picture(services, applicant.phone, draft, corners=None, rotate_deg=0)
        written(key, data)

    monkeypatch.setattr(services.blobs, "put", put)
    with pytest.raises(Refusal) as refused:
        another(applicant, draft, 2)
    assert refused.value.kind is Kind.CONFLICT
    assert files_of(services, applicant, draft) == {"original", "preview"}
    assert len(pages_of(row_of(services, draft))) == 1


def test_two_photographs_of_one_page_are_told_by_their_places(
    applicant: Applicant, draft: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the phone would have the good one of them taken again, and the blurred one stay."""
    monkeypatch.setattr(form, "check_form", Reader((2, 1, 1)).check)
    another(applicant, draft, 2)
    another(applicant, draft, 3)
    assert [(page.file, page.number) for page in judged(applicant, draft).pages] == [(1, None), (2, None), (3, None)]


def kept_files(folder: Path) -> list[Path]:
    """Every sealed file of the store."""
    return [path for path in (folder / "blobs").rglob("*") if path.is_file()]


def test_every_page_goes_with_its_session_and_one_put_away_at_once(
    services: Services, applicant: Applicant, draft: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(form, "check_form", Reader((1, 2)).check)
    another(applicant, draft, 2)
    assert len(kept_files(tmp_path)) == 4
    another(applicant, draft, 3, instead_of=2)
    assert len(kept_files(tmp_path)) == 4
    judged(applicant, draft)
    copies = another(applicant, draft, 4).id
    remove_page(services, applicant.phone, copies, 1)
    # Two pages of the judged form, laid flat as well; two of the draft that goes on from it.
    assert len(kept_files(tmp_path)) == 6 + 4
    purge_session(services, applicant.session_id)
    assert kept_files(tmp_path) == []


def test_what_a_process_that_died_left_of_a_page_goes_when_the_form_is_judged(
    services: Services, applicant: Applicant, draft: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def dies(*_: object) -> None:
        raise SystemExit

    monkeypatch.setattr(form, "check_form", Reader((1, 2)).check)
    another(applicant, draft, 2)
    with monkeypatch.context() as dying:
        dying.setattr(pictures, "forget", dies)
        with pytest.raises(SystemExit):
            another(applicant, draft, 3, instead_of=1)
    with monkeypatch.context() as dying:
        # Its bytes are there, its row isn't.
        dying.setattr(more_pages, "with_pages", dies)
        with pytest.raises(SystemExit):
            another(applicant, draft, 4)
    assert len(kept_files(tmp_path)) == 2 * 4
    assert [page.file for page in judged(applicant, draft).pages] == [3, 2]
    assert files_of(services, applicant, draft) == {"original-2", "preview-2", "original-3", "preview-3"}
    assert len(kept_files(tmp_path)) == 2 * 2 + 2


def test_nothing_is_left_of_a_file_that_came_to_a_session_just_closed(
    services: Services, applicant: Applicant, portal: ApiKeyRow, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    applicant.to_papers()
    written = services.blobs.put

    def put(key: str, data: bytes) -> None:
        if key.endswith("preview"):
            cancel_session(services, portal, applicant.session_id)
        written(key, data)

    monkeypatch.setattr(services.blobs, "put", put)
    with pytest.raises(Refusal, match="conflict"):
        applicant.puts(StepName.FORMS, SLOT)
    assert kept_files(tmp_path) == []


def test_nothing_is_left_of_a_paper_that_came_to_a_session_just_closed(
    services: Services, portal: ApiKeyRow, session_id: str, send: Send, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    written = services.blobs.put

    def put(key: str, data: bytes) -> None:
        if key.endswith("preview-2"):
            cancel_session(services, portal, session_id)
        written(key, data)

    monkeypatch.setattr(services.blobs, "put", put)
    with pytest.raises(Refusal, match="session_canceled"):
        send(AGREEMENT, a_picture(1), a_picture(2))
    assert kept_files(tmp_path) == []
