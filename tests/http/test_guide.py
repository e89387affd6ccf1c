"""The API guide's own requests and code work."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from standardwebhooks import WebhookVerificationError

from verify_svc.notify.webhook import signature_headers
from verify_svc.session.reasons import REASONS

GUIDE = (Path(__file__).parents[2] / "docs" / "api-guide.md").read_text(encoding="utf-8")
SECRET = "whsec_" + "c2VjcmV0LW9mLXRoZS1ndWlkZS10ZXN0LTAwMDAwMDA="


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", GUIDE, re.DOTALL)


def bodies() -> list[Any]:
    """The JSON bodies of the guide's curl commands."""
    return [json.loads(body) for block in blocks("sh") for body in re.findall(r"-d '(.*?)'", block, re.DOTALL)]


def test_the_guides_session_opens_and_its_correction_is_taken(portal: Any) -> None:
    opening, correction = bodies()
    session = portal.call("POST", "/verification_sessions", opening, Idempotency_Key="filing-0001")
    assert session.status_code == 201, session.text
    corrected = portal.call("POST", f"/verification_sessions/{session.json['id']}", correction)
    assert corrected.status_code == 200, corrected.text


def test_the_guides_problem_is_what_is_answered(portal: Any) -> None:
    opening, _ = bodies()
    opening["responsible_person"]["certificate"]["number"] = "110101199003070012"
    answer = portal.call("POST", "/verification_sessions", opening).json
    shown = next(json.loads(block) for block in blocks("json") if "problem-" in block)
    assert {**answer, "request_id": ""} == {**shown, "request_id": ""}


def test_the_guides_code_verifies_a_webhook_and_refuses_a_forged_one() -> None:
    made: dict[str, Any] = {}
    exec(compile(blocks("python")[0], "api-guide.md", "exec"), made)
    body = next(block for block in blocks("json") if "evt_42" in block)
    headers = signature_headers("wd_1", datetime.now(UTC), body, [SECRET])
    sent = {name.title(): value for name, value in headers.items()}
    assert made["event_of"](SECRET, body.encode(), sent)["type"] == "verification_session.verified"
    with pytest.raises(WebhookVerificationError):
        made["event_of"](SECRET, body.replace("verified", "declined").encode(), sent)


def test_the_guide_names_only_fields_of_the_session(portal: Any) -> None:
    opening, _ = bodies()
    session = portal.call("POST", "/verification_sessions", opening).json
    assert {"id", "url", "status", "qr", "handoff", "last_error"} <= set(session)
    assert {"svg_url", "png_url"} <= set(session["qr"])


def test_the_guide_names_only_reasons_that_there_are() -> None:
    for code in re.findall(r"`(\w+_mismatch|\w+_check_digit_invalid)`", GUIDE):
        assert code in REASONS
