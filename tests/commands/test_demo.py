"""`verify-svc demo`: what it says before it starts anything."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

import pytest
import structlog

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
