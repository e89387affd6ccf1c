"""The store: transactions over the tables, on SQLite or PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from verify_svc.ports import StaleVersion
from verify_svc.store.database import Database
from verify_svc.store.handoff import SqlCounters, SqlLinks, SqlPhones
from verify_svc.store.inbox import SqlMessages
from verify_svc.store.migrate import is_migrated
from verify_svc.store.people import SqlApiKeys, SqlOperators
from verify_svc.store.records import SqlAudit, SqlDeliveries, SqlEvents, SqlHeartbeats, SqlIdempotency
from verify_svc.store.sessions import SqlPapers, SqlSessions, SqlUploads
from verify_svc.store.vault import Vault

_LOST_TO_ANOTHER = {"40001", "40P01"}
"""PostgreSQL's codes for serialisation failure and deadlock: the transaction is undone and may be tried again."""


class SqlTransaction:
    """One transaction. `connection` is for this room alone (the durable queue writes in it)."""

    def __init__(self, connection: Connection, vault: Vault, writing: bool) -> None:
        self.connection = connection
        self.sessions = SqlSessions(connection, vault, writing)
        self.uploads = SqlUploads(connection, vault, writing)
        self.papers = SqlPapers(connection, vault, writing)
        self.links = SqlLinks(connection, vault, writing)
        self.phones = SqlPhones(connection, vault, writing)
        self.counters = SqlCounters(connection)
        self.events = SqlEvents(connection, vault, writing)
        self.audit = SqlAudit(connection, vault, writing)
        self.api_keys = SqlApiKeys(connection, vault, writing)
        self.operators = SqlOperators(connection, vault, writing)
        self.idempotency = SqlIdempotency(connection, vault, writing)
        self.deliveries = SqlDeliveries(connection, vault, writing)
        self.messages = SqlMessages(connection)
        self.heartbeats = SqlHeartbeats(connection)


class SqlStore:
    """See `ports.Store`."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault

    @contextmanager
    def begin(self) -> Iterator[SqlTransaction]:
        """A write transaction. Raises `StaleVersion` when PostgreSQL undid it in favour of another."""
        try:
            with self._database.writing() as connection:
                yield SqlTransaction(connection, self._vault, writing=True)
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) in _LOST_TO_ANOTHER:
                raise StaleVersion("the database undid the transaction in favour of another") from None
            raise

    @contextmanager
    def read(self) -> Iterator[SqlTransaction]:
        """A transaction for reading."""
        with self._database.reading() as connection:
            yield SqlTransaction(connection, self._vault, writing=False)

    def ready(self) -> bool:
        """Whether the database answers and has this version's schema."""
        try:
            return is_migrated(self._database)
        except SQLAlchemyError:
            return False

    def close(self) -> None:
        """Close every connection."""
        self._database.close()
