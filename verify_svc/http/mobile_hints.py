"""The route for live hints, part of the phone's API: a small frame comes in, what is wrong with it goes out."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import Response, g, jsonify, request
from pydantic import ValidationError

from verify_svc.face.hints import Before, Glance, Head
from verify_svc.flow.hints import HintPace, give_hint
from verify_svc.flow.services import Services
from verify_svc.http.errors import invalid
from verify_svc.http.guards import Guard, guarded
from verify_svc.http.mobile_models import SeenBefore
from verify_svc.http.shapes import Tree
from verify_svc.ports import PhoneRow
from verify_svc.session.codec import to_plain


def add_hints(api: APIBlueprint, services: Services, pace: HintPace) -> None:
    """Add the route to the phone's blueprint. A frame is no larger than any small body: it takes no upload's place."""

    @api.post("/face/hint")
    @guarded(Guard.PHONE_FRAMING)
    def hint() -> Response:
        phone: PhoneRow = g.phone
        before = _before(request.headers.get("X-Seen-Before"))
        given = give_hint(services, pace, phone, request.get_data(cache=False), before)
        seen = None if given.glance is None else _tree(given.glance)
        return jsonify({"seen": seen, "next_s": None if given.next_s is None else round(given.next_s, 2)})


def _before(said: str | None) -> Before | None:
    if said is None:
        return None
    try:
        seen = SeenBefore.model_validate_json(said)
    except ValidationError as error:
        raise invalid(error) from None
    return Before(Head(seen.x, seen.y, seen.width, seen.yaw_deg, seen.pitch_deg, seen.roll_deg), seen.ago_s)


def _tree(glance: Glance) -> Tree:
    head = glance.head
    return {
        "reasons": list(glance.reasons),
        "not_checked": list(glance.not_checked),
        "head": None if head is None else to_plain(head),
    }
