"""One session as an operator sees it: everything that was read, measured, entered and done."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from verify_svc.face.match import MatchLimits
from verify_svc.flow import answer, pictures, show, upload_view
from verify_svc.flow.file_names import original, shown
from verify_svc.flow.handoff import handoff_state_in
from verify_svc.flow.papers import shown_papers
from verify_svc.flow.portal_view import entered
from verify_svc.flow.record import load
from verify_svc.flow.refusal import not_found
from verify_svc.flow.report import report_tree
from verify_svc.flow.services import Services
from verify_svc.flow.upload_pages import pages_of
from verify_svc.flow.views import (
    AuditShown,
    Case,
    CaseLine,
    ClipShown,
    Findings,
    FindingShown,
    MatchShown,
)
from verify_svc.ports import AuditRow, SessionRow, Transaction, UploadRow
from verify_svc.session.challenge import SPOKEN
from verify_svc.session.comparing import WITH_ENTRY
from verify_svc.session.finding import Finding, Outcome
from verify_svc.session.judging import MATCH
from verify_svc.session.reasons import REASONS, Effect
from verify_svc.session.state import Session, Step
from verify_svc.session.steps import StepName, StepState, portrait_slot


def case(services: Services, session_id: str) -> Case:
    """All about one session. Refusals: NOT_FOUND."""
    with services.store.read() as tx:
        return case_in(services, tx, *load(tx, session_id))


def case_in(services: Services, tx: Transaction, row: SessionRow, session: Session) -> Case:
    """The same, within a transaction."""
    uploads = tx.uploads.of_session(session.id)
    handoff = handoff_state_in(services, tx, row, session)
    steps = show.steps(services, session, uploads, with_uploads=True, to_operator=True)
    return Case(
        line=case_line(services, row, session),
        handoff=replace(handoff, steps=steps),
        expected=entered(session.expected),
        report=report_tree(session, uploads),
        uploads=tuple(upload_view.upload(session, upload) for upload in uploads if upload.state != "draft"),
        clips=tuple(_clips(services, session, uploads)),
        findings=_findings(session),
        papers=tuple(shown_papers(services, tx, session)),
        audit=tuple(_act(each) for each in tx.audit.of_session(session.id)),
    )


def _act(row: AuditRow) -> AuditShown:
    """One line of the trail; of another way that was asked for also for which step and why."""
    detail = json.loads(row.detail or "{}")
    return AuditShown(row.at, row.who, row.what, detail.get("step"), detail.get("why"))


def case_line(services: Services, row: SessionRow, session: Session) -> CaseLine:
    """The session as a line of the queue."""
    waiting = show.review(services, session)
    in_review = [name for name, step in session.steps.items() if step.verdict.state is StepState.IN_REVIEW]
    codes = [reason.code for name in in_review for reason in session.steps[name].verdict.reasons]
    subject = session.expected.subject
    now = services.clock.now()
    held = row.claimed_until is not None and now < row.claimed_until
    return CaseLine(
        id=session.id,
        reference=row.reference,
        status=session.status.value,
        subject_kind=subject.kind,
        subject_name=subject.name if subject.kind == "unit" else show.masked_name(subject.name),
        person=show.masked_name(session.expected.responsible_person.name),
        filing_kind=session.expected.filing.kind,
        province=session.expected.filing.province,
        reasons=tuple(dict.fromkeys(codes)),
        steps_in_review=tuple(name.value for name in in_review),
        created_at=session.created_at,
        waiting_since=None if waiting is None else waiting.since,
        due_at=None if waiting is None else waiting.due_at,
        late=waiting is not None and now > waiting.due_at,
        claimed_by=row.claimed_by if held else None,
        claimed_until=row.claimed_until if held else None,
        priority=row.priority,
    )


def evidence_picture(
    services: Services, session_id: str, upload_id: str, what: str, name: str = ""
) -> tuple[bytes, str]:
    """One piece of evidence and its media type. Refusals: NOT_FOUND.

    `what`: `picture`, `original`, `clip`, `strip`, `frame`, `still`, `card_portrait`; `name`: the field, code or place;
    of a form's picture and original the file of a page.
    """
    with services.store.read() as tx:
        _, session = load(tx, session_id)
        row = tx.uploads.get(upload_id)
        if row is None or row.session_id != session_id:
            raise not_found("upload")
        if what == "card_portrait":
            place = f"{StepName.PERSON_DOCUMENT}.{portrait_slot(StepName.PERSON_DOCUMENT, session.expected)}"
            return _found(pictures.of_kind(services, tx, session, place)), "image/jpeg"
    if what in ("original", "clip", "picture"):
        page = next((page for page in pages_of(row) if str(page.number) == name or not name), None)
        if page is None:
            raise not_found("page")
        if what == "picture":
            return _found(pictures.page_or_preview(services, row, page.number)), "image/jpeg"
        return _found(pictures.get(services, session_id, upload_id, original(page.number))), page.media_type
    if what == "strip":
        return _found(pictures.strip(services, row, name)), "image/jpeg"
    if what in ("frame", "still"):
        return _found(pictures.get(services, session_id, upload_id, f"{what}-{name}")), "image/jpeg"
    raise not_found("picture")


def picture_of_paper(services: Services, session_id: str, paper_id: str, page: int = 1) -> bytes:
    """JPEG: a page of a paper of the portal's, upright, at most 1600 px. Refusals: NOT_FOUND."""
    with services.store.read() as tx:
        load(tx, session_id)
        row = tx.papers.get(paper_id)
    if row is None or row.session_id != session_id:
        raise not_found("paper")
    return _found(pictures.get(services, session_id, paper_id, shown(page)))


