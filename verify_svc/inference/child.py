"""The life of a child: it runs what the service asks for until the service hangs up.

A confined one runs nothing itself. It is the template of those that do: for each call it is forked, and what is forked
serves that call and ends, or those of one owner in a row. So no child knows anything of another's file, and none
imports anything anew.

Started as `python -P -c 'from verify_svc.inference.child import live; live(FD)'`. Nothing large is imported before
the confinement holds: it binds the threads that are started after it.
"""

from __future__ import annotations

import gc
import os
import resource
import select
import signal
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass
from threading import Thread
from typing import Any

from verify_svc.inference.answers import answer_parts
from verify_svc.inference.confinement import Confinement, confine, confine_forked
from verify_svc.inference.messages import Ended, Line, received_call
from verify_svc.inference.sheets import serving

_YIELDING = 10
"""Steps of niceness: a tenth of the time that a process of the usual priority gets."""

_IDLE_MS, _KEPT_CPU_S = 3000, 5
"""A forked child that is kept for calls that follow ends when none came for so long, or with the processor time of 4000
hints: one that was taken over has no more of it when it should be idle."""


@dataclass(frozen=True, slots=True)
class Upbringing:
    """How a child is to live. `max_memory_bytes` bounds its address space; `confined` shuts it off (`confinement`) and
    has it forked for each call, which `max_cpu_s` of processor time may be spent on; `import_path` is the service's own
    `sys.path`; a `yielding` one works with what time others leave."""

    max_memory_bytes: int | None
    max_cpu_s: int | None
    confined: bool
    import_path: tuple[str, ...]
    yielding: bool = False


@dataclass(frozen=True, slots=True)
class Born:
    """What a child says first."""

    confinement: Confinement


@dataclass(frozen=True, slots=True)
class Fork:
    """An order to a template: to be forked for a call of that function, and for those that follow if it is `kept`.
    Answered by the process, None where none can be started."""

    function: Callable[..., object]
    kept: bool


@dataclass(frozen=True, slots=True)
class Bury:
    """An order to a template: that process is to be ended. Answered by how it ended."""

    process: int


@dataclass(frozen=True, slots=True)
class Returned:
    """What a function gave back, or raised."""

    value: Any = None
    error: Exception | None = None


def live(descriptor: int) -> None:
    """Serve the other end of that socket until it is closed."""
    end = socket.socket(fileno=descriptor)
    # Ctrl-C reaches the whole group of processes; the service ends its children itself.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    line = Line(end)
    upbringing: Upbringing = received_call(line.receive())
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if upbringing.max_memory_bytes is not None:
        resource.setrlimit(resource.RLIMIT_AS, (upbringing.max_memory_bytes,) * 2)
    if upbringing.yielding:
        os.nice(_YIELDING)
    threads = os.open("/proc/self/task", os.O_RDONLY)  # which the confinement hides
    held = confine() if upbringing.confined else Confinement()
    sys.path[:] = upbringing.import_path
    try:
        prepare = received_call(line.receive())
        if prepare is not None:
            prepare()
        line.send(answer_parts(Born(held)))
        if upbringing.confined:
            while True:
                _follow(line, threads, held, upbringing.max_cpu_s)
        os.close(threads)
        Thread(target=_end_with, args=(end,), daemon=True).start()
        while True:
            _serve(line)
    except Ended:
        return


def _follow(line: Line, threads: int, held: Confinement, max_cpu_s: int | None) -> None:
    """In a template: do what the service orders, and answer with a number.

    Nothing that a forked process says is read here, and it has no way here: its own line, which comes along, leads to
    the service.
    """
    parts, end = line.receive_call()
    order: Fork | Bury = received_call(parts)  # with the function: what it needs is imported here, once
    if isinstance(order, Bury):
        line.send(answer_parts(_bury(order.process)))
        return
    if end is None or len(os.listdir(threads)) > 1:  # a lock that another thread holds would stay so in what is forked
        raise RuntimeError("no line, or several threads")
    gc.freeze()  # collecting garbage would write on, and so copy, whatever there is
    template = os.getpid()
    try:
        forked = os.fork()
    except OSError:  # no room for a process: that is not the call's doing
        forked = None
    if forked == 0:
        try:  # from here there is no way back into the template
            line.close()
            os.close(threads)
            _live_shortly(end, template, held, _KEPT_CPU_S if order.kept else max_cpu_s)
        finally:
            os._exit(0)
    os.close(end)
    line.send(answer_parts(forked))


def _bury(forked: int) -> int:
    """How it ended."""
    os.kill(forked, signal.SIGKILL)
    return os.waitpid(forked, 0)[1]


def _live_shortly(end: int, template: int, held: Confinement, max_cpu_s: int | None) -> None:
    """Serve one call, and those that follow while somebody has them. It ends where none does."""
    os.dup2(0, 1)  # what a decoder says of a file is nothing for the log
    os.dup2(0, 2)
    if max_cpu_s is not None:  # past it the kernel ends the process: SIGXCPU, and a second later whatever it does
        resource.setrlimit(resource.RLIMIT_CPU, (max_cpu_s, max_cpu_s + 1))
    confine_forked(held, template)
    line, more = Line(socket.socket(fileno=end)), select.poll()
    more.register(end, select.POLLIN)
    _serve(line)
    while more.poll(_IDLE_MS):
        _serve(line)


def _serve(line: Line) -> None:
    parts, blank = line.receive_call()
    function, args, named = received_call(parts)
    with serving(blank):
        answer = _run(function, args, named)
        del parts, args, named
        try:
            line.send(answer_parts(answer), on=blank)
        except Ended:
            raise
        except Exception as fault:  # neither a value nor an exception that can be sent
            line.send(answer_parts(Returned(error=TypeError(f"can't be sent: {type(fault).__name__}"))))


def _run(function: Callable[..., Any], args: Any, named: Any) -> Returned:
    try:
        return Returned(function(*args, **named))
    except MemoryError:  # numpy has its own
        return Returned(error=MemoryError())
    except Exception as error:
        kind = type(error)
        known = kind.__module__.partition(".")[0] in ("builtins", "verify_svc")
        # A library's own words stay here: the service would not open them, and they may quote the file.
        return Returned(error=_alone(error) if known else RuntimeError(f"{kind.__module__}.{kind.__name__}"))


def _alone(error: Exception) -> Exception:
    """The error without its traceback, whose frames hold the picture and, in a ring, the error: it would all stay in
    memory until somebody collects garbage."""
    error.__context__ = error.__cause__ = None
    return error.with_traceback(None)


def _end_with(end: socket.socket) -> None:
    """The service died or hung up while a function runs: nobody waits for its answer."""
    poll = select.poll()
    poll.register(end, 0)  # nothing but the hang-up wakes it
    poll.poll()
    os._exit(1)
