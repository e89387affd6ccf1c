"""The real application on a real SQLite, real sealed files and a real decoding child.

Only what lies outside is made by hand: time, randomness, the queue (it notes what was asked) and the SMS service.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from apiflask import APIFlask
from flask import Flask
from flask.testing import FlaskClient

from tests.fakes.outside import KeptSms, NotedJobs, SetClock
from tests.fakes.services import decoding_engines, migrated_database, services_in
from tests.http.phone import Phone, agree, prove
from verify_svc.flow import keys
from verify_svc.flow.services import Services
from verify_svc.http.app import Web, create_app
from verify_svc.http.files import FileWaits
from verify_svc.http.sse import StreamLimits
from verify_svc.inference.engines import Engines
from verify_svc.ports import ApiKeyRow

PUBLIC_URL = "http://localhost"


class NoWebhooks:
    """No test here sends a webhook."""

    def send(self, url: str, message_id: str, at: datetime, body: str, secrets: Sequence[str]) -> int:
        raise AssertionError("a webhook was sent by the web process")


@pytest.fixture(scope="session")
def engines() -> Iterator[Engines]:
    with decoding_engines() as made:
        yield made


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return migrated_database(tmp_path_factory.mktemp("http"))


@pytest.fixture
def clock() -> SetClock:
    return SetClock(datetime(2026, 11, 22, 2, 0, tzinfo=UTC))


@pytest.fixture
def sms(clock: SetClock) -> KeptSms:
    return KeptSms(clock)


@pytest.fixture
def jobs() -> NotedJobs:
    return NotedJobs()


@pytest.fixture
def services(
    tmp_path: Path, migrated: Path, engines: Engines, clock: SetClock, sms: KeptSms, jobs: NotedJobs
) -> Iterator[Services]:
    made = services_in(tmp_path, migrated, engines, clock=clock, jobs=jobs, sms=sms, webhooks=NoWebhooks())
    with made as services:
        yield services


@pytest.fixture
def web() -> Web:
    streams = StreamLimits(duration_s=0.0, poll_s=0.0)
    return Web(
        public_url=PUBLIC_URL,
        portal_origins=("https://portal.example",),
        streams=streams,
        file_waits=FileWaits(duration_s=0.0),
    )


@pytest.fixture
def app(services: Services, web: Web) -> APIFlask:
    return create_app(services, web)


@pytest.fixture
def client(app: APIFlask) -> FlaskClient:
    return Flask.test_client(app)


@dataclass
class Portal:
    """A portal's server: it calls the API with its key."""

    client: FlaskClient
    row: ApiKeyRow
    secret: str

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """The answer to `/v1<path>`."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        named["Authorization"] = f"Bearer {self.secret}"
        data = None if body is None else json.dumps(body)
        return self.client.open(
            f"/v1{path}",
            method=method,
            data=data,
            headers=named,
            content_type="application/json" if body is not None else None,
        )


@pytest.fixture
def portal(services: Services, client: FlaskClient) -> Portal:
    row, secret = keys.make_key(services, "portal", livemode=False)
    return Portal(client, row, secret)


@pytest.fixture
def filing() -> dict[str, Any]:
    """An individual's filing; the identity is made up."""
    person = {"kind": "id_card", "number": "110101199003070011"}
    return {
        "client_reference_id": "filing-1",
        "filing": {"kind": "new_subject", "created_on": "2026-11-22", "province": "310000"},
        "subject": {"kind": "individual", "name": "金丝雀", "certificate": person},
        "site": {"name": "示例的网站", "domains": ["example.com"]},
        "responsible_person": {"name": "金丝雀", "certificate": person, "mobile": "13800005678"},
    }


@pytest.fixture
def token(portal: Any, filing: dict[str, Any]) -> str:
    session = portal.call("POST", "/verification_sessions", filing).json
    return str(session["url"].partition("#")[2])


@pytest.fixture
def phone(app: Any, token: str) -> Phone:
    phone = Phone(app.test_client())
    assert phone.post("/redeem", {"token": token, "device": {"kind": "iPhone", "browser": "微信"}}).status_code == 200
    return phone


@pytest.fixture
def agreed(phone: Phone) -> Phone:
    return agree(phone)


@pytest.fixture
def proved(agreed: Phone, sms: Any) -> Phone:
    return prove(agreed, sms)
