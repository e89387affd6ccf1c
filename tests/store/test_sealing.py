"""Nothing personal lies in the database in plain, and a new key takes over all of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from tests.store.conftest import KEYRING
from tests.store.made_rows import CANARY, NOON, a_session, an_audit, an_upload
from verify_svc.ports import SentMessage
from verify_svc.store.blobs import SealedBlobs, local_objects
from verify_svc.store.database import Database
from verify_svc.store.inbox import KEPT_MESSAGES, SqlInbox
from verify_svc.store.rotation import keys_in_use, rewrap_everything
from verify_svc.store.sqlstore import SqlStore
from verify_svc.store.tables import metadata
from verify_svc.store.vault import Keyring, TamperedError, Vault


def _fill(database: Database, store: SqlStore, vault: Vault, folder: Path) -> None:
    with store.begin() as tx:
        tx.sessions.add(a_session(state=CANARY))
        tx.uploads.add(an_upload(sent=CANARY, report=CANARY))
        tx.uploads.add(an_upload("up_2", sent=CANARY, report=None))
        tx.audit.append(an_audit("corrected", detail=CANARY))
    SqlInbox(database, vault).add(SentMessage(NOON, CANARY, CANARY))
    SealedBlobs(local_objects(folder), database, vault).put("a", CANARY.encode())


def _check(database: Database, store: SqlStore, vault: Vault, folder: Path) -> None:
    with store.read() as tx:
        session, upload = tx.sessions.get("vs_1"), tx.uploads.get("up_1")
        assert session is not None
        assert upload is not None
        assert (session.state, upload.sent, upload.report) == (CANARY, CANARY, CANARY)
        assert tx.audit.of_session("vs_1")[0].detail == CANARY
    assert SqlInbox(database, vault).messages() == [SentMessage(NOON, CANARY, CANARY)]
    assert SealedBlobs(local_objects(folder), database, vault).get("a") == CANARY.encode()


def test_no_personal_data_lies_in_the_database_in_plain(
    database: Database, store: SqlStore, vault: Vault, tmp_path: Path
) -> None:
    _fill(database, store, vault, tmp_path / "files")
    with database.reading() as connection:
        everything = [
            value for table in metadata.sorted_tables for row in connection.execute(table.select()) for value in row
        ]
    assert any(isinstance(value, bytes) for value in everything)
    for value in everything:
        assert CANARY not in str(value)
        assert not isinstance(value, bytes) or CANARY.encode() not in value
    for file in tmp_path.rglob("*"):
        assert not file.is_file() or CANARY.encode() not in file.read_bytes()


def test_a_sealed_column_moved_to_another_row_does_not_open(database: Database, store: SqlStore) -> None:
    with store.begin() as tx:
        tx.sessions.add(a_session("vs_1", state="the one"))
        tx.sessions.add(a_session("vs_2", state="the other"))
    with database.writing() as connection:
        connection.execute(
            text("UPDATE sessions SET state = (SELECT state FROM sessions WHERE id = 'vs_1') WHERE id = 'vs_2'")
        )
    with store.read() as tx, pytest.raises(TamperedError):
        tx.sessions.get("vs_2")


def test_rotation_brings_everything_under_the_new_key(
    database: Database, store: SqlStore, vault: Vault, tmp_path: Path
) -> None:
    folder = tmp_path / "files"
    _fill(database, store, vault, folder)
    assert set(keys_in_use(database)) == {"test-1"}
    new = {"test-2": b"n" * 32}
    both = Vault(Keyring("test-2", {**KEYRING.keys, **new}))
    assert rewrap_everything(database, both) == keys_in_use(database)["test-2"] == 8
    assert set(keys_in_use(database)) == {"test-2"}
    assert rewrap_everything(database, both) == 0
    alone = Vault(Keyring("test-2", new))
    _check(database, SqlStore(database, alone), alone, folder)


def test_the_development_inbox_forgets_the_oldest(database: Database, vault: Vault) -> None:
    inbox = SqlInbox(database, vault)
    for number in range(KEPT_MESSAGES + 3):
        inbox.add(SentMessage(NOON, "13800138000", str(number)))
    texts = [message.text for message in inbox.messages()]
    assert (len(texts), texts[0], texts[-1]) == (KEPT_MESSAGES, str(KEPT_MESSAGES + 2), "3")
