"""The hand-off page's API (`/handoff/api/`): a PC page in the portal's frame, known by the session's client token."""

from __future__ import annotations

from collections.abc import Callable

from apiflask import APIBlueprint
from flask import Response, g, jsonify

from verify_svc.flow import face, handoff
from verify_svc.flow.services import Services
from verify_svc.flow.views import WaitingLink
from verify_svc.http import shapes
from verify_svc.http.bearer import bearer
from verify_svc.http.files import jpeg
from verify_svc.http.guards import Guard, guarded
from verify_svc.http.qr import qr_svg
from verify_svc.http.sse import Streams
from verify_svc.http.times import iso


def check_client_token(services: Services) -> Callable[[], None]:
    """The guard of the hand-off page's routes: which session its token is good for."""

    def check() -> None:
        g.session_id = handoff.session_of_client_token(services, bearer())

    return check


def phone_url(public_url: str, token: str) -> str:
    """What the QR code holds: the token is in the fragment, which no server and no preview sees."""
    return f"{public_url.rstrip('/')}/m/#{token}"


def make_handoff_api(services: Services, streams: Streams, public_url: str) -> APIBlueprint:
    """The blueprint of `/handoff/api/`."""
    api = APIBlueprint("handoff_api", __name__, url_prefix="/handoff/api", enable_openapi=False)

    def waiting(link: WaitingLink) -> Response:
        url = phone_url(public_url, link.token)
        return jsonify({"url": url, "qr_svg": qr_svg(url), "expires_at": iso(link.expires_at)})

    @api.get("/state")
    @guarded(Guard.CLIENT_TOKEN)
    def state() -> Response:
        return jsonify(shapes.handoff_state(handoff.handoff_state(services, g.session_id)))

    @api.get("/link")
    @guarded(Guard.CLIENT_TOKEN)
    def read_link() -> Response:
        return waiting(handoff.waiting_link(services, g.session_id))

    @api.post("/link")
    @guarded(Guard.CLIENT_TOKEN)
    def new_link() -> Response:
        return waiting(handoff.refresh_link(services, g.session_id))

    @api.get("/events")
    @guarded(Guard.CLIENT_TOKEN)
    def events() -> Response:
        session_id: str = g.session_id
        return streams.respond(lambda after: shapes.events(handoff.events_after(services, session_id, after)))

    @api.get("/portrait")
    @guarded(Guard.CLIENT_TOKEN)
    def portrait() -> Response:
        return jpeg(face.portrait(services, g.session_id))

    return api
