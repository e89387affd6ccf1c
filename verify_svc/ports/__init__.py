"""The interfaces that the stories in `flow/` need. `store/` and `notify/` implement them, `bootstrap` picks.

Times are aware datetimes in UTC. Ids are the caller's. Fields marked `repr=False` hold personal data or secrets:
an implementation seals those of them whose docstring says so, and never logs any.
"""

from verify_svc.ports.blobs import Blobs
from verify_svc.ports.faults import Passing, Permanent, StaleVersion, Taken, Unusable
from verify_svc.ports.handoff import Counters, LinkRow, Links, PhoneRow, Phones
from verify_svc.ports.jobs import JobKind, JobRunner, Jobs
from verify_svc.ports.notices import Inbox, SentMessage, Sms, WebhookSender
from verify_svc.ports.people import ApiKeyRow, ApiKeys, LoginRow, OperatorRow, Operators
from verify_svc.ports.records import (
    Audit,
    AuditRow,
    Deliveries,
    DeliveryRow,
    EventRow,
    Events,
    Heartbeats,
    Idempotency,
    IdempotencyRow,
    Messages,
)
from verify_svc.ports.sessions import PaperRow, Papers, SessionRow, Sessions, UploadRow, Uploads
from verify_svc.ports.store import Store, Transaction
from verify_svc.ports.surroundings import Clock, Randomness

__all__ = [
    "ApiKeyRow",
    "ApiKeys",
    "Audit",
    "AuditRow",
    "Blobs",
    "Clock",
    "Counters",
    "Deliveries",
    "DeliveryRow",
    "EventRow",
    "Events",
    "Heartbeats",
    "Idempotency",
    "IdempotencyRow",
    "Inbox",
    "JobKind",
    "JobRunner",
    "Jobs",
    "LinkRow",
    "Links",
    "LoginRow",
    "Messages",
    "OperatorRow",
    "Operators",
    "PaperRow",
    "Papers",
    "Passing",
    "Permanent",
    "PhoneRow",
    "Phones",
    "Randomness",
    "SentMessage",
    "SessionRow",
    "Sessions",
    "Sms",
    "StaleVersion",
    "Store",
    "Taken",
    "Transaction",
    "Unusable",
    "UploadRow",
    "Uploads",
    "WebhookSender",
]
