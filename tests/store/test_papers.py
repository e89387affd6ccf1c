"""The papers' table, on SQLite and PostgreSQL."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from tests.store.made_rows import CANARY, NOON, a_paper, minutes
from verify_svc.ports import Store, Taken
from verify_svc.store.database import Database
from verify_svc.store.tables import papers


def test_a_paper_is_kept_and_changed(store: Store) -> None:
    row = a_paper()
    changed = replace(row, state="done", done_at=NOON + minutes(1), report='{"result": "clear"}')
    with store.begin() as tx:
        tx.papers.add(row)
        assert tx.papers.get(row.id) == row
        tx.papers.save(changed)
    with store.read() as tx:
        assert tx.papers.get(row.id) == changed
        assert tx.papers.get("pp_none") is None


def test_an_id_is_used_once(store: Store) -> None:
    with store.begin() as tx:
        tx.papers.add(a_paper())
        with pytest.raises(Taken):
            tx.papers.add(a_paper())


def test_papers_of_a_session_come_newest_first(store: Store) -> None:
    with store.begin() as tx:
        tx.papers.add(a_paper("pp_1"))
        tx.papers.add(a_paper("pp_2", at=NOON + minutes(1)))
        tx.papers.add(a_paper("pp_3", "vs_other"))
    with store.read() as tx:
        assert [row.id for row in tx.papers.of_session("vs_1")] == ["pp_2", "pp_1"]


def test_the_papers_of_one_session_are_deleted_alone(store: Store) -> None:
    with store.begin() as tx:
        tx.papers.add(a_paper("pp_1", "vs_1"))
        tx.papers.add(a_paper("pp_2", "vs_2"))
        tx.papers.delete_of_session("vs_1")
    with store.read() as tx:
        assert (tx.papers.get("pp_1"), tx.papers.get("pp_2") is None) == (None, False)


def test_a_report_is_written_sealed(store: Store, database: Database) -> None:
    with store.begin() as tx:
        tx.papers.add(a_paper(report=CANARY))
    with database.reading() as connection:
        written = connection.execute(select(papers)).one()
    assert CANARY.encode() not in b"".join(value for value in written if isinstance(value, bytes))
    assert CANARY not in str(written)
    with store.read() as tx:
        found = tx.papers.get("pp_1")
    assert found is not None
    assert found.report == CANARY
    assert CANARY not in repr(found)
