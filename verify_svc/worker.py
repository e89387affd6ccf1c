"""A job worker: one process that judges uploads, delivers webhooks and sweeps, until it is told to stop."""

from __future__ import annotations

import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from types import FrameType

import structlog

from verify_svc.bootstrap import (
    configure_logs,
    install,
    job_give_up,
    job_handlers,
    job_runner,
    job_sweep,
    warm_decoding,
)
from verify_svc.inference.engines import Engines
from verify_svc.inference.manifest import verify_weights
from verify_svc.inference.pool import ChildError, PoolBusy
from verify_svc.inference.warm import WARMING_LIMIT_S, warm_inference
from verify_svc.settings import Settings

log = structlog.get_logger(__name__)


def run_worker(settings: Settings, ready: Callable[[], None] = lambda: None) -> None:
    """Work until SIGTERM or SIGINT; the running job is let to its end.

    `ready` is called when jobs are being taken and the weights are loaded, so that the first answer is as quick as any.
    Raises `WeightsError` before anything starts when a weight is missing or is not what the manifest says.
    """
    configure_logs(settings.log_level)
    verify_weights()
    stop = Event()

    def ask_to_stop(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, ask_to_stop)
    installation = install(settings)
    services = installation.services
    # Beside the start of the queue; a job that is there already waits for its child like any other.
    warming = ThreadPoolExecutor(1, thread_name_prefix="warming")
    warmed = warming.submit(_warm, services.engines)

    def tell_ready() -> None:
        warmed.result()
        ready()

    try:
        job_runner(installation).run(
            job_handlers(services), job_sweep(services), stop, give_up=job_give_up(services), ready=tell_ready
        )
    finally:
        installation.close()
        warming.shutdown()


def _warm(engines: Engines) -> None:
    """Start one child of each kind. One that fails here fails again, and is told, at its first job."""
    warm_decoding(engines)
    try:
        engines.inference.call(WARMING_LIMIT_S, warm_inference)
    except (ChildError, PoolBusy) as error:
        log.error("warming_failed", error=type(error).__name__)
