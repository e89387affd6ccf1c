"""The portal's own papers (`/v1/verification_sessions/{id}/papers`), part of the portal's API."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from apiflask import APIBlueprint
from flask import Response, g

from verify_svc.flow import papers
from verify_svc.flow.paper_kinds import PAPERS
from verify_svc.flow.paper_pages import MOST_PAGES
from verify_svc.flow.services import Services
from verify_svc.http import portal_shapes
from verify_svc.http.bodies import max_body
from verify_svc.http.errors import FieldError, Problem
from verify_svc.http.files import FILE_ANSWERS, FILE_TOLD, Files, limits_of
from verify_svc.http.guards import Guard, guarded
from verify_svc.http.multipart import form_limit, read_form
from verify_svc.http.portal_bodies import FileQuery
from verify_svc.http.portal_models import Paper, PaperList
from verify_svc.ports import ApiKeyRow

PAPER_BODY: dict[str, Any] = {
    "multipart/form-data": {
        "schema": {
            "type": "object",
            "required": ["kind", "file"],
            "properties": {
                "kind": {"type": "string", "enum": list(PAPERS)},
                "file": {
                    "type": "array",
                    "items": {"type": "string", "format": "binary"},
                    "minItems": 1,
                    "maxItems": MOST_PAGES,
                    "description": "JPG, PNG or HEIC, each at most 2 MB unless the service was set otherwise; the "
                    "part once for each page of a form, once alone for anything else",
                },
            },
        },
        "encoding": {"file": {"contentType": "image/jpeg, image/png, image/heic"}},
    }
}
_ANSWERS = {
    409: "The session has ended otherwise than verified",
    410: "The session is over, or its media were deleted",
    413: "The file is too large: `max_bytes` says what is taken",
    415: "It is no JPG, PNG or HEIC picture",
    422: "`kind` is none, or the file can't be opened",
    503: "No hand is free just now",
}


def add_papers(
    api: APIBlueprint, services: Services, files: Files, key: Callable[[], ApiKeyRow], public_url: str
) -> None:
    """Add the routes to the portal's blueprint. `key` gives the key that the request bears."""

    def limit() -> int:
        return form_limit(services.policy.max_paper_bytes, MOST_PAGES)

    @api.post("/verification_sessions/<word:session_id>/papers")
    @guarded(Guard.API_KEY)
    @max_body(limit)
    @api.output(Paper, status_code=201)
    @api.doc(
        summary="Send a paper of your own",
        description="What the portal itself has for the filing: the legal representative's card, the letter of "
        "authorisation, agreements, the domain certificate, prior approvals; also once the session is verified. It is "
        "judged by the same engine, with a report of its own; the pages of a form are judged together. What can't be "
        "judged yet is kept and `not_checked`. The same files as the same kind give the same paper.",
        security="ApiKey",
        responses=_ANSWERS,
    )
    def create_paper(session_id: str) -> dict[str, Any]:
        g.session_id = session_id
        fields, sent = read_form(limit(), MOST_PAGES)
        kind = fields.get("kind")
        missing = [name for name, given in (("kind", kind), ("file", sent)) if not given]
        if kind is None or missing:
            faults = tuple(FieldError(name, "missing", "This field is needed.") for name in missing)
            raise Problem(422, "validation_failed", f"Not right: {', '.join(missing)}", faults)
        return portal_shapes.paper(papers.add_paper(services, key(), session_id, kind, sent), public_url)

    @api.get("/verification_sessions/<word:session_id>/papers")
    @guarded(Guard.API_KEY)
    @api.output(PaperList)
    @api.doc(summary="List a session's papers, newest first", security="ApiKey")
    def list_papers(session_id: str) -> dict[str, Any]:
        g.session_id = session_id
        shown = papers.list_papers(services, key(), session_id)
        return {"data": [portal_shapes.paper(each, public_url) for each in shown]}

    @api.get("/verification_sessions/<word:session_id>/papers/<word:paper_id>")
    @guarded(Guard.API_KEY)
    @api.output(Paper)
    @api.doc(summary="Read a paper and its report", security="ApiKey")
    def read_paper(session_id: str, paper_id: str) -> dict[str, Any]:
        g.session_id = session_id
        return portal_shapes.paper(papers.read_paper(services, key(), session_id, paper_id), public_url)

    @api.get("/verification_sessions/<word:session_id>/papers/<word:paper_id>/file")
    @guarded(Guard.API_KEY)
    @api.input(FileQuery, location="query", arg_name="query")
    @api.doc(
        summary="Take a paper for the filing",
        description="The paper " + FILE_TOLD,
        security="ApiKey",
        responses=FILE_ANSWERS,
    )
    def read_paper_file(session_id: str, paper_id: str, query: FileQuery) -> Response:
        g.session_id = session_id
        ask, limits = papers.file_of_paper, limits_of(query)
        return files.respond(paper_id, lambda: ask(services, key(), session_id, paper_id, limits, query.page))
