"""A portal takes the pictures away: within its limits, and only while they read as they did.

What a made file reads as is handed in; that small files really are read is measured (docs/decisions/0014) and tested
with the weights below.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from PIL import Image

from tests.fakes.outside import NotedJobs, SetClock
from tests.flow.applicant import Applicant
from tests.session.journey import ID_NUMBER, PASS, UNIT
from tests.specimens.papers import Person, id_card_portrait
from tests.specimens.photographs import Shot, photograph
from verify_svc.certificate.kinds import CertificateKind
from verify_svc.document.check import DocumentWanted, check_document
from verify_svc.flow import export, limits
from verify_svc.flow.analysis import Analysis, fields_of
from verify_svc.flow.export import FileBeingMade, FileMade, Limits, gave_up, make_file
from verify_svc.flow.judge import record
from verify_svc.flow.keys import make_key
from verify_svc.flow.open import cancel_session
from verify_svc.flow.record import transact
from verify_svc.flow.refusal import Kind, Refusal
from verify_svc.flow.report import file_of_session
from verify_svc.flow.retain import purge
from verify_svc.flow.services import Services
from verify_svc.flow.upload import submit_picture
from verify_svc.inference.engines import Engines
from verify_svc.media.export import FileFormat
from verify_svc.ports import ApiKeyRow, JobKind
from verify_svc.session.report import Report, judge_report
from verify_svc.session.steps import StepName

CARD = StepName.PERSON_DOCUMENT
SMALL = Limits(100_000)
Take = Callable[..., FileMade | FileBeingMade]


def a_report(number: str | None, **beside: Any) -> Report:
    """What the engine says of a card whose number reads so."""
    fields = {"number": {"value": number, "score": 0.99, "box": None}}
    return judge_report((PASS,), {"kind": "id_card_portrait", "fields": fields, "rotation_deg": 0, **beside})


def judged(applicant: Applicant, report: Report, slot: str = "portrait", step: StepName = CARD) -> str:
    """A picture whose analysis gave that report."""
    upload_id = applicant.submits(step, slot)
    analysis = Analysis(report, fields_of(report))
    transact(applicant.services, lambda tx: record(applicant.services, tx, upload_id, analysis))
    return upload_id


@pytest.fixture
def take(services: Services, portal: ApiKeyRow, applicant: Applicant) -> Take:
    """Ask for a file of the applicant's session."""

    def ask(kind: str = "person_document.portrait", asked: Limits = SMALL) -> FileMade | FileBeingMade:
        return file_of_session(services, portal, applicant.session_id, kind, asked)

    return ask


@pytest.fixture
def readings(monkeypatch: pytest.MonkeyPatch) -> list[str | None]:
    """The numbers that made files read as, one after another; all of them read the right one without any."""
    given: list[str | None] = []

    def read(engines: Engines, data: bytes, wanted: DocumentWanted) -> Report:
        return a_report(given.pop(0) if given else ID_NUMBER)

    monkeypatch.setattr(export, "check_document", read)
    return given


def test_a_certificate_is_made_by_a_worker_and_then_given(
    take: Take, services: Services, applicant: Applicant, jobs: NotedJobs, readings: list[str | None]
) -> None:
    judged(applicant.to_papers(), a_report(ID_NUMBER))
    for _ in range(3):
        assert isinstance(take(), FileBeingMade)
    (job_id,) = jobs.of(JobKind.EXPORT)
    for _ in range(2):
        make_file(services, job_id)
    given = take()
    assert isinstance(given, FileMade)
    assert (given.reading, len(given.data) <= 100_000) == ("same", True)
    assert Image.open(io.BytesIO(given.data)).format == "JPEG"
    assert take() == given
    assert len(jobs.of(JobKind.EXPORT)) == 1


def test_other_limits_are_another_file(take: Take, applicant: Applicant, jobs: NotedJobs) -> None:
    judged(applicant.to_papers(), a_report(ID_NUMBER))
    for asked in (SMALL, Limits(150_000), Limits(100_000, 500), Limits(100_000, None, FileFormat.PNG), SMALL):
        take(asked=asked)
    assert len(jobs.of(JobKind.EXPORT)) == 4


def test_a_number_that_is_lost_is_said_and_no_file_given(
    take: Take, services: Services, applicant: Applicant, jobs: NotedJobs, readings: list[str | None]
) -> None:
    judged(applicant.to_papers(), a_report(ID_NUMBER))
    take()
    readings += [None, ID_NUMBER[:-1] + "9", None]
    make_file(services, jobs.of(JobKind.EXPORT)[0])
    with pytest.raises(Refusal) as refused:
        take()
    assert (refused.value.kind, refused.value.code) == (Kind.INVALID, "reading_lost")
    assert [fault.field for fault in refused.value.faults] == ["max_bytes"]


