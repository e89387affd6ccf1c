"""The development inbox: the short messages of the console implementation, sealed. For development alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from verify_svc.ports import SentMessage
from verify_svc.store.database import Database
from verify_svc.store.rows import seal, unseal
from verify_svc.store.tables import inbox_messages
from verify_svc.store.vault import Vault

KEPT_MESSAGES = 200
"""Enough to develop with; the table doesn't grow beyond."""


class SqlInbox:
    """See `ports.Inbox`."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault

    def add(self, message: SentMessage) -> None:
        """Keep a message, and forget the oldest ones. Opens a transaction of its own."""
        plain = {"at": message.at, "mobile": message.mobile, "text": message.text}
        values = {name: seal(self._vault, inbox_messages.c[name], plain) for name in plain}
        with self._database.writing() as connection:
            number = connection.execute(
                insert(inbox_messages).values(values).returning(inbox_messages.c.id)
            ).scalar_one()
            connection.execute(delete(inbox_messages).where(inbox_messages.c.id <= number - KEPT_MESSAGES))

    def messages(self) -> Sequence[SentMessage]:
        """Newest first."""
        query = select(inbox_messages).order_by(inbox_messages.c.id.desc())
        with self._database.reading() as connection:
            found = [dict(row) for row in connection.execute(query).mappings()]
        return [
            SentMessage(**{name: unseal(self._vault, inbox_messages.c[name], row) for name in ("at", "mobile", "text")})
            for row in found
        ]


class SqlMessages:
    """See `ports.Messages`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def forget(self, before: datetime) -> None:
        """Drop all older ones."""
        self._connection.execute(delete(inbox_messages).where(inbox_messages.c.at < before))
