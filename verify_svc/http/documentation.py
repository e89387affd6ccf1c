"""The OpenAPI 3.1 document, and the page that shows it: rendered here, without a script, under our own policy."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

from apiflask import APIBlueprint, APIFlask
from flask import Response, current_app, json, make_response, render_template, request, send_from_directory
from pydantic import BaseModel

from verify_svc.http.errors import codes
from verify_svc.http.guards import Guard, guarded
from verify_svc.http.portal_models import ProblemBody
from verify_svc.session.reasons import REASONS

_ASSETS = Path(__file__).parent / "assets"
_PROBLEM = "application/problem+json"
_METHODS = ("get", "post", "put", "patch", "delete")
_COMMON_PROBLEMS = {
    "400": "The request can't be understood",
    "401": "The key is missing, wrong or revoked",
    "429": "Too many requests",
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
    schemas = spec.setdefault("components", {}).setdefault("schemas", {})
    schemas.update(_schemas_of(ProblemBody))
    for unused in ("HTTPError", "ValidationError"):
        schemas.pop(unused, None)
    reference = {"$ref": f"#/components/schemas/{ProblemBody.__name__}"}
    for operations in spec.get("paths", {}).values():
        for operation in operations.values():
            if "requestBody" in operation:
                operation["requestBody"]["required"] = True
            for status, description in _COMMON_PROBLEMS.items():
                operation["responses"].setdefault(status, {"description": description})
            for status, response in operation["responses"].items():
                if status >= "400":
                    response["content"] = {_PROBLEM: {"schema": reference}}
                    response["headers"] = {"X-Request-ID": {"schema": {"type": "string"}}}
    return spec


def _schemas_of(model: type[BaseModel]) -> dict[str, Any]:
    schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas = schema.pop("$defs", {})
    schemas[model.__name__] = schema
    return cast(dict[str, Any], schemas)


def make_documentation(words: Callable[[str], Mapping[str, Any]]) -> APIBlueprint:
    """The blueprint with `/openapi.json` and `/docs`. `words(locale)` gives a locale's texts."""
    documentation = APIBlueprint(
        "documentation", __name__, enable_openapi=False, template_folder=str(_ASSETS)
    )

    @lru_cache(maxsize=1)
    def _document() -> tuple[str, str]:
        text = json.dumps(cast(APIFlask, current_app).spec)
        return text, hashlib.sha256(text.encode()).hexdigest()[:32]

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
        response = send_from_directory(_ASSETS, "docs.css", mimetype="text/css")
        response.headers["Cache-Control"] = "no-cache"
        return response

    return documentation


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
        return " or ".join(dict.fromkeys(_type(spec, branch) for branch in schema["anyOf"]))
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
