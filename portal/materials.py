"""Further papers, the pre-audit list and handing the filing in."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath
from typing import Literal

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal import entry, papers, reach
from portal.filings import Filing, Material, SentPaper
from portal.service import ServiceRefused, ServiceUnreachable
from portal.words import say

blueprint = Blueprint("materials", __name__)

PAPERS = ("domain_certificate", *papers.SENT, "security_agreement", "preapproval")
MAX_PAPER_BYTES = 4 * 1024 * 1024
# By the first bytes: names and declared types are the sender's claims.
_SIGNATURES = ((b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"), (b"%PDF-", "application/pdf"))

State = Literal["missing", "received", "passed", "to_redo", "waiting", "not_needed"]


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the pre-audit."""

    kind: str
    state: State
    material: Material | SentPaper | None
    note: str

    @property
    def open(self) -> bool:
        """Whether the filing can't be handed in because of it."""
        return self.state in ("missing", "to_redo", "waiting")


_ORDER: tuple[State, ...] = ("to_redo", "missing", "waiting", "received", "passed", "not_needed")


def pre_audit(filing: Filing) -> list[Item]:
    """Every paper and check, what is wrong first."""
    kept = reach.filings().materials(filing.id)
    sent = papers.sent(filing)
    items = [_paper(filing, kind, kept.get(kind), sent.get(kind)) for kind in PAPERS]
    items += [_verification(filing)]
    return sorted(items, key=lambda item: _ORDER.index(item.state))


def _paper(filing: Filing, kind: str, material: Material | None, sent: SentPaper | None) -> Item:
    entered = filing.entered
    needed = True
    if kind in papers.SENT:
        needed = entry.kind_of(entered) == "unit" and entered.get("legal_person") != entered.get("person_name")
    elif kind == "preapproval":
        needed = entered.get("preapproval", "none") != "none"
    if not needed:
        return Item(kind, "not_needed", None, say(f"material.{kind}.not_needed"))
    if sent is not None:
        return Item(kind, papers.state_of(sent.paper), sent, papers.note_of(sent.paper))
    return Item(kind, "received" if material else "missing", material, say(f"material.{kind}.note"))


def _verification(filing: Filing) -> Item:
    state: State = "passed" if filing.status == "verified" else "waiting"
    if filing.status in ("declined", "canceled", "expired", "draft") or _failed(filing):
        state = "to_redo"
    return Item("verification", state, None, say(f"status.{filing.status}"))


def _failed(filing: Filing) -> bool:
    return any(step.get("state") == "failed" for step in filing.session.get("steps", []))


@blueprint.get("/filings/<filing_id>/materials")
def show(filing_id: str) -> ResponseReturnValue:
    """The papers that are to be uploaded."""
    filing = reach.filing_or_404(filing_id)
    items = [item for item in pre_audit(filing) if item.kind != "verification"]
    return _list(filing, items, "materials")


@blueprint.get("/filings/<filing_id>/preaudit")
def show_pre_audit(filing_id: str) -> ResponseReturnValue:
    """Everything, with what is missing first."""
    filing = reach.filing_or_404(filing_id)
    return _list(filing, pre_audit(filing), "preaudit")


@blueprint.post("/filings/<filing_id>/materials/<kind>")
def upload(filing_id: str, kind: str) -> ResponseReturnValue:
    """Take a paper in."""
    filing = reach.filing_or_404(filing_id)
    file = request.files.get("file")
    page = "preaudit" if request.form.get("page") == "preaudit" else "materials"
    if kind not in PAPERS:
        abort(404)
    content = file.read(MAX_PAPER_BYTES + 1) if file else b""
    name = PurePath((file.filename if file else None) or kind).name[:80]
    back = "materials.show_pre_audit" if page == "preaudit" else "materials.show"
    if kind in papers.SENT:
        wrong = papers.send(filing, kind, name, content) if content else "empty"
        return redirect(url_for(back, filing_id=filing_id), 303) if wrong is None else _fault(filing, page, kind, wrong)
    media_type = next((known for start, known in _SIGNATURES if content.startswith(start)), None)
    if not content or media_type is None or len(content) > MAX_PAPER_BYTES:
        wrong = "empty" if not content else "too_large" if len(content) > MAX_PAPER_BYTES else "type"
        return _fault(filing, page, kind, wrong)
    reach.filings().keep_material(filing.id, kind, name, media_type, content)
    return redirect(url_for(back, filing_id=filing_id), 303)


