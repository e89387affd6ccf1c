"""The OpenAPI document is valid, describes every public call, and the page shows it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from openapi_spec_validator import validate

from verify_svc.flow.deliver import webhook_body
from verify_svc.http.portal_models import WebhookEvent
from verify_svc.ports import EventRow
from verify_svc.session.changes import PUBLIC
from verify_svc.session.reasons import REASONS
from verify_svc.session.state import Status

NOW = datetime(2026, 11, 22, 2, 10, tzinfo=UTC)
DATA = {"id": "vs_1", "object": "verification_session", "livemode": False, "status": "verified", "step": None}


@pytest.fixture
def document(client: FlaskClient) -> dict[str, Any]:
    found = client.get("/openapi.json").json
    assert isinstance(found, dict)
    return found


def test_the_document_is_valid_openapi_3_1(document: dict[str, Any]) -> None:
    validate(document)
    assert document["openapi"].startswith("3.1.")


def test_the_document_has_every_call_of_the_portals_api_and_no_other(app: APIFlask, document: dict[str, Any]) -> None:
    described = {path.replace("{", "<").replace("}", ">") for path in document["paths"]}
    served = {
        rule.rule.replace("<word:", "<").replace("<dotted:", "<")
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/v1/")
    }
    assert described == served


def test_every_call_wants_the_key_and_describes_its_problems(document: dict[str, Any]) -> None:
    for operations in document["paths"].values():
        for operation in operations.values():
            assert operation["security"] == [{"ApiKey": []}]
            assert "application/problem+json" in operation["responses"]["401"]["content"]


def test_every_call_tells_what_may_go_wrong_with_it(document: dict[str, Any]) -> None:
    for operations in document["paths"].values():
        for operation in operations.values():
            told = set(operation["responses"])
            assert {"400", "401", "429", "500", "503"} <= told
            assert ({"413", "415"} <= told) == ("requestBody" in operation)


def test_every_webhook_is_described_by_its_type(document: dict[str, Any]) -> None:
    happened = {"created", "opened", "step_completed", *Status}
    assert set(document["webhooks"]) == {f"{PUBLIC}{name}" for name in happened}
    row = EventRow(42, "vs_1", False, f"{PUBLIC}verified", None, NOW, json.dumps(DATA))
    WebhookEvent.model_validate(webhook_body(row))


def test_every_body_is_required(document: dict[str, Any]) -> None:
    bodies = [
        operation["requestBody"]
        for operations in document["paths"].values()
        for operation in operations.values()
        if "requestBody" in operation
    ]
    assert bodies
    assert all(body["required"] for body in bodies)


def test_the_page_shows_every_call_and_every_reason(client: FlaskClient, document: dict[str, Any]) -> None:
    page = client.get("/docs").text
    for path, operations in document["paths"].items():
        assert path in page
        for operation in operations.values():
            assert f'id="{operation["operationId"]}"' in page
    for code in REASONS:
        assert f'id="reason-{code}"' in page
