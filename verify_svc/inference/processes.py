"""The service's end of a child: how it is started, told how to live, asked, and ended."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import Any

from verify_svc.inference.answers import NotData, received_answer
from verify_svc.inference.child import Born, Bury, Fork, Returned, Upbringing
from verify_svc.inference.confinement import Confinement
from verify_svc.inference.manifest import WEIGHTS_DIR_VARIABLE
from verify_svc.inference.messages import Ended, Line, apart, call_parts
from verify_svc.inference.sheets import blank_sheet
from verify_svc.inference.threads import ONE_THREAD_EACH

_HANDED_ON = (
    "PATH",
    "HOME",
    "LANG",
    "LC_ALL",
    "LD_LIBRARY_PATH",
    "PYTHONPATH",
    "HF_HUB_OFFLINE",
    *ONE_THREAD_EACH,
    WEIGHTS_DIR_VARIABLE,
)
_ENDING_S = 5.0
"""From a child's last word until it is gone."""
_MOST_KEPT = 4
"""Of a template. Each takes 6 MB, and what was taken over may hold on to its share of a processor (`child`)."""


class NoProcess(Exception):
    """None can be started for the call: it is not to blame."""


class Child:
    """One process and the line to it."""

    environment: Mapping[str, str] = {}

    def __init__(self) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            program = f"from verify_svc.inference.child import live; live({theirs.fileno()})"
            self._process = subprocess.Popen(
                # -P: nothing is imported from where the service happens to have been started.
                [sys.executable, "-P", "-c", program],
                stdin=subprocess.DEVNULL,
                stdout=2,  # what a library prints is no answer
                pass_fds=(theirs.fileno(),),
                env={**_environment(), **self.environment},
            )
        self._line = Line(ours)
        self.may_stay = True
        """Whether it can take another call: False from the start of one until it is well over."""

    def alive(self) -> bool:
        return self._process.poll() is None

    def greet(self, upbringing: Upbringing, prepare: Callable[[], object] | None, limit_s: float) -> Confinement:
        """Tell the child how to live; it says how far it is confined."""
        ends_at = time.monotonic() + limit_s
        self._line.send(call_parts(upbringing), ends_at)
        self._line.send(call_parts(prepare), ends_at)
        born: Born = received_answer(self._line.receive(ends_at))
        return born.confinement

    def ask(
        self, limit_s: float, function: Callable[..., object], args: Any, named: Any, keep_for: str | None = None
    ) -> Returned:
        """What the function gives back. `keep_for` is whose calls one process may serve, where each has its own."""
        self.may_stay = False
        returned = _asked(time.monotonic() + limit_s, function, args, named, self._line)
        self.may_stay = True
        return returned

    def overspent(self) -> bool:
        """Whether it ended by the kernel's hand, for the processor time of its call."""
        return False

    def kill(self) -> None:
        self._process.kill()
        self._line.close()
        self._process.wait()


@dataclass(frozen=True, slots=True)
class _Forked:
    """A process that was forked, and the line to it."""

    process: int
    line: Line


class Template(Child):
    """One process that is forked for each call. What is forked is gone when the call is over, whatever it did.

    What is kept for somebody serves the same one's next calls too, and is gone when it has nothing to do, or when it
    was kept for the longest of too many. It gets no sheet: it could hold that of each call.
    """

    # Forked is what has one thread, and one is what each child works with.
    environment = MappingProxyType(dict.fromkeys(ONE_THREAD_EACH, "1"))
    _status = 0
    """How the process ended that was buried last; 0 where the template followed another order since, or none."""

    def __init__(self) -> None:
        super().__init__()
        self._kept: dict[str, _Forked] = {}

    def ask(
        self, limit_s: float, function: Callable[..., object], args: Any, named: Any, keep_for: str | None = None
    ) -> Returned:
        ends_at = time.monotonic() + limit_s
        call = partial(_asked, ends_at, function, args, named, on_a_sheet=keep_for is None)
        kept = None if keep_for is None else self._kept.pop(keep_for, None)
        if kept is not None:
            with suppress(Ended):  # it had waited for too long, or worked enough
                return self._of(kept, call, keep_for)
        return self._of(self._fork(Fork(function, keep_for is not None), ends_at), call, keep_for)

    def overspent(self) -> bool:
        return os.WIFSIGNALED(self._status) and os.WTERMSIG(self._status) == signal.SIGXCPU

    def kill(self) -> None:
        super().kill()
        for forked in self._kept.values():
            forked.line.close()

    def _fork(self, order: Fork, ends_at: float) -> _Forked:
        ours, theirs = socket.socketpair()
        process = None
        try:
            with theirs:
                process = self._order(order, ends_at, theirs.fileno())
        finally:
            if process is None:
                ours.close()
        if process is None:
            raise NoProcess
        return _Forked(process, Line(ours))

    def _of(self, forked: _Forked, call: Callable[[Line], Returned], keep_for: str | None) -> Returned:
        stays = False
        try:
            returned = call(forked.line)
            stays = keep_for is not None
        finally:
            if not stays:
                self._bury(forked)
        if keep_for is not None:
            self._kept[keep_for] = forked
            if len(self._kept) > _MOST_KEPT:
                self._bury(self._kept.pop(next(iter(self._kept))))
        return returned

    def _bury(self, forked: _Forked) -> None:
        """Have it killed and waited for. A template that can't say how it ended doesn't stay."""
        forked.line.close()
        if self.may_stay:  # else it goes with its template
            with suppress(TimeoutError, Ended, NotData):
                self._status = self._order(Bury(forked.process), time.monotonic() + _ENDING_S) or 0

    def _order(self, order: Fork | Bury, ends_at: float, end: int | None = None) -> int | None:
        self.may_stay, self._status = False, 0
        self._line.send(call_parts(order), ends_at, blank=end)
        answer: int | None = received_answer(self._line.receive(ends_at))
        self.may_stay = True
        return answer


def _environment() -> dict[str, str]:
    """What of the service's own environment a child needs. The rest may be secret: a child that a file took over could
    tell it in its answer, which its applicant gets to see."""
    return {name: os.environ[name] for name in _HANDED_ON if name in os.environ}


def _asked(
    ends_at: float, function: Callable[..., object], args: Any, named: Any, line: Line, on_a_sheet: bool = True
) -> Returned:
    """What the process at the other end of the line gives back; what is large in it comes on a sheet, where it may."""
    sent = tuple(apart(each) for each in args), {name: apart(each) for name, each in named.items()}
    blank = blank_sheet() if on_a_sheet else None
    try:
        line.send(call_parts((function, *sent)), ends_at, blank=blank)
        returned = received_answer(line.receive(ends_at, blank))
    finally:
        if blank is not None:
            os.close(blank)
    if not isinstance(returned, Returned):
        raise NotData("no answer")
    return returned
