"""A letter of authorisation among the portal's papers moves the session that asks for one."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.fakes.outside import KeptSms
from tests.flow.applicant import Applicant, a_picture
from tests.session.journey import CARD, NAME, UNIT, a_unit, all_passed
from verify_svc.flow import papers
from verify_svc.flow.handoff import redeem_link, waiting_link
from verify_svc.flow.open import open_session, read_session
from verify_svc.flow.papers import add_paper, check_paper, gave_up, read_paper
from verify_svc.flow.services import Services
from verify_svc.form.check import FormWanted
from verify_svc.inference.engines import Engines
from verify_svc.ports import ApiKeyRow
from verify_svc.session.filing import Person
from verify_svc.session.finding import Finding, Outcome
from verify_svc.session.report import Report, judge_report
from verify_svc.session.steps import StepName

NEEDED = ("authorization_letter_required",)
UNSEALED = Finding("seal", Outcome.FAIL, ("form_seal_missing",))


@pytest.fixture
def applicant(services: Services, portal: ApiKeyRow, sms: KeptSms) -> Applicant:
    """At the card of a unit whose responsible person is another than its legal representative."""
    view = open_session(services, portal, a_unit(legal_person=Person("卢沟晓")))
    link = waiting_link(services, view.id)
    let_in = redeem_link(services, link.token, device_kind="iPhone", browser="微信", cookie=None)
    applicant = Applicant(services, let_in.phone, let_in.cookie, sms).to_papers()
    applicant.judged(StepName.PERSON_DOCUMENT, "portrait", fields=CARD)
    return applicant


@pytest.fixture
def send(
    services: Services, portal: ApiKeyRow, applicant: Applicant, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., str]:
    """The portal sends a letter on which the engine finds what the test says; gives the paper's id, judged."""
    sent = 0

    def letter(*findings: Finding, person: str = NAME) -> str:
        nonlocal sent
        sent += 1

        def check(_engines: Engines, _data: bytes, wanted: FormWanted) -> Report:
            assert wanted.entry is None  # whose letter it is isn't known before it is read
            named = {finding.check for finding in findings}
            found = [each for each in all_passed(services.pack, StepName.FORMS) if each.check not in named]
            values = {"name": UNIT, "person": person, "seal": UNIT, "date": "2026-11-22"}
            fields = {name: {"value": value, "score": 0.99} for name, value in values.items()}
            return judge_report([*found, *findings], {"fields": fields})

        monkeypatch.setattr(papers, "check_form", check)
        paper = add_paper(services, portal, applicant.session_id, "authorisation_letter", [a_picture(sent)])
        check_paper(services, paper.id)
        return paper.id

    return letter


def asked_for(services: Services, portal: ApiKeyRow, applicant: Applicant) -> tuple[str, ...]:
    """The card's reasons as the portal reads them."""
    view = read_session(services, portal, applicant.session_id)
    return next(step.reasons for step in view.steps if step.name == "person_document")


def test_a_clear_letter_takes_the_reason_away_and_a_faulty_one_brings_it_back(
    services: Services, portal: ApiKeyRow, applicant: Applicant, send: Callable[..., str]
) -> None:
    assert asked_for(services, portal, applicant) == NEEDED
    faulty = send(UNSEALED)
    assert asked_for(services, portal, applicant) == NEEDED
    clear = send()
    assert asked_for(services, portal, applicant) == ()
    reports = [read_paper(services, portal, applicant.session_id, each).report or {} for each in (faulty, clear)]
    assert [(report["result"], report["reasons"]) for report in reports] == [
        ("rejected", ["form_seal_missing"]),
        ("clear", []),
    ]
    send(UNSEALED)
    assert asked_for(services, portal, applicant) == NEEDED


def test_a_letter_for_another_person_says_so_and_leaves_the_reason(
    services: Services, portal: ApiKeyRow, applicant: Applicant, send: Callable[..., str]
) -> None:
    report = read_paper(services, portal, applicant.session_id, send(person="王五六")).report or {}
    assert report["reasons"] == ["form_name_mismatch"]
    assert asked_for(services, portal, applicant) == NEEDED


def test_the_move_leaves_one_audit_row_and_an_event(
    services: Services, applicant: Applicant, send: Callable[..., str]
) -> None:
    with services.store.read() as tx:
        audited, told = len(tx.audit.of_session(applicant.session_id)), tx.events.last_id(applicant.session_id)
    paper_id = send()
    check_paper(services, paper_id)  # a replay of the job
    with services.store.read() as tx:
        rows = tx.audit.of_session(applicant.session_id)[audited:]
        events = tx.events.after(applicant.session_id, told, 10)
    assert [row.what for row in rows] == ["paper_kept", "paper_judged"]
    assert [(event.type, event.step) for event in events] == [("step_changed", "person_document")]


def test_paper_audit_and_event_are_recorded_together_or_not_at_all(
    services: Services,
    portal: ApiKeyRow,
    applicant: Applicant,
    send: Callable[..., str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def breaks(*args: object, **kwargs: object) -> None:
        raise OSError("the disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(papers, "move", breaks)
        with pytest.raises(OSError, match="disk"):
            send()
    with services.store.read() as tx:
        (paper,) = tx.papers.of_session(applicant.session_id)
    assert paper.state == "processing"
    assert asked_for(services, portal, applicant) == NEEDED
    check_paper(services, paper.id)
    assert asked_for(services, portal, applicant) == ()


def test_a_letter_that_could_not_be_judged_moves_nothing(
    services: Services, portal: ApiKeyRow, applicant: Applicant, send: Callable[..., str]
) -> None:
    send()
    paper = add_paper(services, portal, applicant.session_id, "authorisation_letter", [a_picture(9)])
    gave_up(services, paper.id)
    assert asked_for(services, portal, applicant) == ()
