"""The tables. Columns made by `_sealed` hold personal data or secrets and are written sealed, never plain.

DBOS keeps its own tables in the same database (on PostgreSQL in the schema `dbos`, on SQLite beside ours): its names
(`workflow_…`, `queues`, `streams`, `notifications`, …) are avoided, and migrations touch only what is listed here.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Double,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)


class UtcTime(TypeDecorator[datetime]):
    """An aware datetime in UTC; SQLite, which knows no zones, keeps the same wall time."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To the database; a naive time is refused."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without its zone")
        in_utc = value.astimezone(UTC)
        return in_utc.replace(tzinfo=None) if dialect.name == "sqlite" else in_utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """From the database."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    }
)

_EventId = BigInteger().with_variant(Integer(), "sqlite")
"""SQLite counts up only a column of type INTEGER."""


def _id(name: str = "id") -> Column[str]:
    return Column(name, String(128), primary_key=True)


def _text(name: str, **options: Any) -> Column[str]:
    return Column(name, String(255), nullable=options.pop("nullable", False), **options)


def _time(name: str, **options: Any) -> Column[datetime]:
    return Column(name, UtcTime(), nullable=options.pop("nullable", False), **options)


def _number() -> Column[int]:
    """The place among its session's: which came later is not told by the clocks of several machines."""
    return Column("number", Integer(), nullable=False)


def _sealed(name: str, *, bound_to: str = "id", nullable: bool = False) -> Column[bytes]:
    """A sealed text; the seal opens only in this column of the row whose column `bound_to` says the same."""
    return Column(name, LargeBinary(), nullable=nullable, info={"bound_to": bound_to})


sessions = Table(
    "sessions",
    metadata,
    _id(),
    _text("api_key_id"),
    Column("livemode", Boolean(), nullable=False),
    _text("status", index=True),
    _text("reference", index=True),
    _text("client_reference_id", nullable=True, index=True),
    _time("created_at", index=True),
    _time("expires_at"),
    _time("updated_at"),
    _time("waiting_since", nullable=True),
    Column("priority", Integer(), nullable=False),
    _text("claimed_by", nullable=True),
    _time("claimed_until", nullable=True),
    _time("closed_at", nullable=True),
    _time("purged_at", nullable=True),
    Column("version", Integer(), nullable=False),
    _sealed("state"),
    Index("ix_sessions_waiting", "priority", "waiting_since"),
    Index("ix_sessions_open", "closed_at", "expires_at"),
)

uploads = Table(
    "uploads",
    metadata,
    _id(),
    _text("session_id", index=True),
    _text("step"),
    _text("slot"),
    _text("state"),
    _text("media_type"),
    _text("capture"),
    _text("sha256", index=True),
    Column("size_bytes", BigInteger(), nullable=False),
    Column("width_px", Integer(), nullable=False),
    Column("height_px", Integer(), nullable=False),
    _text("blob"),
    _time("created_at"),
    _time("submitted_at", nullable=True),
    _time("done_at", nullable=True),
    _text("stage", nullable=True),
    Column("fraction", Double(), nullable=False),
    _sealed("sent"),
    _sealed("report", nullable=True),
    Column("more_pages", Text(), nullable=False, server_default="[]"),
)

papers = Table(
    "papers",
    metadata,
    _id(),
    _text("session_id", index=True),
    _text("kind"),
    _text("state"),
    _text("media_type"),
    _text("sha256"),
    Column("size_bytes", BigInteger(), nullable=False),
    Column("width_px", Integer(), nullable=False),
    Column("height_px", Integer(), nullable=False),
    _time("created_at"),
    _time("done_at", nullable=True),
    _sealed("report", nullable=True),
    Column("more_pages", Text(), nullable=False, server_default="[]"),
)

links = Table(
    "links",
    metadata,
    _id(),
    _text("session_id", index=True),
    _text("token_hash", unique=True),
    _time("created_at"),
    _time("expires_at"),
    _time("opened_at", nullable=True),
    _time("ended_at", nullable=True),
    _time("refused_at", nullable=True),
    _text("device_kind", nullable=True),
    _text("browser", nullable=True),
    _number(),
    UniqueConstraint("session_id", "number"),
)

phones = Table(
    "phones",
    metadata,
    _id(),
    _text("session_id", index=True),
    _text("link_id"),
    _text("token_hash", unique=True),
    _text("device_kind"),
    _text("browser"),
    _time("created_at"),
    _time("revoked_at", nullable=True),
    _number(),
    UniqueConstraint("session_id", "number"),
)

counter_hits = Table(
    "counter_hits",
    metadata,
    Column("id", _EventId, primary_key=True, autoincrement=True),
    _text("name"),
    _time("at", index=True),
    Index("ix_counter_hits_name_at", "name", "at"),
)

outbox_events = Table(
    "outbox_events",
    metadata,
    Column("id", _EventId, primary_key=True, autoincrement=True),
    _text("session_id"),
    Column("livemode", Boolean(), nullable=False),
    _text("type"),
    _text("step", nullable=True),
    _time("at"),
    Column("data", Text(), nullable=False),
    Index("ix_outbox_events_session_id_id", "session_id", "id"),
    sqlite_autoincrement=True,
)

audit_entries = Table(
    "audit_entries",
    metadata,
    Column("id", _EventId, primary_key=True, autoincrement=True),
    _text("session_id", index=True),
    _time("at"),
    _text("who"),
    _text("what"),
    _sealed("detail", bound_to="session_id"),
    sqlite_autoincrement=True,
)

api_keys = Table(
    "api_keys",
    metadata,
    _id(),
    _text("name"),
    Column("livemode", Boolean(), nullable=False),
    _text("hint"),
    _text("secret_hash", unique=True),
    _time("created_at"),
    _time("revoked_at", nullable=True),
)

operators = Table(
    "operators",
    metadata,
    _id("name"),
    _text("password_hash"),
    _time("created_at"),
    _time("disabled_at", nullable=True),
)

operator_logins = Table(
    "operator_logins",
    metadata,
    _id("token_hash"),
    _text("operator", index=True),
    _time("created_at"),
    _time("expires_at", index=True),
)

idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    Column("id", _EventId, primary_key=True, autoincrement=True),
    _text("api_key_id"),
    _text("key"),
    _text("request_hash"),
    _text("session_id"),
    _time("created_at", index=True),
    UniqueConstraint("api_key_id", "key"),
)

deliveries = Table(
    "deliveries",
    metadata,
    _id(),
    Column("event_id", BigInteger(), nullable=False),
    _text("session_id", index=True),
    Column("url", Text(), nullable=False),
    _text("state"),
    Column("attempts", Integer(), nullable=False),
    _time("next_at", nullable=True),
    Column("last_status", Integer(), nullable=True),
    _time("created_at"),
    _time("updated_at"),
    Index(
        "ix_deliveries_due",
        "next_at",
        sqlite_where=text("state = 'waiting'"),
        postgresql_where=text("state = 'waiting'"),
    ),
)

heartbeats = Table("heartbeats", metadata, _id("executor_id"), _time("at"))

blob_keys = Table(
    "blob_keys",
    metadata,
    Column("blob", String(512), primary_key=True),
    Column("object", String(600), nullable=False),
    Column("wrapped_key", LargeBinary(), nullable=False),
    Column("size_bytes", BigInteger(), nullable=False),
)

inbox_messages = Table(
    "inbox_messages",
    metadata,
    Column("id", _EventId, primary_key=True, autoincrement=True),
    _time("at", index=True),
    _sealed("mobile", bound_to="at"),
    _sealed("text", bound_to="at"),
)
