"""The portal's API (`/v1/…`): verification sessions, by secret key. What is written here is the OpenAPI document."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from apiflask import APIBlueprint
from flask import Response, g, request

from verify_svc.flow import form as forms
from verify_svc.flow import handoff, keys
from verify_svc.flow import open as sessions
from verify_svc.flow import report as reports
from verify_svc.flow.refusal import Kind, Refusal
from verify_svc.flow.services import Services
from verify_svc.flow.views import SessionView
from verify_svc.http import entered, portal_shapes
from verify_svc.http.bearer import bearer
from verify_svc.http.documentation import EVENTS_CONTENT
from verify_svc.http.errors import FieldError, Problem
from verify_svc.http.files import FILE_ANSWERS, FILE_TOLD, Files, limits_of, pdf
from verify_svc.http.guards import Guard, guarded
from verify_svc.http.handoff_api import phone_url
from verify_svc.http.portal_bodies import (
    CorrectSession,
    CreateSession,
    EventsQuery,
    FileQuery,
    ListQuery,
    Resubmission,
)
from verify_svc.http.portal_models import Report, SessionList, VerificationSession
from verify_svc.http.portal_papers import add_papers
from verify_svc.http.qr import qr_png, qr_svg
from verify_svc.http.sse import Streams
from verify_svc.ports import ApiKeyRow

_PROBLEMS = {409: "It doesn't fit the session's present state", 410: "The session was canceled or has expired"}


def check_api_key(services: Services) -> Callable[[], None]:
    """The guard of the portal's routes: whose key it is."""

    def check() -> None:
        key = keys.key_of_secret(services, bearer())
        g.api_key = key

    return check


