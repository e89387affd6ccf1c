"""What the OpenAPI document promises is what the service does: schemathesis tries it, right and wrong.

Bodies that are wholly valid are rare among generated ones (check digits), so sessions come from a link: each example
works on a session that really is there.
"""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from apiflask import APIFlask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


OPERATIONS = (
    "create_session",
    "list_sessions",
    "read_session",
    "correct_session",
    "cancel_session",
    "refresh_link",
    "request_resubmission",
    "read_events",
    "read_report",
    "read_file",
    "read_form",
    "create_paper",
    "list_papers",
    "read_paper",
    "read_paper_file",
    "read_qr_svg",
    "read_qr_png",
)


@pytest.fixture
def api(app: APIFlask) -> Any:
    return schemathesis.openapi.from_wsgi("/openapi.json", app)


def test_every_call_is_tried(client: FlaskClient) -> None:
    document: Any = client.get("/openapi.json").json
    described = {each["operationId"] for path in document["paths"].values() for each in path.values()}
    assert described == set(OPERATIONS)


@pytest.mark.parametrize("mode", ["positive", "negative"])
@pytest.mark.parametrize("operation_id", OPERATIONS)
def test_every_call_keeps_to_its_description(
    api: Any, portal: Any, filing: dict[str, Any], operation_id: str, mode: str
) -> None:
    session = portal.call("POST", "/verification_sessions", filing).json
    operation = api.find_operation_by_id(operation_id)

    @given(case=operation.as_strategy(generation_mode=GenerationMode(mode)))
    @settings(
        max_examples=20,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def tried(case: Any) -> None:
        if mode == "positive" and "session_id" in (case.path_parameters or {}):
            case.path_parameters["session_id"] = session["id"]
        case.headers = {**(case.headers or {}), "Authorization": f"Bearer {portal.secret}"}
        case.call_and_validate(checks=CHECKS)

    tried()
