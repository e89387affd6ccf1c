"""A hand-written stand-in for the service's public API, served over real HTTP: sessions, reports, files, refusals."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, Response, request
from werkzeug.serving import make_server

API_KEY = "sk_test_of_the_fake"
JPEG = b"\xff\xd8\xff\xe0 a portrait \xff\xd9"
STEPS = ("consent", "phone", "subject_document", "person_document", "face", "forms")


@dataclass
class FakeService:
    """What the fake holds; a test reads and sets it directly. `away` makes every answer a 503."""

    url: str = ""
    sessions: dict[str, dict[str, Any]] = field(default_factory=dict)
    opened: list[dict[str, Any]] = field(default_factory=list)
    corrected: list[dict[str, Any]] = field(default_factory=list)
    keys: dict[str, tuple[str, str]] = field(default_factory=dict)
    refuse: list[dict[str, str]] = field(default_factory=list)
    papers: dict[str, dict[str, Any]] = field(default_factory=dict)
    refuse_paper: str = ""
    making: int = 0
    """How many times a file is still being made."""
    pages_of_forms: dict[str, int] = field(default_factory=dict)
    away: bool = False

    def move(self, session_id: str, status: str, **steps: str) -> None:
        """Set a session's status, and the state of the steps named."""
        session = self.sessions[session_id]
        session["status"] = status
        for step in session["steps"]:
            step["state"] = steps.get(step["name"], step["state"])

    def judge(self, paper_id: str, result: str, *reasons: str) -> None:
        """Set how a paper was judged."""
        self.papers[paper_id] |= {"state": "done", "report": {"result": result, "reasons": list(reasons)}}

    @contextmanager
    def served(self) -> Iterator[FakeService]:
        """Listen on a free port of this machine for as long as the block lasts."""
        server = make_server("127.0.0.1", 0, _application(self), threaded=True)
        self.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            server.shutdown()
            thread.join()
            server.server_close()


def _problem(status: int, code: str, errors: list[dict[str, str]] | None = None) -> Response:
    body = {
        "type": "about:blank",
        "title": code,
        "status": status,
        "code": code,
        "detail": code,
        "errors": errors or [],
    }
    return Response(json.dumps(body), status, mimetype="application/problem+json")


def _application(fake: FakeService) -> Flask:
    app = Flask("fake_service")

    @app.before_request
    def guard() -> Response | None:
        if fake.away:
            return _problem(503, "unavailable")
        if request.headers.get("Authorization") != f"Bearer {API_KEY}":
            return _problem(401, "unauthorized")
        return None

    @app.post("/v1/verification_sessions")
    def create() -> Any:
        if fake.refuse:
            return _problem(422, "validation_failed", fake.refuse)
        key, body = request.headers["Idempotency-Key"], request.get_data(as_text=True)
        if key in fake.keys:
            session_id, earlier = fake.keys[key]
            return fake.sessions[session_id] if earlier == body else _problem(409, "idempotency_key_reused")
        session_id = f"vs_{len(fake.sessions) + 1}"
        fake.keys[key] = (session_id, body)
        fake.opened.append(json.loads(body))
        fake.sessions[session_id] = {
            "id": session_id,
            "object": "verification_session",
            "status": "requires_input",
            "reference": "AB12",
            "steps": [{"name": name, "state": "open", "reasons": []} for name in STEPS],
            "awaiting": "applicant",
            "handoff": {"state": "waiting", "url": f"{fake.url}/handoff/#client-token"},
            "expected": json.loads(body),
            "decision": None,
        }
        return fake.sessions[session_id], 201

    @app.get("/v1/verification_sessions/<session_id>")
    def read(session_id: str) -> Any:
        return fake.sessions.get(session_id) or _problem(404, "not_found")

    @app.post("/v1/verification_sessions/<session_id>")
    def correct(session_id: str) -> Any:
        if fake.refuse:
            return _problem(422, "validation_failed", fake.refuse)
        if fake.sessions[session_id]["status"] != "requires_input":
            return _problem(409, "conflict")
        fake.corrected.append(request.get_json())
        return fake.sessions[session_id]

    @app.post("/v1/verification_sessions/<session_id>/cancel")
    def cancel(session_id: str) -> Any:
        fake.move(session_id, "canceled")
        return fake.sessions[session_id]

    @app.get("/v1/verification_sessions/<session_id>/report")
    def report(session_id: str) -> Any:
        breakdown = {
            "face": {
                "result": "clear",
                "reasons": [],
                "breakdown": {
                    "eyes": {"result": "clear", "reasons": []},
                    "match": {"result": "not_checked", "reasons": []},
                    "head_turn": {"result": "not_checked", "reasons": [], "properties": {"applies": False}},
                },
            },
            "forms": {
                "result": "not_checked",
                "reasons": [],
                "breakdown": {
                    slot: {"result": "clear", "reasons": [], "breakdown": {}, "properties": {"pages": [{}] * count}}
                    for slot, count in fake.pages_of_forms.items()
                },
            },
        }
        return {"result": "consider", "reasons": [], "breakdown": breakdown, "properties": {}}

    @app.get("/v1/verification_sessions/<session_id>/files/<kind>")
    def file(session_id: str, kind: str) -> Any:
        there = kind in ("portrait", "person_document.portrait") or kind.partition(".")[2] in fake.pages_of_forms
        return given() if there else _problem(404, "not_found")

    @app.get("/v1/verification_sessions/<session_id>/forms/<kind>.pdf")
    def form(session_id: str, kind: str) -> Any:
        unit = fake.sessions[session_id]["expected"]["subject"]["kind"] == "unit"
        there = kind in ("verification_form", "commitment_letter", "security_agreement")
        if not there and not (unit and kind == "authorisation_letter"):
            return _problem(404, "not_found")
        return Response(f"%PDF {kind}", mimetype="application/pdf")

    def given() -> Response:
        if fake.making:
            fake.making -= 1
            return Response("{}", 202, {"Retry-After": "0"}, mimetype="application/json")
        return Response(JPEG, mimetype="image/jpeg")

    @app.post("/v1/verification_sessions/<session_id>/papers")
    def send_paper(session_id: str) -> Any:
        if fake.refuse_paper:
            return _problem(422, fake.refuse_paper)
        paper_id = f"pp_{len(fake.papers) + 1}"
        kind, size = request.form["kind"], len(request.files["file"].read())
        fake.papers[paper_id] = {"id": paper_id, "kind": kind, "state": "processing", "report": None, "size": size}
        return fake.papers[paper_id], 201

    @app.get("/v1/verification_sessions/<session_id>/papers/<paper_id>")
    def read_paper(session_id: str, paper_id: str) -> Any:
        return fake.papers[paper_id]

    @app.get("/v1/verification_sessions/<session_id>/papers/<paper_id>/file")
    def paper_file(session_id: str, paper_id: str) -> Any:
        return given()

    return app