def _found(data: bytes | None) -> bytes:
    if data is None:
        raise not_found("picture")
    return data


def _clips(services: Services, session: Session, uploads: Sequence[UploadRow]) -> Iterator[ClipShown]:
    face = session.steps.get(StepName.FACE)
    for row in uploads:
        if row.step == StepName.FACE and row.state == "done" and face is not None:
            yield _clip(services, session, face, row)


def _clip(services: Services, session: Session, face: Step, row: UploadRow) -> ClipShown:
    tree: dict[str, Any] = json.loads(row.report or "{}")
    properties, breakdown = tree.get("properties") or {}, tree.get("breakdown") or {}
    sent = json.loads(row.sent)
    challenge, digits = sent.get("challenge") or {}, properties.get("digits") or {}
    asked_turn = answer.turn(row, challenge)
    kept = pictures.get(services, session.id, row.id, "traces")
    traces = {} if kept is None else json.loads(kept)
    match, limits = None, MatchLimits()
    if face.match is not None and face.match.clip_id == row.id:
        match = MatchShown(
            next((one.score for one in face.match.findings if one.check == MATCH), None), limits.accept, limits.review
        )
    moments = [
        {"code": code, **moment}
        for branch in breakdown.values()
        for code in branch["reasons"]
        for moment in branch["properties"].get("moments") or ()
    ]
    return ClipShown(
        upload_id=row.id,
        way=challenge.get("way", SPOKEN),
        duration_s=properties.get("duration_s"),
        asked=challenge.get("digits") or "",
        heard=digits.get("heard"),
        scores=tuple(digits.get("scores") or ()),
        delays_s=tuple(digits.get("delays_s") or ()),
        traces={name: tuple(values) for name, values in traces.items()},
        reveals_s=tuple(sent.get("shown_at_s") or challenge.get("reveals_s") or ()),
        moments=tuple(moments),
        match=match,
        attack_score=((breakdown.get("attack") or {}).get("properties") or {}).get("score"),
        stills=int(tree.get("stills") or 0),
        turn=None if asked_turn is None else (asked_turn.direction, asked_turn.shown_s),
    )


def _findings(session: Session) -> Findings:
    """Of the uploads that count, by what they do to the case."""
    groups: dict[str, list[FindingShown]] = {"blocking": [], "doubtful": [], "passed": [], "not_checked": []}
    for name, step in session.steps.items():
        for slot_name, finding in _of_step(step):
            shown = FindingShown(
                name.value,
                slot_name or None,
                finding.check,
                finding.outcome.value,
                finding.reasons,
                finding.score,
                finding.threshold,
                finding.pages,
                finding.measured,
            )
            groups[_group(finding)].append(shown)
    return Findings(**{group: tuple(shown) for group, shown in groups.items()})


def _of_step(step: Step) -> Iterator[tuple[str, Finding]]:
    """An upload's own report was written before anything was compared: what the session compared takes its place."""
    compared = step.verdict.compared
    replaced = {(slot_name, finding.check) for slot_name, finding in compared}
    for slot_name, slot in step.slots.items():
        for finding in slot.judged.findings if slot.judged is not None else ():
            idle = finding.check in WITH_ENTRY or finding.measured.get("applies") is False
            left_out = idle and finding.outcome is Outcome.NOT_CHECKED
            if (slot_name, finding.check) not in replaced and not left_out:
                yield slot_name, finding
    yield from compared


def _group(finding: Finding) -> str:
    if finding.outcome is Outcome.NOT_CHECKED:
        return "not_checked"
    if finding.outcome is Outcome.PASS:
        return "passed"
    retry = any(REASONS[code].effect is Effect.RETRY for code in finding.reasons)
    return "blocking" if finding.outcome is Outcome.FAIL and retry else "doubtful"
