"""`verify-svc worker`: one job worker, until it is told to stop."""

from __future__ import annotations

import argparse
import sys

from verify_svc.inference.manifest import WeightsError
from verify_svc.settings import Settings, forget_secrets

EXIT_WRONG = 1


def configure(parser: argparse.ArgumentParser) -> None:
    """No options: the settings say all."""


def run(arguments: argparse.Namespace) -> int:
    """Work; SIGTERM lets the running job end."""
    from verify_svc.bootstrap import prepare
    from verify_svc.worker import run_worker

    settings = Settings()
    forget_secrets()
    prepare(settings)
    try:
        run_worker(settings, ready=lambda: print("worker ready", flush=True))
    except WeightsError as error:
        print(error, file=sys.stderr)
        return EXIT_WRONG
    return 0
