"""The pools of children that the engines work with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from verify_svc.inference.confinement import Confinement
from verify_svc.inference.pool import ChildPool, PoolLimits


@dataclass(frozen=True, slots=True)
class Engines:
    """`decoding` children hold no weights and little memory, and serve one call each; `inference` children get decoded
    arrays alone.

    So does the one child of `hints`, which looks at single frames while a phone frames its face. It yields to all
    others. None: no hints are given.
    """

    decoding: ChildPool
    inference: ChildPool
    hints: ChildPool | None = None

    def close(self) -> None:
        """Stop all children."""
        self.decoding.close()
        self.inference.close()
        if self.hints is not None:
            self.hints.close()


INFERENCE_S = 180.0
"""By the clock, for one call to the networks, so that a hang ends. A machine ten times overloaded stays far below, a
child that loads its weights anew included."""
DECODING_MEMORY_BYTES = 3 << 30
"""Address space of a decoding child: libraries map 1 GiB, a 64-megapixel picture and its copies take the rest."""
DECODING_CPU_S = 90
"""Of one call. Measured: the most pixels that a clip may have take 19 to 31 s, in the coders that cost the most."""
INFERENCE_LIMITS = PoolLimits(max_wait_s=150.0)
"""A job that comes while the weights are loaded waits for them (`warm.WARMING_LIMIT_S`)."""


def make_engines(
    decoding_children: int = 1,
    inference_children: int = 1,
    decoding_memory_bytes: int = DECODING_MEMORY_BYTES,
    hints: bool = False,
    prepare: Callable[[], object] | None = None,
    told: Callable[[Confinement], None] = lambda held: None,
) -> Engines:
    """All pools. Children start at the first call; `prepare` is done once for all decoding children, and `told` hears
    how far they are confined."""
    return Engines(
        decoding=ChildPool(
            decoding_children,
            max_memory_bytes=decoding_memory_bytes,
            max_cpu_s=DECODING_CPU_S,
            confined=True,
            prepare=prepare,
            told=told,
        ),
        inference=ChildPool(inference_children, limits=INFERENCE_LIMITS),
        hints=ChildPool(yielding=True) if hints else None,
    )
