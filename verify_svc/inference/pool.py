"""A pool of children with a hard time limit per call: a crash, a hang or a bomb costs one child."""

from __future__ import annotations

import itertools
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from threading import Condition
from types import MappingProxyType
from typing import Any, ParamSpec, TypeVar, cast

from verify_svc.inference.answers import NotData, received_answer
from verify_svc.inference.child import Born, Returned, Upbringing
from verify_svc.inference.confinement import Confinement
from verify_svc.inference.manifest import WEIGHTS_DIR_VARIABLE
from verify_svc.inference.messages import Ended, Line, apart, call_parts
from verify_svc.inference.sheets import blank_sheet
from verify_svc.inference.threads import ONE_THREAD_EACH

P = ParamSpec("P")
T = TypeVar("T")

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


class ChildError(Exception):
    """A child could not answer."""


class ChildTimeout(ChildError):
    """The call outran its time limit; the child was killed."""


class ChildCrashed(ChildError):
    """The child died (a crash in native code, or out of memory), or what it said was no data."""


class ChildOverspent(ChildError):
    """The call took more of the processor's time than it may: what it was given is to blame, not a busy machine."""


class PoolBusy(Exception):
    """No child was free in time. Nothing was tried, and nothing is known of what was to be looked at: ask again."""


@dataclass(frozen=True, slots=True)
class PoolLimits:
    """How long a call waits for a child, and how many calls of one owner do."""

    max_wait_s: float = 8.0  # with the 20 s of a decoding: under the 30 s after which the page takes a line for dead
    max_waiting_of_owner: int = 6  # as many as a browser asks for at once
    start_s: float = 60.0  # measured: 0.1 s; a machine that swaps takes longer


