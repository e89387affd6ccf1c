"""The same store tests run on a real SQLite and on a real PostgreSQL."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from tests.store.postgresql import running_postgresql
from verify_svc.store.database import Database, database_url, open_database
from verify_svc.store.migrate import migrate
from verify_svc.store.sqlstore import SqlStore
from verify_svc.store.vault import Keyring, Vault

_numbers = count(1)
KEYRING = Keyring("test-1", {"test-1": bytes(range(32))})


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """A PostgreSQL of this test run."""
    with running_postgresql() as url:
        yield url


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file, to be copied."""
    path = tmp_path_factory.mktemp("migrated") / "store.db"
    with closing(open_database(f"sqlite:///{path}")) as database:
        migrate(database)
    return path


@pytest.fixture(scope="session")
def migrated_postgresql(postgresql_url: str) -> Callable[[], str]:
    """Makes copies of a migrated PostgreSQL database; gives the address of each."""
    _run(postgresql_url, "CREATE DATABASE migrated")
    with closing(open_database(_address(postgresql_url, "migrated"))) as database:
        migrate(database)

    def copy() -> str:
        name = f"copy_{next(_numbers)}"
        _run(postgresql_url, f"CREATE DATABASE {name} TEMPLATE migrated")
        return _address(postgresql_url, name)

    return copy


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a migrated, empty database."""
    if request.param == "postgresql":
        copy: Callable[[], str] = request.getfixturevalue("migrated_postgresql")
        return copy()
    path = tmp_path / "store.db"
    shutil.copy(request.getfixturevalue("migrated_sqlite"), path)
    return f"sqlite:///{path}"


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    """A migrated, empty database."""
    with closing(open_database(url)) as opened:
        yield opened


@pytest.fixture
def vault() -> Vault:
    """A vault with one key."""
    return Vault(KEYRING)


@pytest.fixture
def store(database: Database, vault: Vault) -> SqlStore:
    """The store on that database."""
    return SqlStore(database, vault)


def _address(url: str, name: str) -> str:
    return database_url(url).set(database=name).render_as_string(hide_password=False)


def _run(url: str, statement: str) -> None:
    engine = create_engine(database_url(url), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()
