"""The database: its transactions over all tables."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Protocol

from verify_svc.ports.handoff import Counters, Links, Phones
from verify_svc.ports.people import ApiKeys, Operators
from verify_svc.ports.records import Audit, Deliveries, Events, Heartbeats, Idempotency, Messages
from verify_svc.ports.sessions import Papers, Sessions, Uploads


class Transaction(Protocol):
    """One transaction: all its writes are kept together, or none."""

    @property
    def sessions(self) -> Sessions: ...
    @property
    def uploads(self) -> Uploads: ...
    @property
    def papers(self) -> Papers: ...
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
