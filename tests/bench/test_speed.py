"""What children spend: their own, not their parent's."""

from __future__ import annotations

from contextlib import closing

import numpy as np

from verify_svc.bench.speed import MeasuringPool, Spent

_HELD_BYTES = 400 << 20


def test_a_childs_memory_is_told_without_its_parents() -> None:
    held = np.ones(_HELD_BYTES, np.uint8)
    spent = Spent()
    with closing(MeasuringPool(spent, confined=True)) as pool:
        assert pool.call(60.0, sum, [1, 2]) == 3
    assert held[-1] == 1
    assert 0 < spent.most_resident_bytes < _HELD_BYTES
