"""The console's API (`/console/api/`): operators log in, take a case, look at its evidence, decide."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Annotated, Any, Literal

from apiflask import APIBlueprint
from flask import Response, g, jsonify, request, send_file
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from verify_svc.flow import case as cases
from verify_svc.flow import login, review
from verify_svc.flow.services import Services
from verify_svc.http import case_shapes
from verify_svc.http.bodies import read_json
from verify_svc.http.errors import Problem
from verify_svc.http.guards import Guard, guarded
from verify_svc.ports import LoginRow

COOKIE = "verify_console"
COOKIE_PATH = "/console/api/"
BROWSER_COOKIE = "verify_console_browser"
BROWSER_COOKIE_PATH = "/console/api/login"
BROWSER_COOKIE_S = 365 * 24 * 3600

Words = Annotated[str, StringConstraints(strip_whitespace=True, max_length=1000)]
Code = Annotated[str, StringConstraints(max_length=64)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="ignore")


class LogIn(_Body):
    """Who, and the proof."""

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64)]
    password: Annotated[str, StringConstraints(min_length=1, max_length=256)] = Field(repr=False)


class Decision(_Body):
    """What the operator decided. `comment` is for operators, `message` is what the applicant reads."""

    decision: Literal["approve", "decline", "redo"]
    steps: list[Code] = Field(default_factory=list, max_length=10)
    reason: Code = ""
    comment: Words = ""
    message: Words = ""


def check_operator(services: Services) -> Callable[[], None]:
    """The guard of the console's routes: who is logged in, by cookie."""

    def check() -> None:
        g.login = login.login_of_cookie(services, request.cookies.get(COOKIE))

    return check


def make_console_api(services: Services, public_url: str) -> APIBlueprint:
    """The blueprint of `/console/api/`."""
    api = APIBlueprint("console_api", __name__, url_prefix="/console/api", enable_openapi=False)

    def operator() -> str:
        row: LoginRow = g.login
        return row.operator

    def cookie_flags() -> dict[str, Any]:
        secure = request.is_secure or public_url.startswith("https:")
        return {"httponly": True, "secure": secure, "samesite": "Strict"}

    @api.post("/login")
    @guarded(Guard.OPERATOR_ENTRY)
    def log_in() -> Response:
        body = read_json(LogIn)
        source = login.Source(request.remote_addr or "", request.cookies.get(BROWSER_COOKIE))
        entered = login.log_in(services, body.name, body.password, source)
        response = jsonify({"operator": {"name": entered.login.operator}})
        response.set_cookie(
            COOKIE, entered.cookie, path=COOKIE_PATH, expires=entered.login.expires_at, **cookie_flags()
        )
        response.set_cookie(
            BROWSER_COOKIE, entered.browser, path=BROWSER_COOKIE_PATH, max_age=BROWSER_COOKIE_S, **cookie_flags()
        )
        return response

    @api.post("/logout")
    @guarded(Guard.OPERATOR)
    def log_out() -> tuple[Response, int]:
        login.log_out(services, request.cookies.get(COOKIE, ""))
        response = Response(status=204)
        response.delete_cookie(COOKIE, path=COOKIE_PATH)
        return response, 204

    @api.get("/me")
    @guarded(Guard.OPERATOR)
    def me() -> Response:
        waiting, inbox = len(review.queue(services)), services.sms_inbox is not None
        return jsonify({"operator": {"name": operator()}, "queue": waiting, "inbox": inbox})

    @api.get("/queue")
    @guarded(Guard.OPERATOR)
    def queue() -> Response:
        return jsonify({"cases": [case_shapes.line(each) for each in review.queue(services)]})

    @api.get("/sessions")
    @guarded(Guard.OPERATOR)
    def sessions() -> Response:
        args = request.args
        found, cursor = review.find_sessions(
            services,
            query=_short(args.get("query")),
            status=_short(args.get("status")),
            cursor=_short(args.get("cursor")),
        )
        return jsonify({"sessions": [case_shapes.line(each) for each in found], "next_cursor": cursor})

    @api.get("/cases/<word:session_id>")
    @guarded(Guard.OPERATOR)
    def read_case(session_id: str) -> Response:
        g.session_id = session_id
        return jsonify(case_shapes.case(cases.case(services, session_id)))

    @api.post("/cases/<word:session_id>/claim")
    @guarded(Guard.OPERATOR)
    def claim(session_id: str) -> Response:
        read_json(_Body)
        g.session_id = session_id
        return jsonify(case_shapes.case(review.claim(services, operator(), session_id)))

    @api.post("/cases/<word:session_id>/release")
    @guarded(Guard.OPERATOR)
    def release(session_id: str) -> Response:
        read_json(_Body)
        g.session_id = session_id
        return jsonify(case_shapes.case(review.release(services, operator(), session_id)))

    @api.post("/cases/<word:session_id>/decide")
    @guarded(Guard.OPERATOR)
    def decide(session_id: str) -> Response:
        body = read_json(Decision)
        g.session_id = session_id
        decided = review.decide(
            services,
            operator(),
            session_id,
            decision=body.decision,
            steps=body.steps,
            reason=body.reason,
            comment=body.comment,
            message=body.message,
        )
        return jsonify(case_shapes.case(decided))

    @api.get("/cases/<word:session_id>/uploads/<word:upload_id>/<word:what>")
    @guarded(Guard.OPERATOR)
    def evidence(session_id: str, upload_id: str, what: str) -> Response:
        return _evidence(services, session_id, upload_id, what, ("picture", "original", "clip", "card_portrait"), "")

    @api.get("/cases/<word:session_id>/uploads/<word:upload_id>/<word:what>/<word:name>")
    @guarded(Guard.OPERATOR)
    def evidence_part(session_id: str, upload_id: str, what: str, name: str) -> Response:
        return _evidence(
            services, session_id, upload_id, what, ("strip", "frame", "still", "picture", "original"), name
        )

    @api.get("/cases/<word:session_id>/papers/<word:paper_id>/pages/<int:page>")
    @guarded(Guard.OPERATOR)
    def paper_page(session_id: str, paper_id: str, page: int) -> Response:
        g.session_id = session_id
        picture = cases.picture_of_paper(services, session_id, paper_id, page)
        response = send_file(BytesIO(picture), mimetype="image/jpeg")
        response.headers["Cache-Control"] = "no-store"
        return response

    return api


def _short(given: str | None) -> str | None:
    if given is not None and len(given) > 200:
        raise Problem(422, "validation_failed", "Too long")
    return given or None


def _evidence(
    services: Services, session_id: str, upload_id: str, what: str, known: tuple[str, ...], name: str
) -> Response:
    if what not in known:
        raise Problem(404)
    g.session_id = session_id
    data, media_type = cases.evidence_picture(services, session_id, upload_id, what, name)
    # Ranges are answered: a clip can't be sought otherwise.
    response = send_file(BytesIO(data), mimetype=media_type, conditional=True, etag=False, max_age=None)
    response.headers["Cache-Control"] = "no-store"
    return response
