"""The portal in front of a fake service, as a visitor's browser sees it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal import create_app
from portal.settings import Settings
from tests.portal.fake_service import API_KEY, FakeService

WEBHOOK_SECRET = "whsec_cG9ydGFsLXRlc3Qtc2VjcmV0LTEyMzQ="


@dataclass
class Visitor:
    """One browser: keeps its cookies and sends the token that our pages carry."""

    client: FlaskClient
    csrf: str = ""

    def get(self, path: str) -> TestResponse:
        """A page; its token is kept for the next form."""
        answer = self.client.get(path, follow_redirects=True)
        found = re.search(r'name="csrf" value="([^"]+)"', answer.text) if answer.mimetype == "text/html" else None
        if found:
            self.csrf = found[1]
        return answer

    def post(self, path: str, **fields: object) -> TestResponse:
        """A form of ours sent off, and the page that follows."""
        return self._post(path, fields, follow=True)

    def _post(self, path: str, fields: Mapping[str, object], follow: bool) -> TestResponse:
        if not self.csrf:
            self.get("/")
        return self.client.post(path, data={"csrf": self.csrf, **fields}, follow_redirects=follow)

    def start(self, kind: str = "unit") -> str:
        """A new filing with the sample filled in; its path."""
        answer = self._post("/filings", {"kind": kind}, follow=False)
        path = str(answer.location).removesuffix("/entry")
        self.post(f"{path}/entry", action=f"sample_{kind}")
        return path

    def open(self, kind: str = "unit") -> str:
        """A filing whose session is open; its path."""
        path = self.start(kind)
        assert self.post(f"{path}/open").status_code == 200
        return path


@pytest.fixture
def service() -> Iterator[FakeService]:
    """The fake, listening."""
    with FakeService().served() as fake:
        yield fake


@pytest.fixture
def portal(service: FakeService, tmp_path: Path) -> Flask:
    """The portal's application."""
    return create_app(Settings(service.url, API_KEY, WEBHOOK_SECRET, tmp_path / "portal"))


@pytest.fixture
def visitor(portal: Flask) -> Visitor:
    """A browser without cookies yet."""
    return Visitor(portal.test_client())
