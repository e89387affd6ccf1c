"""The development inbox: the SMS that the console implementation 'sent'. Absent where real messages leave."""

from __future__ import annotations

from pathlib import Path

from apiflask import APIBlueprint
from flask import render_template, request

from verify_svc.http.errors import Problem
from verify_svc.http.guards import Guard, guarded
from verify_svc.http.times import iso
from verify_svc.ports import Inbox

SHOWN = 50


def make_inbox(inbox: Inbox) -> APIBlueprint:
    """The blueprint of `/dev/inbox`."""
    blueprint = APIBlueprint(
        "inbox", __name__, enable_openapi=False, template_folder=str(Path(__file__).parent / "assets")
    )

    @blueprint.get("/dev/inbox")
    @guarded(Guard.PUBLIC)
    def messages() -> str | dict[str, object]:
        if request.headers.get("Sec-Fetch-Site") not in (None, "none", "same-origin"):
            raise Problem(403)
        found = list(inbox.messages())[:SHOWN]
        if request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json":
            return {"messages": [{"at": iso(each.at), "mobile": each.mobile, "text": each.text} for each in found]}
        return render_template("inbox.html", messages=found, iso=iso)

    return blueprint
