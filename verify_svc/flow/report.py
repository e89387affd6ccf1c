"""What a portal takes away from a session: the report tree, the pictures, the events."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from verify_svc.flow import pictures
from verify_svc.flow.export import FileBeingMade, FileMade, Limits, Source, being_made, give_file, source_of_upload
from verify_svc.flow.handoff import shown_event
from verify_svc.flow.record import of_key
from verify_svc.flow.refusal import not_found
from verify_svc.flow.services import Services
from verify_svc.flow.show import state_of
from verify_svc.flow.upload_pages import as_shown
from verify_svc.flow.views import SessionEvent
from verify_svc.ports import ApiKeyRow, UploadRow
from verify_svc.session.comparing import SHANGHAI
from verify_svc.session.finding import Finding
from verify_svc.session.report import Report, Result
from verify_svc.session.state import Session, Status, Step
from verify_svc.session.steps import StepState

_PAGE = 100

_RESULT_OF_STATE: Mapping[StepState, Result] = {
    StepState.PASSED: Result.CLEAR,
    StepState.FAILED: Result.REJECTED,
    StepState.IN_REVIEW: Result.CONSIDER,
    StepState.OPEN: Result.NOT_CHECKED,
    StepState.PROCESSING: Result.NOT_CHECKED,
}
_RESULT_OF_STATUS: Mapping[Status, Result] = {
    Status.VERIFIED: Result.CLEAR,
    Status.DECLINED: Result.REJECTED,
    Status.NEEDS_REVIEW: Result.CONSIDER,
}


def report_of_session(services: Services, api_key: ApiKeyRow, session_id: str) -> Mapping[str, Any]:
    """The report tree: one branch a step, one below it a slot, as nested JSON values. Refusals: NOT_FOUND."""
    with services.store.read() as tx:
        _, session = of_key(tx, api_key, session_id)
        return report_tree(session, tx.uploads.of_session(session_id))


def report_tree(session: Session, uploads: Sequence[UploadRow]) -> dict[str, Any]:
    """The session's report; `decision` names who settled it where a person did."""
    by_id = {row.id: row for row in uploads}
    decision = session.decision
    codes = [reason.code for step in session.steps.values() for reason in step.verdict.reasons]
    return {
        "result": result_of(session).value,
        "reasons": list(dict.fromkeys(codes)),
        "breakdown": {name.value: _branch(session, step, by_id) for name, step in session.steps.items()},
        "properties": {
            "rule_pack": {"id": session.pack_id, "version": session.pack_version},
            "expected_version": session.expected_version,
            "decision": None
            if decision is None
            else {"kind": decision.kind, "by": decision.by, "reason": decision.reason, "at": decision.at.isoformat()},
        },
    }


def result_of(session: Session) -> Result:
    """The session's result as a whole: NOT_CHECKED until all was judged or a person decided."""
    return _RESULT_OF_STATUS.get(session.status, Result.NOT_CHECKED)


def _branch(session: Session, step: Step, uploads: Mapping[str, UploadRow]) -> dict[str, Any]:
    breakdown: dict[str, Any] = {}
    for slot_name, slot in step.slots.items():
        row = uploads.get(slot.upload_id or "")
        breakdown[slot_name] = _not_checked() if row is None or row.report is None else json.loads(row.report)
        if slot.judged is not None and slot.judged.edits:
            breakdown[slot_name]["properties"]["edited"] = dict(slot.judged.edits)
    for slot_name, finding in step.verdict.compared:
        branch = breakdown.setdefault(slot_name, _not_checked())
        branch["breakdown"][finding.check] = _finding(finding)
    return {
        "result": _RESULT_OF_STATE[step.verdict.state].value,
        "reasons": list(dict.fromkeys(reason.code for reason in step.verdict.reasons)),
        "breakdown": breakdown,
        "properties": {"state": state_of(session, step).value, "attempts": step.attempts.failures},
    }


def _not_checked() -> dict[str, Any]:
    return Report(Result.NOT_CHECKED, ()).as_tree()


def _finding(finding: Finding) -> Any:
    return Report(Result.NOT_CHECKED, (), (finding,)).as_tree()["breakdown"][finding.check]


def file_of_session(
    services: Services, api_key: ApiKeyRow, session_id: str, kind: str, limits: Limits, page: int = 1
) -> FileMade | FileBeingMade:
    """One picture within the portal's limits: `portrait`, or `<step>.<slot>` (`person_document.portrait`…); of a form
    that `page`.

    Refusals: NOT_FOUND, INVALID (`file_does_not_fit`, `reading_lost`, `date_mark_not_for_papers`), LIMITED, BUSY.
    """
    with services.store.read() as tx:
        _, session = of_key(tx, api_key, session_id)
        row = pictures.upload_of_kind(tx, session, kind)
    if row is None:
        raise not_found("file")
    if page > max(1, len(as_shown(row))):
        raise not_found("page")
    if row.state == "processing":
        return being_made(services)
    if kind == "portrait":
        taken_on = row.created_at.astimezone(SHANGHAI).date().isoformat()
        source = Source(session_id, row.id, pictures.chosen_still(session), kind, taken_on=taken_on)
    else:
        source = source_of_upload(session, row, page)
    return give_file(services, api_key, source, limits)


def events_of_session(services: Services, api_key: ApiKeyRow, session_id: str, after: int) -> Sequence[SessionEvent]:
    """What happened since event `after`, oldest first, at most 100."""
    with services.store.read() as tx:
        of_key(tx, api_key, session_id)
        return [shown_event(row) for row in tx.events.after(session_id, after, _PAGE)]


def public_events(
    services: Services,
    api_key: ApiKeyRow,
    *,
    session_id: str | None = None,
    before: int | None = None,
    limit: int = 20,
) -> tuple[Sequence[SessionEvent], bool]:
    """The public events of the portal's sessions, newest first, and whether there are more."""
    limit = max(1, min(limit, _PAGE))
    with services.store.read() as tx:
        key_ids = tx.api_keys.of_portal(api_key)
        rows = tx.events.public(api_key_ids=key_ids, session_id=session_id, before_id=before, limit=limit + 1)
        return [shown_event(row) for row in rows[:limit]], len(rows) > limit
