"""The tables that tell what happened: outbox events, audit trail, webhook deliveries, used keys, signs of life."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, func, select

from verify_svc.ports import AuditRow, DeliveryRow, EventRow, IdempotencyRow
from verify_svc.store import tables
from verify_svc.store.rows import Rows
from verify_svc.store.vault import Vault


class SqlEvents(Rows[EventRow]):
    """See `ports.Events`."""

    table = tables.outbox_events

    def __init__(self, connection: Connection, vault: Vault, locking: bool) -> None:
        super().__init__(EventRow, connection, vault, locking)

    def append(self, session_id: str, livemode: bool, type: str, step: str | None, at: datetime, data: str) -> int:
        """Insert; gives the new id."""
        if self._connection.dialect.name == "postgresql":
            # Ids are given out before the commit: without this lock a reader could see 8 before 7 is there, and would
            # never come back for 7. Held until the end of the transaction, for this session alone.
            self._connection.execute(select(func.pg_advisory_xact_lock(func.hashtext(session_id))))
        values = {"session_id": session_id, "livemode": livemode, "type": type, "step": step, "at": at, "data": data}
        return self._append(values)

    def get(self, event_id: int) -> EventRow | None:
        """By id."""
        return self._one(self._select().where(self.table.c.id == event_id), to_change=False)

    def after(self, session_id: str, event_id: int, limit: int) -> Sequence[EventRow]:
        """Oldest first."""
        columns = self.table.c
        wanted = self._select().where(columns.session_id == session_id, columns.id > event_id)
        return self._many(wanted.order_by(columns.id).limit(limit))

    def last_id(self, session_id: str) -> int:
        """0 when there is none."""
        query = select(func.max(self.table.c.id)).where(self.table.c.session_id == session_id)
        return int(self._connection.execute(query).scalar() or 0)

    def public(
        self, *, api_key_ids: Sequence[str], session_id: str | None, before_id: int | None, limit: int
    ) -> Sequence[EventRow]:
        """Those of type `verification_session.…` and of those keys' sessions, newest first."""
        columns, sessions = self.table.c, tables.sessions.c
        own = select(sessions.id).where(sessions.api_key_id.in_(api_key_ids))
        public = columns.type.startswith("verification_session.", autoescape=True)
        wanted = self._select().where(columns.session_id.in_(own), public)
        if session_id is not None:
            wanted = wanted.where(columns.session_id == session_id)
        if before_id is not None:
            wanted = wanted.where(columns.id < before_id)
        return self._many(wanted.order_by(columns.id.desc()).limit(limit))

    def delete_of_session(self, session_id: str) -> None:
        """At the purge."""
        self._drop(session_id=session_id)


class SqlAudit(Rows[AuditRow]):
    """See `ports.Audit`."""

    table = tables.audit_entries

    def __init__(self, connection: Connection, vault: Vault, locking: bool) -> None:
        super().__init__(AuditRow, connection, vault, locking)

    def append(self, row: AuditRow) -> None:
        """Insert."""
        self._append(self._values(row))

    def of_session(self, session_id: str) -> Sequence[AuditRow]:
        """Oldest first."""
        return self._many(self._select().where(self.table.c.session_id == session_id).order_by(self.table.c.id))

    def delete_of_session(self, session_id: str) -> None:
        """At the purge."""
        self._drop(session_id=session_id)


class SqlDeliveries(Rows[DeliveryRow]):
    """See `ports.Deliveries`."""

    table = tables.deliveries

    def __init__(self, connection: Connection, vault: Vault, locking: bool) -> None:
        super().__init__(DeliveryRow, connection, vault, locking)

    def add(self, row: DeliveryRow) -> None:
        """Insert; raises `Taken`."""
        self._insert(row)

    def get(self, delivery_id: str) -> DeliveryRow | None:
        """The delivery, locked when it is fetched in a write transaction."""
        return self._one(self._select().where(self.table.c.id == delivery_id))

    def save(self, row: DeliveryRow) -> None:
        """Overwrite."""
        self._replace(row, id=row.id)

    def due(self, now: datetime, limit: int) -> Sequence[DeliveryRow]:
        """Waiting, with `next_at` at or before now."""
        columns = self.table.c
        wanted = self._select().where(columns.state == "waiting", columns.next_at <= now)
        return self._many(wanted.order_by(columns.next_at).limit(limit))

    def delete_of_session(self, session_id: str) -> None:
        """At the purge."""
        self._drop(session_id=session_id)


class SqlIdempotency(Rows[IdempotencyRow]):
    """See `ports.Idempotency`."""

    table = tables.idempotency_keys

    def __init__(self, connection: Connection, vault: Vault, locking: bool) -> None:
        super().__init__(IdempotencyRow, connection, vault, locking)

    def get(self, api_key_id: str, key: str) -> IdempotencyRow | None:
        """The use of that key by that portal."""
        columns = self.table.c
        return self._one(self._select().where(columns.api_key_id == api_key_id, columns.key == key), to_change=False)

    def add(self, row: IdempotencyRow) -> None:
        """Insert; raises `Taken`."""
        self._insert(row)

    def forget(self, before: datetime) -> None:
        """Drop all older ones."""
        self._connection.execute(delete(self.table).where(self.table.c.created_at < before))


class SqlHeartbeats:
    """See `ports.Heartbeats`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def beat(self, executor_id: str, at: datetime) -> None:
        """The worker's only row says when it was last alive."""
        table = tables.heartbeats
        changed = self._connection.execute(table.update().where(table.c.executor_id == executor_id).values(at=at))
        if changed.rowcount == 0:
            self._connection.execute(table.insert().values(executor_id=executor_id, at=at))

    def silent_since(self, before: datetime) -> Sequence[str]:
        """Workers whose last beat is older."""
        columns = tables.heartbeats.c
        query = select(columns.executor_id).where(columns.at < before).order_by(columns.at)
        return list(self._connection.execute(query).scalars())

    def remove(self, executor_id: str) -> None:
        """The worker has gone in good order, or its jobs were taken over."""
        table = tables.heartbeats
        self._connection.execute(table.delete().where(table.c.executor_id == executor_id))
