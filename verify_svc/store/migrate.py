"""Bringing a database to this version's schema: our tables by Alembic, the durable queue's by DBOS itself."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from verify_svc.store.database import Database

_SCRIPTS = Path(__file__).parent / "migrations"
_LOCK = 0x5665_7269_6679
"""PostgreSQL's advisory lock ('Verify'): of two that migrate at once, one waits and then finds nothing to do."""


def migrate(database: Database) -> None:
    """Create or upgrade every table. Safe to repeat; data stays. Raises SQLAlchemy's or DBOS's errors."""
    with database.writing() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        config = alembic_config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    # Imported here: it takes seconds, and a process that only reads the schema's version has no need of it.
    from dbos import DBOS

    DBOS.migrate(database.engine.url.render_as_string(hide_password=False))


def is_migrated(database: Database) -> bool:
    """Whether our tables are those of this version. Raises SQLAlchemy's errors when there is no answer."""
    with database.reading() as connection:
        return MigrationContext.configure(connection).get_current_revision() == _head()


@cache
def _head() -> str | None:
    return ScriptDirectory.from_config(alembic_config()).get_current_head()


def alembic_config() -> Config:
    """Alembic's settings; the caller puts its connection under `attributes["connection"]`."""
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS))
    config.set_main_option("path_separator", "os")
    return config
