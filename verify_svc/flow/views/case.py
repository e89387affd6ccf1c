"""What an operator sees."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from verify_svc.flow.views.applicant import UploadShown
from verify_svc.flow.views.handoff import HandoffState
from verify_svc.flow.views.portal import PaperShown


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
    pages: tuple[int, ...] = ()
    measured: Mapping[str, float | int | str | bool | None] = field(default_factory=dict)


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
    """A clip's evidence: `traces` are equally long lists by name, with `time_s` among them. `way`: how the digits were
    answered; `heard` are then those that were typed. `turn`: which way the head was to turn, and when.
    """

    upload_id: str
    way: str
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
    turn: tuple[str, float] | None = None


@dataclass(frozen=True, slots=True)
class AuditShown:
    at: datetime
    who: str
    what: str
    step: str | None
    why: str | None


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
    papers: tuple[PaperShown, ...]
    audit: tuple[AuditShown, ...]
