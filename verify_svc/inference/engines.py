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
