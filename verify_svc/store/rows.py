"""Rows to and from tables: one dataclass a table; sealed columns are sealed on the way in and opened on the way out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from sqlalchemy import Column, Connection, RowMapping, Select, Table, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from verify_svc.ports import Taken
from verify_svc.store.vault import Vault


class DataClass(Protocol):
    """Any dataclass."""

    __dataclass_fields__: ClassVar[dict[str, Any]]


R = TypeVar("R", bound=DataClass)


class Rows(Generic[R]):
    """A table of `row_type`, inside one transaction.

    With `locking` (a write transaction) a row that is fetched to be changed stays locked until the end; SQLite's
    single writer needs no row locks and knows none.
    """

    table: ClassVar[Table]

    def __init__(self, row_type: type[R], connection: Connection, vault: Vault, locking: bool) -> None:
        self._row_type = row_type
        self._connection = connection
        self._vault = vault
        self._locking = locking
        self._names = [item.name for item in fields(row_type)]

    def _insert(self, row: R, **beside: Any) -> None:
        """Insert, with columns that the row doesn't show; raises `Taken` without spoiling the transaction."""
        values = {**self._values(row), **beside}
        statement = (
            postgresql.insert(self.table).values(values).on_conflict_do_nothing()
            if self._connection.dialect.name == "postgresql"
            else sqlite.insert(self.table).values(values).on_conflict_do_nothing()
        )
        # What was inserted is asked back: the count of rows is not told by every driver.
        if self._connection.execute(statement.returning(*self.table.primary_key.columns)).first() is None:
            raise Taken(self.table.name)

    def _append(self, values: Mapping[str, Any]) -> int:
        """Insert into a table that counts its rows; gives the new number."""
        return int(self._connection.execute(insert(self.table).values(values).returning(self.table.c.id)).scalar_one())

    def _replace(self, row: R, **where: Any) -> int:
        """Overwrite the rows whose columns equal `where`; gives how many there were."""
        return self._change(self._values(row), **where)

    def _change(self, values: Mapping[str, Any], **where: Any) -> int:
        conditions = [self.table.c[name] == value for name, value in where.items()]
        return self._connection.execute(update(self.table).where(*conditions).values(values)).rowcount

    def _drop(self, **where: Any) -> int:
        conditions = [self.table.c[name] == value for name, value in where.items()]
        return self._connection.execute(delete(self.table).where(*conditions)).rowcount

    def _select(self) -> Select[Any]:
        return select(*(self.table.c[name] for name in self._names))

    def _one(self, query: Select[Any], to_change: bool = True) -> R | None:
        if self._locking and to_change:
            query = query.with_for_update()
        found = self._connection.execute(query.limit(1)).mappings().first()
        return None if found is None else self._row(found)

    def _many(self, query: Select[Any]) -> list[R]:
        return [self._row(found) for found in self._connection.execute(query).mappings()]

    def _values(self, row: R) -> dict[str, Any]:
        plain = {name: getattr(row, name) for name in self._names}
        return {name: seal(self._vault, self.table.c[name], plain) for name in self._names}

    def _row(self, found: RowMapping) -> R:
        values = {name: found[name] for name in self._names}
        return self._row_type(**{name: unseal(self._vault, self.table.c[name], values) for name in self._names})


def seal(vault: Vault, column: Column[Any], row: Mapping[str, Any]) -> Any:
    """The column's value as it is written: sealed where the column says so."""
    value = row[column.name]
    if value is None or "bound_to" not in column.info:
        return value
    return vault.seal(value.encode("utf-8"), seal_context(column, row))


def unseal(vault: Vault, column: Column[Any], row: Mapping[str, Any]) -> Any:
    """The column's value as it was given to `seal`. Raises `VaultError`."""
    value = row[column.name]
    if value is None or "bound_to" not in column.info:
        return value
    return vault.open(value, seal_context(column, row)).decode("utf-8")


def seal_context(column: Column[Any], row: Mapping[str, Any]) -> str:
    """What a sealed column's value is bound to: its table, its column, and the row by what names it."""
    return f"{column.table.name}.{column.name}:{row[column.info['bound_to']]}"
