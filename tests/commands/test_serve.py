"""How the web workers are started."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from verify_svc.commands.serve import gunicorn_command
from verify_svc.settings import Settings

ROOT = Path(__file__).parents[2]


@pytest.fixture
def url() -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        bind = f"127.0.0.1:{probe.getsockname()[1]}"
    command = [*gunicorn_command(Settings(), bind, 1, 2)[:-1], "tests.http.served:app"]
    with subprocess.Popen(command, cwd=ROOT) as process:
        try:
            until = time.monotonic() + 30
            while True:
                try:
                    httpx.get(f"http://{bind}/")
                    break
                except httpx.TransportError:
                    assert time.monotonic() < until
                    time.sleep(0.1)
            yield f"http://{bind}"
        finally:
            process.terminate()


def test_what_a_neighbour_on_the_same_machine_says_of_scheme_and_path_is_not_believed(url: str) -> None:
    said = {
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Ssl": "on",
        "SCRIPT_NAME": "/evil",
        "X-Forwarded-For": "10.0.0.1",
    }
    assert httpx.get(f"{url}/seen", headers=said).text == "http '' 127.0.0.1"