def test_a_coarser_larger_file_is_tried_where_the_first_is_not_read(
    take: Take, services: Services, applicant: Applicant, jobs: NotedJobs, readings: list[str | None]
) -> None:
    judged(applicant.to_papers(), a_report(ID_NUMBER))
    asked = Limits(40_000)
    take(asked=asked)
    readings += [None, ID_NUMBER]
    make_file(services, jobs.of(JobKind.EXPORT)[0])
    assert isinstance(take(asked=asked), FileMade)


def test_what_was_never_read_is_not_checked(take: Take, applicant: Applicant, jobs: NotedJobs) -> None:
    judged(applicant.to_papers(), a_report(None))
    given = take()
    assert isinstance(given, FileMade)
    assert given.reading == "not_checked"
    assert jobs.of(JobKind.EXPORT) == []


def test_an_emblem_side_is_read_by_its_validity(take: Take, applicant: Applicant, jobs: NotedJobs) -> None:
    fields = {"valid_from": {"value": "2020-01-01"}, "valid_until": {"value": "2040-01-01"}}
    report = judge_report((PASS,), {"kind": "id_card_emblem", "fields": fields})
    judged(applicant.to_papers(), report, "emblem")
    assert isinstance(take("person_document.emblem"), FileBeingMade)
    assert len(jobs.of(JobKind.EXPORT)) == 1


def test_the_portrait_leaves_as_it_was_kept_where_that_fits(
    take: Take, services: Services, applicant: Applicant, jobs: NotedJobs
) -> None:
    clip_id = applicant.to_papers().judged(StepName.FACE, "clip")
    still = photograph(id_card_portrait(Person()), Shot(long_side_px=640))
    services.blobs.put(f"sessions/{applicant.session_id}/{clip_id}/still-0", still)
    assert take("portrait", Limits(400_000)) == FileMade(still, FileFormat.JPG, "not_checked")
    smaller = take("portrait", Limits(20_000))
    assert isinstance(smaller, FileMade)
    assert len(smaller.data) <= 20_000
    dated = take("portrait", Limits(date_mark=True))
    assert isinstance(dated, FileMade)
    assert dated.data != still
    as_png = take("portrait", Limits(format=FileFormat.PNG))
    assert isinstance(as_png, FileMade)
    assert Image.open(io.BytesIO(as_png.data)).format == "PNG"
    assert jobs.of(JobKind.EXPORT) == []


def test_no_date_is_written_into_a_paper(take: Take, applicant: Applicant) -> None:
    judged(applicant.to_papers(), a_report(ID_NUMBER))
    with pytest.raises(Refusal, match="date_mark_not_for_papers"):
        take("person_document.portrait", Limits(date_mark=True))


def test_a_form_says_that_it_was_scanned_finely(take: Take, applicant: Applicant) -> None:
    judged(applicant.to_papers(), judge_report((PASS,)), "commitment_letter", StepName.FORMS)
    given = take("forms.commitment_letter")
    assert isinstance(given, FileMade)
    assert Image.open(io.BytesIO(given.data)).info["dpi"][0] >= 300


def a_form_report(name: str | None = UNIT, score: float = 0.99) -> Report:
    """What the engine says of a letter of commitment whose name reads so."""
    fields = {"name": {"value": name, "score": score}, "domains": {"value": "example.com", "score": 0.99}}
    return judge_report((PASS,), {"kind": "commitment_letter", "fields": fields})


