"""What a process and all below it hold is told while they hold it."""

from __future__ import annotations

import os
import subprocess
import sys
import time

from verify_svc.bench.held import Held, Watch, all_below, held_bytes, table

_MIB = 2**20
_HOLDS = "import sys; held = bytearray(b'1') * (64 << 20); print(1, flush=True); sys.stdin.read()"
_HAS_A_CHILD = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {_HOLDS!r}])"


def test_what_a_grandchild_holds_for_a_moment_counts() -> None:
    before = sum(map(held_bytes, all_below(os.getpid())))  # of other tests
    with Watch() as watch:
        with subprocess.Popen(
            [sys.executable, "-c", _HAS_A_CHILD], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        ) as child:
            assert child.stdout is not None
            assert child.stdout.readline() == b"1\n"
            below = list(all_below(child.pid))
            assert len(below) == 1
            assert held_bytes(below[0]) > 64 * _MIB
            time.sleep(0.5)
            child.communicate(b"")
        assert list(all_below(child.pid)) == []
    assert 64 * _MIB < watch.most[1] - before < 160 * _MIB
    assert held_bytes(child.pid) == 0


def test_own_and_children_are_told_apart_and_together() -> None:
    assert table([Held("clips", 100 * _MIB, 500 * _MIB)]).splitlines()[-1] == "| clips | 100 | 500 | 600 |"
