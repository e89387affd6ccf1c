"""What children spend: their own, not their parent's."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from tests.media.made_clips import moving_bar
from verify_svc.bench.speed import MeasuringPool, Spent, decode_alone

_HELD_BYTES = 400 << 20


def test_a_childs_memory_is_told_without_its_parents() -> None:
    held = np.ones(_HELD_BYTES, np.uint8)
    spent = Spent()
    with closing(MeasuringPool(spent, confined=True)) as pool:
        assert pool.call(60.0, sum, [1, 2]) == 3
    assert held[-1] == 1
    assert 0 < spent.most_resident_bytes < _HELD_BYTES


def test_what_a_child_spends_is_told_by_what_it_was_asked_for() -> None:
    spent = Spent()
    with closing(MeasuringPool(spent)) as pool:
        pool.call(60.0, sum, range(3_000_000))
        pool.call(60.0, len, "three")
    assert set(spent.by_function_s) == {"sum", "len"}
    assert spent.by_function_s["sum"] > spent.by_function_s["len"]
    assert sum(spent.by_function_s.values()) == pytest.approx(spent.cpu_s)


def test_decoding_alone_decodes_every_frame(tmp_path: Path) -> None:
    assert decode_alone(moving_bar(tmp_path / "clip.mp4")) == 40
