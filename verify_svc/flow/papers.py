"""The portal's own papers for a filing: kept, judged by the same engine, each with its report; also once verified."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from verify_svc.certificate.kinds import FormKind
from verify_svc.flow import paper_pages, pictures
from verify_svc.flow.allowance import check_room_for_paper, one_at_a_time
from verify_svc.flow.analysis import fields_of
from verify_svc.flow.export import FileBeingMade, FileMade, Limits, being_made, give_file, source_of_paper
from verify_svc.flow.paper_cards import judged_card, told_with_other_side
from verify_svc.flow.paper_kinds import PAPERS, certificate_side, form_of
from verify_svc.flow.paper_pages import PageSeen
from verify_svc.flow.record import SERVICE, closed_refusal, load, move, note, of_key, pack_of, transact
from verify_svc.flow.refusal import FieldFault, Kind, Refusal, not_found
from verify_svc.flow.services import Services
from verify_svc.flow.tokens import new_id
from verify_svc.flow.views import PaperShown
from verify_svc.form.check import FormPicture, FormWanted, check_form
from verify_svc.form.template import TEMPLATES
from verify_svc.ports import ApiKeyRow, JobKind, PaperRow, Transaction
from verify_svc.session.comparing import day_in_shanghai
from verify_svc.session.events import LetterJudged
from verify_svc.session.forms import entry_of
from verify_svc.session.letter import named_in, people_to_authorise, report_on_letter
from verify_svc.session.report import Report, Result, judge_report
from verify_svc.session.state import Judged, Session, Status
from verify_svc.session.steps import StepName

_ENDED = (Status.CANCELED, Status.EXPIRED, Status.DECLINED)


def add_paper(services: Services, api_key: ApiKeyRow, session_id: str, kind: str, files: Sequence[bytes]) -> PaperShown:
    """Keep a paper and have it judged; a form may have several pages. The same bytes as the same kind again: the same
    paper.

    Refusals: INVALID (`validation_failed` naming `kind` or `file`, `file_unreadable`), TOO_LARGE, WRONG_TYPE,
    NOT_FOUND, GONE or CONFLICT when the session has ended otherwise than verified or its media are gone, LIMITED
    (retry_at), BUSY.
    """
    if kind not in PAPERS:
        message = f"One of {', '.join(PAPERS)}."
        raise Refusal(Kind.INVALID, "validation_failed", faults=(FieldFault("kind", "validation_failed", message),))
    paper_pages.check_count(kind, len(files))
    limit = services.policy.max_paper_bytes
    if max(len(data) for data in files) > limit:
        raise Refusal(Kind.TOO_LARGE, "file_too_large", f"At most {limit} bytes.")
    digests = tuple(hashlib.sha256(data).hexdigest() for data in files)
    size_bytes = sum(len(data) for data in files)
    with services.store.read() as tx:
        known = _known_or_room(services, tx, api_key, session_id, kind, digests, size_bytes)
        if known is not None:
            return _shown(services, tx, known)
    with one_at_a_time(services, session_id, api_key.id):
        seen = paper_pages.look_at(services, session_id, files)
    row = _row(services, session_id, kind, seen)
    paper_pages.keep(services, session_id, row.id, files, seen)

    def story(tx: Transaction) -> PaperShown:
        # Again, in the transaction: papers that came at once were all let in by the look before.
        known = _known_or_room(services, tx, api_key, session_id, kind, digests, size_bytes)
        if known is not None:
            return _shown(services, tx, known)
        tx.papers.add(row)
        detail = {"paper": row.id, "kind": kind, "sha256": row.sha256, "pages": len(files)}
        note(tx, session_id, row.created_at, f"portal:{api_key.id}", "paper_kept", detail)
        if row.state == "processing":
            services.jobs.enqueue(tx, JobKind.PAPER, row.id)
        return _shown(services, tx, row)

    with pictures.gone_if_refused(services, session_id, row.id):
        shown = transact(services, story)
    if shown.id != row.id:
        services.blobs.delete_under(pictures.key_of(session_id, row.id, ""))
    return shown


def list_papers(services: Services, api_key: ApiKeyRow, session_id: str) -> Sequence[PaperShown]:
    """Newest first. Refusals: NOT_FOUND."""
    with services.store.read() as tx:
        _, session = of_key(tx, api_key, session_id)
        return shown_papers(services, tx, session)


def read_paper(services: Services, api_key: ApiKeyRow, session_id: str, paper_id: str) -> PaperShown:
    """Refusals: NOT_FOUND."""
    with services.store.read() as tx:
        return _shown(services, tx, _own(tx, api_key, session_id, paper_id))


def file_of_paper(
    services: Services, api_key: ApiKeyRow, session_id: str, paper_id: str, limits: Limits, page: int = 1
) -> FileMade | FileBeingMade:
    """The picture of one of its pages within the limits. Refusals: as `report.file_of_session`."""
    with services.store.read() as tx:
        row = _own(tx, api_key, session_id, paper_id)
    if not 1 <= page <= len(paper_pages.pages_of(row)):
        raise not_found("page")
    if row.state == "processing":
        return being_made(services)
    return give_file(services, api_key, source_of_paper(row, page), limits)


def check_paper(services: Services, paper_id: str) -> None:
    """The worker's job: judge a paper and record it; again changes nothing."""
    with services.store.read() as tx:
        row = tx.papers.get(paper_id)
        if row is None or row.state != "processing":
            return
        _, session = load(tx, row.session_id)
    report = _judged(services, session, row)
    transact(services, lambda tx: _record(services, tx, paper_id, report))


