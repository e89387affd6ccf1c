"""The development inbox: the short messages of the console implementation, sealed. For development alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, insert, select

from verify_svc.ports import SentMessage
from verify_svc.store.database import Database
from verify_svc.store.rows import seal_context
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
        values = {
            "at": message.at,
            "mobile": self._seal("mobile", message.mobile, message.at),
            "text": self._seal("text", message.text, message.at),
        }
        with self._database.writing() as connection:
            number = connection.execute(
                insert(inbox_messages).values(values).returning(inbox_messages.c.id)
            ).scalar_one()
            connection.execute(delete(inbox_messages).where(inbox_messages.c.id <= number - KEPT_MESSAGES))

    def messages(self) -> Sequence[SentMessage]:
        """Newest first."""
        columns = inbox_messages.c
        with self._database.reading() as connection:
            found = connection.execute(
                select(columns.at, columns.mobile, columns.text).order_by(columns.id.desc())
            ).all()
        return [
            SentMessage(at, self._open("mobile", mobile, at), self._open("text", text, at))
            for at, mobile, text in found
        ]

    def _seal(self, column: str, value: str, at: datetime) -> bytes:
        return self._vault.seal(value.encode("utf-8"), seal_context(inbox_messages, column, at.isoformat()))

    def _open(self, column: str, value: bytes, at: datetime) -> str:
        return self._vault.open(value, seal_context(inbox_messages, column, at.isoformat())).decode("utf-8")
