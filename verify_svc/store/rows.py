"""Rows to and from tables: one dataclass a table; sealed columns are sealed on the way in and opened on the way out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from sqlalchemy import Connection, RowMapping, Select, Table, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from verify_svc.ports import Taken
from verify_svc.store.vault import Vault


class DataClass(Protocol):
    """Any dataclass."""

    __dataclass_fields__: ClassVar[dict[str, Any]]


R = TypeVar("R", bound=DataClass)


class Rows(Generic[R]):
    """A table of `row_type`, inside one transaction.

    `identity` names the column that a seal is bound to besides the table's and the column's own name. With `locking`
    (a write transaction) a row that is fetched to be changed stays locked until the end; SQLite's single writer
    needs no row locks and knows none.
    """

    table: ClassVar[Table]
    identity: ClassVar[str] = "id"

    def __init__(self, row_type: type[R], connection: Connection, vault: Vault, locking: bool) -> None:
        self._row_type = row_type
        self._connection = connection
        self._vault = vault
        self._locking = locking
        self._names = [item.name for item in fields(row_type)]

    def _insert(self, row: R) -> None:
        """Insert; raises `Taken` without spoiling the transaction."""
        values = self._values(row)
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
        values = {name: getattr(row, name) for name in self._names}
        return {name: self._seal(name, value, values) for name, value in values.items()}

    def _row(self, found: RowMapping) -> R:
        return self._row_type(**{name: self._open(name, found[name], found) for name in self._names})

    def _seal(self, name: str, value: Any, values: Mapping[str, Any]) -> Any:
        if value is None or not self.table.c[name].info.get("sealed"):
            return value
        return self._vault.seal(value.encode("utf-8"), seal_context(self.table, name, values[self.identity]))

    def _open(self, name: str, value: Any, found: RowMapping) -> Any:
        if value is None or not self.table.c[name].info.get("sealed"):
            return value
        return self._vault.open(value, seal_context(self.table, name, found[self.identity])).decode("utf-8")


def seal_context(table: Table, column: str, identity: object) -> str:
    """What a sealed column's value is bound to."""
    return f"{table.name}.{column}:{identity}"
