"""What the phone shows."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

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
    """`frame`: whether GET …/frame/<code> shows it. `pages`: those of a form that it is about."""

    code: str
    effect: str
    slot: str | None = None
    field: str | None = None
    moment_s: float | None = None
    frame: bool = False
    pages: tuple[int, ...] = ()


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
    """A field read from a picture. `entered` None: nothing was entered to compare it with.

    `agrees` without a value says of a form's signature, seal or date whether it is there.
    """

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
class UploadPage:
    """A picture of an upload: a form may have several. `file` names it, `number` is the page that it says it is; `page`
    how it lies: the applicant's own crop, else the page that was found.
    """

    file: int
    number: int | None
    width: int
    height: int
    page: Page


@dataclass(frozen=True, slots=True)
class UploadShown:
    """`width`, `height` and `page` are those of the first of its `pages`; a clip has none."""

    id: str
    step: str
    slot: str
    state: str
    width: int
    height: int
    page: Page | None
    pages: tuple[UploadPage, ...]
    progress: Progress | None
    result: UploadResult | None


@dataclass(frozen=True, slots=True)
class SlotShown:
    """`pages`: on how many pages the service prints that form; None of anything else. `way`: of a clip, how its digits
    were answered.
    """

    name: str
    kind: str
    state: str
    upload: UploadShown | None
    pages: int | None = None
    way: str | None = None


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
class TurnShown:
    """A turn of the head after so many digits, from when to when; which way is told later."""

    after: int
    at_s: float
    until_s: float


@dataclass(frozen=True, slots=True)
class Challenge:
    """A face challenge: how many digits, when each is shown, in seconds from the start of the recording, and the arrow.

    `digits` are all of them for a file that is filmed beforehand; a live phone is given them one by one: None.
    """

    id: str
    count: int
    digits: str | None = field(repr=False)
    reveals_s: tuple[float, ...]
    duration_s: float
    expires_at: datetime
    turn: TurnShown | None = None
