"""How much one session may send, and how many of its pictures are looked at at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta

from verify_svc.flow.limits import PAPERS, PAPERS_OF_KEY, Limit, spend
from verify_svc.flow.paper_pages import pages_of
from verify_svc.flow.pictures import later
from verify_svc.flow.record import transact
from verify_svc.flow.refusal import Kind, Refusal
from verify_svc.flow.services import Services
from verify_svc.flow.upload_pages import bytes_of
from verify_svc.ports import PaperRow, Transaction, UploadRow

# Guessed: five slots, each tried until it locks, and as much again by hand.
MAX_UPLOADS = 120
MAX_SESSION_BYTES = 1_000_000_000
MAX_PAPERS = 60
MAX_PAPERS_BYTES = 200_000_000
SENT = Limit("sent", 300, timedelta(days=1))
"""With what could not be read: each may hold the decoding child to its time limit."""
_LOOKED_AT_FOR = timedelta(seconds=30)
"""The longest wait for a child and its time limit: what is older was left by a process that died."""


def check_room(kept: Sequence[UploadRow], size_bytes: int) -> None:
    """One session's phones can't fill the store. Refuses LIMITED."""
    if len(kept) >= MAX_UPLOADS or sum(bytes_of(row) for row in kept) + size_bytes > MAX_SESSION_BYTES:
        raise Refusal(Kind.LIMITED, "rate_limited", "This session has sent too many files.")


def check_room_for_paper(kept: Sequence[PaperRow], size_bytes: int) -> None:
    """Nor can its portal. Refuses LIMITED."""
    held_bytes = sum(page.size_bytes for row in kept for page in pages_of(row))
    if len(kept) >= MAX_PAPERS or held_bytes + size_bytes > MAX_PAPERS_BYTES:
        raise Refusal(Kind.LIMITED, "rate_limited", "This session has been sent too many papers.")


@contextmanager
def one_at_a_time(services: Services, session_id: str, key_id: str | None = None) -> Iterator[None]:
    """Count a file that was sent, and look at no other of that session meanwhile: its files can't hold the children of
    all web processes. With `key_id` it is a paper of the portal's, which doesn't wait for the phone's.

    Refuses LIMITED (retry_at), BUSY.
    """
    counter = f"looked_at:{session_id}" if key_id is None else f"looked_at:papers:{session_id}"
    limits = ((SENT, session_id),) if key_id is None else ((PAPERS, session_id), (PAPERS_OF_KEY, key_id))

    def claim(tx: Transaction) -> None:
        now = services.clock.now()
        if tx.counters.count(counter, now - _LOOKED_AT_FOR):
            raise later(services)
        for limit, about in limits:
            spend(tx, limit, about, now)
        tx.counters.hit(counter, now)

    transact(services, claim)
    try:
        yield
    finally:
        transact(services, lambda tx: tx.counters.clear(counter))
