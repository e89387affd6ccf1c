"""The pages' files are served as they lie, revalidated, and nothing beside them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from verify_svc.flow.services import Services
from verify_svc.http.app import Web, create_app
from verify_svc.http.pages import SERVED_TYPES


@pytest.fixture
def client(services: Services, tmp_path: Path) -> FlaskClient:
    folder = tmp_path / "pages" / "web"
    for page in ("mobile", "handoff", "console"):
        (folder / page).mkdir(parents=True)
        (folder / page / "index.html").write_text(f"<title>{page}</title>", encoding="utf-8")
    (folder / "shared").mkdir()
    (folder / "shared" / "net.js").write_text("export {};\n", encoding="utf-8")
    (folder.parent / "secret.txt").write_text("secret", encoding="utf-8")
    locales = tmp_path / "locales"
    locales.mkdir()
    (locales / "en.json").write_text('{"reasons": {}}', encoding="utf-8")
    web = Web(public_url="http://localhost", web_dir=folder, locales_dir=locales)
    return Flask.test_client(create_app(services, web))


@pytest.mark.parametrize(
    ("path", "mimetype"),
    [
        ("/m/", "text/html"),
        ("/handoff/", "text/html"),
        ("/console/", "text/html"),
        ("/static/shared/net.js", "text/javascript"),
        ("/static/locales/en.json", "application/json"),
    ],
)
def test_a_file_is_served_and_then_only_revalidated(client: FlaskClient, path: str, mimetype: str) -> None:
    first = client.get(path)
    assert (first.status_code, first.mimetype, first.headers["Cache-Control"]) == (200, mimetype, "no-cache")
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize(
    "path",
    [
        "/static/../secret.txt",
        "/static/%2e%2e/secret.txt",
        "/static/..%2fsecret.txt",
        "/static//etc/passwd",
        "/static/",
        "/static/shared",
        "/static/locales/..%2f..%2fsecret",
        "/static/locales/fr.json",
        "/static/shared/net.js%00.txt",
        "/static/" + "a" * 5000,
    ],
)
def test_nothing_beside_the_files_is_served(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert answer.mimetype == "application/problem+json"


WEB = Path(__file__).parents[2] / "web"
INLINE = re.compile(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|(?:src|href)=[\"']?(?:https?:)?//|data:", re.I)


@pytest.mark.parametrize("path", sorted(WEB.glob("*/*.html")), ids=lambda path: str(path.relative_to(WEB)))
def test_our_pages_markup_lives_under_the_policy(path: Path) -> None:
    assert not INLINE.search(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", sorted(WEB.rglob("*")), ids=lambda path: str(path.relative_to(WEB)))
def test_every_file_of_the_pages_is_of_a_type_that_is_served(path: Path) -> None:
    assert path.is_dir() or path.suffix in SERVED_TYPES
