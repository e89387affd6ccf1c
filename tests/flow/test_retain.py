"""Sessions run out, and what is no longer needed is deleted."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from tests.fakes.outside import KeptSms, NotedJobs, SetClock
from tests.flow.applicant import Applicant, a_picture
from tests.session.journey import ID_NUMBER, MOBILE, NAME, a_person, a_unit
from verify_svc.flow.handoff import redeem_link, waiting_link
from verify_svc.flow.open import cancel_session, list_sessions, open_session, read_session
from verify_svc.flow.papers import add_paper
from verify_svc.flow.refusal import Refusal
from verify_svc.flow.retain import purge, purge_session
from verify_svc.flow.services import Services
from verify_svc.flow.sweep import sweep
from verify_svc.ports import ApiKeyRow, SentMessage
from verify_svc.session.steps import StepName
from verify_svc.store.database import Database, open_database
from verify_svc.store.inbox import SqlInbox
from verify_svc.store.rows import unseal
from verify_svc.store.tables import metadata
from verify_svc.store.vault import Keyring, Vault


def test_a_session_runs_out_by_itself(
    services: Services, portal: ApiKeyRow, applicant: Applicant, clock: SetClock
) -> None:
    clock.advance(days=6, hours=23)
    sweep(services)
    assert read_session(services, portal, applicant.session_id).status == "requires_input"
    clock.advance(hours=1)
    for _ in range(2):
        sweep(services)
    assert read_session(services, portal, applicant.session_id).status == "expired"
    with pytest.raises(Refusal, match="session_expired"):
        applicant.consents()


def test_media_go_first_and_the_record_later(
    services: Services, portal: ApiKeyRow, applicant: Applicant, clock: SetClock
) -> None:
    upload_id = applicant.to_papers().judged(StepName.SUBJECT_DOCUMENT, "page")
    key = f"sessions/{applicant.session_id}/{upload_id}/original"
    cancel_session(services, portal, applicant.session_id)
    clock.advance(days=29)
    assert purge(services) == 0
    assert services.blobs.get(key)
    clock.advance(days=2)
    assert purge(services) == 0
    with pytest.raises(KeyError):
        services.blobs.get(key)
    assert read_session(services, portal, applicant.session_id).status == "canceled"
    clock.advance(days=150)
    assert purge(services) == 1
    with pytest.raises(Refusal, match="not_found"):
        read_session(services, portal, applicant.session_id)
    assert purge(services) == 0


def test_nothing_of_person_device_or_portal_is_left_in_any_column(
    services: Services, portal: ApiKeyRow, clock: SetClock, sms: KeptSms, tmp_path: Path
) -> None:
    planted = {NAME, ID_NUMBER, MOBILE, "iPhone 17", "微信 9", "order-4711", "zhang@example.cn", "planted-metadata"}
    planted.add("planted-in-a-paper")
    person = replace(a_person(), email="zhang@example.cn")
    view = open_session(
        services, portal, a_unit(person), client_reference_id="order-4711", metadata={"note": "planted-metadata"}
    )
    token = waiting_link(services, view.id).token
    let_in = redeem_link(services, token, device_kind="iPhone 17", browser="微信 9", cookie=None)
    applicant = Applicant(services, let_in.phone, let_in.cookie, sms)
    applicant.to_papers().judged(StepName.PERSON_DOCUMENT, "portrait")
    paper = add_paper(services, portal, view.id, "legal_person_card_portrait", [a_picture(9)])
    with services.store.begin() as tx:
        row = tx.papers.get(paper.id)
        assert row is not None
        tx.papers.save(replace(row, report=json.dumps({"planted": "planted-in-a-paper"})))
    SqlInbox(database_of(tmp_path), VAULT).add(SentMessage(clock.now(), MOBILE, f"{NAME} 123456"))
    cancel_session(services, portal, view.id)
    planted.add(view.reference)
    assert planted <= {value for value in planted if value in everything(tmp_path)}

    clock.advance(days=181)
    sweep(services)

    left = everything(tmp_path)
    assert {value for value in planted if value in left} == set()
    assert view.id in left
    with pytest.raises(KeyError):
        services.blobs.get(f"sessions/{view.id}/{paper.id}/original")
    with services.store.read() as tx:
        kept = tx.sessions.get(view.id)
        assert kept is not None
        assert (kept.status, kept.state) == ("canceled", "")
        assert [each.what for each in tx.audit.of_session(view.id)] == ["purged"]


def test_a_webhook_that_still_waits_is_not_sent_once_its_session_is_purged(
    services: Services, portal: ApiKeyRow, applicant: Applicant, clock: SetClock, jobs: NotedJobs
) -> None:
    cancel_session(services, portal, applicant.session_id)
    clock.advance(days=181)
    purge(services)
    asked = len(jobs.asked)
    clock.advance(days=1)
    sweep(services)
    assert len(jobs.asked) == asked


def test_a_portal_pages_past_what_was_purged(services: Services, portal: ApiKeyRow, clock: SetClock) -> None:
    oldest = open_session(services, portal, a_unit())
    clock.advance(days=190)
    for _ in range(3):
        view = open_session(services, portal, a_unit())
        cancel_session(services, portal, view.id)
        purge_session(services, view.id)
        clock.advance(minutes=1)
    page, more = list_sessions(services, portal, limit=1)
    assert ([view.id for view in page], more) == ([oldest.id], False)


VAULT = Vault(Keyring("test-1", {"test-1": bytes(range(32))}))


def database_of(folder: Path) -> Database:
    return open_database(f"sqlite:///{folder / 'store.db'}")


def everything(folder: Path) -> str:
    """Every column of every table, the queue's too, with what is sealed opened."""
    found = []
    with closing(database_of(folder)) as database, database.reading() as connection:
        for name in inspect(connection).get_table_names():
            table = metadata.tables.get(name)
            columns = {} if table is None else dict(table.columns)
            rows = text(f'SELECT * FROM "{name}"') if table is None else table.select()
            for row in connection.execute(rows).mappings():
                plain = {str(key): value for key, value in row.items()}
                found += [
                    unseal(VAULT, columns[key], plain) if key in columns else value for key, value in plain.items()
                ]
    return "\n".join(str(value) for value in found)
