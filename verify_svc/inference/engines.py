"""The two pools of children that the engines work with."""

from __future__ import annotations

from dataclasses import dataclass

from verify_svc.inference.pool import ChildPool


@dataclass(frozen=True, slots=True)
class Engines:
    """`decoding` children hold no weights and little memory; `inference` children get decoded arrays alone."""

    decoding: ChildPool
    inference: ChildPool

    def close(self) -> None:
        """Stop all children."""
        self.decoding.close()
        self.inference.close()


DECODING_MEMORY_BYTES = 3 << 30
"""Address space of a decoding child: libraries map 1 GiB, a 64-megapixel picture and its copies take the rest."""


def make_engines(workers: int = 1) -> Engines:
    """Both pools, `workers` children each. Children start at the first call."""
    return Engines(ChildPool(workers, max_memory_bytes=DECODING_MEMORY_BYTES), ChildPool(workers))
