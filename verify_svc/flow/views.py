"""What the stories show: frozen dataclasses in the shape of docs/page-api.md. An adapter turns them into JSON.

Times are aware datetimes in UTC; `…_url` parts are left to the adapter, which knows the addresses.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Corners = tuple[tuple[float, float], tuple[float, float], tuple[float, float], tuple[float, float]]
"""Four points from 0 to 1 of the upright picture: top left, top right, bottom right, bottom left of the page."""


@dataclass(frozen=True, slots=True)
class Provider:
    name: str
    hotline: str


@dataclass(frozen=True, slots=True)
class SessionHead:
    id: str
    status: str
    reference: str
    locale: str
    created_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class SubjectShown:
    kind: str
    name: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ConsentShown:
    given: bool
    declined: bool
    version: str
    retention_days_media: int
    retention_days_record: int


@dataclass(frozen=True, slots=True)
class PhoneShown:
    hint: str | None
    code_sent: bool
    expires_at: datetime | None
    resend_at: datetime | None
    tries_left: int


@dataclass(frozen=True, slots=True)
class ReasonShown:
    """`frame`: whether GET …/frame/<code> shows it."""

    code: str
    effect: str
    slot: str | None = None
    field: str | None = None
    moment_s: float | None = None
    frame: bool = False


@dataclass(frozen=True, slots=True)
class AttemptsShown:
    used: int
    max: int
    locked_until: datetime | None


@dataclass(frozen=True, slots=True)
class Page:
    """The page found in a picture; `corners` None when none was found."""

    corners: Corners | None
    rotate_deg: int


@dataclass(frozen=True, slots=True)
class Progress:
    stage: str
    fraction: float


@dataclass(frozen=True, slots=True)
class FieldShown:
    """A field read from a picture. `entered` None: nothing was entered to compare it with."""

    name: str
    value: str | None = field(repr=False)
    score: float | None
    entered: str | None = field(repr=False)
    agrees: bool | None
    edited: str | None = field(repr=False)
    doubtful: tuple[int, ...]
    editable: bool


@dataclass(frozen=True, slots=True)
class UploadResult:
    result: str
    reasons: tuple[ReasonShown, ...]
    went_right: tuple[str, ...]
    fields: tuple[FieldShown, ...]
    stills: int


@dataclass(frozen=True, slots=True)
class UploadShown:
    id: str
    step: str
    slot: str
    state: str
    width: int
    height: int
    page: Page | None
    progress: Progress | None
    result: UploadResult | None


@dataclass(frozen=True, slots=True)
class SlotShown:
    name: str
    kind: str
    state: str
    upload: UploadShown | None


@dataclass(frozen=True, slots=True)
class StepShown:
    name: str
    state: str
    needs: str | None
    attempts: AttemptsShown
    reasons: tuple[ReasonShown, ...]
    went_right: tuple[str, ...]
    slots: tuple[SlotShown, ...]
    passed_at: datetime | None


@dataclass(frozen=True, slots=True)
class ReviewShown:
    since: datetime
    due_at: datetime


@dataclass(frozen=True, slots=True)
class DecisionShown:
    kind: str
    message: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PhoneState:
    """`State` of docs/page-api.md: all that the phone's pages show."""

    session: SessionHead
    provider: Provider
    subject: SubjectShown
    consent: ConsentShown
    phone: PhoneShown
    steps: tuple[StepShown, ...]
    awaiting: str
    review: ReviewShown | None
    decision: DecisionShown | None
    last_event_id: int


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


@dataclass(frozen=True, slots=True)
class Challenge:
    """A face challenge: how many digits, and when each is shown, in seconds from the start of the recording.

    `digits` are all of them for a file that is filmed beforehand; a live phone is given them one by one: None.
    """

    id: str
    count: int
    digits: str | None = field(repr=False)
    reveals_s: tuple[float, ...]
    duration_s: float
    expires_at: datetime


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
    return_url: str | None
    locale: str | None
    redaction_status: str | None
    reference: str
    last_event_id: int


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A line of the console's queue or list; the person's name is masked."""

    id: str
    reference: str
    status: str
    subject_kind: str
    subject_name: str = field(repr=False)
    person: str = field(repr=False)
    filing_kind: str
    province: str | None
    reasons: tuple[str, ...]
    steps_in_review: tuple[str, ...]
    created_at: datetime
    waiting_since: datetime | None
    due_at: datetime | None
    late: bool
    claimed_by: str | None
    claimed_until: datetime | None
    priority: int


@dataclass(frozen=True, slots=True)
class FindingShown:
    step: str
    slot: str | None
    check: str
    result: str
    reasons: tuple[str, ...]
    score: float | None
    threshold: float | None


@dataclass(frozen=True, slots=True)
class Findings:
    blocking: tuple[FindingShown, ...]
    doubtful: tuple[FindingShown, ...]
    passed: tuple[FindingShown, ...]
    not_checked: tuple[FindingShown, ...]


@dataclass(frozen=True, slots=True)
class MatchShown:
    score: float | None
    accept: float
    review: float


@dataclass(frozen=True, slots=True)
class ClipShown:
    """A clip's evidence: `traces` are equally long lists by name, with `time_s` among them."""

    upload_id: str
    duration_s: float | None
    asked: str = field(repr=False)
    heard: str | None = field(repr=False)
    scores: tuple[float, ...]
    delays_s: tuple[float, ...]
    traces: Mapping[str, tuple[float | None, ...]]
    reveals_s: tuple[float, ...]
    moments: tuple[Mapping[str, Any], ...]
    match: MatchShown | None
    attack_score: float | None
    stills: int


@dataclass(frozen=True, slots=True)
class AuditShown:
    at: datetime
    who: str
    what: str


@dataclass(frozen=True, slots=True)
class Case:
    """All that an operator sees of one session."""

    line: CaseLine
    handoff: HandoffState
    expected: Mapping[str, Any] = field(repr=False)
    report: Mapping[str, Any] = field(repr=False)
    uploads: tuple[UploadShown, ...]
    clips: tuple[ClipShown, ...]
    findings: Findings
    audit: tuple[AuditShown, ...]
