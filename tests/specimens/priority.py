"""Encoders that take more of the machine than they are given."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def usual_priority() -> Iterator[None]:
    """SVT-AV1, run as root, sets the thread that calls it before everybody else (SCHED_FIFO), and with it all that this
    thread starts later: two of them that wait for a third keep both processors. Here it is put back."""
    policy, parameter = os.sched_getscheduler(0), os.sched_getparam(0)
    try:
        yield
    finally:
        os.sched_setscheduler(0, policy, parameter)
