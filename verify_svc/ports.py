"""The interfaces that the stories in `flow/` need. `store/` and `notify/` implement them, `bootstrap` picks.

Times are aware datetimes in UTC. Ids are the caller's. Fields marked `repr=False` hold personal data or secrets:
an implementation seals those of them whose docstring says so, and never logs any.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from threading import Event as Signal
from typing import Protocol, runtime_checkable


class StaleVersion(Exception):
    """A compare-and-set lost: somebody else saved the row since it was read. Read again and retry."""


class Taken(Exception):
    """A row with that unique key is there already."""


class Passing(Exception):
    """A fault of an outside service that may be gone at the next try (time-out, 5xx, connection refused)."""


class Permanent(Exception):
    """A fault of an outside service that a retry won't mend."""


# --- rows ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A verification session. `state` is the pure session as JSON (`session.codec`), sealed at rest as a whole.

    The other columns are what is searched by; they hold no personal data. `waiting_since` is set while an operator
    is awaited. `version` starts at 1 and is counted up by each save.
    """

    id: str
    api_key_id: str
    livemode: bool
    status: str
    reference: str
    client_reference_id: str | None
    created_at: datetime
    expires_at: datetime
    updated_at: datetime
    waiting_since: datetime | None
    priority: int
    claimed_by: str | None
    claimed_until: datetime | None
    closed_at: datetime | None
    purged_at: datetime | None
    version: int
    state: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class UploadRow:
    """A file that came in for one slot of one step. `blob` is the original's key in `Blobs`.

    `state` is `draft`, `processing` or `done`. `sent` (what the page said at submit: corners, challenge…) and
    `report` (the report tree) are JSON, both sealed at rest. `stage` and `fraction` tell the progress.
    """

    id: str
    session_id: str
    step: str
    slot: str
    state: str
    media_type: str
    capture: str
    sha256: str
    size_bytes: int
    width_px: int
    height_px: int
    blob: str
    created_at: datetime
    submitted_at: datetime | None
    done_at: datetime | None
    stage: str | None
    fraction: float
    sent: str = field(repr=False)
    report: str | None = field(repr=False)


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
class ApiKeyRow:
    """A portal's key: only the SHA-256 of the secret is kept; `hint` is its first 12 characters."""

    id: str
    name: str
    livemode: bool
    hint: str
    secret_hash: str = field(repr=False)
    created_at: datetime
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class OperatorRow:
    """A reviewer; `password_hash` is argon2's encoded string."""

    name: str
    password_hash: str = field(repr=False)
    created_at: datetime
    disabled_at: datetime | None


@dataclass(frozen=True, slots=True)
class LoginRow:
    """A reviewer's login in a browser: the hash of its cookie."""

    token_hash: str = field(repr=False)
    operator: str
    created_at: datetime
    expires_at: datetime


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


# --- the store -----------------------------------------------------------------------------------------------------


class Sessions(Protocol):
    """The sessions' table."""

    def add(self, row: SessionRow) -> None:
        """Insert; raises `Taken`."""
        ...

    def get(self, session_id: str) -> SessionRow | None: ...

    def save(self, row: SessionRow) -> SessionRow:
        """Write where the stored version equals `row.version`; gives back the row with the next version.

        Raises `StaleVersion`.
        """
        ...

    def page(
        self,
        *,
        api_key_ids: Sequence[str] | None,
        status: str | None,
        query: str | None,
        before_id: str | None,
        limit: int,
    ) -> Sequence[SessionRow]:
        """Newest first (created_at, then id) and not purged; of those keys alone, or (None) of all.

        `query` is an exact id, reference or client_reference_id.
        `before_id` is the last id of the page before.
        """
        ...

    def awaiting_operator(self, limit: int) -> Sequence[SessionRow]:
        """Those with `waiting_since`, by priority (highest first), then longest waiting first."""
        ...

    def expired(self, now: datetime, limit: int) -> Sequence[SessionRow]:
        """Open ones (`closed_at` null) whose `expires_at` is past."""
        ...

    def to_purge(self, closed_before: datetime, limit: int) -> Sequence[SessionRow]:
        """Closed before that time and not purged yet."""
        ...


class Uploads(Protocol):
    """The uploads' table."""

    def add(self, row: UploadRow) -> None: ...

    def get(self, upload_id: str) -> UploadRow | None: ...

    def save(self, row: UploadRow) -> None:
        """Write the row as it is (in the transaction that read it)."""
        ...

    def of_session(self, session_id: str) -> Sequence[UploadRow]:
        """Oldest first."""
        ...

    def with_hash(self, session_id: str, step: str, slot: str, sha256: str) -> UploadRow | None:
        """The newest upload of the same bytes to the same slot."""
        ...

    def progress(self, upload_id: str, stage: str, fraction: float) -> None:
        """Tell how far the analysis is; touches `stage` and `fraction` alone."""
        ...

    def seen_elsewhere(self, session_id: str, sha256: str) -> bool:
        """Whether another session holds an upload of the same bytes."""
        ...

    def delete_of_session(self, session_id: str) -> None: ...


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


