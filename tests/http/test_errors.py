"""Problems carry a code and the field at fault, and nothing that they should not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from apiflask import APIFlask
from flask import Flask
from pydantic import ValidationError
from structlog.testing import capture_logs

from verify_svc.flow.refusal import FieldFault, Kind, Refusal, busy
from verify_svc.http.errors import field_errors, problem_of, register_errors
from verify_svc.http.portal_bodies import CreateSession

NOW = datetime(2026, 11, 22, 2, 10, tzinfo=UTC)
DAY_NEEDED = "A day is needed, as YYYY-MM-DD."
CANARY = "金丝雀110101199003070011"


def test_a_refusal_keeps_its_code_fields_and_further_members() -> None:
    refusal = Refusal(
        Kind.LIMITED,
        "phone_code_too_many",
        "Too many codes.",
        faults=(FieldFault("mobile", "phone_code_too_many", "wait"),),
        tries_left=0,
        retry_at=NOW + timedelta(seconds=90.2),
    )
    problem = problem_of(refusal, NOW)
    assert (problem.status, problem.code, problem.headers["Retry-After"]) == (429, "phone_code_too_many", "91")
    assert problem.extra == {"tries_left": 0, "retry_at": "2026-11-22T02:11:30Z"}
    assert problem.errors[0].field == "mobile"


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_of_refusal_has_a_status(kind: Kind) -> None:
    status = problem_of(Refusal(kind, "x"), NOW).status
    assert status == 503 if kind is Kind.BUSY else 400 <= status < 500


def test_who_is_asked_for_patience_is_told_for_how_long() -> None:
    problem = problem_of(busy("Again in a moment.", NOW + timedelta(seconds=2)), NOW)
    assert (problem.status, problem.code, problem.headers["Retry-After"]) == (503, "unavailable", "2")


@pytest.mark.parametrize(
    ("change", "field", "message"),
    [
        ({"subject": None}, "subject", "An object is needed."),
        ({"colour": "red"}, "colour", "There is no such field."),
        ({"expires_in": 5}, "expires_in", "At least 600."),
        ({"steps": []}, "steps", "At least 1 of them."),
        ({"locale": "fr"}, "locale", "One of zh-CN, en."),
        ({"return_url": "ftp://x"}, "return_url", "Not in the form that this field has."),
        ({"filing": {"kind": "change", "created_on": "22.11.", "province": "310000"}}, "filing.created_on", DAY_NEEDED),
        ({"client_reference_id": "x" * 201}, "client_reference_id", "At most 200 characters."),
    ],
)
def test_a_field_at_fault_is_told_in_plain_words(filing: dict[str, Any], change: Any, field: str, message: str) -> None:
    with pytest.raises(ValidationError) as refused:
        CreateSession.model_validate({**filing, **change})
    assert [(each.field, each.message) for each in field_errors(refused.value)] == [(field, message)]


def test_a_field_that_is_not_there_is_needed() -> None:
    with pytest.raises(ValidationError) as refused:
        CreateSession.model_validate({})
    assert {each.message for each in field_errors(refused.value)} == {"This field is needed."}


def test_an_unforeseen_error_tells_neither_client_nor_log_what_it_held() -> None:
    app = APIFlask("errors", spec_path=None, docs_path=None, static_folder=None)  # type: ignore[arg-type]  # as create_app
    app.config["PROPAGATE_EXCEPTIONS"] = False

    @app.get("/")
    def view() -> str:
        raise ValueError(f"could not save {CANARY}")

    register_errors(app, lambda: NOW)
    with capture_logs() as lines:
        answer = Flask.test_client(app).get("/")
    assert answer.status_code == 500
    assert answer.json is not None
    assert answer.json["code"] == "internal_error"
    assert CANARY not in answer.text
    assert CANARY not in str(lines)
    assert lines[0]["error"] == "ValueError"


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/none", 404), ("DELETE", "/", 405)])
def test_what_the_framework_refuses_is_a_problem_too(method: str, path: str, status: int) -> None:
    app = APIFlask("errors", spec_path=None, docs_path=None, static_folder=None)  # type: ignore[arg-type]  # as create_app
    app.add_url_rule("/", view_func=lambda: "")
    register_errors(app, lambda: NOW)
    answer = Flask.test_client(app).open(path, method=method)
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
