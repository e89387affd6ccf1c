"""The tables of the hand-off: links, phones, and the counters behind the limits."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class LinkRow:
    """A hand-off link. Its state follows from the times: ended, opened, expired or waiting."""

    id: str
    session_id: str
    token_hash: str = field(repr=False)
    created_at: datetime
    expires_at: datetime
    opened_at: datetime | None
    ended_at: datetime | None
    refused_at: datetime | None
    device_kind: str | None
    browser: str | None


@dataclass(frozen=True, slots=True)
class PhoneRow:
    """A phone that redeemed a link: the hash of its cookie, good for that session alone until revoked."""

    id: str
    session_id: str
    link_id: str
    token_hash: str = field(repr=False)
    device_kind: str
    browser: str
    created_at: datetime
    revoked_at: datetime | None


class Links(Protocol):
    """The hand-off links' table."""

    def add(self, row: LinkRow) -> None: ...

    def by_token_hash(self, token_hash: str) -> LinkRow | None: ...

    def latest(self, session_id: str) -> LinkRow | None:
        """The one that was added last, whatever the clocks said."""
        ...

    def save(self, row: LinkRow) -> None: ...

    def delete_of_session(self, session_id: str) -> None: ...


class Phones(Protocol):
    """The phones' table."""

    def add(self, row: PhoneRow) -> None: ...

    def by_token_hash(self, token_hash: str) -> PhoneRow | None: ...

    def current(self, session_id: str) -> PhoneRow | None:
        """The one that is not revoked; of several the one that was added last."""
        ...

    def revoke(self, session_id: str, at: datetime) -> None:
        """Revoke every phone of the session."""
        ...

    def delete_of_session(self, session_id: str) -> None: ...


class Counters(Protocol):
    """Hits by name for limits (`sms:<hash>`, `login:<name>`): names hold no personal data."""

    def hit(self, name: str, at: datetime) -> None: ...

    def count(self, name: str, since: datetime) -> int: ...

    def oldest(self, name: str, since: datetime) -> datetime | None: ...

    def clear(self, name: str) -> None: ...

    def forget(self, before: datetime) -> None:
        """Drop all older hits."""
        ...
