"""The tables of sessions, of what phones upload, and of what portals send."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, and_, or_, select

from verify_svc.ports import PaperRow, SessionRow, StaleVersion, UploadRow
from verify_svc.store import tables
from verify_svc.store.rows import Rows
from verify_svc.store.vault import Vault


class SqlSessions(Rows[SessionRow]):
    """See `ports.Sessions`."""

    table = tables.sessions

    def __init__(self, connection: Connection, vault: Vault, locking: bool) -> None:
        super().__init__(SessionRow, connection, vault, locking)

    def add(self, row: SessionRow) -> None:
        """Insert; raises `Taken`."""
        self._insert(row)

    def get(self, session_id: str) -> SessionRow | None:
        """The session, locked when it is fetched in a write transaction."""
        return self._one(self._select().where(self.table.c.id == session_id))

    def save(self, row: SessionRow) -> SessionRow:
        """Compare-and-set by `version`; raises `StaleVersion`."""
        following = replace(row, version=row.version + 1)
        if self._replace(following, id=row.id, version=row.version) == 0:
            raise StaleVersion(row.id)
        return following

    def page(
        self,
        *,
        api_key_ids: Sequence[str] | None,
        status: str | None,
        query: str | None,
        before_id: str | None,
        limit: int,
    ) -> Sequence[SessionRow]:
        """Newest first and not purged; of those keys alone, or (None) of all."""
        columns = self.table.c
        # Left out here and not by the caller: a page of nothing but purged ones would have no cursor.
        kept = self._select().where(columns.purged_at.is_(None))
        wanted = kept.order_by(columns.created_at.desc(), columns.id.desc()).limit(limit)
        if api_key_ids is not None:
            wanted = wanted.where(columns.api_key_id.in_(api_key_ids))
        if status is not None:
            wanted = wanted.where(columns.status == status)
        if query is not None:
            exact = (columns.id, columns.reference, columns.client_reference_id)
            wanted = wanted.where(or_(*(column == query for column in exact)))
        if before_id is not None:
            made = select(columns.created_at).where(columns.id == before_id).scalar_subquery()
            wanted = wanted.where(
                or_(columns.created_at < made, and_(columns.created_at == made, columns.id < before_id))
            )
        return self._many(wanted)

    def awaiting_operator(self, limit: int) -> Sequence[SessionRow]:
        """Most urgent first."""
        columns = self.table.c
        wanted = self._select().where(columns.waiting_since.is_not(None))
        return self._many(wanted.order_by(columns.priority.desc(), columns.waiting_since, columns.id).limit(limit))

    def expired(self, now: datetime, limit: int) -> Sequence[SessionRow]:
        """Open ones whose time is over."""
        columns = self.table.c
        wanted = self._select().where(columns.closed_at.is_(None), columns.expires_at <= now)
        return self._many(wanted.order_by(columns.expires_at).limit(limit))

    def to_purge(self, closed_before: datetime, limit: int) -> Sequence[SessionRow]:
        """Closed before that time and not purged yet."""
        columns = self.table.c
        wanted = self._select().where(columns.closed_at < closed_before, columns.purged_at.is_(None))
        return self._many(wanted.order_by(columns.closed_at).limit(limit))


class SqlUploads(Rows[UploadRow]):
    """See `ports.Uploads`."""

    table = tables.uploads

    def __init__(self, connection: Connection, vault: Vault, locking: bool) -> None:
        super().__init__(UploadRow, connection, vault, locking)

    def add(self, row: UploadRow) -> None:
        """Insert; raises `Taken`."""
        self._insert(row)

    def get(self, upload_id: str) -> UploadRow | None:
        """The upload, locked when it is fetched in a write transaction."""
        return self._one(self._select().where(self.table.c.id == upload_id))

    def save(self, row: UploadRow) -> None:
        """Overwrite."""
        self._replace(row, id=row.id)

    def of_session(self, session_id: str) -> Sequence[UploadRow]:
        """Oldest first."""
        wanted = self._select().where(self.table.c.session_id == session_id)
        return self._many(wanted.order_by(self.table.c.created_at, self.table.c.id))

    def with_hash(self, session_id: str, step: str, slot: str, sha256: str) -> UploadRow | None:
        """The newest upload of the same bytes to the same slot."""
        columns = self.table.c
        same = (columns.session_id == session_id, columns.step == step, columns.slot == slot, columns.sha256 == sha256)
        return self._one(self._select().where(*same).order_by(columns.created_at.desc(), columns.id.desc()))

    def progress(self, upload_id: str, stage: str, fraction: float) -> None:
        """Touches two columns alone, whatever else is written to the row meanwhile."""
        self._change({"stage": stage, "fraction": fraction}, id=upload_id)

    def seen_elsewhere(self, session_id: str, sha256: str) -> bool:
        """Whether another session holds the same bytes."""
        columns = self.table.c
        others = select(columns.id).where(columns.sha256 == sha256, columns.session_id != session_id).limit(1)
        return self._connection.execute(others).first() is not None

    def delete_of_session(self, session_id: str) -> None:
        """The rows; the files are the blobs' affair."""
        self._drop(session_id=session_id)


class SqlPapers(Rows[PaperRow]):
    """See `ports.Papers`."""

    table = tables.papers

    def __init__(self, connection: Connection, vault: Vault, locking: bool) -> None:
        super().__init__(PaperRow, connection, vault, locking)

    def add(self, row: PaperRow) -> None:
        """Insert; raises `Taken`."""
        self._insert(row)

    def get(self, paper_id: str) -> PaperRow | None:
        """The paper, locked when it is fetched in a write transaction."""
        return self._one(self._select().where(self.table.c.id == paper_id))

    def save(self, row: PaperRow) -> None:
        """Overwrite."""
        self._replace(row, id=row.id)

    def of_session(self, session_id: str) -> Sequence[PaperRow]:
        """Newest first."""
        wanted = self._select().where(self.table.c.session_id == session_id)
        return self._many(wanted.order_by(self.table.c.created_at.desc(), self.table.c.id.desc()))

    def delete_of_session(self, session_id: str) -> None:
        """The rows; the files are the blobs' affair."""
        self._drop(session_id=session_id)
