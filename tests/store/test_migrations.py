"""Migrations: from nothing to this version, beside the durable queue's own tables."""

from __future__ import annotations

from alembic import command
from sqlalchemy import create_engine, inspect, text

from verify_svc.store import migrate as migrations
from verify_svc.store.database import Database, database_url, open_database
from verify_svc.store.sqlstore import SqlStore
from verify_svc.store.tables import metadata
from verify_svc.store.vault import Vault


def test_the_migrated_tables_are_those_of_the_models(database: Database) -> None:
    with database.writing() as connection:
        config = migrations.alembic_config()
        config.attributes["connection"] = connection
        command.check(config)


def test_migrating_again_changes_nothing(database: Database, store: SqlStore) -> None:
    before = _tables(database)
    migrations.migrate(database)
    assert _tables(database) == before
    assert store.ready()


def test_no_table_of_ours_bears_a_name_of_the_queue(database: Database) -> None:
    queue = _tables(database) - set(metadata.tables) - {"alembic_version", "sqlite_sequence"}
    if database.engine.dialect.name == "sqlite":
        assert {"workflow_status", "queues", "streams", "notifications"} <= queue
    else:
        assert queue == set()
        assert "workflow_status" in inspect(database.engine).get_table_names(schema="dbos")


def test_undoing_the_first_revision_leaves_the_queue_alone(database: Database) -> None:
    with database.writing() as connection:
        config = migrations.alembic_config()
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
    left = _tables(database)
    assert not left & set(metadata.tables)
    if database.engine.dialect.name == "sqlite":
        assert "workflow_status" in left


def test_links_of_earlier_releases_are_numbered_as_they_came(database: Database, store: SqlStore) -> None:
    with database.writing() as connection:
        config = migrations.alembic_config()
        config.attributes["connection"] = connection
        command.downgrade(config, "0001")
        for link_id, session_id, minute in (("b", "vs_1", 1), ("a", "vs_1", 2), ("c", "vs_1", 0), ("d", "vs_2", 3)):
            columns = "id, session_id, token_hash, created_at, expires_at"
            connection.execute(
                text(f"INSERT INTO links ({columns}) VALUES (:id, :of, :id, :at, :at)"),
                {"id": link_id, "of": session_id, "at": f"2026-11-22 12:0{minute}:00"},
            )
        command.upgrade(config, "head")
        found = connection.execute(text("SELECT id, number FROM links ORDER BY session_id, number")).all()
    assert [tuple(row) for row in found] == [("c", 1), ("b", 2), ("a", 3), ("d", 1)]


def test_an_empty_database_is_not_ready(tmp_path: object, vault: Vault) -> None:
    database = open_database(f"sqlite:///{tmp_path}/empty.db")
    assert not SqlStore(database, vault).ready()
    database.close()


def test_a_database_that_does_not_answer_is_not_ready(vault: Vault) -> None:
    database = Database(create_engine(database_url("postgresql://nobody@127.0.0.1:1/none")))
    assert not SqlStore(database, vault).ready()
    database.close()


def _tables(database: Database) -> set[str]:
    return set(inspect(database.engine).get_table_names())
