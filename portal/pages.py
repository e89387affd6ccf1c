"""The list of filings, the entry form with its draft, and the summary."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import UTC, datetime

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from portal import entry, reach
from portal.entry import CHINA
from portal.filings import Filing
from portal.guard import owner
from portal.samples import SAMPLES
from portal.service import ServiceRefused, ServiceUnreachable
from portal.words import LOCALES, clock, hour, say

blueprint = Blueprint("pages", __name__)


@blueprint.get("/")
def home() -> ResponseReturnValue:
    """The visitor's filings."""
    return render_template("filings.html", filings=reach.filings().of_owner(owner()))


@blueprint.post("/locale")
def choose_locale() -> ResponseReturnValue:
    """Change the language and stay on the page."""
    wanted = request.form.get("locale", "")
    if wanted in LOCALES:
        session["locale"] = wanted
    back = request.form.get("back", "/")
    return redirect(back if _is_ours(back) else "/")


def _is_ours(path: str) -> bool:
    """Whether it is a path of this site. Browsers drop control characters and take a backslash for a slash."""
    plain = path.startswith("/") and not path.startswith("//")
    return plain and "\\" not in path and path.isprintable()


@blueprint.post("/filings")
def start() -> ResponseReturnValue:
    """A new draft."""
    filing_id = secrets.token_urlsafe(9)
    kind = entry.kind_of(request.form)
    reach.filings().add(filing_id, owner(), {"kind": kind, "filing_kind": "new_subject", "preapproval": "none"})
    return redirect(url_for("pages.fill_in", filing_id=filing_id), 303)


@blueprint.get("/filings/<filing_id>")
def resume(filing_id: str) -> ResponseReturnValue:
    """Where the filing goes on: this is what the hand-off page leads back to."""
    filing = reach.filing_or_404(filing_id)
    if filing.session_id is None:
        return redirect(url_for("pages.fill_in", filing_id=filing_id))
    if filing.submitted_at is None and filing.status == "verified":
        return redirect(url_for("materials.show", filing_id=filing_id))
    return redirect(url_for("verification.progress", filing_id=filing_id))


@blueprint.get("/filings/<filing_id>/entry")
def fill_in(filing_id: str) -> ResponseReturnValue:
    """The form; once the phone works on it, the same form corrects the entry."""
    filing = reach.filing_or_404(filing_id)
    return _form(filing, filing.entered, {})


@blueprint.post("/filings/<filing_id>/entry")
def save(filing_id: str) -> ResponseReturnValue:
    """Save the form. `action` says what comes next: leave, switch whom it is for, fill in the sample, or go on."""
    filing = reach.filing_or_404(filing_id)
    action = request.form.get("action", "next")
    if filing.session_id is not None:
        return _correct(filing)
    kind = entry.kind_of(request.form)
    if action in ("sample_unit", "sample_individual"):
        entered = dict(SAMPLES["unit" if action == "sample_unit" else "individual"])
    else:
        entered = {**filing.entered, **entry.tidy(request.form, kind)}
    reach.filings().enter(filing_id, entered)
    if action == "leave":
        return redirect(url_for("pages.home"), 303)
    if action != "next":
        return redirect(url_for("pages.fill_in", filing_id=filing_id), 303)
    faults = entry.faults(entered)
    if faults:
        return _form(filing, entered, _said(faults), 422)
    return redirect(url_for("pages.summary", filing_id=filing_id), 303)


@blueprint.post("/filings/<filing_id>/draft")
def keep_draft(filing_id: str) -> ResponseReturnValue:
    """Save while the applicant types; the answer names what is wrong so far."""
    filing = reach.filing_or_404(filing_id)
    entered = {**filing.entered, **entry.tidy(request.form, entry.kind_of(filing.entered))}
    if filing.session_id is None:
        reach.filings().enter(filing_id, entered)
    return {"faults": _said(entry.faults(entered)), "saved": say("entry.saved", time=hour(datetime.now(UTC)))}


