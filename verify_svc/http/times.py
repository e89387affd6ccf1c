"""Times as they leave: ISO 8601 in UTC, whole seconds, with a Z."""

from __future__ import annotations

from datetime import UTC, datetime


def iso(at: datetime) -> str:
    """An aware datetime as text.

    >>> iso(datetime(2026, 11, 22, 2, 10, tzinfo=UTC))
    '2026-11-22T02:10:00Z'
    """
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def iso_or_none(at: datetime | None) -> str | None:
    """The same, for a time that may be absent."""
    return None if at is None else iso(at)
