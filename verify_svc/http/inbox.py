"""The development inbox: the SMS that the console implementation 'sent', for operators who are logged in.

The blueprint is made for an implementation that shows what it was given: where real messages leave there is none.
"""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import Response, jsonify

from verify_svc.http.guards import Guard, guarded
from verify_svc.http.times import iso
from verify_svc.ports import Inbox

SHOWN = 50


def make_inbox(inbox: Inbox) -> APIBlueprint:
    """The blueprint of `/console/api/inbox`."""
    blueprint = APIBlueprint("inbox", __name__, url_prefix="/console/api", enable_openapi=False)

    @blueprint.get("/inbox")
    @guarded(Guard.OPERATOR)
    def messages() -> Response:
        found = list(inbox.messages())[:SHOWN]
        return jsonify({"messages": [{"at": iso(each.at), "mobile": each.mobile, "text": each.text} for each in found]})

    return blueprint
