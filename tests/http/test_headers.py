"""What each answer forbids: foreign scripts, frames, sniffing, referrers, caches."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

PAGES = ["/docs", "/console/api/inbox", "/healthz", "/openapi.json", "/no-such-page", "/v1/verification_sessions"]


def policy(client: FlaskClient, path: str) -> dict[str, str]:
    value = client.get(path).headers["Content-Security-Policy"]
    return {name: rest for name, _, rest in (part.partition(" ") for part in value.split("; "))}


@pytest.mark.parametrize("path", PAGES)
def test_scripts_and_styles_come_from_our_own_files_alone(client: FlaskClient, path: str) -> None:
    found = policy(client, path)
    assert (found["default-src"], found["script-src"], found["style-src"]) == ("'none'", "'self'", "'self'")
    assert "unsafe" not in str(found)


@pytest.mark.parametrize("path", [*PAGES, "/m/", "/console/"])
def test_no_page_may_be_framed(client: FlaskClient, path: str) -> None:
    assert policy(client, path)["frame-ancestors"] == "'none'"
    assert client.get(path).headers["X-Frame-Options"] == "DENY"


def test_the_handoff_page_may_be_framed_by_the_portals_of_the_settings(client: FlaskClient) -> None:
    assert policy(client, "/handoff/")["frame-ancestors"] == "'self' https://portal.example"
    assert "X-Frame-Options" not in client.get("/handoff/").headers


@pytest.mark.parametrize(
    "path", ["/v1/verification_sessions", "/m/api/state", "/handoff/api/state", "/console/api/inbox"]
)
def test_answers_about_people_are_kept_by_no_cache(client: FlaskClient, path: str) -> None:
    assert client.get(path).headers["Cache-Control"] == "no-store"


def test_transport_security_is_promised_over_https_alone(client: FlaskClient) -> None:
    assert "Strict-Transport-Security" not in client.get("/healthz").headers
    assert "max-age=" in client.get("/healthz", base_url="https://localhost").headers["Strict-Transport-Security"]


def test_our_rendered_page_holds_no_inline_script_or_style(client: FlaskClient) -> None:
    page = client.get("/docs", headers={"Accept": "text/html"}).text
    assert not re.search(r"<script|<style|\sstyle=|\son[a-z]+=|https?://(?!localhost)", page)


def test_every_answer_carries_its_requests_id(client: FlaskClient) -> None:
    assert client.get("/healthz").headers["X-Request-ID"].startswith("req_")
    assert client.get("/healthz", headers={"X-Request-ID": "portal-1234"}).headers["X-Request-ID"] == "portal-1234"
    forged = client.get("/healthz", headers={"X-Request-ID": "a b\\nc"}).headers["X-Request-ID"]
    assert forged.startswith("req_")