def test_a_form_is_read_again_for_its_names_and_numbers(
    take: Take, services: Services, applicant: Applicant, jobs: NotedJobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged(applicant.to_papers(), a_form_report(), "commitment_letter", StepName.FORMS)
    reports = [a_form_report(None), a_form_report()]
    monkeypatch.setattr(export, "check_form", lambda *_: reports.pop(0))
    asked = Limits(40_000)
    assert isinstance(take("forms.commitment_letter", asked), FileBeingMade)
    make_file(services, jobs.of(JobKind.EXPORT)[0])
    given = take("forms.commitment_letter", asked)
    assert isinstance(given, FileMade)
    assert (given.reading, reports) == ("same", [])


def test_a_form_whose_name_is_lost_is_not_given(
    take: Take, services: Services, applicant: Applicant, jobs: NotedJobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged(applicant.to_papers(), a_form_report(), "commitment_letter", StepName.FORMS)
    monkeypatch.setattr(export, "check_form", lambda *_: a_form_report("别家"))
    take("forms.commitment_letter")
    make_file(services, jobs.of(JobKind.EXPORT)[0])
    with pytest.raises(Refusal, match="reading_lost"):
        take("forms.commitment_letter")


def test_what_was_read_doubtfully_of_a_form_need_not_be_read_again(take: Take, applicant: Applicant) -> None:
    judged(applicant.to_papers(), a_form_report(score=0.6), "commitment_letter", StepName.FORMS)
    given = take("forms.commitment_letter")
    assert isinstance(given, FileMade)
    assert given.reading == "not_checked"


def test_a_picture_that_is_being_judged_is_waited_for(take: Take, applicant: Applicant, jobs: NotedJobs) -> None:
    applicant.to_papers().submits(CARD, "portrait")
    assert isinstance(take(), FileBeingMade)
    assert jobs.of(JobKind.EXPORT) == []


@pytest.mark.parametrize("kind", ["portrait", "person_document.portrait", "face.clip", "forms", "phone.code", "x.y"])
def test_there_is_no_file_of_what_was_not_sent(take: Take, applicant: Applicant, kind: str) -> None:
    applicant.to_papers()
    with pytest.raises(Refusal, match="not_found"):
        take(kind)


def test_what_can_not_be_made_so_small_is_said(take: Take, applicant: Applicant) -> None:
    judged(applicant.to_papers(), a_report(None))
    with pytest.raises(Refusal) as refused:
        take(asked=Limits(1_000))
    assert (refused.value.kind, refused.value.code) == (Kind.INVALID, "file_does_not_fit")


def test_a_job_that_failed_is_asked_for_again(
    take: Take, services: Services, applicant: Applicant, jobs: NotedJobs
) -> None:
    judged(applicant.to_papers(), a_report(ID_NUMBER))
    take()
    gave_up(services, jobs.of(JobKind.EXPORT)[0])
    take()
    first, second = jobs.of(JobKind.EXPORT)
    assert first != second


def test_files_of_one_session_are_limited(
    take: Take, applicant: Applicant, monkeypatch: pytest.MonkeyPatch, jobs: NotedJobs
) -> None:
    monkeypatch.setattr(export, "FILES", replace(limits.FILES, most=2))
    judged(applicant.to_papers(), a_report(ID_NUMBER))
    for max_bytes in (100_000, 150_000):
        take(asked=Limits(max_bytes))
    with pytest.raises(Refusal, match="rate_limited"):
        take(asked=Limits(200_000))
    assert isinstance(take(), FileBeingMade)


def test_another_portals_pictures_are_not_there(services: Services, applicant: Applicant) -> None:
    judged(applicant.to_papers(), a_report(ID_NUMBER))
    for livemode in (False, True):
        other, _ = make_key(services, "other", livemode=livemode)
        with pytest.raises(Refusal, match="not_found"):
            file_of_session(services, other, applicant.session_id, "person_document.portrait", SMALL)


def test_made_files_go_with_the_media(
    take: Take,
    services: Services,
    portal: ApiKeyRow,
    applicant: Applicant,
    clock: SetClock,
    jobs: NotedJobs,
    readings: list[str | None],
) -> None:
    upload_id = judged(applicant.to_papers(), a_report(ID_NUMBER))
    take()
    make_file(services, jobs.of(JobKind.EXPORT)[0])
    key = f"sessions/{applicant.session_id}/{upload_id}/original-file-{SMALL.name}"
    assert services.blobs.get(key)
    cancel_session(services, portal, applicant.session_id)
    clock.advance(days=31)
    purge(services)
    with pytest.raises(KeyError):
        services.blobs.get(key)
    with pytest.raises(Refusal, match="not_found"):
        take()


def test_each_file_is_written_in_the_audit_trail(take: Take, services: Services, applicant: Applicant) -> None:
    judged(applicant.to_papers(), a_report(ID_NUMBER))
    take()
    with services.store.read() as tx:
        asked = [row for row in tx.audit.of_session(applicant.session_id) if row.what == "file_asked"]
    assert len(asked) == 1
    assert asked[0].who.startswith("portal:key_")


@pytest.mark.weights
def test_a_card_within_a_hundred_kilobytes_is_read_again_by_the_weights(
    services: Services, portal: ApiKeyRow, applicant: Applicant, jobs: NotedJobs, all_engines: Engines
) -> None:
    with_weights = replace(services, engines=all_engines)
    data = photograph(id_card_portrait(Person()), Shot(seed=5, turn_deg=90))
    report = check_document(all_engines, data, DocumentWanted(CertificateKind.ID_CARD_PORTRAIT))
    upload_id = applicant.to_papers().puts(CARD, "portrait", data)
    submit_picture(services, applicant.phone, upload_id, corners=None, rotate_deg=0)
    transact(services, lambda tx: record(services, tx, upload_id, Analysis(report, fields_of(report))))
    ask = (with_weights, portal, applicant.session_id, "person_document.portrait", SMALL)
    assert isinstance(file_of_session(*ask), FileBeingMade)
    make_file(with_weights, jobs.of(JobKind.EXPORT)[0])
    given = file_of_session(*ask)
    assert isinstance(given, FileMade)
    assert given.reading == "same"
    image = Image.open(io.BytesIO(given.data))
    assert image.width > image.height
    assert len(given.data) <= 100_000
