"""The verification service as the portal sees it: its public API over HTTP, nothing else."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx

SESSIONS = "/v1/verification_sessions"
# The service gives a webhook 5 s; reading the session back inside it must leave room for our own work.
READ_TIMEOUT_S = 3.0
WRITE_TIMEOUT_S = 15.0
# The service waits some seconds for a file that is being made, then says 202.
FILE_TIMEOUT_S = 30.0
FILE_TRIES = 4
ACCEPTED = 202


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """One field that the service refuses, by its path in our request (`subject.certificate.number`)."""

    field: str
    code: str
    message: str


class ServiceUnreachable(Exception):
    """The service can't be reached or is at fault itself: trying again later may help."""


class ServiceRefused(Exception):
    """The service understood and said no (RFC 9457 problem)."""

    def __init__(self, status: int, code: str, detail: str, fields: tuple[FieldProblem, ...] = ()) -> None:
        super().__init__(f"{status} {code}")
        self.status = status
        self.code = code
        self.detail = detail
        self.fields = fields


class Service:
    """A client of the API. Raises `ServiceRefused` and `ServiceUnreachable`, never an HTTP library's error."""

    def __init__(self, base_url: str, api_key: str) -> None:
        self._http = httpx.Client(base_url=base_url, headers={"Authorization": f"Bearer {api_key}"})

    def open(self, filing: Mapping[str, Any], idempotency_key: str) -> dict[str, Any]:
        """A new verification session; the same key and filing give the same session."""
        return self._json("POST", SESSIONS, filing, {"Idempotency-Key": idempotency_key})

    def read(self, session_id: str) -> dict[str, Any]:
        """The session as it stands now."""
        return self._json("GET", f"{SESSIONS}/{session_id}")

    def correct(self, session_id: str, entered: Mapping[str, Any]) -> dict[str, Any]:
        """Entered data put right while the phone works; what was read already is compared again."""
        return self._json("POST", f"{SESSIONS}/{session_id}", entered)

    def cancel(self, session_id: str) -> dict[str, Any]:
        """Give the session up."""
        return self._json("POST", f"{SESSIONS}/{session_id}/cancel", {})

    def report(self, session_id: str) -> dict[str, Any]:
        """The report tree: `result`, `reasons`, `breakdown`, `properties`."""
        return self._json("GET", f"{SESSIONS}/{session_id}/report")

    def file(self, session_id: str, kind: str, max_bytes: int, page: int = 1) -> tuple[bytes, str]:
        """A picture of the session within `max_bytes`, read again by the service, and its media type; a form has one
        for each page.
        """
        return self._file(f"{SESSIONS}/{session_id}/files/{kind}?max_bytes={max_bytes}&page={page}")

    def send_paper(self, session_id: str, kind: str, content: bytes, media_type: str) -> dict[str, Any]:
        """A paper of ours to be judged; the same file again gives the same paper."""
        form = {"data": {"kind": kind}, "files": {"file": ("paper", content, media_type)}}
        return self._json("POST", f"{SESSIONS}/{session_id}/papers", form=form)

    def paper(self, session_id: str, paper_id: str) -> dict[str, Any]:
        """The paper as it stands now."""
        return self._json("GET", f"{SESSIONS}/{session_id}/papers/{paper_id}")

    def paper_file(self, session_id: str, paper_id: str, max_bytes: int) -> tuple[bytes, str]:
        """The paper within `max_bytes`, and its media type."""
        return self._file(f"{SESSIONS}/{session_id}/papers/{paper_id}/file?max_bytes={max_bytes}")

    def form(self, session_id: str, kind: str) -> bytes:
        """A form filled in with what was entered, to be printed and signed: a PDF."""
        return self._send("GET", f"{SESSIONS}/{session_id}/forms/{kind}.pdf").content

    def _file(self, path: str) -> tuple[bytes, str]:
        for _ in range(FILE_TRIES):
            answer = self._send("GET", path, timeout_s=FILE_TIMEOUT_S)
            if answer.status_code != ACCEPTED:
                return answer.content, answer.headers.get("Content-Type", "application/octet-stream")
            wait_s = answer.headers.get("Retry-After", "1")
            time.sleep(min(int(wait_s), 5) if wait_s.isdecimal() else 1)
        raise ServiceUnreachable("the file is still being made")

    def _json(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        form: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        answer = self._send(method, path, body, headers, form)
        try:
            found = answer.json()
        except ValueError as error:
            raise ServiceUnreachable("the answer is not JSON") from error
        if not isinstance(found, dict):
            raise ServiceUnreachable("the answer is not an object")
        return found

    def _send(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        form: Mapping[str, Any] | None = None,
        timeout_s: float | None = None,
    ) -> httpx.Response:
        timeout_s = timeout_s or (READ_TIMEOUT_S if method == "GET" else WRITE_TIMEOUT_S)
        try:
            answer = self._http.request(method, path, json=body, headers=headers, timeout=timeout_s, **(form or {}))
        except httpx.HTTPError as error:
            raise ServiceUnreachable(type(error).__name__) from error
        if answer.status_code >= 500:
            raise ServiceUnreachable(f"status {answer.status_code}")
        if answer.status_code >= 400:
            raise _refusal(answer)
        return answer


def _refusal(answer: httpx.Response) -> ServiceRefused:
    try:
        problem = answer.json()
    except ValueError:
        problem = {}
    fields = tuple(
        FieldProblem(str(each.get("field", "")), str(each.get("code", "")), str(each.get("message", "")))
        for each in problem.get("errors") or []
    )
    return ServiceRefused(answer.status_code, str(problem.get("code", "")), str(problem.get("detail", "")), fields)
