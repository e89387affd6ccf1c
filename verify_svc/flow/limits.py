"""How often something may be done: counted in the store, so that all web processes count together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from verify_svc.flow.refusal import Kind, Refusal
from verify_svc.ports import Transaction

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `most` times within the span. Counters are kept for a day: no span is longer."""

    name: str
    most: int
    within: timedelta

    def counter(self, about: str) -> str:
        """The counter's name; `about` is an id or a hash, never personal data."""
        return f"{self.name}:{about}"


WRITES = Limit("write", 1500, _DAY)
"""Whatever one session's phones send: nothing of theirs writes rows without end. 300 files sent and handed in, 20
challenges and all the rest stay far below."""
WORDS = Limit("words", 100, _DAY)
"""What one session's phones say without a file: consent, language, device reports, corrections, another way. Each
leaves a row in the audit trail; an applicant needs about ten."""
LINKS = Limit("link", 60, timedelta(hours=1))
"""Fresh codes of one session: a page that is left open asks for six an hour."""
FILES = Limit("file", 200, _DAY)
"""Files that are made of one session's pictures: each takes a second of a child, and stays until the media go. A filing
takes away some ten pictures, each within one or two systems' limits."""
PAPERS = Limit("paper", 60, timedelta(hours=1))
"""Papers that a portal sends for one session: a filing has ten at most, some sent again."""
PAPERS_OF_KEY = Limit("paper_key", 3000, timedelta(hours=1))
"""The same of all sessions of one key: three hundred filings an hour."""
REFUSED_PHONES = Limit("refused", 20, timedelta(hours=1))
"""Second phones that are written down; the others are refused all the same."""


def spend(tx: Transaction, limit: Limit, about: str, now: datetime) -> None:
    """Count once more. Refusals: LIMITED `rate_limited` (retry_at)."""
    if not left(tx, limit, about, now):
        oldest = tx.counters.oldest(limit.counter(about), now - limit.within)
        raise Refusal(Kind.LIMITED, "rate_limited", retry_at=None if oldest is None else oldest + limit.within)
    tx.counters.hit(limit.counter(about), now)


def left(tx: Transaction, limit: Limit, about: str, now: datetime) -> bool:
    """Whether it may be done once more."""
    return tx.counters.count(limit.counter(about), now - limit.within) < limit.most
