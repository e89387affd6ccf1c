"""The durable jobs of the worker: an upload is judged, two faces are compared."""

from __future__ import annotations

import json
from dataclasses import replace

from verify_svc.flow import document, export, face, form, papers, pictures
from verify_svc.flow.analysis import Analysis
from verify_svc.flow.record import SERVICE, load, move, tell, transact
from verify_svc.flow.services import Services
from verify_svc.flow.upload_pages import in_printed_order
from verify_svc.ports import JobKind, Transaction, UploadRow
from verify_svc.session.changes import Change
from verify_svc.session.events import AnalysisBroke, FacesCompared, UploadJudged
from verify_svc.session.state import Session
from verify_svc.session.steps import StepName

_FRACTIONS = {"decoding": 0.1, "measuring": 0.35, "judging": 0.85}


def analyse(services: Services, upload_id: str) -> None:
    """Judge an upload and record it; again changes nothing."""
    with services.store.read() as tx:
        row = tx.uploads.get(upload_id)
        if row is None or row.state != "processing":
            return
        _, session = load(tx, row.session_id)
    analysis = _analysis(services, session, row)
    for what, data in analysis.files:
        services.blobs.put(pictures.key_of(row.session_id, row.id, what), data)
    transact(services, lambda tx: record(services, tx, upload_id, analysis))


def compare(services: Services, job_id: str) -> None:
    """Compare a clip's face with a card's portrait and record it; again changes nothing."""
    clip_id, portrait_id = job_id.split(".")
    with services.store.read() as tx:
        clip, portrait = tx.uploads.get(clip_id), tx.uploads.get(portrait_id)
        if clip is None or portrait is None:
            return
        _, session = load(tx, clip.session_id)
    finding = face.compare_later(services, session, clip, portrait)
    event = FacesCompared(services.clock.now(), clip_id, portrait_id, (finding,))
    transact(
        services,
        lambda tx: move(services, tx, session.id, event, who=SERVICE, what="faces_compared", detail={"pair": job_id}),
    )


def gave_up(services: Services, kind: JobKind, job_id: str) -> None:
    """A job failed for good: what it was about is told, and costs the applicant nothing."""
    if kind is JobKind.ANALYSE:
        transact(services, lambda tx: _record_broken(services, tx, job_id))
    elif kind is JobKind.COMPARE:
        transact(services, lambda tx: _record_uncompared(services, tx, job_id))
    elif kind is JobKind.EXPORT:
        export.gave_up(services, job_id)
    elif kind is JobKind.PAPER:
        papers.gave_up(services, job_id)


def _analysis(services: Services, session: Session, row: UploadRow) -> Analysis:
    def progress(stage: str) -> None:
        def story(tx: Transaction) -> None:
            tx.uploads.progress(row.id, stage, _FRACTIONS.get(stage, 0.5))
            session_row, session = load(tx, row.session_id)
            tell(services, tx, session_row, session, Change("upload_changed", StepName(row.step)))

        transact(services, story)

    if row.step == StepName.FACE:
        return face.analyse_clip(services, session, row, progress)
    if row.step == StepName.FORMS:
        return form.analyse_form(services, session, row, progress)
    return document.analyse_document(services, session, row, progress)


def record(services: Services, tx: Transaction, upload_id: str, analysis: Analysis) -> None:
    """Upload, session, audit row and events in one transaction; the upload's state says whether it was done before."""
    row = tx.uploads.get(upload_id)
    if row is None or row.state != "processing":
        return
    now = services.clock.now()
    frames = [what.removeprefix(pictures.FRAME) for what, _ in analysis.files if what.startswith(pictures.FRAME)]
    tree = {**analysis.report.as_tree(), "stills": analysis.stills, "frames": frames}
    row, tree = in_printed_order(row, tree)
    tx.uploads.save(
        replace(row, state="done", done_at=now, stage=None, fraction=1.0, report=json.dumps(tree, ensure_ascii=False))
    )
    judged = UploadJudged(
        now,
        upload_id,
        analysis.report.result.value,
        analysis.report.findings,
        analysis.fields,
        # Reasons of findings are weighed with them; these are what an unreadable file alone has.
        () if analysis.report.findings else analysis.report.reasons,
        analysis.stills,
    )
    compared = () if analysis.compared is None else (replace(analysis.compared, at=now),)
    detail = {"upload": upload_id, "result": analysis.report.result.value, "reasons": list(analysis.report.reasons)}
    move(services, tx, row.session_id, (judged, *compared), who=SERVICE, what="upload_judged", detail=detail)


def _record_broken(services: Services, tx: Transaction, upload_id: str) -> None:
    row = tx.uploads.get(upload_id)
    if row is None or row.state != "processing":
        return
    now = services.clock.now()
    tx.uploads.save(replace(row, state="done", done_at=now, stage=None, fraction=1.0))
    event = AnalysisBroke(now, upload_id)
    move(services, tx, row.session_id, event, who=SERVICE, what="analysis_broke", detail={"upload": upload_id})


def _record_uncompared(services: Services, tx: Transaction, job_id: str) -> None:
    clip_id, portrait_id = job_id.split(".")
    clip = tx.uploads.get(clip_id)
    if clip is not None:
        event = FacesCompared(services.clock.now(), clip_id, portrait_id, (face.uncertain(),))
        move(services, tx, clip.session_id, event, who=SERVICE, what="comparison_broke", detail={"pair": job_id})
