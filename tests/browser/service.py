"""The real service on this machine: two web workers, job workers with real weights, the reference portal."""

from __future__ import annotations

import base64
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from tests.browser.entry import CLOCK_FILE_VARIABLE
from tests.ports import free_port
from verify_svc.bootstrap import install, prepare
from verify_svc.commands.serve import gunicorn_command
from verify_svc.flow.keys import make_key
from verify_svc.flow.login import make_operator
from verify_svc.settings import Settings

ROOT = Path(__file__).parents[2]
OPERATOR, PASSWORD = "reviewer", "correct horse battery staple"
_READY_WITHIN_S = 120.0
_STOP_WITHIN_S = 20.0


@dataclass
class Service:
    """Addresses and secrets of the running service, and its worker processes, which a test may kill."""

    url: str
    portal_url: str
    api_key: str = field(repr=False)
    folder: Path
    environment: dict[str, str] = field(repr=False)
    operator: httpx.Client = field(repr=False)
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start_worker(self) -> None:
        """Start one more job worker."""
        self.workers.append(
            _start([sys.executable, "-m", "verify_svc", "worker"], self.environment, self.folder / "worker.log")
        )

    def put_clock_forward(self, seconds: float) -> None:
        """What the web workers take for now, ahead of the machine's time; 0 puts it right again."""
        fresh = self.folder / "clock.fresh"
        fresh.write_text(str(seconds), encoding="ascii")
        fresh.replace(self.folder / "clock")

    def messages(self) -> list[dict[str, str]]:
        """What the development inbox shows to an operator, newest first."""
        answer = self.operator.get("/inbox")
        if answer.status_code == 401:
            self.operator.post("/login", json={"name": OPERATOR, "password": PASSWORD}).raise_for_status()
            answer = self.operator.get("/inbox")
        found: list[dict[str, str]] = answer.raise_for_status().json()["messages"]
        return found

    def kill_worker(self) -> None:
        """End the worker started last and its children at once, as a crash of the machine would."""
        worker = self.workers.pop()
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()


@contextmanager
def running(folder: Path, database_url: str | None = None, workers: int = 1) -> Iterator[Service]:
    """Start everything in `folder`, give it when it answers, stop it at the end. The database is SQLite unless told."""
    port, portal_port = free_port(), free_port()
    url, portal_url = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{portal_port}"
    webhook_secret = "whsec_" + base64.b64encode(os.urandom(24)).decode()
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        CLOCK_FILE_VARIABLE: str(folder / "clock"),
        "VERIFY_DATA_DIR": str(folder / "data"),
        "VERIFY_PUBLIC_URL": url,
        "VERIFY_BIND": f"127.0.0.1:{port}",
        "VERIFY_PORTAL_ORIGINS": json.dumps([portal_url]),
        "VERIFY_WEBHOOK_URL": f"{portal_url}/webhooks/verify-svc",
        "VERIFY_WEBHOOK_SECRETS": json.dumps([webhook_secret]),
        "VERIFY_DATABASE_URL": database_url or "",
    }
    settings = Settings(data_dir=folder / "data", database_url=database_url)
    prepare(settings)
    installation = install(settings)
    try:
        _, api_key = make_key(installation.services, "browser tests", livemode=False)
        make_operator(installation.services, OPERATOR, PASSWORD)
    finally:
        installation.close()
    web = [*gunicorn_command(settings, f"127.0.0.1:{port}", 2, 16)[:-1], "tests.browser.entry:make_app()"]
    portal = {
        **os.environ,
        "PORTAL_SERVICE_URL": url,
        "PORTAL_API_KEY": api_key,
        "PORTAL_WEBHOOK_SECRET": webhook_secret,
        "PORTAL_DATA": str(folder / "portal"),
        "PORTAL_HOST": "127.0.0.1",
        "PORTAL_PORT": str(portal_port),
        "PORTAL_PUBLIC_URL": portal_url,
    }
    processes = [
        _start(web, environment, folder / "web.log"),
        _start([sys.executable, "-m", "portal"], portal, folder / "portal.log"),
    ]
    operator = httpx.Client(base_url=f"{url}/console/api", headers={"Sec-Fetch-Site": "same-origin"}, timeout=30)
    service = Service(url, portal_url, api_key, folder, environment, operator)
    for _ in range(workers):
        service.start_worker()
    try:
        _wait_until_answers(f"{url}/readyz")
        _wait_until_answers(portal_url)
        yield service
    finally:
        operator.close()
        _stop([*service.workers, *processes])


def _start(command: list[str], environment: dict[str, str], log: Path) -> subprocess.Popen[bytes]:
    with log.open("ab") as output:
        return subprocess.Popen(
            command, env=environment, cwd=ROOT, stdout=output, stderr=output, start_new_session=True
        )


def _stop(processes: list[subprocess.Popen[bytes]]) -> None:
    """Ask all of them to end, then wait for each."""
    running = [process for process in processes if process.poll() is None]
    for process in running:
        os.killpg(process.pid, signal.SIGTERM)
    until = time.monotonic() + _STOP_WITHIN_S
    for process in running:
        try:
            process.wait(max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _wait_until_answers(url: str) -> None:
    until = time.monotonic() + _READY_WITHIN_S
    while time.monotonic() < until:
        try:
            if httpx.get(url, timeout=5).status_code < 400:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.3)
    raise TimeoutError(f"{url} did not answer")