def make_portal_api(services: Services, streams: Streams, files: Files, public_url: str) -> APIBlueprint:
    """The blueprint of `/v1/`."""
    api = APIBlueprint("portal_api", __name__, url_prefix="/v1", tag="Verification sessions")

    def key() -> ApiKeyRow:
        row: ApiKeyRow = g.api_key
        return row

    def shown(view: SessionView) -> dict[str, Any]:
        g.session_id = view.id
        waiting_url = _waiting_url(services, view.id, public_url)
        return portal_shapes.session(view, public_url, waiting_url, with_token=True)

    def waiting(session_id: str) -> str:
        sessions.read_session(services, key(), session_id)
        g.session_id = session_id
        url = _waiting_url(services, session_id, public_url)
        if url is None:
            raise Problem(404, "not_found", "No link waits to be opened")
        return url

    @api.post("/verification_sessions")
    @guarded(Guard.API_KEY)
    @api.input(CreateSession, arg_name="body", example=portal_shapes.EXAMPLE)
    @api.output(VerificationSession, status_code=201)
    @api.doc(summary="Open a session", security="ApiKey", responses=_PROBLEMS)
    def create_session(body: CreateSession) -> dict[str, Any]:
        opened = sessions.open_session(
            services,
            key(),
            entered.expected_of(body),
            client_reference_id=body.client_reference_id,
            metadata=body.metadata,
            steps=body.steps,
            locale=body.locale,
            return_url=body.return_url,
            expires_in=None if body.expires_in is None else timedelta(seconds=body.expires_in),
            idempotency_key=_idempotency_key(),
            request_hash=hashlib.sha256(request.get_data(cache=True)).hexdigest(),
        )
        return shown(opened)

    @api.get("/verification_sessions")
    @guarded(Guard.API_KEY)
    @api.input(ListQuery, location="query", arg_name="query")
    @api.output(SessionList)
    @api.doc(summary="List sessions, newest first", security="ApiKey")
    def list_sessions(query: ListQuery) -> dict[str, Any]:
        page, has_more = sessions.list_sessions(
            services,
            key(),
            status=query.status,
            client_reference_id=query.client_reference_id,
            starting_after=query.cursor,
            limit=query.limit,
        )
        return {
            "data": [portal_shapes.session(view, public_url, None) for view in page],
            "has_more": has_more,
            "next_cursor": page[-1].id if has_more and page else None,
        }

    @api.get("/verification_sessions/<word:session_id>")
    @guarded(Guard.API_KEY)
    @api.output(VerificationSession)
    @api.doc(summary="Read a session", security="ApiKey")
    def read_session(session_id: str) -> dict[str, Any]:
        return shown(sessions.read_session(services, key(), session_id))

    @api.post("/verification_sessions/<word:session_id>")
    @guarded(Guard.API_KEY)
    @api.input(CorrectSession, arg_name="body")
    @api.output(VerificationSession)
    @api.doc(
        summary="Correct the entered data",
        description="While `requires_input`. What was already read is compared again, without a new photograph.",
        security="ApiKey",
        responses=_PROBLEMS,
    )
    def correct_session(session_id: str, body: CorrectSession) -> dict[str, Any]:
        before = sessions.read_session(services, key(), session_id)
        expected = entered.corrected(before.expected, body)
        return shown(sessions.correct_session(services, key(), session_id, expected))

    @api.post("/verification_sessions/<word:session_id>/cancel")
    @guarded(Guard.API_KEY)
    @api.output(VerificationSession)
    @api.doc(summary="Cancel a session", security="ApiKey", responses=_PROBLEMS)
    def cancel_session(session_id: str) -> dict[str, Any]:
        return shown(sessions.cancel_session(services, key(), session_id))

    @api.post("/verification_sessions/<word:session_id>/refresh_link")
    @guarded(Guard.API_KEY)
    @api.output(VerificationSession)
    @api.doc(
        summary="Make a fresh hand-off link",
        description="An unopened earlier link ends; a phone that is at work goes on until the new link is tapped.",
        security="ApiKey",
        responses={**_PROBLEMS, 410: "The session is over"},
    )
    def refresh_link(session_id: str) -> dict[str, Any]:
        handoff.portal_refresh_link(services, key(), session_id)
        return shown(sessions.read_session(services, key(), session_id))

    @api.post("/verification_sessions/<word:session_id>/request_resubmission")
    @guarded(Guard.API_KEY)
    @api.input(Resubmission, arg_name="body")
    @api.output(VerificationSession)
    @api.doc(summary="Ask the applicant to redo a step", security="ApiKey", responses=_PROBLEMS)
    def request_resubmission(session_id: str, body: Resubmission) -> dict[str, Any]:
        return shown(sessions.request_resubmission(services, key(), session_id, body.step, body.comment))

    @api.get("/verification_sessions/<word:session_id>/events")
    @guarded(Guard.API_KEY)
    @api.input(EventsQuery, location="query", arg_name="query")
    @api.doc(
        summary="Follow a session",
        description="`Accept: text/event-stream` gives server-sent events for at most 25 s, then come back with "
        "`Last-Event-ID`; `Accept: application/json` answers at once.",
        security="ApiKey",
        responses=_answers("Events, oldest first", EVENTS_CONTENT),
    )
    def read_events(session_id: str, query: EventsQuery) -> Response:
        del query  # checked for the document's sake; the stream reads it or Last-Event-ID
        api_key = key()
        sessions.read_session(services, api_key, session_id)
        g.session_id = session_id
        return streams.respond(
            lambda after: portal_shapes.events(reports.events_of_session(services, api_key, session_id, after))
        )

    @api.get("/verification_sessions/<word:session_id>/report")
    @guarded(Guard.API_KEY)
    @api.output(Report)
    @api.doc(summary="Read the report tree", security="ApiKey")
    def read_report(session_id: str) -> dict[str, Any]:
        g.session_id = session_id
        return dict(reports.report_of_session(services, key(), session_id))

    @api.get("/verification_sessions/<word:session_id>/files/<dotted:kind>")
    @guarded(Guard.API_KEY)
    @api.input(FileQuery, location="query", arg_name="query")
    @api.doc(
        summary="Take a picture for the filing",
        description="`portrait` (the confirmed still) or `<step>.<slot>` (`person_document.portrait`): "
        + FILE_TOLD
        + " The "
        "pages of a form are given one by one; the report's `properties.pages` has as many entries, in their order.",
        security="ApiKey",
        responses=FILE_ANSWERS,
    )
    def read_file(session_id: str, kind: str, query: FileQuery) -> Response:
        g.session_id = session_id
        ask, limits = reports.file_of_session, limits_of(query)
        return files.respond(kind, lambda: ask(services, key(), session_id, kind, limits, query.page))

    @api.get("/verification_sessions/<word:session_id>/forms/<word:kind>.pdf")
    @guarded(Guard.API_KEY)
    @api.doc(
        summary="Take a form to be signed",
        description="Filled in with the session's data, to be printed, signed and (by a unit) sealed: "
        "`verification_form`, `commitment_letter`, `authorisation_letter` (units), `security_agreement`.",
        security="ApiKey",
        responses=_answers("The form on a page of A4", {"application/pdf": {}}),
    )
    def read_form(session_id: str, kind: str) -> Response:
        g.session_id = session_id
        return pdf(forms.printed_for_portal(services, key(), session_id, kind), kind)

    add_papers(api, services, files, key, public_url)

    @api.get("/verification_sessions/<word:session_id>/qr.svg")
    @guarded(Guard.API_KEY)
    @api.doc(
        summary="The QR code of the link that waits, as SVG",
        security="ApiKey",
        responses=_answers("The picture", {"image/svg+xml": {}}),
    )
    def read_qr_svg(session_id: str) -> Response:
        return Response(qr_svg(waiting(session_id)), mimetype="image/svg+xml")

    @api.get("/verification_sessions/<word:session_id>/qr.png")
    @guarded(Guard.API_KEY)
    @api.doc(
        summary="The QR code of the link that waits, as PNG",
        security="ApiKey",
        responses=_answers("The picture", {"image/png": {}}),
    )
    def read_qr_png(session_id: str) -> Response:
        return Response(qr_png(waiting(session_id)), mimetype="image/png")

    return api


def _answers(description: str, content: dict[str, Any]) -> dict[int | str, dict[str, str | dict[str, dict[str, Any]]]]:
    return {200: {"description": description, "content": content}}


def _waiting_url(services: Services, session_id: str, public_url: str) -> str | None:
    try:
        return phone_url(public_url, handoff.waiting_link(services, session_id).token)
    except Refusal as refusal:
        if refusal.kind is Kind.NOT_FOUND:
            return None
        raise


def _idempotency_key() -> str | None:
    given = request.headers.get("Idempotency-Key")
    if given is None:
        return None
    if not 1 <= len(given) <= 255 or not given.isascii() or not given.isprintable() or " " in given:
        message = "1 to 255 printable ASCII characters without spaces"
        raise Problem(422, "validation_failed", message, (FieldError("Idempotency-Key", "format", message),))
    return given
