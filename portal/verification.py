"""The hand-off page inside ours, how the verification stands, and its report."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal import reach
from portal.filings import Filing
from portal.guard import allow_frame
from portal.service import ServiceRefused, ServiceUnreachable
from portal.words import chosen_locale, say

blueprint = Blueprint("verification", __name__)

_PORTRAIT_BYTES = 400_000
ENDED = frozenset({"verified", "declined", "canceled", "expired"})


@blueprint.get("/filings/<filing_id>/verify")
def show(filing_id: str) -> ResponseReturnValue:
    """The hand-off page in a frame. Its address carries the token in the fragment: no server sees it on the way."""
    filing = reach.filing_or_404(filing_id)
    if filing.session_id is None:
        return redirect(url_for("pages.fill_in", filing_id=filing_id))
    # A page that is opened later than the last webhook still tells the truth.
    session, away = _current(filing)
    address = str(session["handoff"]["url"])
    origin = allow_frame(address)
    place, _, token = address.partition("#")
    place += ("&" if "?" in place else "?") + f"lang={chosen_locale()}"
    return render_template(
        "verify.html", filing=filing, session=session, frame=f"{place}#{token}", origin=origin, away=away
    )


@blueprint.get("/filings/<filing_id>/status.json")
def status(filing_id: str) -> ResponseReturnValue:
    """How the session stands, for the page around the frame."""
    filing = reach.filing_or_404(filing_id)
    if filing.session_id is None:
        return {"status": "draft", "words": say("status.draft")}
    session, away = _current(filing)
    return {"status": session["status"], "words": say(f"status.{session['status']}"), "away": away}


@blueprint.post("/filings/<filing_id>/cancel")
def cancel(filing_id: str) -> ResponseReturnValue:
    """Give the verification up; the filing and its entries stay."""
    filing = reach.filing_or_404(filing_id)
    if filing.session_id is not None and filing.status not in ENDED:
        try:
            reach.filings().update_session(reach.kept(reach.service().cancel(filing.session_id)))
        except (ServiceRefused, ServiceUnreachable):
            # It ended by itself in the meantime, or the service is away: the next page shows which.
            _current(filing)
    return redirect(url_for("verification.progress", filing_id=filing_id), 303)


@blueprint.get("/filings/<filing_id>/progress")
def progress(filing_id: str) -> ResponseReturnValue:
    """The whole way as a time line."""
    filing = reach.filing_or_404(filing_id)
    if filing.session_id is None:
        return redirect(url_for("pages.fill_in", filing_id=filing_id))
    session, away = _current(filing)
    notices = reach.filings().notices(filing.session_id)
    return render_template("progress.html", filing=filing, session=session, notices=notices, away=away)


@blueprint.get("/filings/<filing_id>/report")
def report(filing_id: str) -> ResponseReturnValue:
    """The verdict and what it rests on, step by step; what was not checked is said as such."""
    filing = reach.filing_or_404(filing_id)
    if filing.session_id is None:
        abort(404)
    session, away = _current(filing)
    tree: dict[str, Any] | None
    try:
        tree = reach.service().report(filing.session_id)
    except (ServiceRefused, ServiceUnreachable):
        tree = None
    return render_template("report.html", filing=filing, session=session, tree=tree, away=away)


@blueprint.get("/filings/<filing_id>/portrait")
def portrait(filing_id: str) -> ResponseReturnValue:
    """The verified portrait, passed through: the browser never holds our API key."""
    filing = reach.filing_or_404(filing_id)
    if filing.session_id is None:
        abort(404)
    try:
        content, media_type = reach.service().file(filing.session_id, "portrait", _PORTRAIT_BYTES)
    except (ServiceRefused, ServiceUnreachable):
        abort(404)
    if media_type not in ("image/jpeg", "image/png"):
        abort(404)
    return Response(content, mimetype=media_type)


def _current(filing: Filing) -> tuple[dict[str, Any], bool]:
    """The session read back, or as last known when the service is away (then True)."""
    try:
        return reach.read_back(str(filing.session_id)), False
    except (ServiceRefused, ServiceUnreachable):
        return dict(filing.session), True
