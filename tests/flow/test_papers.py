"""The portal's own papers: kept, judged with a report each, limited, and gone with the session."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest
from PIL import Image

from tests.fakes.outside import NotedJobs, SetClock
from tests.flow.applicant import a_picture
from tests.flow.sent_papers import AGREEMENT, CARD, EMBLEM, LEGAL, LETTER, Send
from tests.session.journey import a_unit
from verify_svc.document.check import DocumentWanted
from verify_svc.flow import allowance, export, paper_cards, papers
from verify_svc.flow.case import case, picture_of_paper
from verify_svc.flow.export import FileBeingMade, FileMade, Limits, make_file
from verify_svc.flow.keys import make_key
from verify_svc.flow.limits import PAPERS, PAPERS_OF_KEY
from verify_svc.flow.open import cancel_session, open_session
from verify_svc.flow.papers import add_paper, check_paper, file_of_paper, gave_up, list_papers, read_paper
from verify_svc.flow.record import load
from verify_svc.flow.refusal import Kind, Refusal
from verify_svc.flow.retain import purge, purge_session
from verify_svc.flow.services import Services
from verify_svc.form.check import FormPicture
from verify_svc.inference.engines import Engines
from verify_svc.media.export import FileFormat
from verify_svc.ports import ApiKeyRow, JobKind
from verify_svc.session.codec import to_json
from verify_svc.session.finding import Finding, Outcome
from verify_svc.session.report import Report, judge_report
from verify_svc.session.state import Status


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[DocumentWanted]:
    """What the engine was asked for; it finds a card of which the name agrees."""
    wanted_: list[DocumentWanted] = []

    def check(engines: Engines, data: bytes, wanted: DocumentWanted) -> Report:
        wanted_.append(wanted)
        return judge_report((Finding("kind", Outcome.PASS), Finding("name_agrees", Outcome.PASS)), {"kind": "x"})

    monkeypatch.setattr(paper_cards, "check_document", check)
    return wanted_


def test_a_paper_is_kept_and_then_judged_by_a_worker(
    services: Services, portal: ApiKeyRow, session_id: str, send: Send, jobs: NotedJobs, asked: list[DocumentWanted]
) -> None:
    paper = send()
    assert (paper.state, paper.report, paper.pages[0].width_px, paper.pages[0].height_px) == (
        "processing",
        None,
        640,
        480,
    )
    assert jobs.of(JobKind.PAPER) == [paper.id]
    assert services.blobs.get(f"sessions/{session_id}/{paper.id}/original") == a_picture()
    for _ in range(2):
        check_paper(services, paper.id)
    judged = read_paper(services, portal, session_id, paper.id)
    assert judged.state == "done"
    assert judged.report is not None
    # The number was entered and could not be compared.
    assert (judged.report["result"], judged.report["reasons"]) == ("consider", ["check_inconclusive"])
    assert [(each.number, each.name) for each in asked] == [(LEGAL.number, LEGAL.name)]


@pytest.mark.parametrize("kind", ["security_agreement", "domain_certificate", "preapproval"])
def test_what_can_not_be_judged_is_kept_and_said_not_to_be_checked(
    send: Send, jobs: NotedJobs, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setattr(papers, "form_of", lambda _kind: None)
    paper = send(kind)
    assert paper.state == "done"
    assert paper.report == {"result": "not_checked", "reasons": [], "breakdown": {}, "properties": {}}
    assert jobs.of(JobKind.PAPER) == []


def test_the_same_file_as_the_same_kind_is_the_same_paper(send: Send, jobs: NotedJobs) -> None:
    paper = send()
    assert send().id == paper.id
    assert send(EMBLEM).id != paper.id
    assert send(data=a_picture(2)).id != paper.id
    assert len(jobs.of(JobKind.PAPER)) == 3


def test_papers_are_listed_newest_first(
    services: Services, portal: ApiKeyRow, session_id: str, send: Send, clock: SetClock
) -> None:
    first = send()
    clock.advance(seconds=1)
    second = send(LETTER)
    assert [paper.id for paper in list_papers(services, portal, session_id)] == [second.id, first.id]


def test_a_check_that_failed_for_good_is_not_checked_and_may_be_asked_for_again(
    services: Services, portal: ApiKeyRow, session_id: str, send: Send
) -> None:
    paper = send()
    gave_up(services, paper.id)
    told = read_paper(services, portal, session_id, paper.id)
    assert told.state == "done"
    assert told.report is not None
    assert told.report["result"] == "not_checked"
    assert send().id != paper.id


@pytest.mark.parametrize(
    ("data", "kind", "code"),
    [
        (b"%PDF-1.7 made up", Kind.WRONG_TYPE, "file_type_not_allowed"),
        (b"GIF89a", Kind.WRONG_TYPE, "file_type_not_allowed"),
        (b"", Kind.INVALID, "file_unreadable"),
        (b"\xff\xd8\xff\xe0 broken", Kind.INVALID, "file_unreadable"),
        (b"\xff\xd8\xff" + bytes(2 << 20), Kind.TOO_LARGE, "file_too_large"),
    ],
)
def test_what_is_no_picture_within_the_limit_is_said(send: Send, data: bytes, kind: Kind, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        send(data=data)
    assert (refused.value.kind, refused.value.code) == (kind, code)
    assert refused.value.detail


def test_a_kind_that_is_none_is_named(send: Send) -> None:
    with pytest.raises(Refusal) as refused:
        send("library_card")
    assert [fault.field for fault in refused.value.faults] == ["kind"]


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def test_heic_is_taken_and_leaves_as_jpg(
    services: Services, portal: ApiKeyRow, session_id: str, send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pillow_heif import register_heif_opener

    register_heif_opener(thumbnails=False)
    monkeypatch.setattr(papers, "form_of", lambda _kind: None)
    paper = send("preapproval", saved(Image.new("RGB", (640, 400), "white"), "HEIF"))
    (page,) = paper.pages
    assert (page.media_type, page.width_px, page.height_px) == ("image/heic", 640, 400)
    given = file_of_paper(services, portal, session_id, paper.id, Limits(2_000_000))
    assert isinstance(given, FileMade)
    assert (given.format, given.data[:3]) == (FileFormat.JPG, b"\xff\xd8\xff")


def test_a_paper_that_lies_on_its_side_by_exif_leaves_upright(
    services: Services, portal: ApiKeyRow, session_id: str, send: Send
) -> None:
    image = Image.new("RGB", (800, 600), "white")
    exif = image.getexif()
    exif[0x0112] = 6
    paper = send("preapproval", saved(image, "JPEG", exif=exif))
    assert (paper.pages[0].width_px, paper.pages[0].height_px) == (600, 800)
    given = file_of_paper(services, portal, session_id, paper.id, Limits())
    assert isinstance(given, FileMade)
    upright = Image.open(io.BytesIO(given.data))
    assert (upright.size, dict(upright.getexif())) == ((600, 800), {})


def test_a_session_that_was_canceled_or_purged_takes_none(
    services: Services, portal: ApiKeyRow, session_id: str, send: Send
) -> None:
    cancel_session(services, portal, session_id)
    with pytest.raises(Refusal, match="session_canceled"):
        send()
    purge_session(services, session_id)
    with pytest.raises(Refusal, match="not_found"):
        send()


def test_a_verified_session_takes_them_until_its_media_go(
    services: Services, portal: ApiKeyRow, session_id: str, send: Send, clock: SetClock
) -> None:
    verify(services, session_id)
    paper = send("preapproval")
    clock.advance(days=31)
    with pytest.raises(Refusal) as refused:
        send("preapproval", a_picture(2))
    assert refused.value.kind is Kind.GONE
    purge(services)
    with pytest.raises(KeyError):
        services.blobs.get(f"sessions/{session_id}/{paper.id}/original")
    assert read_paper(services, portal, session_id, paper.id).report is not None


def verify(services: Services, session_id: str) -> None:
    """An operator approves whatever there is."""
    with services.store.begin() as tx:
        row, session = load(tx, session_id)
        now = services.clock.now()
        done = replace(session, status=Status.VERIFIED, closed_at=now)
        tx.sessions.save(replace(row, status="verified", closed_at=now, state=to_json(done)))


def test_another_portal_sees_no_paper_and_sends_none(services: Services, session_id: str, send: Send) -> None:
    paper = send()
    for name, livemode in (("other", False), ("portal", True)):
        other, _ = make_key(services, name, livemode=livemode)
        calls: list[Callable[[], object]] = [
            partial(add_paper, services, other, session_id, CARD, [a_picture(3)]),
            partial(list_papers, services, other, session_id),
            partial(read_paper, services, other, session_id, paper.id),
            partial(file_of_paper, services, other, session_id, paper.id, Limits()),
        ]
        for call in calls:
            with pytest.raises(Refusal, match="not_found"):
                call()


def test_a_paper_of_another_session_is_not_there(services: Services, portal: ApiKeyRow, send: Send) -> None:
    other = open_session(services, portal, a_unit()).id
    with pytest.raises(Refusal, match="not_found"):
        read_paper(services, portal, other, send().id)


@pytest.mark.parametrize("name", ["PAPERS", "PAPERS_OF_KEY"])
def test_papers_are_limited_by_session_and_by_key(send: Send, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    limit = {"PAPERS": PAPERS, "PAPERS_OF_KEY": PAPERS_OF_KEY}[name]
    monkeypatch.setattr(allowance, name, replace(limit, most=2))
    for seed in (1, 2):
        send(data=a_picture(seed))
    with pytest.raises(Refusal) as refused:
        send(data=a_picture(3))
    assert (refused.value.kind, refused.value.code) == (Kind.LIMITED, "rate_limited")
    assert refused.value.retry_at is not None


def test_a_session_keeps_only_so_many_papers(send: Send, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(allowance, "MAX_PAPERS", 1)
    first = send()
    with pytest.raises(Refusal, match="rate_limited"):
        send(data=a_picture(2))
    assert send().id == first.id


def test_a_paper_does_not_wait_for_what_the_phone_sends(services: Services, session_id: str, send: Send) -> None:
    with allowance.one_at_a_time(services, session_id):
        assert send().state == "processing"


def test_the_audit_trail_tells_of_each_paper(
    services: Services, session_id: str, send: Send, asked: list[DocumentWanted]
) -> None:
    paper = send()
    check_paper(services, paper.id)
    with services.store.read() as tx:
        trail = [(row.what, row.who.partition(":")[0]) for row in tx.audit.of_session(session_id)]
    assert trail[-2:] == [("paper_kept", "portal"), ("paper_judged", "service")]


def test_an_operator_sees_each_paper_with_its_report_and_picture(
    services: Services, portal: ApiKeyRow, session_id: str, send: Send, clock: SetClock, asked: list[DocumentWanted]
) -> None:
    judged = send()
    check_paper(services, judged.id)
    clock.advance(seconds=1)
    unchecked = send("preapproval", a_picture(2))
    shown = case(services, session_id).papers
    assert [(paper.id, (paper.report or {})["result"]) for paper in shown] == [
        (unchecked.id, "not_checked"),
        (judged.id, "consider"),
    ]
    assert picture_of_paper(services, session_id, judged.id)[:3] == b"\xff\xd8\xff"
    other = open_session(services, portal, a_unit()).id
    for of, paper_id in ((other, judged.id), (session_id, "pp_none")):
        with pytest.raises(Refusal, match="not_found"):
            picture_of_paper(services, of, paper_id)


def test_the_pages_of_a_form_are_one_paper(
    services: Services, portal: ApiKeyRow, session_id: str, send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []

    def check(_engines: Engines, pages: list[FormPicture], _wanted: object) -> Report:
        asked.append(len(pages))
        fields: tuple[dict[str, object], ...] = ({"name": {"value": "甲", "score": 0.99}}, {})
        told = [{"page": None, "rotation_deg": 90 * at, "fields": one} for at, one in enumerate(fields)]
        return judge_report((Finding("template", Outcome.PASS),), {"kind": AGREEMENT, "fields": {}, "pages": told})

    monkeypatch.setattr(papers, "check_form", check)
    paper = send(AGREEMENT, a_picture(1), a_picture(2))
    check_paper(services, paper.id)
    assert asked == [2]
    assert len(paper.pages) == 2
    assert send(AGREEMENT, a_picture(1), a_picture(2)).id == paper.id
    assert len({paper.id, send(AGREEMENT, a_picture(2), a_picture(1)).id, send(AGREEMENT, a_picture(1)).id}) == 3
    assert services.blobs.get(f"sessions/{session_id}/{paper.id}/original-2") == a_picture(2)
    previews = [picture_of_paper(services, session_id, paper.id, page) for page in (1, 2)]
    assert previews[0] != previews[1]
    # The first page has a name to be read again; the second, turned by what was read, has nothing.
    assert isinstance(file_of_paper(services, portal, session_id, paper.id, Limits()), FileBeingMade)
    second = file_of_paper(services, portal, session_id, paper.id, Limits(), 2)
    assert isinstance(second, FileMade)
    assert Image.open(io.BytesIO(second.data)).size == (480, 640)
    for page in (0, 3):
        with pytest.raises(Refusal, match="not_found"):
            file_of_paper(services, portal, session_id, paper.id, Limits(), page)


def test_a_pages_file_is_read_again_for_what_stands_on_it(
    services: Services,
    portal: ApiKeyRow,
    session_id: str,
    send: Send,
    jobs: NotedJobs,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told = [{"page": None, "rotation_deg": 0, "fields": {"numbers": {"value": word, "score": 0.99}}} for word in "AB"]
    whole = {"kind": AGREEMENT, "fields": {"numbers": {"value": "A B", "score": 0.99}}, "pages": told}
    monkeypatch.setattr(papers, "check_form", lambda *_: judge_report((Finding("x", Outcome.PASS),), whole))
    paper = send(AGREEMENT, a_picture(1), a_picture(2))
    check_paper(services, paper.id)
    alone = judge_report((Finding("x", Outcome.PASS),), {"kind": None, "fields": {"numbers": {"value": "B"}}})
    monkeypatch.setattr(export, "check_form", lambda *_: alone)
    file_of_paper(services, portal, session_id, paper.id, Limits(), 2)
    make_file(services, jobs.of(JobKind.EXPORT)[0])
    given = file_of_paper(services, portal, session_id, paper.id, Limits(), 2)
    assert isinstance(given, FileMade)
    assert given.reading == "same"


@pytest.mark.parametrize(("kind", "count"), [(CARD, 2), ("preapproval", 2), (AGREEMENT, 9)])
def test_more_files_than_such_a_paper_has_are_refused(send: Send, kind: str, count: int) -> None:
    with pytest.raises(Refusal) as refused:
        send(kind, *(a_picture(number) for number in range(count)))
    assert [fault.field for fault in refused.value.faults] == ["file"]


def test_a_hurt_page_is_named(send: Send) -> None:
    with pytest.raises(Refusal) as refused:
        send(AGREEMENT, a_picture(1), b"\xff\xd8\xff\xe0 broken")
    assert refused.value.code == "file_unreadable"
    assert refused.value.detail.startswith("Page 2: ")
