"""What the portal's API gives back: the shapes that the OpenAPI document is made from."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

StepName = Literal["consent", "phone", "subject_document", "person_document", "legal_person_document", "face", "forms"]
StepState = Literal["open", "processing", "passed", "failed", "in_review"]
Status = Literal["requires_input", "processing", "needs_review", "verified", "declined", "canceled", "expired"]


class Attempts(BaseModel):
    """How often a step was judged and failed."""

    used: int
    max: int
    locked_until: datetime | None = None


class Step(BaseModel):
    """One step of a session."""

    name: StepName
    state: StepState
    attempts: Attempts
    reasons: list[str] = Field(description="Reason codes, the most mendable first")


class LastError(BaseModel):
    """The most mendable reason of the step that failed last."""

    code: str
    reason: str
    field: str | None = None


class Decision(BaseModel):
    """What an operator decided, in the words that the applicant reads."""

    kind: Literal["approved", "declined", "redo"]
    message: str
    at: datetime


ReportResult = Literal["clear", "consider", "rejected", "not_checked", "unreadable"]


class ReportSummary(BaseModel):
    """The report's result, and where the whole tree is (asked for with the key)."""

    result: ReportResult
    url: str


class RulePack(BaseModel):
    """The rules that the session is judged by."""

    id: str
    version: int


class Qr(BaseModel):
    """Where the QR code's picture is (asked for with the key, by the portal's server)."""

    svg_url: str
    png_url: str


class Handoff(BaseModel):
    """The way to the phone. `url` is the page to embed: it holds the client token, so keep it to the applicant.

    In lists `url` is null.
    """

    state: Literal["waiting", "opened", "expired", "none"]
    expires_at: datetime | None = None
    url: str | None = None


class Redaction(BaseModel):
    """Whether the personal data were deleted."""

    status: str = Field(description="`none` until it was done or asked for")


class VerificationSession(BaseModel):
    """A verification session."""

    id: str
    object: Literal["verification_session"] = "verification_session"
    livemode: bool
    status: Status
    reference: str
    steps: list[Step]
    awaiting: Literal["applicant", "service", "operator", "none"]
    can_retry: bool
    attempts: Attempts
    client_reference_id: str | None = None
    metadata: dict[str, str] = {}
    expected: dict[str, Any] = {}
    rule_pack: RulePack
    url: str | None = Field(default=None, description="What the QR code holds, while a link waits to be opened")
    qr: Qr | None = None
    handoff: Handoff
    created_at: datetime
    expires_at: datetime
    last_error: LastError | None = None
    decision: Decision | None = None
    report: ReportSummary
    return_url: str | None = None
    locale: str | None = None
    redaction: Redaction
    last_event_id: int


class SessionList(BaseModel):
    """A page of sessions, newest first."""

    object: Literal["list"] = "list"
    data: list[VerificationSession]
    has_more: bool
    next_cursor: str | None = None


class SessionEvent(BaseModel):
    """Something that happened to a session."""

    id: int
    type: str
    step: StepName | None = None


WebhookType = Literal[
    "verification_session.created",
    "verification_session.opened",
    "verification_session.step_completed",
    "verification_session.processing",
    "verification_session.requires_input",
    "verification_session.needs_review",
    "verification_session.verified",
    "verification_session.declined",
    "verification_session.canceled",
    "verification_session.expired",
]


class WebhookData(BaseModel):
    """The session that it happened to, as it stood then. No personal data."""

    id: str
    object: Literal["verification_session"] = "verification_session"
    livemode: bool
    status: Status
    step: StepName | None = None
    client_reference_id: str | None = None


class WebhookEvent(BaseModel):
    """That something happened; read the session for what."""

    id: str
    type: WebhookType
    timestamp: datetime
    livemode: bool
    data: WebhookData


class EventList(BaseModel):
    """Events, oldest first."""

    events: list[SessionEvent]


class Report(BaseModel):
    """The report tree. `not_checked` never means passed."""

    result: ReportResult
    reasons: list[str]
    breakdown: dict[str, Any]
    properties: dict[str, Any]


PaperKind = Literal[
    "legal_person_card_portrait",
    "legal_person_card_emblem",
    "authorisation_letter",
    "security_agreement",
    "domain_certificate",
    "preapproval",
]


class PaperFile(BaseModel):
    """The file as it was sent, and where it is taken from for the filing."""

    media_type: Literal["image/jpeg", "image/png", "image/heic"]
    size_bytes: int
    width_px: int = Field(description="Of the upright picture")
    height_px: int
    sha256: str
    url: str = Field(description="`GET`, with the limits of `files/{kind}`")


class Paper(BaseModel):
    """A paper that the portal sent."""

    id: str
    object: Literal["paper"] = "paper"
    session_id: str
    kind: PaperKind
    state: Literal["processing", "done"]
    report: Report | None = Field(default=None, description="Null while it is processed; `not_checked` never passes")
    file: PaperFile = Field(description="Of a form of several pages the first")
    more_pages: list[PaperFile] = Field(description="The form's other pages, in the order in which they were sent")
    created_at: datetime
    done_at: datetime | None = None


class PaperList(BaseModel):
    """A session's papers, newest first."""

    object: Literal["list"] = "list"
    data: list[Paper]


class BeingMade(BaseModel):
    """Something that a worker makes: ask again after `Retry-After` seconds."""

    state: Literal["processing"] = "processing"


class FieldProblem(BaseModel):
    """One thing wrong with one field."""

    field: str
    code: str
    message: str


class ProblemBody(BaseModel):
    """An RFC 9457 problem."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    errors: list[FieldProblem] = []
    request_id: str
