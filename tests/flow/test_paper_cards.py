"""The legal representative's certificate among the portal's papers: its kind, and what its two sides say together."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest

from tests.fakes.outside import SetClock
from tests.flow.applicant import a_picture
from tests.flow.sent_papers import CARD, EMBLEM, LEGAL, Send
from tests.session.journey import a_unit
from verify_svc.document.check import DocumentWanted
from verify_svc.flow import paper_cards
from verify_svc.flow.case import case
from verify_svc.flow.open import open_session
from verify_svc.flow.papers import check_paper, list_papers, read_paper
from verify_svc.flow.services import Services
from verify_svc.inference.engines import Engines
from verify_svc.ports import ApiKeyRow
from verify_svc.session.filing import Certificate
from verify_svc.session.filing import Person as Entered
from verify_svc.session.finding import Finding, Outcome
from verify_svc.session.report import Report, judge_report

FITS, ANOTHERS = ("2017-05-01", "2037-05-01"), ("2018-05-01", "long_term")  # for somebody born in 1990
CHECKS = ("kind", "name_agrees", "number_agrees", "validity")


@dataclass
class Card:
    """What the engine finds on the pictures it is given: sides that pass, of the term that a test says."""

    term: tuple[str, str] = FITS
    read: bool = True
    asked: list[DocumentWanted] = field(default_factory=list)

    def check(self, engines: Engines, data: bytes, wanted: DocumentWanted) -> Report:
        self.asked.append(wanted)
        said = (
            {"number": LEGAL.number}
            if "portrait" in wanted.kind
            else dict(zip(("valid_from", "valid_until"), self.term, strict=True))
        )
        fields = {name: {"value": value, "score": 0.99} for name, value in said.items()} if self.read else {}
        return judge_report([Finding(check, Outcome.PASS) for check in CHECKS], {"kind": wanted.kind, "fields": fields})


@pytest.fixture
def card(monkeypatch: pytest.MonkeyPatch) -> Card:
    made = Card()
    monkeypatch.setattr(paper_cards, "check_document", made.check)
    return made


@pytest.mark.parametrize("kinds", [(CARD, EMBLEM), (EMBLEM, CARD)])
@pytest.mark.parametrize(
    ("term", "result", "reasons"), [(FITS, "clear", []), (ANOTHERS, "consider", ["document_sides_mismatch"])]
)
def test_both_sides_tell_whether_they_belong_together_whichever_came_first(
    services: Services,
    portal: ApiKeyRow,
    session_id: str,
    send: Send,
    card: Card,
    kinds: tuple[str, str],
    term: tuple[str, str],
    result: str,
    reasons: list[str],
) -> None:
    card.term = term
    first = send(kinds[0])
    check_paper(services, first.id)
    alone = read_paper(services, portal, session_id, first.id).report or {}
    assert (alone["result"], "sides_agree" in alone["breakdown"]) == ("clear", False)
    check_paper(services, send(kinds[1]).id)
    of_portal = [paper.report or {} for paper in list_papers(services, portal, session_id)]
    of_operator = [paper.report or {} for paper in case(services, session_id).papers]
    assert [(report["result"], report["reasons"]) for report in of_portal] == [(result, reasons)] * 2
    assert [report["breakdown"]["sides_agree"]["reasons"] for report in of_portal] == [reasons] * 2
    assert of_operator == of_portal


def test_a_side_that_is_sent_anew_takes_the_older_ones_place(
    services: Services, portal: ApiKeyRow, session_id: str, send: Send, card: Card, clock: SetClock
) -> None:
    portrait, other = send(CARD), send(EMBLEM)
    card.term = ANOTHERS
    for paper in (portrait, other):
        check_paper(services, paper.id)
    assert (read_paper(services, portal, session_id, portrait.id).report or {})["result"] == "consider"
    card.term = FITS
    clock.advance(seconds=1)
    check_paper(services, send(EMBLEM, a_picture(2)).id)
    assert (read_paper(services, portal, session_id, portrait.id).report or {})["result"] == "clear"
    assert (read_paper(services, portal, session_id, other.id).report or {})["result"] == "consider"


def test_a_side_of_which_nothing_was_read_accuses_nobody(
    services: Services, portal: ApiKeyRow, session_id: str, send: Send, card: Card
) -> None:
    card.term = ANOTHERS
    portrait = send(CARD)
    check_paper(services, portrait.id)
    card.read = False
    check_paper(services, send(EMBLEM).id)
    report = read_paper(services, portal, session_id, portrait.id).report or {}
    assert (report["result"], report["breakdown"]["sides_agree"]["result"]) == ("clear", "not_checked")


def test_the_audit_trail_tells_that_the_sides_do_not_belong_together(
    services: Services, session_id: str, send: Send, card: Card
) -> None:
    card.term = ANOTHERS
    for kind in (CARD, EMBLEM):
        check_paper(services, send(kind).id)
    with services.store.read() as tx:
        last = tx.audit.of_session(session_id)[-1]
    assert (last.what, "document_sides_mismatch" in last.detail) == ("paper_judged", True)


@pytest.mark.parametrize(
    ("entered", "number", "asked"),
    [
        (
            "residence_permit",
            replace(LEGAL, county="810000").number,
            ["residence_permit_portrait", "residence_permit_emblem"],
        ),
        ("passport", "E12345678", ["passport", "id_card_emblem"]),
    ],
)
def test_the_sides_are_those_of_the_certificate_that_was_entered(
    services: Services, portal: ApiKeyRow, send: Send, card: Card, entered: str, number: str, asked: list[str]
) -> None:
    legal = Entered(LEGAL.name, Certificate(entered, number))
    session_id = open_session(services, portal, a_unit(legal_person=legal)).id
    for kind in (CARD, EMBLEM):
        check_paper(services, send(kind, of=session_id).id)
    assert [wanted.kind for wanted in card.asked] == asked
    assert [wanted.name for wanted in card.asked] == [LEGAL.name, None]
    if entered == "residence_permit":  # its term is five years at any age: nothing ties its sides
        reports = [paper.report or {} for paper in list_papers(services, portal, session_id)]
        assert not any("sides_agree" in report["breakdown"] for report in reports)
