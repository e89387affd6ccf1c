"""What a session is made of. Frozen; only `session.after` makes the next one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from verify_svc.session.attempts import Attempts
from verify_svc.session.challenge import Challenge
from verify_svc.session.events import FieldRead
from verify_svc.session.filing import Expected
from verify_svc.session.finding import Finding
from verify_svc.session.steps import StepName, StepState


class Status(StrEnum):
    """How the session stands."""

    REQUIRES_INPUT = "requires_input"
    PROCESSING = "processing"
    NEEDS_REVIEW = "needs_review"
    VERIFIED = "verified"
    DECLINED = "declined"
    CANCELED = "canceled"
    EXPIRED = "expired"


CLOSED = frozenset({Status.VERIFIED, Status.DECLINED, Status.CANCELED, Status.EXPIRED})

AWAITED: Mapping[Status, str] = {
    Status.REQUIRES_INPUT: "applicant",
    Status.PROCESSING: "service",
    Status.NEEDS_REVIEW: "operator",
}


@dataclass(frozen=True, slots=True)
class Consent:
    given_at: datetime | None = None
    declined_at: datetime | None = None
    version: str | None = None


@dataclass(frozen=True, slots=True)
class PhoneProof:
    """The mobile number's step. `proved_by` is the phone on which the code was typed."""

    number_misses: int = 0
    locked_until: datetime | None = None
    code_hash: str | None = field(default=None, repr=False)
    code_sent_at: datetime | None = None
    code_misses: int = 0
    sent_at: tuple[datetime, ...] = ()
    proved_at: datetime | None = None
    proved_by: str | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """The judgement of one upload, or of a paper of the portal's (its id then). `edits` (修改) stand beside what was
    read; `counted`: it cost an attempt.
    """

    upload_id: str
    at: datetime
    result: str
    findings: tuple[Finding, ...]
    fields: Mapping[str, FieldRead] = field(repr=False)
    reasons: tuple[str, ...] = ()
    stills: int = 0
    edits: Mapping[str, str] = field(default_factory=dict, repr=False)
    counted: bool = False


@dataclass(frozen=True, slots=True)
class Slot:
    """One place for a file: the upload that counts, and its judgement once it is there. `way`: of a clip, how its
    challenge was answered.
    """

    upload_id: str | None = None
    capture: str = ""
    way: str = ""
    judged: Judged | None = None
    broke: bool = False

    @property
    def processing(self) -> bool:
        return self.upload_id is not None and self.judged is None and not self.broke


@dataclass(frozen=True, slots=True)
class Match:
    """The clip's face compared with the card's portrait."""

    clip_id: str
    portrait_id: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class StepReason:
    """Why a step stands as it does. `slot` None: it is about the step as a whole. `pages` as `Finding.pages`."""

    code: str
    effect: str
    slot: str | None = None
    field: str | None = None
    moment_s: float | None = None
    pages: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a step stands. `compared` are the findings that the session itself made, by slot (`""`: the step's)."""

    state: StepState = StepState.OPEN
    needs: str | None = None
    reasons: tuple[StepReason, ...] = ()
    compared: tuple[tuple[str, Finding], ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One step. `asked_again` is the reason code with which somebody asked for it anew; `suspicions` are the codes of
    those that any of its files ever raised.
    """

    slots: Mapping[str, Slot] = field(default_factory=dict)
    attempts: Attempts = field(default_factory=Attempts)
    other_way: str | None = None
    asked_again: str | None = None
    confirmed_still: int | None = None
    match: Match | None = None
    passed_at: datetime | None = None
    suspicions: tuple[str, ...] = ()
    verdict: Verdict = Verdict()


@dataclass(frozen=True, slots=True)
class Decision:
    """What an operator decided (`approved`, `declined`, `redo`). `message` is what the applicant reads."""

    kind: str
    by: str
    reason: str
    comment: str = field(repr=False)
    message: str = field(repr=False)
    at: datetime
    steps: tuple[StepName, ...] = ()


@dataclass(frozen=True, slots=True)
class Session:
    """A verification session. `expected_version` counts the corrections of the entered data; `set_aside` keeps the
    attempts and suspicions of steps that a correction made needless, should another one need them again.
    """

    id: str
    pack_id: str
    pack_version: int
    wanted: tuple[StepName, ...]
    expected: Expected
    created_at: datetime
    expires_at: datetime
    expected_version: int = 1
    client_reference_id: str | None = None
    metadata: Mapping[str, str] = field(default_factory=dict, repr=False)
    return_url: str | None = None
    locale: str | None = None
    status: Status = Status.REQUIRES_INPUT
    consent: Consent = Consent()
    phone: PhoneProof = PhoneProof()
    steps: Mapping[StepName, Step] = field(default_factory=dict)
    set_aside: Mapping[StepName, Step] = field(default_factory=dict)
    challenge: Challenge | None = None
    # The days (Asia/Shanghai) on which a clip was handed in: one taken again voids no form of an earlier day.
    face_days: tuple[date, ...] = ()
    # The portal's letters of authorisation, the newest last: those of people who are surely different ones.
    letters: tuple[Judged, ...] = ()
    decision: Decision | None = None
    waiting_since: datetime | None = None
    closed_at: datetime | None = None

    @property
    def closed(self) -> bool:
        return self.status in CLOSED

    @property
    def awaiting(self) -> str:
        return AWAITED.get(self.status, "none")

    def slot_of_upload(self, upload_id: str) -> tuple[StepName, str] | None:
        """Where the upload counts; None when another one took its place."""
        for name, step in self.steps.items():
            for slot_name, slot in step.slots.items():
                if slot.upload_id == upload_id:
                    return name, slot_name
        return None
