"""The printed forms: given to the portal that opened the session and to the phone that proved its number."""

from __future__ import annotations

from typing import Any

import pytest


def opened(portal: Any, filing: dict[str, Any]) -> str:
    return str(portal.call("POST", "/verification_sessions", filing).json["id"])


@pytest.mark.parametrize("kind", ["verification_form", "commitment_letter", "security_agreement"])
def test_a_portal_takes_a_filled_in_form(portal: Any, filing: dict[str, Any], kind: str) -> None:
    answer = portal.call("GET", f"/verification_sessions/{opened(portal, filing)}/forms/{kind}.pdf")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert answer.data.startswith(b"%PDF-")


@pytest.mark.parametrize("kind", ["authorisation_letter", "domain_certificate", "id_card", "no_such_form"])
def test_what_an_individual_does_not_sign_is_not_found(portal: Any, filing: dict[str, Any], kind: str) -> None:
    answer = portal.call("GET", f"/verification_sessions/{opened(portal, filing)}/forms/{kind}.pdf")
    assert (answer.status_code, answer.json["code"]) == (404, "not_found")


def test_another_portals_session_has_no_form(portal: Any) -> None:
    answer = portal.call("GET", "/verification_sessions/vs_no_such_session/forms/commitment_letter.pdf")
    assert answer.status_code == 404


def test_a_stranger_gets_no_form(client: Any) -> None:
    assert client.get("/m/api/forms/commitment_letter.pdf").status_code == 401
