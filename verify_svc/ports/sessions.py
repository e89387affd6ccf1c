"""The tables of sessions, of what phones upload, and of what portals send."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


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
    """A file that came in for one slot of one step. `blob` is the original's key in `Blobs`; `more_pages` tells of the
    files after it where they are the pages of one form, as JSON: each one's number, type, hash, sizes and crop.

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
    more_pages: str = "[]"


@dataclass(frozen=True, slots=True)
class PaperRow:
    """A paper that the portal sent for the filing. Its file is `original` under its id in `Blobs`; `more_pages` tells
    of those after it (`original-2`…) as JSON: type, hash and sizes of each.

    `state` is `processing` or `done`; `report` (the report tree as JSON) is sealed at rest, and None until then or
    where the check failed for good.
    """

    id: str
    session_id: str
    kind: str
    state: str
    media_type: str
    sha256: str
    size_bytes: int
    width_px: int
    height_px: int
    created_at: datetime
    done_at: datetime | None
    report: str | None = field(repr=False)
    more_pages: str = "[]"


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


class Papers(Protocol):
    """The papers' table."""

    def add(self, row: PaperRow) -> None: ...

    def get(self, paper_id: str) -> PaperRow | None: ...

    def save(self, row: PaperRow) -> None:
        """Write the row as it is (in the transaction that read it)."""
        ...

    def of_session(self, session_id: str) -> Sequence[PaperRow]:
        """Newest first."""
        ...

    def delete_of_session(self, session_id: str) -> None: ...
