"""What the PC shows: the hand-off and its link."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from verify_svc.flow.views.applicant import DecisionShown, Provider, ReviewShown, SessionHead, StepShown, SubjectShown


@dataclass(frozen=True, slots=True)
class LinkShown:
    """`state` is `waiting`, `opened`, `expired` or `none`."""

    state: str
    expires_at: datetime | None
    opened_at: datetime | None
    device_kind: str | None
    browser: str | None
    refused_at: datetime | None


@dataclass(frozen=True, slots=True)
class HandoffState:
    """What the PC's hand-off page shows; the steps' slots hold no uploads.

    `mobile_hint`: `138****5678` once the number is proved. `person`: the responsible person's name once verified.
    """

    session: SessionHead
    provider: Provider
    subject: SubjectShown
    mobile_hint: str | None = field(repr=False)
    person: str | None = field(repr=False)
    steps: tuple[StepShown, ...]
    awaiting: str
    review: ReviewShown | None
    decision: DecisionShown | None
    link: LinkShown
    portrait: bool
    return_url: str | None
    last_event_id: int


@dataclass(frozen=True, slots=True)
class WaitingLink:
    """A link that waits to be opened: the raw token is shown to whom the session belongs, and never stored."""

    token: str = field(repr=False)
    expires_at: datetime