def gave_up(services: Services, paper_id: str) -> None:
    """The job failed for good: the paper was not checked, and the same file may be sent again."""
    transact(services, lambda tx: _record(services, tx, paper_id, None))


def _judged(services: Services, session: Session, row: PaperRow) -> Report:
    files = paper_pages.originals(services, row)
    if not files:
        return _not_checked()
    side, form = certificate_side(row.kind, session.expected), form_of(row.kind)
    if side is not None:
        return judged_card(services, session, side, files[0])
    return (
        _not_checked() if form is None else _judged_form(services, session, form, [FormPicture(data) for data in files])
    )


def _judged_form(services: Services, session: Session, form: FormKind, pages: Sequence[FormPicture]) -> Report:
    """A form against what was entered; it may be dated from the filing's beginning to today."""
    pack, expected = pack_of(services, session), session.expected
    effects = pack.effects_in(StepName.FORMS)
    unit = expected.subject.kind == "unit"
    if form is FormKind.AUTHORISATION and unit:
        return _judged_letter(services, session, pages)
    entry = entry_of(expected, expected.filing.created_on, day_in_shanghai(services.clock.now()))
    wanted = FormWanted(form, unit=unit, entry=entry, effects=effects)
    report = check_form(services.engines, pages, wanted)
    if not report.findings:
        return report
    needed = TEMPLATES[form].needed(unit)
    required = [check for check in pack.required.get(StepName.FORMS, ()) if _SHOWN_BY.get(check, "") in ("", *needed)]
    return judge_report(report.findings, report.properties, effects, required)


def _judged_letter(services: Services, session: Session, pages: Sequence[FormPicture]) -> Report:
    """A letter against whoever of the entered people it may be of."""
    pack = pack_of(services, session)
    wanted = FormWanted(FormKind.AUTHORISATION, effects=pack.effects_in(StepName.FORMS))
    report = check_form(services.engines, pages, wanted)
    if not report.findings:
        return report
    letter = Judged("", services.clock.now(), report.result.value, report.findings, fields_of(report))
    responsible = session.expected.responsible_person
    person = named_in(letter.fields.get("person"), people_to_authorise(session)) or responsible
    weighed = report_on_letter(letter, person, session.expected, pack)
    return replace(weighed, properties=report.properties)


_SHOWN_BY = {
    "signature": "signature",
    "seal": "seal",
    "seal_agrees": "seal",
    "date": "date",
    "date_in_range": "date",
    "name_agrees": "name",
}
"""What a template must need for a check to be required of it."""


def _not_checked() -> Report:
    return Report(Result.NOT_CHECKED, ())


