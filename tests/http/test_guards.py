"""Every route declares who may call it, and writes from other sites' pages are refused."""

from __future__ import annotations

from dataclasses import replace

import pytest
from apiflask import APIFlask
from flask import Flask
from flask.testing import FlaskClient

from verify_svc.flow.services import Services
from verify_svc.http.app import Web, create_app
from verify_svc.http.errors import register_errors
from verify_svc.http.guards import Guard, UnguardedRoute, guarded, guards_by_endpoint, register_guards

OWN = "https://verify.example"


def bare_app() -> APIFlask:
    return APIFlask("bare", spec_path=None, docs_path=None, static_folder=None)  # type: ignore[arg-type]  # as create_app


def test_an_application_with_an_unguarded_route_does_not_start() -> None:
    app = bare_app()

    @app.get("/open-by-mistake")
    def view() -> str:
        return ""

    with pytest.raises(UnguardedRoute, match="/open-by-mistake"):
        register_guards(app, {}, OWN)


def test_every_route_of_the_service_declares_a_guard(app: APIFlask) -> None:
    guards = guards_by_endpoint(app)
    assert set(guards) == {rule.endpoint for rule in app.url_map.iter_rules()}


def test_only_these_routes_are_open_to_all(app: APIFlask) -> None:
    guards = guards_by_endpoint(app)
    public = {rule.rule for rule in app.url_map.iter_rules() if guards[rule.endpoint] is Guard.PUBLIC}
    assert public == {
        "/",
        "/m/",
        "/handoff/",
        "/console/",
        "/static/<path:name>",
        "/static/locales/<word:name>.json",
        "/docs",
        "/docs/docs.css",
        "/openapi.json",
        "/healthz",
        "/readyz",
        "/favicon.ico",
    }


def test_every_guarded_route_refuses_a_caller_without_proof(app: APIFlask, client: FlaskClient) -> None:
    guards = guards_by_endpoint(app)
    entries = (Guard.PUBLIC, Guard.PHONE_ENTRY, Guard.OPERATOR_ENTRY)
    answers = {}
    for rule in app.url_map.iter_rules():
        if guards[rule.endpoint] in entries:
            continue
        path = rule.rule.replace("<int:place>", "0").replace("<int:page>", "1")
        while "<" in path:
            path = f"{path.partition('<')[0]}x{path.partition('>')[2]}"
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            answer = client.open(path, method=method, headers={"Sec-Fetch-Site": "same-origin"})
            answers[f"{method} {path}"] = answer.status_code
    assert answers
    assert set(answers.values()) == {401}, answers


@pytest.fixture
def write() -> FlaskClient:
    app = bare_app()

    @app.post("/write")
    @guarded(Guard.PHONE)
    def view() -> str:
        return "written"

    register_errors(app, lambda: pytest.fail("no time is asked for"))
    register_guards(app, {}, OWN)
    return Flask.test_client(app)


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "same-origin"},
        {"Origin": OWN},
        {"Origin": "http://localhost"},
        {"Origin": "http://evil.example", "Sec-Fetch-Site": "same-origin"},
    ],
)
def test_a_write_from_our_own_page_passes(write: FlaskClient, headers: dict[str, str]) -> None:
    assert write.post("/write", headers=headers).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": OWN, "Sec-Fetch-Site": "cross-site"},
    ],
)
def test_a_write_from_anywhere_else_is_refused(write: FlaskClient, headers: dict[str, str]) -> None:
    answer = write.post("/write", headers=headers)
    assert (answer.status_code, answer.json["code"] if answer.json else None) == (403, "forbidden")


@pytest.mark.parametrize(("proxies", "status"), [(0, 403), (1, 410)])
def test_what_a_proxy_says_of_host_and_scheme_is_believed_only_where_one_stands(
    services: Services, web: Web, proxies: int, status: int
) -> None:
    client = Flask.test_client(create_app(services, replace(web, trusted_proxies=proxies)))
    said = {"Origin": OWN, "X-Forwarded-Proto": "https", "X-Forwarded-Host": "verify.example"}
    body = {"token": "x" * 43, "device": {"kind": "iPhone", "browser": "Safari"}}
    assert client.post("/m/api/redeem", headers=said, json=body).status_code == status
