"""A pool of spawned children with a hard time limit per call: a crash, a hang or a bomb costs one child."""

from __future__ import annotations

import resource
from collections.abc import Callable
from concurrent.futures import TimeoutError as FutureTimeout
from multiprocessing import get_context
from typing import ParamSpec, TypeVar

from pebble import ProcessExpired, ProcessPool

P = ParamSpec("P")
T = TypeVar("T")


class ChildError(Exception):
    """A child could not answer."""


class ChildTimeout(ChildError):
    """The call outran its time limit; the child was killed."""


class ChildCrashed(ChildError):
    """The child died (a crash in native code, or out of memory)."""


def _prepare(max_memory_bytes: int | None, initializer: Callable[[], None] | None) -> None:
    if max_memory_bytes is not None:
        resource.setrlimit(resource.RLIMIT_AS, (max_memory_bytes, max_memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if initializer is not None:
        initializer()


class ChildPool:
    """Runs module-level functions in spawned children.

    `max_memory_bytes` bounds a child's address space (decoding children; `None` for inference children, whose
    weights are mapped). `initializer` runs once in each new child. Exceptions of the function itself are raised
    here as they are; `ChildTimeout` and `ChildCrashed` tell of the child.
    """

    def __init__(
        self,
        workers: int = 1,
        *,
        max_memory_bytes: int | None = None,
        initializer: Callable[[], None] | None = None,
        max_calls: int = 0,
    ) -> None:
        self._pool = ProcessPool(
            max_workers=workers,
            max_tasks=max_calls,
            initializer=_prepare,
            initargs=[max_memory_bytes, initializer],
            context=get_context("spawn"),
        )

    def call(self, timeout_s: float, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `function(*args, **kwargs)` in a child and give back what it returns."""
        future = self._pool.schedule(function, args=list(args), kwargs=kwargs, timeout=timeout_s)
        try:
            return future.result()
        except FutureTimeout:
            raise ChildTimeout(f"no answer within {timeout_s} s") from None
        except ProcessExpired as error:
            raise ChildCrashed(f"child ended with code {error.exitcode}") from None
        except MemoryError:
            raise ChildCrashed("out of memory") from None

    def close(self) -> None:
        """Stop all children now."""
        self._pool.stop()
        self._pool.join()
