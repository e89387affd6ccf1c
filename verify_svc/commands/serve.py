"""`verify-svc serve`: the web workers, by gunicorn."""

from __future__ import annotations

import argparse
import os
import sys
from typing import NoReturn

from verify_svc.inference.manifest import WeightsError, verify_weights
from verify_svc.settings import Settings

EXIT_WRONG = 1
_APP = "verify_svc.wsgi:make_app()"
# One more than the pages' streams may last.
_TIMEOUT_S = 60


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options; what isn't given is the settings'."""
    parser.add_argument("--bind", help="address and port to listen on")
    parser.add_argument("--workers", type=int, help="web processes")
    parser.add_argument("--threads", type=int, help="threads of each")


def run(arguments: argparse.Namespace) -> int:
    """Check the weights, bring the database up to date, then become gunicorn."""
    from verify_svc.bootstrap import prepare

    settings = Settings()
    try:
        verify_weights()
    except WeightsError as error:
        print(error, file=sys.stderr)
        return EXIT_WRONG
    prepare(settings)
    command = gunicorn_command(settings, arguments.bind, arguments.workers, arguments.threads)
    return _become(command)


def _become(command: list[str]) -> NoReturn:
    os.execv(command[0], command)  # noqa: S606  # nothing of the command comes from outside


def gunicorn_command(settings: Settings, bind: str | None, workers: int | None, threads: int | None) -> list[str]:
    """The command line of gunicorn: threads, because streams and uploads wait; each worker makes its own app."""
    options = {
        "--bind": bind or settings.bind,
        "--workers": str(workers or settings.web_workers),
        "--threads": str(threads or settings.web_threads),
        "--worker-class": "verify_svc.http.worker.PatientWorker",
        "--timeout": str(_TIMEOUT_S),
        "--graceful-timeout": "10",
        "--keep-alive": "5",
        # Below the 1024 open files that many systems allow a process.
        "--worker-connections": "800",
        # gunicorn by itself believes what 127.0.0.1 says of scheme and path; VERIFY_TRUSTED_PROXIES alone decides.
        "--forwarded-allow-ips": "",
        "--forwarder-headers": "",
        "--log-level": "warning",
    }
    if settings.tls_certificate is not None and settings.tls_key is not None:
        options |= {"--certfile": str(settings.tls_certificate), "--keyfile": str(settings.tls_key)}
    flat = [part for pair in options.items() for part in pair]
    return [sys.executable, "-m", "gunicorn", "--no-control-socket", *flat, _APP]
