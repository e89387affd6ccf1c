"""A job worker: one process that judges uploads, delivers webhooks and sweeps, until it is told to stop."""

from __future__ import annotations

import signal
from collections.abc import Callable
from threading import Event
from types import FrameType

from verify_svc.bootstrap import install, job_give_up, job_handlers, job_runner, job_sweep
from verify_svc.inference.manifest import verify_weights
from verify_svc.settings import Settings


def run_worker(settings: Settings, ready: Callable[[], None] = lambda: None) -> None:
    """Work until SIGTERM or SIGINT; the running job is let to its end.

    Raises `WeightsError` before anything starts when a weight is missing or is not what the manifest says.
    """
    verify_weights()
    stop = Event()

    def ask_to_stop(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, ask_to_stop)
    installation = install(settings)
    services = installation.services
    try:
        job_runner(installation).run(
            job_handlers(services), job_sweep(services), stop, give_up=job_give_up(services), ready=ready
        )
    finally:
        installation.close()
