"""A pool of children with a hard time limit per call: a crash, a hang or a bomb costs one child."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Callable
from dataclasses import dataclass
from threading import Condition
from typing import Any, ParamSpec, TypeVar, cast

from verify_svc.inference.answers import NotData
from verify_svc.inference.child import Upbringing
from verify_svc.inference.confinement import Confinement
from verify_svc.inference.messages import Ended
from verify_svc.inference.processes import Child, NoProcess, Template

P = ParamSpec("P")
T = TypeVar("T")


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

    def call_now_in_a_row(
        self, owner: str, timeout_s: float, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """As `call_now`; what was forked serves the same owner's next such calls too, for a few owners at a time. For
        what is neither judged nor kept: one thing that is sent so could falsify the next."""
        return self._ask(None, timeout_s, function, args, kwargs, waits=False, keep_for=owner)

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
        keep_for: str | None = None,
    ) -> T:
        child = self._queue.take(owner) if waits else self._queue.take_free()
        try:
            if child is None or not child.alive():
                child = self._start(child)
            returned = child.ask(timeout_s, function, args, named, keep_for)
        except TimeoutError:
            raise ChildTimeout(f"no answer within {timeout_s} s") from None
        except NoProcess:
            raise PoolBusy("no process can be started") from None
        except Ended:
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

    def _start(self, dead: Child | None) -> Child:
        if dead is not None:
            dead.kill()
        child = (Template if self._upbringing.confined else Child)()
        try:
            held = child.greet(self._upbringing, self._prepare, self._start_s)
        except BaseException:
            child.kill()
            raise
        self._told(held)
        return child


class _Queue:
    """Who gets a child next: of the owners that hold none, the one that was served longest ago."""

    def __init__(self, workers: int, limits: PoolLimits) -> None:
        self._limits = limits
        self._changed = Condition()
        self._idle: list[Child | None] = [None] * workers
        self._turns = itertools.count(1)
        self._served: dict[str, int] = {}
        self._held: set[str] = set()
        self._waiting: dict[int, str | None] = {}
        self._closed = False

    def take(self, owner: str | None) -> Child | None:
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

    def take_free(self) -> Child | None:
        """The same for nobody's turn: only where no one waits. Raises `PoolBusy`."""
        with self._changed:
            if self._closed or not self._idle or self._waiting:
                raise PoolBusy("no child is free")
            return self._idle.pop()

    def give(self, owner: str | None, child: Child | None) -> None:
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
