"""The OpenAPI 3.1 document, and the page that shows it: rendered here, without a script, under our own policy."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, cast, get_args

from apiflask import APIBlueprint, APIFlask
from flask import Response, current_app, json, make_response, render_template, request
from markupsafe import Markup, escape
from pydantic import BaseModel

from verify_svc.http.errors import codes
from verify_svc.http.guards import Guard, guarded
from verify_svc.http.portal_models import BeingMade, EventList, ProblemBody, WebhookEvent, WebhookType
from verify_svc.http.portal_papers import PAPER_BODY
from verify_svc.session.reasons import REASONS

_ASSETS = Path(__file__).parent / "assets"
_PROBLEM = "application/problem+json"
_METHODS = ("get", "post", "put", "patch", "delete")
_IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "The same key with the same body gives the same session; with another body 409.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
}
EVENTS_CONTENT: dict[str, Any] = {
    "application/json": {"schema": {"$ref": f"#/components/schemas/{EventList.__name__}"}},
    "text/event-stream": {},
}
_COMMON_PROBLEMS = {
    "400": "The request can't be understood",
    "401": "The key is missing, wrong or revoked",
    "429": "Too many requests",
    "500": "Something went wrong on our side",
    "503": "Not available just now; `Retry-After` says when to come back",
}
_BODY_PROBLEMS = {"413": "The body is too large", "415": "This type of content is not taken here"}
_WEBHOOK_HEADERS = {
    "webhook-id": "The same over all tries of one event: take each once",
    "webhook-timestamp": "Unix seconds of this try",
    "webhook-signature": "`v1,` and HMAC-SHA256 of id, timestamp and body in Base64; two during a rotation",
}


def configure_openapi(app: APIFlask) -> None:
    """Describe the service, and make the generated document say what really happens."""
    app.config.update(
        OPENAPI_VERSION="3.1.0",
        DESCRIPTION="Identity verification for ICP filing: sessions, steps, reports, files and events.",
        LICENSE={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        AUTO_SERVERS=False,
        AUTO_OPERATION_ID=True,
        TAGS=[
            {"name": "Verification sessions", "description": "Open one, follow it, correct it, read its verdict."},
        ],
        SECURITY_SCHEMES={
            "ApiKey": {
                "type": "http",
                "scheme": "bearer",
                "description": "A secret key, `sk_test_…` or `sk_live_…`, for servers alone.",
            }
        },
    )
    app.spec_processor(_mend)


def _mend(spec: Any) -> Any:
    schemas: dict[str, Any] = {}
    for name, schema in spec["components"]["schemas"].items():
        schemas.setdefault(name.rpartition(".")[2], schema)
    for unused in ("HTTPError", "ValidationError"):
        schemas.pop(unused, None)
    for model in (ProblemBody, EventList, BeingMade, WebhookEvent):
        schemas.update(_schemas_of(model))
    spec["components"]["schemas"] = schemas
    for path, operations in spec["paths"].items():
        for method, operation in operations.items():
            _mend_operation(operation)
            if (method, path) == ("post", "/v1/verification_sessions"):
                operation["parameters"].append(_IDEMPOTENCY_KEY)
            if (method, path) == ("post", "/v1/verification_sessions/{session_id}/papers"):
                operation["requestBody"] = {"required": True, "content": PAPER_BODY}
    spec["webhooks"] = {kind: {"post": _webhook(kind)} for kind in get_args(WebhookType)}
    return _short_names(spec)


def _webhook(kind: str) -> dict[str, Any]:
    """What is sent to the portal's address, by Standard Webhooks."""
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{WebhookEvent.__name__}"}}}
    return {
        "operationId": f"webhook_{kind.rpartition('.')[2]}",
        "summary": f"Sent when a session's `{kind.rpartition('.')[2]}` happens",
        "parameters": [
            {"name": name, "in": "header", "required": True, "description": told, "schema": {"type": "string"}}
            for name, told in _WEBHOOK_HEADERS.items()
        ],
        "requestBody": {"required": True, "content": content},
        "responses": {
            "2XX": {"description": "Taken. Anything else, or no answer in 5 s, is tried again five times in a day"}
        },
        "security": [],
    }


def _mend_operation(operation: dict[str, Any]) -> None:
    operation["operationId"] = operation["operationId"].partition("_portal_api_")[2]
    if "requestBody" in operation:
        operation["requestBody"]["required"] = True
    for parameter in operation["parameters"]:
        # A query knows no null: what is absent is absent.
        schema = parameter["schema"]
        branches = [branch for branch in schema.pop("anyOf", ()) if branch != {"type": "null"}]
        for branch in branches:
            schema.update(branch)
        if schema.get("default", "") is None:
            del schema["default"]
    problems = {**_COMMON_PROBLEMS, **(_BODY_PROBLEMS if "requestBody" in operation else {})}
    for status, description in problems.items():
        operation["responses"].setdefault(status, {"description": description})
    for status, response in operation["responses"].items():
        if status >= "400":
            response["content"] = {_PROBLEM: {"schema": {"$ref": f"#/components/schemas/{ProblemBody.__name__}"}}}
            response["headers"] = {"X-Request-ID": {"schema": {"type": "string"}}}
    operation["responses"] = dict(sorted(operation["responses"].items()))


