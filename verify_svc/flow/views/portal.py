"""What the portal's API gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from verify_svc.flow.views.applicant import AttemptsShown, DecisionShown
from verify_svc.flow.views.handoff import LinkShown


@dataclass(frozen=True, slots=True)
class SessionEvent:
    id: int
    type: str
    step: str | None
    at: datetime
    session_id: str
    data: str


@dataclass(frozen=True, slots=True)
class StepSummary:
    """A step as the portal's API shows it."""

    name: str
    state: str
    attempts: AttemptsShown
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LastError:
    code: str
    reason: str
    field: str | None


@dataclass(frozen=True, slots=True)
class SessionView:
    """The portal API's verification session object. `expected` is the entered data as nested JSON values."""

    id: str
    livemode: bool
    status: str
    steps: tuple[StepSummary, ...]
    awaiting: str
    can_retry: bool
    attempts: AttemptsShown
    client_reference_id: str | None
    metadata: Mapping[str, str]
    expected: Mapping[str, Any] = field(repr=False)
    rule_pack_id: str
    rule_pack_version: int
    client_token: str = field(repr=False)
    handoff: LinkShown
    created_at: datetime
    expires_at: datetime
    last_error: LastError | None
    decision: DecisionShown | None
    report_result: str
    return_url: str | None
    locale: str | None
    redaction_status: str | None
    reference: str
    last_event_id: int


@dataclass(frozen=True, slots=True)
class PaperPage:
    """One file of a paper as it was sent; sizes of the upright picture."""

    media_type: str
    sha256: str
    size_bytes: int
    width_px: int
    height_px: int


@dataclass(frozen=True, slots=True)
class PaperShown:
    """A paper that the portal sent. `report` is the report tree, None until it was judged; a form may have several
    `pages`.
    """

    id: str
    session_id: str
    kind: str
    state: str
    pages: tuple[PaperPage, ...]
    created_at: datetime
    done_at: datetime | None
    report: Mapping[str, Any] | None = field(repr=False)
