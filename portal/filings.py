"""The portal's own records: filings, their materials and the webhooks that were seen. One SQLite file."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

_TABLES = """
CREATE TABLE IF NOT EXISTS filings (
    id TEXT PRIMARY KEY, owner TEXT NOT NULL, entered TEXT NOT NULL, session_id TEXT UNIQUE, session TEXT,
    submitted_at TEXT, created_at TEXT NOT NULL, updated_at TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS filings_by_owner ON filings (owner, updated_at);
CREATE TABLE IF NOT EXISTS materials (
    filing_id TEXT NOT NULL REFERENCES filings (id), kind TEXT NOT NULL, name TEXT NOT NULL, media_type TEXT NOT NULL,
    uploaded_at TEXT NOT NULL, content BLOB NOT NULL, PRIMARY KEY (filing_id, kind)
);
CREATE TABLE IF NOT EXISTS papers (
    filing_id TEXT NOT NULL REFERENCES filings (id), kind TEXT NOT NULL, name TEXT NOT NULL, uploaded_at TEXT NOT NULL,
    paper TEXT NOT NULL, PRIMARY KEY (filing_id, kind)
);
CREATE TABLE IF NOT EXISTS webhooks (
    id TEXT PRIMARY KEY, type TEXT NOT NULL, session_id TEXT NOT NULL, sent_at TEXT NOT NULL, received_at TEXT NOT NULL
);
"""


@dataclass(frozen=True, slots=True)
class Filing:
    """One filing: what was entered, and the verification session as last read back from the service."""

    id: str
    owner: str
    entered: Mapping[str, str] = field(repr=False)
    session_id: str | None
    session: Mapping[str, Any] = field(repr=False)
    submitted_at: datetime | None
    created_at: datetime
    updated_at: datetime

    @property
    def status(self) -> str:
        """The session's status; `draft` before there is one."""
        return str(self.session.get("status", "draft")) if self.session_id else "draft"


@dataclass(frozen=True, slots=True)
class Material:
    """A further paper that belongs to a filing."""

    kind: str
    name: str
    media_type: str
    uploaded_at: datetime


@dataclass(frozen=True, slots=True)
class SentPaper:
    """A paper that the verification service holds: `paper` is its object as last read."""

    kind: str
    name: str
    uploaded_at: datetime
    paper: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Notice:
    """A webhook that was received and verified."""

    id: str
    type: str
    session_id: str
    sent_at: str


class Filings:
    """The store. Each call is one short transaction on its own connection, so threads and processes may share it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with self._database() as database:
            # Readers and the writer don't wait for one another.
            database.execute("PRAGMA journal_mode = WAL")
            database.executescript(_TABLES)

    @contextmanager
    def _database(self) -> Iterator[sqlite3.Connection]:
        database = sqlite3.connect(self._path, timeout=15, isolation_level="IMMEDIATE")
        database.row_factory = sqlite3.Row
        try:
            with database:
                yield database
        finally:
            database.close()

    def add(self, filing_id: str, owner: str, entered: Mapping[str, str]) -> None:
        """A new draft."""
        now = _now()
        with self._database() as database:
            database.execute(
                "INSERT INTO filings (id, owner, entered, created_at, updated_at) VALUES (?, ?, ?, ?, ?)",
                (filing_id, owner, json.dumps(dict(entered)), now, now),
            )

    def find(self, filing_id: str, owner: str) -> Filing | None:
        """A filing of this owner; another's is not there."""
        with self._database() as database:
            row = database.execute("SELECT * FROM filings WHERE id = ? AND owner = ?", (filing_id, owner)).fetchone()
        return _filing(row) if row else None

    def of_owner(self, owner: str) -> list[Filing]:
        """The owner's filings, the latest first."""
        with self._database() as database:
            rows = database.execute(
                "SELECT * FROM filings WHERE owner = ? ORDER BY updated_at DESC LIMIT 100", (owner,)
            ).fetchall()
        return [_filing(row) for row in rows]

    def enter(self, filing_id: str, entered: Mapping[str, str]) -> None:
        """Replace what was entered."""
        with self._database() as database:
            database.execute(
                "UPDATE filings SET entered = ?, updated_at = ? WHERE id = ?",
                (json.dumps(dict(entered)), _now(), filing_id),
            )

    def attach(self, filing_id: str, session: Mapping[str, Any]) -> None:
        """Remember the session that verifies the filing, and how it stands."""
        with self._database() as database:
            database.execute(
                "UPDATE filings SET session_id = ?, session = ?, updated_at = ? WHERE id = ?",
                (session["id"], json.dumps(dict(session)), _now(), filing_id),
            )

    def update_session(self, session: Mapping[str, Any]) -> bool:
        """How the session stands now; False when no filing has it."""
        with self._database() as database:
            changed = database.execute(
                "UPDATE filings SET session = ?, updated_at = ? WHERE session_id = ?",
                (json.dumps(dict(session)), _now(), session["id"]),
            )
            return changed.rowcount == 1

    def submit(self, filing_id: str) -> None:
        """The applicant hands the filing in for the first review; once."""
        with self._database() as database:
            database.execute(
                "UPDATE filings SET submitted_at = ? WHERE id = ? AND submitted_at IS NULL", (_now(), filing_id)
            )

    def keep_material(self, filing_id: str, kind: str, name: str, media_type: str, content: bytes) -> None:
        """Store a paper; a later one of the same kind takes its place."""
        with self._database() as database:
            database.execute(
                "INSERT OR REPLACE INTO materials VALUES (?, ?, ?, ?, ?, ?)",
                (filing_id, kind, name, media_type, _now(), content),
            )

    def materials(self, filing_id: str) -> dict[str, Material]:
        """The papers of a filing by kind."""
        with self._database() as database:
            rows = database.execute(
                "SELECT kind, name, media_type, uploaded_at FROM materials WHERE filing_id = ?", (filing_id,)
            ).fetchall()
        found = [Material(row["kind"], row["name"], row["media_type"], _time(row["uploaded_at"])) for row in rows]
        return {material.kind: material for material in found}

    def material(self, filing_id: str, kind: str) -> tuple[bytes, str] | None:
        """The bytes and media type of a paper."""
        with self._database() as database:
            row = database.execute(
                "SELECT content, media_type FROM materials WHERE filing_id = ? AND kind = ?", (filing_id, kind)
            ).fetchone()
        return (row["content"], row["media_type"]) if row else None

    def keep_paper(self, filing_id: str, kind: str, name: str, paper: Mapping[str, Any]) -> None:
        """Remember a paper that was sent on, or how it stands now; a later one of the same kind takes its place."""
        with self._database() as database:
            database.execute(
                "INSERT INTO papers VALUES (?, ?, ?, ?, ?) ON CONFLICT (filing_id, kind) DO UPDATE SET "
                "uploaded_at = CASE WHEN json_extract(paper, '$.id') = json_extract(excluded.paper, '$.id') "
                "THEN uploaded_at ELSE excluded.uploaded_at END, name = excluded.name, paper = excluded.paper",
                (filing_id, kind, name, _now(), json.dumps(dict(paper))),
            )

    def papers(self, filing_id: str) -> dict[str, SentPaper]:
        """The papers that were sent on, by kind."""
        with self._database() as database:
            rows = database.execute("SELECT * FROM papers WHERE filing_id = ?", (filing_id,)).fetchall()
        found = [
            SentPaper(row["kind"], row["name"], _time(row["uploaded_at"]), json.loads(row["paper"])) for row in rows
        ]
        return {paper.kind: paper for paper in found}

    def seen(self, notice_id: str) -> bool:
        """Whether this webhook was handled before: it may be sent more than once."""
        with self._database() as database:
            return database.execute("SELECT 1 FROM webhooks WHERE id = ?", (notice_id,)).fetchone() is not None

    def keep_notice(self, notice: Notice) -> None:
        """Remember a webhook as handled."""
        with self._database() as database:
            database.execute(
                "INSERT OR IGNORE INTO webhooks VALUES (?, ?, ?, ?, ?)",
                (notice.id, notice.type, notice.session_id, notice.sent_at, _now()),
            )

    def notices(self, session_id: str) -> list[Notice]:
        """The session's webhooks by the time they were sent: they may arrive in any order."""
        with self._database() as database:
            rows = database.execute(
                "SELECT id, type, session_id, sent_at FROM webhooks WHERE session_id = ? ORDER BY sent_at, received_at",
                (session_id,),
            ).fetchall()
        return [Notice(row["id"], row["type"], row["session_id"], row["sent_at"]) for row in rows]


def _now() -> str:
    return datetime.now(UTC).isoformat()


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _filing(row: sqlite3.Row) -> Filing:
    return Filing(
        id=row["id"],
        owner=row["owner"],
        entered=json.loads(row["entered"]),
        session_id=row["session_id"],
        session=json.loads(row["session"]) if row["session"] else {},
        submitted_at=_time(row["submitted_at"]) if row["submitted_at"] else None,
        created_at=_time(row["created_at"]),
        updated_at=_time(row["updated_at"]),
    )
