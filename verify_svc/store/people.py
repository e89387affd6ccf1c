"""The tables of those who may come in: portals' keys, operators and their logins."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, select, update

from verify_svc.ports import ApiKeyRow, LoginRow, OperatorRow, Taken
from verify_svc.store import tables
from verify_svc.store.rows import Rows
from verify_svc.store.vault import Vault


class SqlApiKeys(Rows[ApiKeyRow]):
    """See `ports.ApiKeys`."""

    table = tables.api_keys

    def __init__(self, connection: Connection, vault: Vault, locking: bool) -> None:
        super().__init__(ApiKeyRow, connection, vault, locking)

    def add(self, row: ApiKeyRow) -> None:
        """Insert; raises `Taken`."""
        self._insert(row)

    def by_hash(self, secret_hash: str) -> ApiKeyRow | None:
        """The key, revoked or not."""
        return self._one(self._select().where(self.table.c.secret_hash == secret_hash), to_change=False)

    def all(self) -> Sequence[ApiKeyRow]:
        """Oldest first."""
        return self._many(self._select().order_by(self.table.c.created_at, self.table.c.id))

    def of_portal(self, key: ApiKeyRow) -> Sequence[str]:
        """Those of the same name and mode, revoked ones too."""
        columns = self.table.c
        wanted = select(columns.id).where(columns.name == key.name, columns.livemode == key.livemode)
        return self._connection.execute(wanted).scalars().all()

    def revoke(self, key_id: str, at: datetime) -> bool:
        """False when there is no such key or it was revoked before."""
        columns = self.table.c
        live = (columns.id == key_id, columns.revoked_at.is_(None))
        return self._connection.execute(update(self.table).where(*live).values(revoked_at=at)).rowcount == 1


class _Logins(Rows[LoginRow]):
    table = tables.operator_logins

    def add(self, row: LoginRow) -> None:
        self._insert(row)

    def by_hash(self, token_hash: str) -> LoginRow | None:
        return self._one(self._select().where(self.table.c.token_hash == token_hash), to_change=False)

    def end(self, token_hash: str) -> None:
        self._drop(token_hash=token_hash)

    def end_of(self, operator: str) -> None:
        self._drop(operator=operator)

    def end_expired(self, now: datetime) -> None:
        self._connection.execute(self.table.delete().where(self.table.c.expires_at < now))


class SqlOperators(Rows[OperatorRow]):
    """See `ports.Operators`."""

    table = tables.operators

    def __init__(self, connection: Connection, vault: Vault, locking: bool) -> None:
        super().__init__(OperatorRow, connection, vault, locking)
        self._logins = _Logins(LoginRow, connection, vault, locking)

    def save(self, row: OperatorRow) -> None:
        """Insert or replace by name."""
        try:
            self._insert(row)
        except Taken:
            self._replace(row, name=row.name)

    def get(self, name: str) -> OperatorRow | None:
        """By name."""
        return self._one(self._select().where(self.table.c.name == name), to_change=False)

    def all(self) -> Sequence[OperatorRow]:
        """By name."""
        return self._many(self._select().order_by(self.table.c.name))

    def add_login(self, row: LoginRow) -> None:
        """Insert; those that had run out by then are cleared away."""
        self._logins.end_expired(row.created_at)
        self._logins.add(row)

    def login(self, token_hash: str) -> LoginRow | None:
        """The login with that cookie, run out or not."""
        return self._logins.by_hash(token_hash)

    def end_logins_of(self, operator: str) -> None:
        """Log that operator out everywhere."""
        self._logins.end_of(operator)

    def end_login(self, token_hash: str) -> None:
        """Log out."""
        self._logins.end(token_hash)