def _short_names(tree: Any) -> Any:
    """Each model under its own name: the generator writes it anew for each model that holds it."""
    if isinstance(tree, dict):
        return {
            key: "#/components/schemas/" + value.rpartition("/")[2].rpartition(".")[2]
            if key == "$ref"
            else _short_names(value)
            for key, value in tree.items()
        }
    if isinstance(tree, list):
        return [_short_names(item) for item in tree]
    return tree


def _schemas_of(model: type[BaseModel]) -> dict[str, Any]:
    schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas = schema.pop("$defs", {})
    schemas[model.__name__] = schema
    return cast(dict[str, Any], schemas)


def make_documentation(words: Callable[[str], Mapping[str, Any]]) -> APIBlueprint:
    """The blueprint with `/openapi.json` and `/docs`. `words(locale)` gives a locale's texts."""
    documentation = APIBlueprint("documentation", __name__, enable_openapi=False, template_folder=str(_ASSETS))

    @lru_cache(maxsize=1)
    def _document() -> tuple[str, str]:
        text = json.dumps(cast(APIFlask, current_app).spec)
        return text, hashlib.sha256(text.encode()).hexdigest()[:32]

    documentation.add_app_template_filter(_ticked, "ticked")

    @documentation.get("/openapi.json")
    @guarded(Guard.PUBLIC)
    def openapi() -> Response:
        text, etag = _document()
        response = make_response(text)
        response.mimetype = "application/json"
        return _revalidated(response, etag)

    @documentation.get("/docs")
    @guarded(Guard.PUBLIC)
    def page() -> Response:
        text, etag = _document()
        spec = json.loads(text)
        locales = {locale: words(locale).get("reasons", {}) for locale in ("en", "zh-CN")}
        html = render_template(
            "docs.html",
            spec=spec,
            operations=list(_operations(spec)),
            fields=lambda schema: list(_fields(spec, schema)),
            problems=codes(),
            reasons=REASONS.values(),
            words=locales,
        )
        return _revalidated(make_response(html), etag + hashlib.sha256(html.encode()).hexdigest()[:16])

    @documentation.get("/docs/docs.css")
    @guarded(Guard.PUBLIC)
    def style() -> Response:
        data = (_ASSETS / "docs.css").read_bytes()
        return _revalidated(Response(data, mimetype="text/css"), hashlib.sha256(data).hexdigest()[:32])

    return documentation


def _ticked(text: str) -> Markup:
    """Text with `code` in backticks, escaped."""
    parts = text.split("`")
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if place % 2 else escape(part) for place, part in enumerate(parts)
    )


def _revalidated(response: Response, etag: str) -> Response:
    response.set_etag(etag)
    response.headers["Cache-Control"] = "no-cache"
    return cast(Response, response.make_conditional(request))


def _operations(spec: Mapping[str, Any]) -> Any:
    for path, operations in spec["paths"].items():
        for method in _METHODS:
            if method in operations:
                yield method.upper(), path, operations[method]


def _fields(spec: Mapping[str, Any], schema: Mapping[str, Any], prefix: str = "", depth: int = 0) -> Any:
    """A schema's fields as rows (name, type, required, description), nested ones with their path."""
    schema = _resolve(spec, schema)
    required = set(schema.get("required", ()))
    for name, inner in schema.get("properties", {}).items():
        place = f"{prefix}{name}"
        yield place, _type(spec, inner), name in required, inner.get("description", "")
        if depth < 3:
            for branch in inner.get("anyOf", [inner]):
                items = branch.get("items", branch)
                if "$ref" in items:
                    mark = "[]." if "items" in branch else "."
                    yield from _fields(spec, items, f"{place}{mark}", depth + 1)


def _resolve(spec: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    reference = schema.get("$ref")
    if reference is None:
        return schema
    return cast(Mapping[str, Any], spec["components"]["schemas"].get(reference.rpartition("/")[2], {}))


def _type(spec: Mapping[str, Any], schema: Mapping[str, Any]) -> str:
    if "$ref" in schema:
        return str(_resolve(spec, schema).get("type", "object"))
    if "anyOf" in schema:
        branches = [branch for branch in schema["anyOf"] if branch != {"type": "null"}]
        return " or ".join(dict.fromkeys(_type(spec, branch) for branch in branches))
    if "enum" in schema:
        return " | ".join(str(value) for value in schema["enum"])
    if "const" in schema:
        return str(schema["const"])
    if schema.get("type") == "array":
        return f"list of {_type(spec, schema.get('items', {}))}"
    kind = str(schema.get("format", schema.get("type", "any")))
    limits = [
        f"{word} {schema[key]}"
        for key, word in (("minimum", "≥"), ("maximum", "≤"), ("minLength", "from"), ("maxLength", "to"))
        if key in schema
    ]
    return f"{kind} ({', '.join(limits)})" if limits else kind