@blueprint.get("/filings/<filing_id>/summary")
def summary(filing_id: str) -> ResponseReturnValue:
    """Everything once more before the phone is taken up."""
    filing = reach.filing_or_404(filing_id)
    if entry.faults(filing.entered):
        return redirect(url_for("pages.fill_in", filing_id=filing_id))
    return render_template("summary.html", filing=filing, fields=entry.paths(entry.kind_of(filing.entered)))


@blueprint.post("/filings/<filing_id>/open")
def open_session(filing_id: str) -> ResponseReturnValue:
    """Open the verification session. Pressed twice, or sent again after a break, it stays one session."""
    filing = reach.filing_or_404(filing_id)
    if filing.session_id is None:
        kind = entry.kind_of(filing.entered)
        body = entry.session_request(
            filing.entered,
            filing.id,
            filing.created_at.astimezone(CHINA).date(),
            str(session.get("locale") or "zh-CN"),
            reach.outward("pages.resume", filing_id),
        )
        try:
            # The time of the last change is in the key: a filing put right after a refusal is another request.
            opened = reach.service().open(body, f"{filing.id}-{filing.updated_at.timestamp():.6f}")
        except ServiceRefused as refusal:
            return _form(filing, filing.entered, refused_fields(refusal, kind), 422)
        except ServiceUnreachable:
            return _form(filing, filing.entered, {"": say("entry.service_away")}, 503)
        reach.filings().attach(filing_id, reach.kept(opened))
    return redirect(url_for("verification.show", filing_id=filing_id), 303)


def _correct(filing: Filing) -> ResponseReturnValue:
    kind = entry.kind_of(filing.entered)
    typed = entry.tidy(request.form, kind)
    entered = {**filing.entered, **{name: text for name, text in typed.items() if name not in entry.FIXED_ONCE_OPEN}}
    faults = entry.faults(entered)
    if faults:
        return _form(filing, entered, _said(faults), 422)
    try:
        session_now = reach.service().correct(str(filing.session_id), entry.correction_request(entered))
    except ServiceRefused as refusal:
        return _form(filing, entered, refused_fields(refusal, kind), 422)
    except ServiceUnreachable:
        return _form(filing, entered, {"": say("entry.service_away")}, 503)
    reach.filings().enter(filing.id, entered)
    reach.filings().update_session(reach.kept(session_now))
    return redirect(url_for("verification.show", filing_id=filing.id), 303)


def refused_fields(refusal: ServiceRefused, kind: entry.Kind) -> dict[str, str]:
    """The service's objections in our fields; what fits none stands above the form (key '')."""
    said: dict[str, str] = {}
    for problem in refusal.fields:
        name = entry.field_of(problem.field, kind) or ""
        own = say(f"refusal.{problem.code}")
        said.setdefault(name, own if own != problem.code else problem.message or say("entry.refused"))
    if not said:
        own = say(f"refusal.{refusal.code}")
        said[""] = own if own != refusal.code else refusal.detail or say("entry.refused")
    return said


def _said(faults: Mapping[str, entry.Fault]) -> dict[str, str]:
    return {name: say(f"fault.{fault.code}", **fault.figures) for name, fault in faults.items()}


def _form(
    filing: Filing, entered: Mapping[str, str], faults: Mapping[str, str], status: int = 200
) -> ResponseReturnValue:
    order = list(entry.paths(entry.kind_of(entered)))
    page = render_template(
        "entry.html",
        filing=filing,
        entered=entered,
        faults=dict(sorted(faults.items(), key=lambda fault: order.index(fault[0]) if fault[0] in order else -1)),
        good={name for name in entered if entered[name]} - set(entry.faults(entered)),
        kind=entry.kind_of(entered),
        correcting=filing.session_id is not None,
        provinces=entry.PROVINCES,
        filing_kinds=entry.FILING_KINDS,
        preapprovals=entry.PREAPPROVALS,
        saved=clock(filing.updated_at),
    )
    return page, status
