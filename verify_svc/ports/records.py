"""The tables that tell what happened: outbox events, audit trail, webhook deliveries, used keys, signs of life."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class EventRow:
    """Something that happened to a session; the outbox and the pages' event stream. No personal data.

    `id` counts up over all sessions. `type` is either public (`verification_session.verified`) or for the pages
    alone (`step_changed`, `upload_changed`, `link_changed`). `data` is plain JSON for the webhook's body.
    """

    id: int
    session_id: str
    livemode: bool
    type: str
    step: str | None
    at: datetime
    data: str


@dataclass(frozen=True, slots=True)
class AuditRow:
    """Who did what, when. `detail` is JSON and sealed at rest. Never changed; ends with its session's purge."""

    session_id: str
    at: datetime
    who: str
    what: str
    detail: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class IdempotencyRow:
    """An `Idempotency-Key` that was used: the SHA-256 of the request's body and the session it made."""

    api_key_id: str
    key: str
    request_hash: str
    session_id: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """One webhook to deliver. `state` is `waiting`, `delivered` or `failed`; `attempts` counts those made."""

    id: str
    event_id: int
    session_id: str
    url: str
    state: str
    attempts: int
    next_at: datetime | None
    last_status: int | None
    created_at: datetime
    updated_at: datetime


class Events(Protocol):
    """The outbox."""

    def append(self, session_id: str, livemode: bool, type: str, step: str | None, at: datetime, data: str) -> int:
        """Insert; gives the new id."""
        ...

    def get(self, event_id: int) -> EventRow | None: ...

    def after(self, session_id: str, event_id: int, limit: int) -> Sequence[EventRow]:
        """Oldest first."""
        ...

    def last_id(self, session_id: str) -> int:
        """0 when there is none."""
        ...

    def public(
        self, *, api_key_ids: Sequence[str], session_id: str | None, before_id: int | None, limit: int
    ) -> Sequence[EventRow]:
        """Those of type `verification_session.…` and of those keys' sessions, newest first."""
        ...

    def delete_of_session(self, session_id: str) -> None: ...


class Audit(Protocol):
    """The audit trail."""

    def append(self, row: AuditRow) -> None: ...

    def of_session(self, session_id: str) -> Sequence[AuditRow]:
        """Oldest first."""
        ...

    def delete_of_session(self, session_id: str) -> None: ...


class Idempotency(Protocol):
    """Used `Idempotency-Key`s."""

    def get(self, api_key_id: str, key: str) -> IdempotencyRow | None: ...

    def add(self, row: IdempotencyRow) -> None:
        """Insert; raises `Taken`."""
        ...

    def forget(self, before: datetime) -> None: ...


class Deliveries(Protocol):
    """Webhooks to deliver."""

    def add(self, row: DeliveryRow) -> None: ...

    def get(self, delivery_id: str) -> DeliveryRow | None: ...

    def save(self, row: DeliveryRow) -> None: ...

    def due(self, now: datetime, limit: int) -> Sequence[DeliveryRow]:
        """Waiting, with `next_at` at or before now."""
        ...

    def delete_of_session(self, session_id: str) -> None: ...


class Messages(Protocol):
    """What the development inbox keeps."""

    def forget(self, before: datetime) -> None:
        """Drop all older ones."""
        ...


class Heartbeats(Protocol):
    """Signs of life of the job workers."""

    def beat(self, executor_id: str, at: datetime) -> None: ...

    def silent_since(self, before: datetime) -> Sequence[str]:
        """Workers whose last beat is older."""
        ...

    def remove(self, executor_id: str) -> None: ...
