"""Webhooks, against a real server on this machine."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from verify_svc.notify.webhook import SignedWebhooks, signature_headers
from verify_svc.ports import Passing, Permanent

_SECRET = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3"
_NEXT_SECRET = "whsec_ZmVkY2JhOTg3NjU0MzIxMGZlZGNiYTk4"
_BODY = json.dumps({"type": "verification_session.verified", "data": {"note": "核验"}}, ensure_ascii=False)


@dataclass
class Portal:
    """A portal's server: what it received, and how it answers."""

    url: str = ""
    received: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)


class _Answers(BaseHTTPRequestHandler):
    portal: Portal

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.portal.received.append((self.path, dict(self.headers), body))
        if self.path == "/silent":
            time.sleep(2)
        if self.path == "/dripping":
            for _ in range(40):
                self.wfile.write(b"H")
                self.wfile.flush()
                time.sleep(0.1)
        status = {"/broken": 500, "/moved": 302}.get(self.path, 204)
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "/elsewhere")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def portal() -> Iterator[Portal]:
    """A portal that answers."""
    state = Portal()
    handler = type("Answers", (_Answers,), {"portal": state})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  # callers that hang up are part of the test
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    state.url = f"http://127.0.0.1:{server.server_port}"
    yield state
    server.shutdown()
    server.server_close()
    thread.join()


def _send(url: str, *secrets: str, timeout_s: float = 5.0) -> int:
    return SignedWebhooks(timeout_s).send(url, "msg_1", datetime.now(UTC), _BODY, secrets or (_SECRET,))


def test_a_portal_can_verify_what_it_receives(portal: Portal) -> None:
    assert _send(portal.url) == 204
    _, headers, body = portal.received[0]
    assert headers["Content-Type"] == "application/json"
    assert Webhook(_SECRET).verify(body, headers) == json.loads(_BODY)


def test_both_secrets_are_good_during_a_rotation(portal: Portal) -> None:
    _send(portal.url, _NEXT_SECRET, _SECRET)
    _, headers, body = portal.received[0]
    for secret in (_SECRET, _NEXT_SECRET):
        assert Webhook(secret).verify(body, headers)


def test_a_changed_body_is_noticed(portal: Portal) -> None:
    _send(portal.url)
    _, headers, body = portal.received[0]
    with pytest.raises(WebhookVerificationError):
        Webhook(_SECRET).verify(body.replace(b"verified", b"declined"), headers)


def test_the_time_signed_is_the_time_of_this_try() -> None:
    at = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
    headers = signature_headers("msg_1", at, _BODY, (_SECRET,))
    assert headers["webhook-timestamp"] == str(int(at.timestamp()))
    assert headers["webhook-signature"] == Webhook(_SECRET).sign("msg_1", at, _BODY)


def test_a_failing_portal_is_told_by_its_status(portal: Portal) -> None:
    assert _send(f"{portal.url}/broken") == 500


def test_a_redirect_is_not_followed(portal: Portal) -> None:
    assert _send(f"{portal.url}/moved") == 302
    assert [path for path, _, _ in portal.received] == ["/moved"]


@pytest.mark.parametrize("path", ["/silent", "/dripping"])
def test_the_limit_holds_for_the_whole_exchange(portal: Portal, path: str) -> None:
    began_s = time.monotonic()
    with pytest.raises(Passing):
        _send(f"{portal.url}{path}", timeout_s=0.5)
    assert time.monotonic() - began_s < 1.5


def test_a_portal_that_is_not_there_is_a_passing_fault() -> None:
    with pytest.raises(Passing):
        _send("http://127.0.0.1:1/hook")


@pytest.mark.parametrize("url", ["ftp://portal.example/hook", "portal.example", "http://[::1"])
def test_an_address_that_is_none_is_permanent(url: str) -> None:
    with pytest.raises(Permanent):
        _send(url)
