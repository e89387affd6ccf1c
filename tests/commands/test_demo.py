"""`verify-svc demo`: what it says before it starts anything, and all of it together."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest
import structlog

from tests.ports import free_port
from verify_svc.bootstrap import configure_logs
from verify_svc.commands import demo
from verify_svc.settings import Settings


@pytest.mark.weights
def test_a_port_that_is_taken_is_named_with_the_way_round(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "-m", "verify_svc", "demo", "--port", str(port), "--portal-port", "1"],
            env={"VERIFY_DATA_DIR": str(tmp_path), "PATH": ""},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
    assert done.returncode == 1
    assert f"Already in use: port {port}" in done.stderr
    assert f"make run PORT={port + 1}" in done.stderr
    assert not any(tmp_path.iterdir())


def _said(file: Path, words: tuple[str, ...], within_s: float = 120.0) -> str:
    """What the file holds, once it holds all of these."""
    until = time.monotonic() + within_s
    while time.monotonic() < until:
        text = file.read_text(encoding="utf-8")
        if all(word in text for word in words):
            return text
        time.sleep(0.2)
    raise AssertionError(f"not all of {words} in:\n{text}")


@pytest.mark.weights
def test_all_of_it_answers_says_its_login_last_and_ends_when_it_is_told_to(tmp_path: Path) -> None:
    port, portal_port = free_port(), free_port()
    screen = tmp_path / "screen"
    environment = {key: value for key, value in os.environ.items() if not key.startswith("VERIFY_")}
    pages = [f"http://127.0.0.1:{port}/{path}" for path in ("readyz", "console/", "m/", "docs")]
    with (
        screen.open("w", encoding="utf-8") as output,
        subprocess.Popen(
            [sys.executable, "-m", "verify_svc", "demo", "--port", str(port), "--portal-port", str(portal_port)],
            env={**environment, "VERIFY_DATA_DIR": str(tmp_path / "data")},
            stdout=output,
            stderr=output,
        ) as whole,
    ):
        try:
            before = _said(screen, ("Ctrl-C stops all", "worker ready"))
            for _ in range(5):
                for page in (*pages, f"http://127.0.0.1:{portal_port}/"):
                    assert httpx.get(page, follow_redirects=True).status_code == 200, page
            assert screen.read_text(encoding="utf-8") == before
        finally:
            whole.terminate()
            try:
                ended = whole.wait(60)
            finally:
                whole.kill()
    assert ended == 0
    assert all(demo._is_free(each) for each in (port, portal_port))


@pytest.mark.parametrize(("asked", "told"), [(None, False), ("info", True)])
def test_no_request_scrolls_what_it_says_away_unless_they_are_asked_for(
    asked: str | None, told: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("VERIFY_LOG_LEVEL", raising=False)
    if asked is not None:
        monkeypatch.setenv("VERIFY_LOG_LEVEL", asked)
    given = demo._environment(Settings(), demo.Secrets("key", "password", "whsec_"))
    before = structlog.get_config()
    try:
        configure_logs(given["VERIFY_LOG_LEVEL"])
        structlog.get_logger().info("request")
        structlog.get_logger().warning("passing_fault")
    finally:
        structlog.configure(**before)
    written = capsys.readouterr().err
    assert ('"event": "request"' in written) is told
    assert "passing_fault" in written
