"""A form of several pages on the phone: page by page one draft, judged as one, mended page by page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import pytest

from tests.fakes.outside import NotedJobs
from tests.flow.applicant import Applicant, a_picture
from tests.session.journey import PASS
from verify_svc.document.preview import Points
from verify_svc.flow import allowance, form
from verify_svc.flow.case import evidence_picture
from verify_svc.flow.export import FileBeingMade, FileMade, Limits
from verify_svc.flow.judge import analyse
from verify_svc.flow.more_pages import frame_page, put_page, remove_page
from verify_svc.flow.paper_pages import MOST_PAGES
from verify_svc.flow.refusal import Kind, Refusal
from verify_svc.flow.report import file_of_session
from verify_svc.flow.services import Services
from verify_svc.flow.upload import picture_of_upload, show_upload, strip_of_upload, submit_picture
from verify_svc.flow.views import Corners, UploadShown
from verify_svc.form.check import FormPicture, FormWanted
from verify_svc.inference.engines import Engines
from verify_svc.ports import ApiKeyRow, JobKind, UploadRow
from verify_svc.session.finding import Finding, Outcome
from verify_svc.session.report import Report, judge_report
from verify_svc.session.steps import StepName

SLOT = "verification_form"
CROP: Corners = ((0.1, 0.1), (0.9, 0.1), (0.9, 0.9), (0.1, 0.9))


@dataclass
class Reader:
    """What the engine is handed and what it says: `numbers` are those that the pages bear."""

    numbers: Sequence[int] = (1, 2)
    findings: tuple[Finding, ...] = (PASS,)
    asked: list[Sequence[FormPicture]] = field(default_factory=list)

    def check(self, engines: Engines, pictures: Sequence[FormPicture], wanted: FormWanted) -> Report:
        self.asked.append(pictures)
        pages: list[dict[str, Any]] = [
            {
                "page": None,
                "rotation_deg": 90 * number,
                "number": {"page": number, "pages": 3},
                "fields": {"name": {"value": f"name on {number}", "score": 1.0}},
            }
            for number in self.numbers
        ]
        box = [[0, 0], [60, 0], [60, 20], [0, 20]]
        fields = {"signature": {"value": None, "score": None, "box": box, "page": len(pages)}}
        properties: dict[str, Any] = {"kind": SLOT, "fields": fields, "page": None, "rotation_deg": 0}
        return judge_report(self.findings, {**properties, "pages": pages} if len(pages) > 1 else properties)


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> Reader:
    made = Reader()
    monkeypatch.setattr(form, "check_form", made.check)
    return made


@pytest.fixture
def draft(applicant: Applicant) -> str:
    """A form of which the first page was sent."""
    return applicant.to_papers().puts(StepName.FORMS, SLOT, a_picture(1))


def another(applicant: Applicant, upload_id: str, seed: int, instead_of: int | None = None) -> UploadShown:
    data = a_picture(seed)
    digest = sha256(data).hexdigest()
    return put_page(
        applicant.services,
        applicant.phone,
        upload_id,
        data=data,
        sha256=digest,
        capture="album",
        instead_of=instead_of,
    )


def judged(applicant: Applicant, upload_id: str) -> UploadShown:
    submit_picture(applicant.services, applicant.phone, upload_id, corners=None, rotate_deg=0)
    analyse(applicant.services, upload_id)
    return show_upload(applicant.services, applicant.phone, upload_id)


def row_of(services: Services, upload_id: str) -> UploadRow:
    with services.store.read() as tx:
        row = tx.uploads.get(upload_id)
    assert row is not None
    return row


def numbers_of(upload: UploadShown) -> list[int | None]:
    return [page.number for page in upload.pages]


def test_pages_come_to_one_draft_and_are_judged_together(
    services: Services, applicant: Applicant, draft: str, reader: Reader, jobs: NotedJobs
) -> None:
    assert another(applicant, draft, 2).id == draft
    frame_page(services, applicant.phone, draft, 2, corners=CROP, rotate_deg=90)
    upload = judged(applicant, draft)
    assert (upload.state, numbers_of(upload)) == ("done", [1, 2])
    assert jobs.of(JobKind.ANALYSE) == [draft]
    (asked,) = reader.asked
    assert [picture.data for picture in asked] == [a_picture(1), a_picture(2)]
    assert [(picture.corners, picture.rotate_deg) for picture in asked] == [(None, 0), (CROP, 90)]


def test_a_form_of_one_page_goes_its_way_as_before(applicant: Applicant, draft: str, reader: Reader) -> None:
    reader.numbers = (1,)
    upload = judged(applicant, draft)
    assert (upload.state, len(upload.pages), len(reader.asked[0])) == ("done", 1, 1)


def test_each_page_has_a_picture_of_its_own(
    services: Services, applicant: Applicant, draft: str, reader: Reader
) -> None:
    another(applicant, draft, 2)
    drafts = [picture_of_upload(services, applicant.phone, draft, file) for file in (1, 2)]
    judged(applicant, draft)
    pages = [picture_of_upload(services, applicant.phone, draft, file) for file in (1, 2)]
    assert len({*drafts, *pages}) == 4
    shown = [evidence_picture(services, applicant.session_id, draft, "picture", str(file))[0] for file in (1, 2)]
    assert shown == pages
    assert evidence_picture(services, applicant.session_id, draft, "original", "2") == (a_picture(2), "image/jpeg")
    with pytest.raises(Refusal, match="not_found"):
        picture_of_upload(services, applicant.phone, draft, 3)


def test_a_strip_is_cut_from_the_page_that_holds_the_field(
    services: Services, applicant: Applicant, draft: str, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut: list[bytes] = []

    def decoded(_services: Services, _session_id: str, _function: object, data: bytes, points: Points) -> bytes:
        cut.append(data)
        return b"strip"

    another(applicant, draft, 2)
    judged(applicant, draft)
    monkeypatch.setattr("verify_svc.flow.pictures.decoded", decoded)
    assert strip_of_upload(services, applicant.phone, draft, "signature") == b"strip"
    assert cut == [a_picture(2)]


def test_the_same_page_again_is_the_same_draft(applicant: Applicant, draft: str) -> None:
    another(applicant, draft, 2)
    assert len(another(applicant, draft, 2).pages) == len(another(applicant, draft, 1).pages) == 2


def test_a_page_is_taken_again_in_its_place(services: Services, applicant: Applicant, draft: str) -> None:
    another(applicant, draft, 2)
    upload = another(applicant, draft, 3, instead_of=1)
    assert [page.file for page in upload.pages] == [3, 2]
    row = row_of(services, draft)
    assert services.blobs.get(row.blob) == a_picture(3)
    for what in ("original", "preview"):
        with pytest.raises(KeyError):
            services.blobs.get(f"sessions/{row.session_id}/{draft}/{what}")
    assert services.blobs.get(f"sessions/{row.session_id}/{draft}/original-2") == a_picture(2)


def test_a_page_is_put_away_with_its_picture_and_the_last_one_stays(
    services: Services, applicant: Applicant, draft: str, reader: Reader
) -> None:
    another(applicant, draft, 2)
    assert [page.file for page in remove_page(services, applicant.phone, draft, 1).pages] == [2]
    with pytest.raises(Refusal, match="not_found"):
        remove_page(services, applicant.phone, draft, 1)
    with pytest.raises(Refusal, match="conflict"):
        remove_page(services, applicant.phone, draft, 2)
    with pytest.raises(KeyError):
        services.blobs.get(f"sessions/{applicant.session_id}/{draft}/original")
    reader.numbers = (1,)
    assert judged(applicant, draft).state == "done"
    assert [picture.data for picture in reader.asked[0]] == [a_picture(2)]


def test_a_missing_page_comes_to_those_that_were_judged(
    services: Services, applicant: Applicant, draft: str, reader: Reader
) -> None:
    another(applicant, draft, 2)
    reader.numbers = (1, 3)
    reader.findings = (Finding("complete", Outcome.FAIL, ("form_incomplete",), pages=(2,)),)
    first = judged(applicant, draft)
    assert (numbers_of(first), applicant.step(StepName.FORMS).reasons[0].pages) == ([1, 3], (2,))

    whole = another(applicant, draft, 4)
    assert (whole.id == draft, whole.state, len(whole.pages)) == (False, "draft", 3)
    assert another(applicant, draft, 4).id == whole.id
    assert show_upload(services, applicant.phone, draft).state == "done"

    reader.numbers, reader.findings = (1, 3, 2), (PASS,)
    upload = judged(applicant, whole.id)
    assert [picture.data for picture in reader.asked[-1]] == [a_picture(1), a_picture(2), a_picture(4)]
    assert numbers_of(upload) == [1, 2, 3]
    assert applicant.step(StepName.FORMS).reasons == ()
    assert row_of(services, draft).report is not None


def test_pages_are_told_in_the_order_of_their_numbers(
    services: Services, applicant: Applicant, draft: str, reader: Reader, portal: ApiKeyRow
) -> None:
    reader.numbers = (2, 1)
    another(applicant, draft, 2)
    upload = judged(applicant, draft)
    assert [(page.file, page.number) for page in upload.pages] == [(2, 1), (1, 2)]

    def file(page: int) -> FileMade | FileBeingMade:
        return file_of_session(services, portal, applicant.session_id, f"forms.{SLOT}", Limits(), page)

    # What was read on a page has to be read on its file again: a worker makes it.
    assert isinstance(file(1), FileBeingMade)
    with pytest.raises(Refusal, match="not_found"):
        file(3)


def test_a_page_of_a_judged_form_is_taken_again_beside_the_others(
    services: Services, applicant: Applicant, draft: str, reader: Reader
) -> None:
    another(applicant, draft, 2)
    judged(applicant, draft)
    upload = another(applicant, draft, 5, instead_of=2)
    assert upload.id != draft
    assert [
        services.blobs.get(f"sessions/{applicant.session_id}/{upload.id}/{what}") for what in ("original", "original-3")
    ] == [
        a_picture(1),
        a_picture(5),
    ]
    assert services.blobs.get(f"sessions/{applicant.session_id}/{draft}/original-2") == a_picture(2)


def test_pages_do_not_change_while_they_are_judged(services: Services, applicant: Applicant, draft: str) -> None:
    another(applicant, draft, 2)
    submit_picture(services, applicant.phone, draft, corners=None, rotate_deg=0)
    changes: list[Callable[[], UploadShown]] = [
        lambda: another(applicant, draft, 3),
        lambda: remove_page(services, applicant.phone, draft, 2),
        lambda: frame_page(services, applicant.phone, draft, 2, corners=None, rotate_deg=0),
    ]
    for change in changes:
        with pytest.raises(Refusal) as refused:
            change()
        assert refused.value.kind is Kind.CONFLICT


def test_only_a_form_has_pages(applicant: Applicant) -> None:
    upload_id = applicant.to_papers().puts(StepName.SUBJECT_DOCUMENT, "page")
    with pytest.raises(Refusal) as refused:
        another(applicant, upload_id, 9)
    assert refused.value.kind is Kind.CONFLICT


def test_a_form_has_so_many_pages_at_most(applicant: Applicant, draft: str) -> None:
    for seed in range(2, MOST_PAGES + 1):
        another(applicant, draft, seed)
    with pytest.raises(Refusal, match="conflict"):
        another(applicant, draft, 99)
    assert len(another(applicant, draft, 99, instead_of=2).pages) == MOST_PAGES


def test_every_page_counts_against_what_a_session_may_send(
    applicant: Applicant, draft: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(allowance, "MAX_SESSION_BYTES", len(a_picture(1)) + len(a_picture(2)))
    another(applicant, draft, 2)
    with pytest.raises(Refusal) as refused:
        another(applicant, draft, 3)
    assert refused.value.kind is Kind.LIMITED


@pytest.mark.parametrize("data", [b"", b"GIF89a" + bytes(90), b"\xff\xd8\xff" + bytes(200)])
def test_a_page_is_looked_at_as_any_file_is(services: Services, applicant: Applicant, draft: str, data: bytes) -> None:
    with pytest.raises(Refusal, match="file_"):
        put_page(services, applicant.phone, draft, data=data, sha256=sha256(data).hexdigest(), capture="album")
    assert len(show_upload(services, applicant.phone, draft).pages) == 1


def test_the_phone_is_told_how_many_pages_the_form_has(applicant: Applicant) -> None:
    slots = applicant.to_papers().step(StepName.FORMS).slots
    assert [slot.pages for slot in slots] == [1, 1]
    assert [slot.pages for slot in applicant.step(StepName.PERSON_DOCUMENT).slots] == [None, None]
