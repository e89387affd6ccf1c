"""A portal sends papers over HTTP, as a form with a file, and reads how each was judged."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.flow.applicant import a_picture
from verify_svc.flow.services import Services

KIND = "preapproval"


@pytest.fixture
def path(portal: Any, filing: dict[str, Any]) -> str:
    session_id = portal.call("POST", "/verification_sessions", filing).json["id"]
    return f"/v1/verification_sessions/{session_id}/papers"


def send(client: FlaskClient, portal: Any, path: str, *pages: bytes, **fields: str | bytes) -> Any:
    """The form, as a browser or curl sends it; bytes are a file, and so are `pages`."""
    body = b""
    for name, value in (*fields.items(), *(("file", page) for page in pages)):
        is_file = isinstance(value, bytes)
        head = f'--edge\r\nContent-Disposition: form-data; name="{name}"' + (
            '; filename="金丝雀.jpg"' if is_file else ""
        )
        body += f"{head}\r\n\r\n".encode() + (value if isinstance(value, bytes) else value.encode()) + b"\r\n"
    return client.post(
        path,
        data=body + b"--edge--\r\n",
        headers={"Authorization": f"Bearer {portal.secret}"},
        content_type="multipart/form-data; boundary=edge",
    )


def test_a_paper_is_sent_read_listed_and_taken(client: FlaskClient, portal: Any, path: str) -> None:
    answer = send(client, portal, path, kind=KIND, file=a_picture())
    assert answer.status_code == 201, answer.text
    paper = answer.json
    assert (paper["object"], paper["kind"], paper["state"]) == ("paper", KIND, "done")
    assert paper["report"]["result"] == "not_checked"
    assert paper["file"]["media_type"] == "image/jpeg"
    own = f"{path}/{paper['id']}".removeprefix("/v1")
    assert portal.call("GET", own).json == paper
    assert portal.call("GET", path.removeprefix("/v1")).json == {"object": "list", "data": [paper]}
    assert paper["file"]["url"].endswith(f"/v1{own}/file")
    given = portal.call("GET", f"{own}/file?max_bytes=50000")
    assert (given.status_code, given.mimetype, given.headers["X-Reading"]) == (200, "image/jpeg", "not_checked")
    assert len(given.data) <= 50_000


def test_a_form_is_sent_page_by_page(client: FlaskClient, portal: Any, path: str) -> None:
    pages = [a_picture(number) for number in range(3)]
    answer = send(client, portal, path, *pages, kind="security_agreement")
    assert answer.status_code == 201, answer.text
    paper = answer.json
    files = [paper["file"], *paper["more_pages"]]
    assert [file["sha256"] for file in files] == [sha256(page).hexdigest() for page in pages]
    assert [file["url"].partition("/file")[2] for file in files] == ["", "?page=2", "?page=3"]
    assert portal.call("GET", f"{path}/{paper['id']}/file?page=9".removeprefix("/v1")).status_code == 422


def test_the_same_form_again_gives_the_same_paper(client: FlaskClient, portal: Any, path: str) -> None:
    first, again = (send(client, portal, path, kind=KIND, file=a_picture()) for _ in range(2))
    assert (again.status_code, again.json) == (201, first.json)


def test_a_card_is_being_judged(client: FlaskClient, portal: Any, path: str) -> None:
    paper = send(client, portal, path, kind="legal_person_card_portrait", file=a_picture()).json
    assert (paper["state"], paper["report"]) == ("processing", None)
    answer = portal.call("GET", f"{path}/{paper['id']}/file".removeprefix("/v1"))
    assert (answer.status_code, answer.headers["Retry-After"]) == (202, "1")


@pytest.mark.parametrize(
    ("fields", "status", "code", "field"),
    [
        ({"kind": KIND}, 422, "validation_failed", "file"),
        ({"file": b"x"}, 422, "validation_failed", "kind"),
        ({"kind": "library_card", "file": b"x"}, 422, "validation_failed", "kind"),
        ({"kind": KIND, "file": b"%PDF-1.7"}, 415, "file_type_not_allowed", None),
        ({"kind": KIND, "file": b"\xff\xd8\xff broken"}, 422, "file_unreadable", None),
        ({"kind": KIND, "file": b"\xff\xd8\xff" + bytes(2 << 20)}, 413, "file_too_large", None),
        ({"kind": KIND, "file": b"\xff\xd8\xff" + bytes(3 << 20)}, 413, "file_too_large", None),
        ({"kind": "x" * 70_000, "file": b"x"}, 400, "bad_request", None),
        (dict.fromkeys("abcdefghijkl", "1"), 400, "bad_request", None),
    ],
)
def test_what_is_wrong_with_a_form_is_said(
    client: FlaskClient,
    portal: Any,
    path: str,
    fields: dict[str, str | bytes],
    status: int,
    code: str,
    field: str | None,
) -> None:
    answer = send(client, portal, path, **fields)
    assert (answer.status_code, answer.json["code"]) == (status, code), answer.text
    assert [error["field"] for error in answer.json["errors"]] == ([] if field is None else [field])


def test_a_file_that_is_too_large_says_what_is_taken(client: FlaskClient, portal: Any, path: str) -> None:
    answer = send(client, portal, path, kind=KIND, file=b"\xff\xd8\xff" + bytes(2 << 20))
    assert str(2 << 20) in answer.json["detail"]


@pytest.mark.parametrize("content_type", ["application/json", "image/jpeg", "multipart/form-data"])
def test_a_body_that_is_no_form_is_refused(client: FlaskClient, portal: Any, path: str, content_type: str) -> None:
    headers = {"Authorization": f"Bearer {portal.secret}"}
    answer = client.post(path, data=b"{}", headers=headers, content_type=content_type)
    assert answer.status_code in (400, 415, 422)


def test_nothing_of_a_paper_lies_on_the_disk_in_plain(
    client: FlaskClient, portal: Any, path: str, services: Services, tmp_path: Path
) -> None:
    data = a_picture(5) + b"canary of the paper"
    assert send(client, portal, path, kind=KIND, file=data).status_code == 201
    for file in tmp_path.rglob("*"):
        if file.is_file():
            assert b"canary of the paper" not in file.read_bytes()
            assert "金丝雀.jpg".encode() not in file.read_bytes()
