"""The tables of the hand-off: links, phones, and the counters behind the limits."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, ScalarSelect, Table, delete, func, insert, select, update

from verify_svc.ports import LinkRow, PhoneRow
from verify_svc.store import tables
from verify_svc.store.rows import Rows
from verify_svc.store.vault import Vault


class SqlLinks(Rows[LinkRow]):
    """See `ports.Links`."""

    table = tables.links

    def __init__(self, connection: Connection, vault: Vault, locking: bool) -> None:
        super().__init__(LinkRow, connection, vault, locking)

    def add(self, row: LinkRow) -> None:
        """Insert; raises `Taken`."""
        self._insert(row, number=_next_number(self.table, row.session_id))

    def by_token_hash(self, token_hash: str) -> LinkRow | None:
        """The link, locked when it is fetched in a write transaction: of two taps at once, one redeems it."""
        return self._one(self._select().where(self.table.c.token_hash == token_hash))

    def latest(self, session_id: str) -> LinkRow | None:
        """The one that was added last, whatever the clocks said."""
        wanted = self._select().where(self.table.c.session_id == session_id)
        return self._one(wanted.order_by(self.table.c.number.desc()))

    def save(self, row: LinkRow) -> None:
        """Overwrite."""
        self._replace(row, id=row.id)

    def delete_of_session(self, session_id: str) -> None:
        """At the purge."""
        self._drop(session_id=session_id)


class SqlPhones(Rows[PhoneRow]):
    """See `ports.Phones`."""

    table = tables.phones

    def __init__(self, connection: Connection, vault: Vault, locking: bool) -> None:
        super().__init__(PhoneRow, connection, vault, locking)

    def add(self, row: PhoneRow) -> None:
        """Insert; raises `Taken`."""
        self._insert(row, number=_next_number(self.table, row.session_id))

    def by_token_hash(self, token_hash: str) -> PhoneRow | None:
        """The phone with that cookie; not locked, since nothing but `revoked_at` ever changes."""
        return self._one(self._select().where(self.table.c.token_hash == token_hash), to_change=False)

    def current(self, session_id: str) -> PhoneRow | None:
        """The one that is not revoked; of several the one that was added last."""
        wanted = self._select().where(self.table.c.session_id == session_id, self.table.c.revoked_at.is_(None))
        return self._one(wanted.order_by(self.table.c.number.desc()), to_change=False)

    def revoke(self, session_id: str, at: datetime) -> None:
        """Revoke every phone of the session."""
        columns = self.table.c
        current = (columns.session_id == session_id, columns.revoked_at.is_(None))
        self._connection.execute(update(self.table).where(*current).values(revoked_at=at))

    def delete_of_session(self, session_id: str) -> None:
        """At the purge."""
        self._drop(session_id=session_id)


def _next_number(table: Table, session_id: str) -> ScalarSelect[int]:
    """One more than the session's last: its writers come one after another, each holding its row."""
    last = select(func.coalesce(func.max(table.c.number), 0) + 1).where(table.c.session_id == session_id)
    return last.scalar_subquery()


class SqlCounters:
    """See `ports.Counters`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def hit(self, name: str, at: datetime) -> None:
        """Note one."""
        self._connection.execute(insert(tables.counter_hits).values(name=name, at=at))

    def count(self, name: str, since: datetime) -> int:
        """How many at or after `since`."""
        columns = tables.counter_hits.c
        query = select(func.count()).where(columns.name == name, columns.at >= since)
        return int(self._connection.execute(query).scalar_one())

    def oldest(self, name: str, since: datetime) -> datetime | None:
        """The first one at or after `since`."""
        columns = tables.counter_hits.c
        query = select(columns.at).where(columns.name == name, columns.at >= since).order_by(columns.at).limit(1)
        found: datetime | None = self._connection.execute(query).scalar()
        return found

    def clear(self, name: str) -> None:
        """Forget those of that name."""
        self._connection.execute(delete(tables.counter_hits).where(tables.counter_hits.c.name == name))

    def forget(self, before: datetime) -> None:
        """Forget all that are older."""
        self._connection.execute(delete(tables.counter_hits).where(tables.counter_hits.c.at < before))