def _record(services: Services, tx: Transaction, paper_id: str, report: Report | None) -> None:
    row = tx.papers.get(paper_id)
    if row is None or row.state != "processing":
        return
    now = services.clock.now()
    tree = None if report is None else json.dumps(report.as_tree(), ensure_ascii=False)
    judged = replace(row, state="done", done_at=now, report=tree)
    tx.papers.save(judged)
    told = _shown(services, tx, judged).report or {}
    detail = {"paper": paper_id, "result": told["result"], "reasons": told["reasons"]}
    if report is None or form_of(row.kind) is not FormKind.AUTHORISATION:
        note(tx, row.session_id, now, SERVICE, "paper_judged", detail)
        return
    event = LetterJudged(now, paper_id, report.result.value, report.findings, fields_of(report))
    move(services, tx, row.session_id, event, who=SERVICE, what="paper_judged", detail=detail)


def _own(tx: Transaction, api_key: ApiKeyRow, session_id: str, paper_id: str) -> PaperRow:
    of_key(tx, api_key, session_id)
    row = tx.papers.get(paper_id)
    if row is None or row.session_id != session_id:
        raise not_found("paper")
    return row


def _known_or_room(
    services: Services,
    tx: Transaction,
    api_key: ApiKeyRow,
    session_id: str,
    kind: str,
    digests: tuple[str, ...],
    size_bytes: int,
) -> PaperRow | None:
    """The paper of the same bytes, unless its check failed for good; else whether one more may be kept."""
    _, session = of_key(tx, api_key, session_id)
    _check_takes(services, session)
    kept = tx.papers.of_session(session_id)
    for row in kept:
        known = tuple(page.sha256 for page in paper_pages.pages_of(row))
        if (row.kind, known) == (kind, digests) and not (row.state == "done" and row.report is None):
            return row
    check_room_for_paper(kept, size_bytes)
    return None


def _check_takes(services: Services, session: Session) -> None:
    """A paper that comes once the media are gone would outlive them or vanish unseen."""
    if session.status in _ENDED:
        raise closed_refusal(session)
    kept_until = None if session.closed_at is None else session.closed_at + services.policy.keep_media
    if kept_until is not None and services.clock.now() >= kept_until:
        raise Refusal(Kind.GONE, "gone", "The session's media were deleted.")


def _row(services: Services, session_id: str, kind: str, seen: Sequence[PageSeen]) -> PaperRow:
    now = services.clock.now()
    judged = PAPERS[kind].side is not None or form_of(kind) is not None
    first = seen[0].page
    return PaperRow(
        id=new_id(services, "pp_"),
        session_id=session_id,
        kind=kind,
        state="processing" if judged else "done",
        media_type=first.media_type,
        sha256=first.sha256,
        size_bytes=first.size_bytes,
        width_px=first.width_px,
        height_px=first.height_px,
        created_at=now,
        done_at=None if judged else now,
        report=None if judged else json.dumps(_not_checked().as_tree()),
        more_pages=paper_pages.as_more_pages(seen),
    )


def shown_papers(services: Services, tx: Transaction, session: Session) -> list[PaperShown]:
    """A session's papers with their reports, newest first."""
    kept = tx.papers.of_session(session.id)
    return [_paper(row, _told(services, session, row, kept)) for row in kept]


def _shown(services: Services, tx: Transaction, row: PaperRow) -> PaperShown:
    _, session = load(tx, row.session_id)
    return _paper(row, _told(services, session, row, tx.papers.of_session(row.session_id)))


def _paper(row: PaperRow, report: dict[str, Any] | None) -> PaperShown:
    pages = paper_pages.pages_of(row)
    return PaperShown(row.id, row.session_id, row.kind, row.state, pages, row.created_at, row.done_at, report)


def _told(services: Services, session: Session, row: PaperRow, kept: Sequence[PaperRow]) -> dict[str, Any] | None:
    """The report as it stands now; None before there is one. `kept` are the session's papers, newest first."""
    if row.state != "done":
        return None
    if row.report is None:
        return _not_checked().as_tree()
    return told_with_other_side(services, session, row, kept, json.loads(row.report))