class ApiKeys(Protocol):
    """The portals' keys."""

    def add(self, row: ApiKeyRow) -> None: ...

    def by_hash(self, secret_hash: str) -> ApiKeyRow | None: ...

    def all(self) -> Sequence[ApiKeyRow]: ...

    def of_portal(self, key: ApiKeyRow) -> Sequence[str]:
        """The ids of all keys of that key's portal: those of the same name and mode, revoked ones too."""
        ...

    def revoke(self, key_id: str, at: datetime) -> bool:
        """False when there is no such key or it was revoked before."""
        ...


class Operators(Protocol):
    """The reviewers and their logins."""

    def save(self, row: OperatorRow) -> None:
        """Insert or replace by name."""
        ...

    def get(self, name: str) -> OperatorRow | None: ...

    def all(self) -> Sequence[OperatorRow]: ...

    def add_login(self, row: LoginRow) -> None: ...

    def login(self, token_hash: str) -> LoginRow | None: ...

    def end_logins_of(self, operator: str) -> None: ...

    def end_login(self, token_hash: str) -> None: ...


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


class Transaction(Protocol):
    """One transaction: all its writes are kept together, or none."""

    @property
    def sessions(self) -> Sessions: ...
    @property
    def uploads(self) -> Uploads: ...
    @property
    def links(self) -> Links: ...
    @property
    def phones(self) -> Phones: ...
    @property
    def counters(self) -> Counters: ...
    @property
    def events(self) -> Events: ...
    @property
    def audit(self) -> Audit: ...
    @property
    def api_keys(self) -> ApiKeys: ...
    @property
    def operators(self) -> Operators: ...
    @property
    def idempotency(self) -> Idempotency: ...
    @property
    def deliveries(self) -> Deliveries: ...
    @property
    def messages(self) -> Messages: ...
    @property
    def heartbeats(self) -> Heartbeats: ...


class Store(Protocol):
    """The database."""

    def begin(self) -> AbstractContextManager[Transaction]:
        """A write transaction: committed at the end of the block, rolled back when it raises."""
        ...

    def read(self) -> AbstractContextManager[Transaction]:
        """A transaction for reading; nothing is written."""
        ...

    def ready(self) -> bool:
        """Whether the database answers and is migrated to this version's schema."""
        ...

    def close(self) -> None: ...


# --- files, jobs, messages -----------------------------------------------------------------------------------------


class Blobs(Protocol):
    """Sealed objects by key (`sessions/vs_…/up_…/original`): encrypted before they are written."""

    def put(self, key: str, data: bytes) -> None:
        """Write or replace."""
        ...

    def get(self, key: str) -> bytes:
        """Raises `KeyError` when there is none."""
        ...

    def delete_under(self, prefix: str) -> int:
        """Delete every object whose key begins so; gives how many."""
        ...


class JobKind(StrEnum):
    """The durable jobs. The job's id says what it is about."""

    ANALYSE = "analyse"
    """Judge an upload; the id is the upload's."""
    COMPARE = "compare"
    """Compare a clip's face with a card's portrait; the id is `<clip upload>.<portrait upload>`."""
    DELIVER = "deliver"
    """Send a webhook; the id is `<delivery>.<attempt>`."""


class Jobs(Protocol):
    """The durable queue: at least once, each id recorded once."""

    def enqueue(self, tx: Transaction, kind: JobKind, job_id: str) -> None:
        """Queue in the same transaction; the same id again changes nothing."""
        ...


class JobRunner(Protocol):
    """A worker process's loop; one analysis (analyse, compare) at a time, deliveries beside it."""

    def run(
        self,
        handlers: Mapping[JobKind, Callable[[str], None]],
        sweep: Callable[[], None],
        stop: Signal,
        *,
        give_up: Callable[[JobKind, str], None],
        ready: Callable[[], None] = lambda: None,
    ) -> None:
        """Take jobs until `stop` is set; `sweep` is called every second or so, its own faults are logged.

        Beats the heart, and takes over the jobs of workers whose heart has stopped. A handler that raises is tried
        again, three times in all; then `give_up` is called with the job's kind and id, as it is for a job whose
        worker died over it again and again. Handlers and `give_up` run at least once: they must bear a repetition.
        `ready` is called once, when jobs are being taken.
        """
        ...


class Sms(Protocol):
    """Short messages."""

    def send(self, mobile: str, text: str) -> None:
        """`mobile` is 11 digits. Raises `Passing` or `Permanent`."""
        ...


@dataclass(frozen=True, slots=True)
class SentMessage:
    """A message in the development inbox."""

    at: datetime
    mobile: str = field(repr=False)
    text: str = field(repr=False)


@runtime_checkable
class Inbox(Protocol):
    """An implementation of `Sms` that sends nothing and shows what it was given: for development alone."""

    def messages(self) -> Sequence[SentMessage]:
        """Newest first."""
        ...


class WebhookSender(Protocol):
    """Sends one signed webhook (Standard Webhooks)."""

    def send(self, url: str, message_id: str, at: datetime, body: str, secrets: Sequence[str]) -> int:
        """POST with a limit of 5 s; gives the HTTP status. Raises `Passing` when there is no answer."""
        ...


class Clock(Protocol):
    """The time."""

    def now(self) -> datetime:
        """Aware, in UTC."""
        ...


class Randomness(Protocol):
    """Random bytes fit for secrets."""

    def bytes(self, count: int) -> bytes: ...