class ChildPool:
    """Runs module-level functions in children, each one call at a time.

    `max_memory_bytes` bounds a child's address space (decoding children; `None` for inference children, whose weights
    are mapped). `confined` children read no file but libraries, write none and reach no network (`confinement`), and
    serve one call each: they are forked from a template that is kept, and `max_cpu_s` is the processor time that each
    may take, whatever the clock says. `yielding` ones leave the processors to whoever else wants them.
    A process that starts runs `prepare` first. `told` hears how far it is confined. Processes start at the first call.
    Exceptions of the function itself are raised here, those of other libraries as RuntimeError; `ChildTimeout`,
    `ChildOverspent` and `ChildCrashed` tell of the child, `PoolBusy` of none being free.
    """

    def __init__(
        self,
        workers: int = 1,
        *,
        max_memory_bytes: int | None = None,
        max_cpu_s: int | None = None,
        confined: bool = False,
        yielding: bool = False,
        limits: PoolLimits = PoolLimits(),
        prepare: Callable[[], object] | None = None,
        told: Callable[[Confinement], None] = lambda held: None,
    ) -> None:
        if max_cpu_s is not None and not confined:
            raise ValueError("only a confined child's time is bounded")
        self._prepare = prepare
        self._upbringing = Upbringing(max_memory_bytes, max_cpu_s, confined, tuple(sys.path), yielding)
        self._queue = _Queue(workers, limits)
        self._start_s = limits.start_s
        self._told = told

    def call(self, timeout_s: float, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `function(*args, **kwargs)` in a child and give back what it returns."""
        return self._ask(None, timeout_s, function, args, kwargs)

    def call_for(self, owner: str, timeout_s: float, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """As `call`, in turn with other owners: one owner holds one child at a time, however many calls it makes."""
        return self._ask(owner, timeout_s, function, args, kwargs)

    def call_now(self, timeout_s: float, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """As `call` where a child is free and nobody waits for one; else `PoolBusy` at once."""
        return self._ask(None, timeout_s, function, args, kwargs, waits=False)

    def close(self) -> None:
        """Stop all children now. Who waits for one is told `PoolBusy`."""
        self._queue.close()

    def _ask(
        self,
        owner: str | None,
        timeout_s: float,
        function: Callable[..., T],
        args: Any,
        named: Any,
        waits: bool = True,
    ) -> T:
        child = self._queue.take(owner) if waits else self._queue.take_free()
        try:
            if child is None or not child.alive():
                child = self._start(child)
            returned = child.ask(timeout_s, function, args, named)
        except TimeoutError:
            raise ChildTimeout(f"no answer within {timeout_s} s") from None
        except Ended:
            if child is not None and child.unborn():
                raise PoolBusy("no process can be started") from None
            if child is not None and child.overspent():
                raise ChildOverspent("more processor time than a call may take") from None
            raise ChildCrashed("the child ended") from None
        except NotData as error:
            raise ChildCrashed(f"no data: {error}") from None
        finally:
            if child is not None and not child.may_stay:
                child.kill()
                child = None
            self._queue.give(owner, child)
        raised = returned.error
        if raised is None:
            return cast(T, returned.value)
        del returned
        try:
            if isinstance(raised, MemoryError):
                raise ChildCrashed("out of memory") from None
            if isinstance(raised, ChildError | PoolBusy):  # these are not the child's to say
                raise ChildCrashed("speaks for the pool") from None
            raise raised from None
        finally:
            del raised  # it holds this frame, and the frame the file: a ring would keep both until garbage is collected

    def _start(self, dead: _Child | None) -> _Child:
        if dead is not None:
            dead.kill()
        child = (_Template if self._upbringing.confined else _Child)()
        try:
            held = child.greet(self._upbringing, self._prepare, self._start_s)
        except BaseException:
            child.kill()
            raise
        self._told(held)
        return child


def _environment() -> dict[str, str]:
    """What of the service's own environment a child needs. The rest may be secret: a child that a file took over could
    tell it in its answer, which its applicant gets to see."""
    return {name: os.environ[name] for name in _HANDED_ON if name in os.environ}


class _Child:
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

    def ask(self, limit_s: float, function: Callable[..., object], args: Any, named: Any) -> Returned:
        self.may_stay = False
        returned = _asked(self._line, time.monotonic() + limit_s, function, args, named)
        self.may_stay = True
        return returned

    def overspent(self) -> bool:
        """Whether it ended by the kernel's hand, for the processor time of its call."""
        return False

    def unborn(self) -> bool:
        """Whether there was no process to be had for the call."""
        return False

    def kill(self) -> None:
        self._process.kill()
        self._line.close()
        self._process.wait()


class _Template(_Child):
    """One process that is forked for each call. What is forked is gone when the call is over, whatever it did."""

    # Forked is what has one thread, and one is what each child works with.
    environment = MappingProxyType(dict.fromkeys(ONE_THREAD_EACH, "1"))
    _status: int | None = 0
    """How the last process that was forked ended; None where none could be."""

    def ask(self, limit_s: float, function: Callable[..., object], args: Any, named: Any) -> Returned:
        self.may_stay = False
        ends_at = time.monotonic() + limit_s
        ours, theirs = socket.socketpair()
        with ours:
            with theirs:
                self._line.send(call_parts(function), ends_at, blank=theirs.fileno())
            try:
                return _asked(Line(ours), ends_at, function, args, named)
            finally:
                self._bury()

    def overspent(self) -> bool:
        status = self._status or 0
        return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGXCPU

    def unborn(self) -> bool:
        return self._status is None

    def _bury(self) -> None:
        """Have what was forked killed and waited for. A template that can't say how it ended doesn't stay."""
        self._status = 0
        ends_at = time.monotonic() + _ENDING_S
        with suppress(TimeoutError, Ended, NotData):
            self._line.send(call_parts(None), ends_at)
            self._status = received_answer(self._line.receive(ends_at))
            self.may_stay = True


def _asked(line: Line, ends_at: float, function: Callable[..., object], args: Any, named: Any) -> Returned:
    """What the process at the other end of the line gives back."""
    sent = tuple(apart(each) for each in args), {name: apart(each) for name, each in named.items()}
    blank = blank_sheet()
    try:
        line.send(call_parts((function, *sent)), ends_at, blank=blank)
        returned = received_answer(line.receive(ends_at, blank))
    finally:
        os.close(blank)
    if not isinstance(returned, Returned):
        raise NotData("no answer")
    return returned


class _Queue:
    """Who gets a child next: of the owners that hold none, the one that was served longest ago."""

    def __init__(self, workers: int, limits: PoolLimits) -> None:
        self._limits = limits
        self._changed = Condition()
        self._idle: list[_Child | None] = [None] * workers
        self._turns = itertools.count(1)
        self._served: dict[str, int] = {}
        self._held: set[str] = set()
        self._waiting: dict[int, str | None] = {}
        self._closed = False

    def take(self, owner: str | None) -> _Child | None:
        """A child, or None: the caller is to start one. Raises `PoolBusy`."""
        with self._changed:
            mine = owner is not None and sum(each == owner for each in self._waiting.values())
            if mine >= self._limits.max_waiting_of_owner:
                raise PoolBusy("this owner waits often enough")
            ticket = next(self._turns)
            self._waiting[ticket] = owner
            try:
                came = self._changed.wait_for(lambda: self._closed or self._is_next(ticket), self._limits.max_wait_s)
            finally:
                del self._waiting[ticket]
                self._forget()
            if self._closed or not came:
                raise PoolBusy(f"no child within {self._limits.max_wait_s} s")
            if owner is not None:
                self._held.add(owner)
                self._served[owner] = next(self._turns)
            child = self._idle.pop()
            self._changed.notify_all()
            return child

    def take_free(self) -> _Child | None:
        """The same for nobody's turn: only where no one waits. Raises `PoolBusy`."""
        with self._changed:
            if self._closed or not self._idle or self._waiting:
                raise PoolBusy("no child is free")
            return self._idle.pop()

    def give(self, owner: str | None, child: _Child | None) -> None:
        """Back, or None in the place of one that is dead."""
        with self._changed:
            self._held.discard(owner or "")
            self._idle.append(child)
            if self._closed and child is not None:
                child.kill()
            self._forget()
            self._changed.notify_all()

    def close(self) -> None:
        with self._changed:
            self._closed = True
            for child in self._idle:
                if child is not None:
                    child.kill()
            self._idle = [None] * len(self._idle)
            self._changed.notify_all()

    def _is_next(self, ticket: int) -> bool:
        free = [each for each, owner in self._waiting.items() if owner not in self._held]
        return bool(self._idle) and bool(free) and ticket == min(free, key=self._rank)

    def _rank(self, ticket: int) -> tuple[int, int]:
        owner = self._waiting[ticket]
        return (0 if owner is None else self._served.get(owner, 0)), ticket

    def _forget(self) -> None:
        """Owners that neither wait nor hold a child start anew."""
        here = self._held | set(self._waiting.values())
        self._served = {owner: turn for owner, turn in self._served.items() if owner in here}
