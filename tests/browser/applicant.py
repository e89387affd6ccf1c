"""A session opened as a portal does and taken some steps on its way as a phone does, over HTTP."""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.browser.service import Service

_JUDGED_WITHIN_S = 90.0
_SAME = {"Sec-Fetch-Site": "same-origin"}
_DEVICE = {"kind": "Android", "browser": "Chrome"}


class Portal:
    """A portal's use of the API."""

    def __init__(self, service: Service) -> None:
        self.client = httpx.Client(
            base_url=f"{service.url}/v1", headers={"Authorization": f"Bearer {service.api_key}"}, timeout=60
        )

    def open(self, filing: Mapping[str, Any]) -> dict[str, Any]:
        """A new session."""
        return _json(self.client.post("/verification_sessions", json=filing))

    def read(self, session_id: str) -> dict[str, Any]:
        return _json(self.client.get(f"/verification_sessions/{session_id}"))

    def correct(self, session_id: str, changes: Mapping[str, Any]) -> dict[str, Any]:
        """Correct entered data."""
        return _json(self.client.post(f"/verification_sessions/{session_id}", json=changes))

    def refresh_link(self, session_id: str) -> dict[str, Any]:
        """A fresh link, for another phone."""
        return _json(self.client.post(f"/verification_sessions/{session_id}/refresh_link"))

    def send_paper(self, session_id: str, kind: str, data: bytes) -> dict[str, Any]:
        """A paper of the portal's own, once it is judged."""
        sent = self.client.post(
            f"/verification_sessions/{session_id}/papers",
            data={"kind": kind},
            files={"file": (f"{kind}.jpg", data, "image/jpeg")},
        )
        path = f"/verification_sessions/{session_id}/papers/{_json(sent)['id']}"
        return eventually(lambda: _json(self.client.get(path)), lambda paper: paper["state"] == "done")

    def report(self, session_id: str) -> dict[str, Any]:
        return _json(self.client.get(f"/verification_sessions/{session_id}/report"))


@dataclass
class Applicant:
    """One applicant's phone; its cookie can be given to a browser."""

    service: Service
    client: httpx.Client = field(repr=False)

    @classmethod
    def opening(cls, service: Service, url: str) -> Applicant:
        """Redeem the session's link."""
        applicant = cls(service, httpx.Client(base_url=f"{service.url}/m/api", headers=_SAME, timeout=60))
        applicant.post("/redeem", {"token": url.partition("#")[2], "device": _DEVICE})
        return applicant

    def state(self) -> dict[str, Any]:
        return _json(self.client.get("/state"))

    def step(self, name: str) -> dict[str, Any]:
        """The step as the phone sees it."""
        return next(step for step in self.state()["steps"] if step["name"] == name)

    def post(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        return _json(self.client.post(path, json=dict(body)))

    def agree(self) -> None:
        """Give both consents."""
        self.post("/consent", {"processing": True, "face": True, "version": self.state()["consent"]["version"]})

    def prove_phone(self, mobile: str) -> None:
        """Type the number and the code of the development inbox."""
        self.post("/phone", {"mobile": mobile})
        self.post("/phone/code", {"code": latest_code(self.service, mobile)})

    def draft(self, step: str, slot: str, data: bytes) -> dict[str, Any]:
        """Send a file."""
        answer = self.client.put(
            f"/steps/{step}/slots/{slot}",
            content=data,
            headers={
                "X-Content-SHA256": hashlib.sha256(data).hexdigest(),
                "X-Capture": "camera",
                "Content-Type": "application/octet-stream",
            },
        )
        return _json(answer)

    def submit(self, draft: Mapping[str, Any], said: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Have a file that was sent judged."""
        return self.post(f"/uploads/{draft['id']}/submit", said or {"corners": None, "rotate_deg": 0})

    def upload(self, step: str, slot: str, data: bytes, said: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Send a file and submit it."""
        return self.submit(self.draft(step, slot, data), said)

    def judged(self, upload: Mapping[str, Any]) -> dict[str, Any]:
        """The upload, once it is judged."""
        return eventually(lambda: self.upload_now(upload), lambda found: found["state"] == "done")

    def upload_now(self, upload: Mapping[str, Any]) -> dict[str, Any]:
        """The upload as it stands."""
        return _json(self.client.get(f"/uploads/{upload['id']}"))

    def send(self, step: str, slot: str, data: bytes, said: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Send a file and wait for its judgement."""
        return self.judged(self.upload(step, slot, data, said))


def latest_code(service: Service, mobile: str) -> str:
    """The newest code that the development inbox shows for the number."""
    codes = [
        found[0]
        for message in service.messages()
        if message["mobile"] == mobile and (found := re.search(r"(?<!\d)\d{6}(?!\d)", message["text"]))
    ]
    if not codes:
        raise AssertionError("no code in the inbox")
    return codes[0]


def eventually(read: Callable[[], dict[str, Any]], holds: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """Read again and again until it holds."""
    until = time.monotonic() + _JUDGED_WITHIN_S
    while time.monotonic() < until:
        found = read()
        if holds(found):
            return found
        time.sleep(0.25)
    raise AssertionError(f"it did not come to hold within {_JUDGED_WITHIN_S:.0f} s")


def _json(answer: httpx.Response) -> dict[str, Any]:
    if answer.is_error:
        raise AssertionError(f"{answer.request.method} {answer.request.url}: {answer.status_code} {answer.text}")
    found: dict[str, Any] = answer.json()
    return found
