"""Bodies are bounded whether they say their length or not, and held against their announced hash."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from io import BytesIO, RawIOBase
from threading import Barrier, Event, Semaphore

import pytest
from apiflask import APIFlask
from flask import Flask, request
from flask.testing import FlaskClient
from pydantic import BaseModel
from werkzeug import Request
from werkzeug.test import create_environ

from verify_svc.http.bodies import BodyLimits, max_body, read_bytes, read_json, register_body_limits
from verify_svc.http.errors import register_errors

LIMIT = 100_000


class Small(BaseModel):
    name: str


@pytest.fixture
def waiting() -> Barrier:
    return Barrier(2, timeout=30)


@pytest.fixture
def client(waiting: Barrier) -> FlaskClient:
    app = APIFlask("bodies", spec_path=None, docs_path=None, static_folder=None)  # type: ignore[arg-type]  # as create_app

    @app.put("/file")
    @max_body(lambda: LIMIT)
    def put_file() -> dict[str, object]:
        body = read_bytes(LIMIT, request.headers.get("X-Content-SHA256"))
        return {"size": len(body.data), "sha256": body.sha256}

    @app.put("/slow")
    @max_body(lambda: LIMIT)
    def put_slow() -> dict[str, object]:
        body = read_bytes(LIMIT, None)
        waiting.wait()
        waiting.wait()
        return {"size": len(body.data)}

    @app.put("/from/<sender>")
    @max_body(lambda: LIMIT)
    def put_from(sender: str) -> dict[str, object]:
        return {"size": len(read_bytes(LIMIT, None, sender).data)}

    @app.post("/json")
    def post_json() -> dict[str, str]:
        return {"name": read_json(Small).name}

    register_errors(app, lambda: datetime(2026, 11, 22, tzinfo=UTC))
    register_body_limits(app, BodyLimits(max_held_bytes=LIMIT))
    return Flask.test_client(app)


def test_a_body_within_the_limit_is_read_and_hashed(client: FlaskClient) -> None:
    data = b"x" * LIMIT
    answer = client.put("/file", data=data)
    assert answer.json == {"size": LIMIT, "sha256": hashlib.sha256(data).hexdigest()}


def test_files_that_are_too_much_at_once_are_asked_to_come_again(client: FlaskClient, waiting: Barrier) -> None:
    with ThreadPoolExecutor(1) as other:
        first = other.submit(client.application.test_client().put, "/slow", data=b"x" * 60_000)
        waiting.wait()
        told = client.put("/file", data=b"x" * 60_000)
        untold = client.put(
            "/file", input_stream=BytesIO(b"x" * 60_000), environ_overrides={"wsgi.input_terminated": True}
        )
        small = client.put("/file", data=b"x" * 30_000)
        waiting.wait()
        assert first.result().status_code == 200
    assert [answer.status_code for answer in (told, untold, small)] == [503, 503, 200]
    assert told.headers["Retry-After"] == "5"
    assert client.put("/file", data=b"x" * 60_000).status_code == 200


class Coming(RawIOBase):
    """A body that is still coming: its reader waits, as it does for a slow sender."""

    def __init__(self, begun: Semaphore, end: Event) -> None:
        self._begun, self._end = begun, end

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]  # narrower than any buffer
        self._begun.release()
        assert self._end.wait(30)
        return 0


def test_of_one_sender_two_files_are_read_at_a_time_and_of_all_eight(client: FlaskClient) -> None:
    begun, end = Semaphore(0), Event()

    def put(sender: str) -> int:
        environ = create_environ(f"/from/{sender}", method="PUT")
        environ.pop("CONTENT_LENGTH", None)
        environ.update({"wsgi.input": Coming(begun, end), "wsgi.input_terminated": True})
        return client.application.test_client().open(Request(environ)).status_code

    with ThreadPoolExecutor(8) as others:
        slow = [others.submit(put, "one") for _ in range(2)]
        for _ in slow:
            assert begun.acquire(timeout=30)
        refused = client.put("/from/one", data=b"x")
        another = client.put("/from/two", data=b"x")
        slow += [others.submit(put, str(sender)) for sender in range(6)]
        for _ in slow[2:]:
            assert begun.acquire(timeout=30)
        full = client.put("/from/two", data=b"x")
        end.set()
        assert [one.result() for one in slow] == [200] * 8
    assert [answer.status_code for answer in (refused, another, full)] == [503, 200, 503]
    assert refused.headers["Retry-After"] == "5"
    assert client.put("/from/one", data=b"x").status_code == 200


def test_a_file_that_comes_too_slowly_is_told_to_come_again(client: FlaskClient) -> None:
    class Cut(RawIOBase):
        def readable(self) -> bool:
            return True

        def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]  # narrower than any buffer
            raise ConnectionResetError("the request comes too slowly")

    environ = create_environ("/file", method="PUT")
    environ.update({"wsgi.input": Cut(), "CONTENT_LENGTH": "8"})
    answer = client.open(Request(environ))
    assert answer.status_code == 408


def test_a_small_body_must_say_its_length(client: FlaskClient) -> None:
    chunked = {"Transfer-Encoding": "chunked", "Content-Type": "application/json"}
    assert client.post("/json", data=b"{}", headers=chunked).status_code == 411
    assert client.put("/file", data=b"x", headers=chunked).status_code == 200


def test_the_only_file_that_comes_is_let_in(client: FlaskClient) -> None:
    for _ in range(3):
        assert client.put("/file", data=b"x" * LIMIT).status_code == 200


def test_a_body_that_says_it_is_too_large_is_refused_unread(client: FlaskClient) -> None:
    body = BytesIO(b"")
    answer = client.put("/file", input_stream=body, environ_overrides={"CONTENT_LENGTH": str(1024**3)})
    assert answer.status_code == 413
    assert answer.json is not None
    assert (answer.json["code"], answer.json["max_bytes"]) == ("file_too_large", LIMIT)


def test_a_body_that_grows_too_large_while_it_streams_is_cut(client: FlaskClient) -> None:
    class Endless(RawIOBase):
        given = 0

        def readable(self) -> bool:
            return True

        def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]  # narrower than any buffer
            assert self.given < 2 * LIMIT, "read on and on"
            self.given += len(buffer)
            return len(buffer)

    environ = create_environ("/file", method="PUT")
    environ.pop("CONTENT_LENGTH", None)
    environ.update({"wsgi.input": Endless(), "wsgi.input_terminated": True})
    answer = client.open(Request(environ))
    assert answer.status_code == 413


def test_a_body_that_ends_early_is_refused(client: FlaskClient) -> None:
    answer = client.put("/file", input_stream=BytesIO(b"half"), environ_overrides={"CONTENT_LENGTH": "8"})
    assert answer.status_code == 400


def test_a_body_that_differs_from_its_announced_hash_is_refused(client: FlaskClient) -> None:
    answer = client.put("/file", data=b"other", headers={"X-Content-SHA256": "0" * 64})
    assert answer.json is not None
    assert answer.json["errors"][0]["code"] == "hash_mismatch"


@pytest.mark.parametrize(
    ("body", "content_type", "status", "code"),
    [
        (b"{}", "application/json", 422, "validation_failed"),
        (b"[]", "application/json", 422, "validation_failed"),
        (b'{"name": 1}', "application/json", 422, "validation_failed"),
        (b"", "application/json", 400, "bad_request"),
        (b"{", "application/json", 400, "bad_request"),
        (b"\xff\xfe", "application/json", 400, "bad_request"),
        (b"[" * 60_000, "application/json", 400, "bad_request"),
        (b'{"name": "x"}', "text/plain", 415, "file_type_not_allowed"),
        (b'{"name": "' + b"x" * 70_000 + b'"}', "application/json", 413, "file_too_large"),
    ],
)
def test_json_that_is_none_is_a_clear_problem(
    client: FlaskClient, body: bytes, content_type: str, status: int, code: str
) -> None:
    answer = client.post("/json", data=body, content_type=content_type)
    assert answer.json is not None
    assert (answer.status_code, answer.json["code"], answer.mimetype) == (status, code, "application/problem+json")
