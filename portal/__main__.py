"""`python -m portal`: becomes gunicorn, one process with threads, at the address that the environment names."""

from __future__ import annotations

import os
import sys
from typing import NoReturn

from portal.settings import Settings


def main() -> NoReturn:
    """Serve until interrupted."""
    settings = Settings.from_environment()
    # The service's worker: nothing of the service is known here, a slow sender just doesn't hold one of our threads.
    options = ["--worker-class", "verify_svc.http.worker.PatientWorker", "--threads", "8"]
    options += ["--worker-connections", "800", "--forwarded-allow-ips", "", "--forwarder-headers", ""]
    options += ["--log-level", "warning", "--no-control-socket"]
    address = ["--bind", f"{settings.host}:{settings.port}"]
    command = [sys.executable, "-m", "gunicorn", *options, *address, "portal:create_app()"]
    os.execv(sys.executable, command)  # noqa: S606  # nothing of the command comes from outside


if __name__ == "__main__":
    main()
