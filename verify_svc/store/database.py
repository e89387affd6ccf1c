"""The database: engine, transactions and the guard against 'database is locked'.

SQLite runs in WAL mode, one writer at a time: a transaction that may write takes the write lock at its start
(`BEGIN IMMEDIATE`) and waits for it up to 15 s; taking it later, after a read, is what gives lock errors. A reading
transaction sees one snapshot and waits for nobody. PostgreSQL (psycopg 3) needs none of this.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import local

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, OperationalError

from verify_svc.ports import Unusable

BUSY_TIMEOUT_S = 15.0
POOL_SIZE = 10
"""Connections kept by one process; a web worker has at most as many threads."""

_READING = "verify_svc_reading"


class Database:
    """One engine, and the two ways to open a transaction on it."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._thread = local()

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that may write: committed at the end, rolled back on an exception.

        Raises RuntimeError inside another one of the same thread: on SQLite it would wait for itself.
        """
        if getattr(self._thread, "writing", False):
            raise RuntimeError("this thread is in a write transaction already")
        self._thread.writing = True
        try:
            with self.engine.begin() as connection:
                yield connection
        finally:
            self._thread.writing = False

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that only reads, on one snapshot; it takes no lock."""
        with self.engine.connect() as connection:
            yield connection.execution_options(**{_READING: True})

    def check(self) -> None:
        """Raises `Unusable` when nothing answers at the database's address, or doesn't let us in."""
        try:
            with self.engine.connect():
                return
        except OperationalError as error:
            url = self.engine.url
            place = url.database if url.host is None else f"{url.host}:{url.port or 5432}/{url.database}"
            why = str(error.orig).strip().splitlines() or ["no answer"]
            raise Unusable(f"VERIFY_DATABASE_URL: {place} can't be opened: {why[-1].strip()}") from None

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def open_database(url: str) -> Database:
    """Open `sqlite:///PATH` or `postgresql+psycopg://…` (`postgresql://` means the same). Connects to nothing yet."""
    address = database_url(url)
    if address.get_backend_name() == "sqlite":
        engine = create_engine(address, connect_args={"timeout": BUSY_TIMEOUT_S}, pool_size=POOL_SIZE, max_overflow=20)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        engine = create_engine(address, pool_size=POOL_SIZE, max_overflow=20, pool_pre_ping=True)
    return Database(engine)


def database_url(url: str) -> URL:
    """The address with the driver named; raises `Unusable` for another kind of database.

    >>> database_url("postgresql://verify@db/verify").drivername
    'postgresql+psycopg'
    """
    try:
        address = make_url(url)
    except ArgumentError:
        raise Unusable("VERIFY_DATABASE_URL: no address of a database") from None
    if address.get_backend_name() == "postgresql":
        return address.set(drivername="postgresql+psycopg")
    if address.get_backend_name() == "sqlite" and address.database:
        Path(address.database).parent.mkdir(parents=True, exist_ok=True)
        return address
    raise Unusable("VERIFY_DATABASE_URL: the database is sqlite:///PATH or postgresql://…")


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    # The driver's own way of opening transactions is switched off: `_begin_sqlite` does it.
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout = {int(BUSY_TIMEOUT_S * 1000)}")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA foreign_keys = ON")
    # Overwrites what is deleted: retention promises that it is gone.
    connection.execute("PRAGMA secure_delete = ON")


def _begin_sqlite(connection: Connection) -> None:
    reading = connection.get_execution_options().get(_READING, False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")
