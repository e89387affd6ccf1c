"""`verify-svc demo`: what it says before it starts anything."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

import pytest


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
