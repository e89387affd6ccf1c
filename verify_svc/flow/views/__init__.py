"""What the stories show: frozen dataclasses in the shape of docs/page-api.md. An adapter turns them into JSON.

Times are aware datetimes in UTC; `…_url` parts are left to the adapter, which knows the addresses.
"""

from verify_svc.flow.views.applicant import (
    AttemptsShown,
    Challenge,
    ConsentShown,
    Corners,
    DecisionShown,
    FieldShown,
    Page,
    PhoneShown,
    PhoneState,
    Progress,
    Provider,
    ReasonShown,
    ReviewShown,
    SessionHead,
    SlotShown,
    StepShown,
    SubjectShown,
    UploadPage,
    UploadResult,
    UploadShown,
)
from verify_svc.flow.views.case import AuditShown, Case, CaseLine, ClipShown, Findings, FindingShown, MatchShown
from verify_svc.flow.views.handoff import HandoffState, LinkShown, WaitingLink
from verify_svc.flow.views.portal import LastError, PaperPage, PaperShown, SessionEvent, SessionView, StepSummary

__all__ = [
    "AttemptsShown",
    "AuditShown",
    "Case",
    "CaseLine",
    "Challenge",
    "ClipShown",
    "ConsentShown",
    "Corners",
    "DecisionShown",
    "FieldShown",
    "FindingShown",
    "Findings",
    "HandoffState",
    "LastError",
    "LinkShown",
    "MatchShown",
    "Page",
    "PaperPage",
    "PaperShown",
    "PhoneShown",
    "PhoneState",
    "Progress",
    "Provider",
    "ReasonShown",
    "ReviewShown",
    "SessionEvent",
    "SessionHead",
    "SessionView",
    "SlotShown",
    "StepShown",
    "StepSummary",
    "SubjectShown",
    "UploadPage",
    "UploadResult",
    "UploadShown",
    "WaitingLink",
]
