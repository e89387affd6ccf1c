"""The portal's own papers, read by the real weights."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import replace

import pytest
from PIL import Image

from tests.fakes.outside import NotedJobs
from tests.flow.sent_papers import AGREEMENT, CARD, EMBLEM, LEGAL, LETTER, Send
from tests.session.journey import a_person, a_unit
from tests.specimens import printed
from tests.specimens.forms import Filled, draw_form
from tests.specimens.papers import Person, Unit, business_licence, id_card_emblem, id_card_portrait
from tests.specimens.photographs import Shot, photograph
from verify_svc.flow.export import FileBeingMade, FileMade, Limits, make_file
from verify_svc.flow.open import open_session
from verify_svc.flow.papers import check_paper, file_of_paper, read_paper
from verify_svc.flow.services import Services
from verify_svc.inference.engines import Engines
from verify_svc.ports import ApiKeyRow, JobKind
from verify_svc.session.filing import Certificate, Site
from verify_svc.session.filing import Person as Entered


@pytest.mark.weights
def test_the_legal_representatives_card_is_read_compared_and_leaves_within_limits(
    services: Services, portal: ApiKeyRow, session_id: str, send: Send, all_engines: Engines, jobs: NotedJobs
) -> None:
    services = replace(services, engines=all_engines)
    portrait = send(CARD, photograph(id_card_portrait(LEGAL), Shot(seed=21, turn_deg=270)))
    emblem = send(EMBLEM, photograph(id_card_emblem(), Shot(seed=13)))
    other = send(CARD, photograph(id_card_portrait(replace(LEGAL, order="431")), Shot(seed=23)))
    for paper in (portrait, emblem, other):
        check_paper(services, paper.id)
    reports = [read_paper(services, portal, session_id, each.id).report or {} for each in (portrait, emblem, other)]
    assert [(report["result"], report["reasons"]) for report in reports[:2]] == [("clear", [])] * 2
    assert reports[2]["result"] == "rejected"
    assert "certificate_number_mismatch" in reports[2]["reasons"]
    assert isinstance(file_of_paper(services, portal, session_id, portrait.id, Limits(150_000)), FileBeingMade)
    make_file(services, jobs.of(JobKind.EXPORT)[0])
    given = file_of_paper(services, portal, session_id, portrait.id, Limits(150_000))
    assert isinstance(given, FileMade)
    assert given.reading == "same"
    upright = Image.open(io.BytesIO(given.data))
    assert upright.width > upright.height


@pytest.mark.weights
@pytest.mark.parametrize(
    ("ends", "result", "reasons"),
    [(dt.date(2041, 4, 9), "clear", []), (None, "consider", ["document_sides_mismatch"])],
)
def test_one_photograph_of_both_sides_is_sent_as_each_of_them_and_checked_together(
    services: Services,
    portal: ApiKeyRow,
    session_id: str,
    send: Send,
    all_engines: Engines,
    ends: dt.date | None,
    result: str,
    reasons: list[str],
) -> None:
    services = replace(services, engines=all_engines)
    portrait, emblem = id_card_portrait(LEGAL), id_card_emblem(ends=ends)
    sheet = Image.new("RGB", (portrait.width + 200, portrait.height * 2 + 300), (238, 238, 236))
    sheet.paste(portrait, (100, 100))
    sheet.paste(emblem, (100, 200 + portrait.height))
    both = photograph(sheet, Shot(seed=22))
    sent = [send(kind, both) for kind in (CARD, EMBLEM)]
    for paper in sent:
        check_paper(services, paper.id)
    reports = [read_paper(services, portal, session_id, paper.id).report or {} for paper in sent]
    assert [(report["result"], report["reasons"]) for report in reports] == [(result, reasons)] * 2


@pytest.mark.weights
def test_another_paper_than_the_letter_is_named(
    services: Services, portal: ApiKeyRow, session_id: str, send: Send, all_engines: Engines
) -> None:
    services = replace(services, engines=all_engines)
    paper = send(LETTER, photograph(business_licence(Unit()), Shot(seed=24)))
    check_paper(services, paper.id)
    report = read_paper(services, portal, session_id, paper.id).report or {}
    assert report["result"] == "rejected"
    assert "form_wrong_template" in report["reasons"]


@pytest.mark.weights
def test_a_letter_is_judged_against_the_filing(
    services: Services, portal: ApiKeyRow, send: Send, all_engines: Engines
) -> None:
    letter = Filled(kind="authorisation_letter", person=Person())
    assert letter.unit is not None
    services = replace(services, engines=all_engines)
    entered = a_unit(a_person(letter.person.name, letter.person.number), Entered("李示例"))
    certificate = Certificate("business_licence", letter.unit.number)
    subject = replace(entered.subject, name=letter.unit.name, certificate=certificate)
    filing = replace(entered.filing, created_on=letter.day)
    session_id = open_session(services, portal, replace(entered, subject=subject, filing=filing)).id
    papers_ = [
        send(LETTER, photograph(draw_form(one), Shot(seed=25)), of=session_id)
        for one in (letter, replace(letter, fault="no_seal"), replace(letter, person=replace(Person(), name="王五")))
    ]
    for paper in papers_:
        check_paper(services, paper.id)
    good, unsealed, other = (read_paper(services, portal, session_id, paper.id).report or {} for paper in papers_)
    assert (good["result"], good["reasons"]) == ("clear", [])
    assert "form_seal_missing" in unsealed["reasons"]
    assert "form_name_mismatch" in other["reasons"]


@pytest.mark.weights
def test_a_printed_form_of_two_pages_is_judged_as_one_and_each_page_leaves(
    services: Services, portal: ApiKeyRow, send: Send, all_engines: Engines, jobs: NotedJobs
) -> None:
    filled = Filled(kind=AGREEMENT)
    domains = tuple(f"shili-{number}.zhong.example.com" for number in range(60))
    entered = replace(printed.entered(filled), site=Site("示例网站", domains))
    services = replace(services, engines=all_engines)
    session_id = open_session(services, portal, entered).id
    pages = [photograph(page, Shot(seed=at + 3)) for at, page in enumerate(printed.draw_pages(filled, entered))]
    assert len(pages) == 2
    whole, second = send(AGREEMENT, *pages, of=session_id), send(AGREEMENT, pages[1], of=session_id)
    for paper in (whole, second):
        check_paper(services, paper.id)
    good, lacking = (read_paper(services, portal, session_id, each.id).report or {} for each in (whole, second))
    assert (good["result"], good["reasons"]) == ("clear", [])
    assert "form_incomplete" in lacking["reasons"]
    assert lacking["breakdown"]["complete"]["properties"]["pages"] == [1]
    for page in (1, 2):
        file_of_paper(services, portal, session_id, whole.id, Limits(400_000), page)
    for job in jobs.of(JobKind.EXPORT):
        make_file(services, job)
    given = [file_of_paper(services, portal, session_id, whole.id, Limits(400_000), page) for page in (1, 2)]
    assert [file.reading for file in given if isinstance(file, FileMade)] == ["same", "not_checked"]