@blueprint.get("/filings/<filing_id>/materials/<kind>")
def download(filing_id: str, kind: str) -> ResponseReturnValue:
    """Look at a paper again; never shown as a page of ours."""
    filing = reach.filing_or_404(filing_id)
    if kind in papers.SENT:
        return _sent_file(filing, kind)
    found = reach.filings().material(filing.id, kind)
    if found is None:
        abort(404)
    content, media_type = found
    return Response(content, mimetype=media_type, headers={"Content-Disposition": "attachment"})


@blueprint.get("/filings/<filing_id>/pictures/<kind>")
def picture(filing_id: str, kind: str) -> ResponseReturnValue:
    """A picture of the verification, ready for the filing."""
    filing = reach.filing_or_404(filing_id)
    page = request.args.get("page", default=1, type=int)
    if filing.session_id is None or (kind, page) not in [(each.kind, each.page) for each in papers.pictures(filing)]:
        abort(404)
    try:
        content, media_type = reach.service().file(filing.session_id, kind, papers.FILE_BYTES, page)
    except (ServiceRefused, ServiceUnreachable):
        abort(502)
    return _attached(content, media_type, kind if page == 1 else f"{kind}-{page}")


@blueprint.get("/filings/<filing_id>/forms/<kind>.pdf")
def form(filing_id: str, kind: str) -> ResponseReturnValue:
    """A form to be printed and signed, filled in."""
    filing = reach.filing_or_404(filing_id)
    if filing.session_id is None or kind not in papers.PRINTED:
        abort(404)
    try:
        content = reach.service().form(filing.session_id, papers.PRINTED[kind])
    except (ServiceRefused, ServiceUnreachable):
        abort(502)
    return Response(
        content, mimetype="application/pdf", headers={"Content-Disposition": f'attachment; filename="{kind}.pdf"'}
    )


@blueprint.post("/filings/<filing_id>/submit")
def submit(filing_id: str) -> ResponseReturnValue:
    """Hand the filing in for the first review, once nothing is open."""
    filing = reach.filing_or_404(filing_id)
    items = pre_audit(filing)
    if any(item.open for item in items):
        return _list(filing, items, "preaudit", status=409)
    reach.filings().submit(filing.id)
    return redirect(url_for("verification.progress", filing_id=filing_id), 303)


def _sent_file(filing: Filing, kind: str) -> Response:
    sent = reach.filings().papers(filing.id).get(kind)
    if sent is None or filing.session_id is None:
        abort(404)
    try:
        content, media_type = reach.service().paper_file(filing.session_id, str(sent.paper["id"]), papers.FILE_BYTES)
    except (ServiceRefused, ServiceUnreachable):
        abort(502)
    return _attached(content, media_type, kind)


def _attached(content: bytes, media_type: str, name: str) -> Response:
    if media_type not in ("image/jpeg", "image/png"):
        abort(502)
    suffix = "png" if media_type == "image/png" else "jpg"
    return Response(
        content, mimetype=media_type, headers={"Content-Disposition": f'attachment; filename="{name}.{suffix}"'}
    )


def _fault(filing: Filing, page: str, kind: str, wrong: str) -> ResponseReturnValue:
    items = [item for item in pre_audit(filing) if page == "preaudit" or item.kind != "verification"]
    return _list(filing, items, page, {kind: say(f"material.fault.{wrong}")}, 422)


def _list(
    filing: Filing, items: list[Item], page: str, faults: dict[str, str] | None = None, status: int = 200
) -> ResponseReturnValue:
    # What is counted is what is listed; that something else is open still bars the way to the first review.
    left, open_in_all = (sum(item.open for item in each) for each in (items, pre_audit(filing)))
    page_text = render_template(
        "materials.html",
        filing=filing,
        items=items,
        page=page,
        faults=faults or {},
        left=left,
        to_mend=left or open_in_all,
        sent=papers.SENT,
        printed=papers.PRINTED,
        pictures=papers.pictures(filing),
        judging=any(item.kind in papers.SENT and item.state == "waiting" for item in items),
    )
    return page_text, status
