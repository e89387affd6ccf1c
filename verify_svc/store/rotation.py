"""Rotation: everything sealed is brought under the current key-encryption key, while the service runs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Column, Connection, RowMapping, func, select, update

from verify_svc.store.blobs import blob_context
from verify_svc.store.database import Database
from verify_svc.store.rows import seal_context
from verify_svc.store.tables import blob_keys, metadata
from verify_svc.store.vault import LONGEST_WRAPPED_KEY_BYTES, Vault, key_id_of

_BATCH = 200


def rewrap_everything(database: Database, vault: Vault) -> int:
    """Bring every wrapped key under the vault's current key; gives how many were changed. Contents stay untouched.

    Safe to repeat and to interrupt, beside a running service whose processes have the new key file.
    """
    changed = 0
    for column in _sealed_columns():
        with database.reading() as connection:
            stale = [row_id for row_id, key_id in _wrappings(connection, column) if key_id != vault.current_key_id]
        for start in range(0, len(stale), _BATCH):
            with database.writing() as connection:
                changed += sum(_rewrap(connection, vault, column, row_id) for row_id in stale[start : start + _BATCH])
    return changed


def keys_in_use(database: Database) -> dict[str, int]:
    """How many seals each key-encryption key holds, by its id: a key that holds none may be dropped."""
    counts: Counter[str] = Counter()
    with database.reading() as connection:
        for column in _sealed_columns():
            counts.update(key_id for _, key_id in _wrappings(connection, column))
    return dict(counts)


def _sealed_columns() -> Iterator[Column[Any]]:
    yield blob_keys.c.wrapped_key
    for table in metadata.sorted_tables:
        yield from (column for column in table.columns if "bound_to" in column.info)


def _wrappings(connection: Connection, column: Column[Any]) -> Iterator[tuple[Any, str]]:
    start = func.substr(column, 1, LONGEST_WRAPPED_KEY_BYTES)
    query = select(_primary(column), start).where(column.is_not(None))
    for row_id, seal in connection.execute(query):
        yield row_id, key_id_of(bytes(seal))


def _rewrap(connection: Connection, vault: Vault, column: Column[Any], row_id: Any) -> int:
    this = _primary(column) == row_id
    row = connection.execute(select(column.table).where(this).with_for_update()).mappings().first()
    if row is None or row[column.name] is None:
        return 0
    renewed = vault.rewrap(row[column.name], _context(column, row))
    return connection.execute(update(column.table).where(this).values({column.name: renewed})).rowcount


def _primary(column: Column[Any]) -> Column[Any]:
    return next(iter(column.table.primary_key.columns))


def _context(column: Column[Any], row: RowMapping) -> str:
    return blob_context(row["blob"]) if column.table is blob_keys else seal_context(column, dict(row))
