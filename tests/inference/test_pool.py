"""Children: each call has an end, each waiting has an end, and what a child says is data."""

from __future__ import annotations

import gc
import math
import operator
import os
import signal
import subprocess
import sys
import time
import weakref
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path

import numpy as np
import pytest

from verify_svc.inference.pool import ChildCrashed, ChildOverspent, ChildPool, ChildTimeout, PoolBusy, PoolLimits
from verify_svc.inference.threads import ONE_THREAD_EACH

LIMIT_S = 60.0


@pytest.fixture(scope="module")
def pool() -> Iterator[ChildPool]:
    with closing(ChildPool()) as made:
        yield made


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(12) as made:
        yield made


def child_of(pool: ChildPool) -> int:
    return pool.call(LIMIT_S, os.getpid)


def forked_of(process: int) -> list[int]:
    """The processes that it was forked to, dead ones that nobody waited for included."""
    return [int(each) for each in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def runs(process: int) -> bool:
    with suppress(FileNotFoundError, ProcessLookupError):
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def test_a_child_is_kept_for_the_next_call(pool: ChildPool) -> None:
    assert child_of(pool) == child_of(pool) != os.getpid()


@pytest.mark.parametrize("confined", [False, True], ids=["kept", "forked"])
def test_a_child_knows_no_secret_of_the_services_environment(monkeypatch: pytest.MonkeyPatch, confined: bool) -> None:
    monkeypatch.setenv("VERIFY_WEBHOOK_SECRETS", "a secret")
    monkeypatch.setenv("VERIFY_WEIGHTS_DIR", "where weights are")
    with closing(ChildPool(confined=confined)) as pool:
        assert pool.call(LIMIT_S, os.getenv, "VERIFY_WEBHOOK_SECRETS") is None
        assert pool.call(LIMIT_S, os.getenv, "VERIFY_WEIGHTS_DIR") == "where weights are"
        started = pool.call(LIMIT_S, os.getppid if confined else os.getpid)
        assert b"a secret" not in Path(f"/proc/{started}/environ").read_bytes()


@pytest.mark.parametrize("name", ONE_THREAD_EACH)
def test_a_child_works_with_as_many_threads_as_the_service_is_told_to(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, "1")
    with closing(ChildPool()) as pool:
        assert pool.call(LIMIT_S, os.getenv, name) == "1"


def test_a_hang_ends_with_its_child(pool: ChildPool) -> None:
    first, began = child_of(pool), time.monotonic()
    with pytest.raises(ChildTimeout):
        pool.call(0.3, time.sleep, 60)
    assert time.monotonic() - began < 10
    assert child_of(pool) != first


def test_a_crash_costs_one_child(pool: ChildPool) -> None:
    with pytest.raises(ChildCrashed):
        pool.call(LIMIT_S, os.abort)
    assert child_of(pool)


def test_a_child_that_died_between_two_calls_is_not_noticed(pool: ChildPool) -> None:
    dead = child_of(pool)
    os.kill(dead, signal.SIGKILL)
    time.sleep(0.2)
    assert child_of(pool) != dead


def test_what_asks_for_too_much_memory_is_told(pool: ChildPool) -> None:
    with closing(ChildPool(max_memory_bytes=1 << 30)) as small, pytest.raises(ChildCrashed, match="memory"):
        small.call(LIMIT_S, bytearray, 2 << 30)


def test_what_takes_too_much_of_the_processors_time_is_told_from_a_hang() -> None:
    with closing(ChildPool(max_cpu_s=1, confined=True)) as frugal:
        for _ in range(3):  # each call has its own time, and what waits takes none of it
            frugal.call(LIMIT_S, sum, range(10_000_000))
        frugal.call(LIMIT_S, time.sleep, 2.5)
        with pytest.raises(ChildOverspent):
            frugal.call(LIMIT_S, sum, range(10**12))
        with pytest.raises(ChildOverspent):  # nothing is left over of it
            frugal.call(LIMIT_S, sum, range(10**12))
        assert child_of(frugal)


def test_a_child_that_ignores_that_its_time_is_over_ends_a_second_later() -> None:
    ignore = f"import signal; signal.signal({signal.SIGXCPU:d}, signal.SIG_IGN); sum(range(10**12))"
    with closing(ChildPool(max_cpu_s=1, confined=True)) as frugal, pytest.raises(ChildCrashed):
        frugal.call(LIMIT_S, exec, ignore)


def test_the_time_of_a_child_that_serves_many_calls_is_not_bounded() -> None:
    with pytest.raises(ValueError, match="confined"):
        ChildPool(max_cpu_s=1)


def test_an_exception_comes_as_it_is_and_a_library_s_own_by_its_name_alone(pool: ChildPool) -> None:
    with pytest.raises(ValueError, match=r"math domain error|nonnegative"):
        pool.call(LIMIT_S, math.sqrt, -1.0)
    with pytest.raises(RuntimeError, match=r"^subprocess\.CalledProcessError$"):
        pool.call(LIMIT_S, subprocess.check_output, ["false"])


def says_that_nobody_is_free() -> None:
    raise PoolBusy("no child is free")


def test_a_child_doesnt_speak_for_its_pool(pool: ChildPool) -> None:
    with pytest.raises(ChildCrashed):
        pool.call(LIMIT_S, says_that_nobody_is_free)


def test_a_call_that_raised_leaves_no_garbage_behind(pool: ChildPool) -> None:
    pool.call(LIMIT_S, gc.collect)
    with pytest.raises(ValueError, match="invalid literal"):
        pool.call(LIMIT_S, int, "x")
    with pytest.raises(RuntimeError):
        pool.call(LIMIT_S, subprocess.check_output, ["false"])
    assert pool.call(LIMIT_S, gc.collect) == 0


def test_a_call_that_raised_holds_nothing_of_what_was_sent(pool: ChildPool) -> None:
    sent = np.zeros(4)
    kept = weakref.ref(sent)
    gc.disable()
    try:
        with suppress(TypeError):
            pool.call(LIMIT_S, operator.index, sent)
        del sent
        assert kept() is None
    finally:
        gc.enable()


@pytest.mark.parametrize(
    "array",
    [
        np.arange(6, dtype=np.float32).reshape(2, 3),
        np.asfortranarray(np.arange(6).reshape(2, 3)),
        np.arange(100_000, dtype=np.uint8)[::2],
        np.array([True, False]),
        np.array(3.5),
        np.zeros((0, 3)),
        np.float32(1.5),
    ],
    ids=lambda array: f"{type(array).__name__}{np.shape(array)}",
)
def test_arrays_come_back_as_they_were(pool: ChildPool, array: np.ndarray) -> None:
    back = pool.call(LIMIT_S, operator.itemgetter(0), [array])
    assert (type(back), back.dtype, back.shape) == (type(array), array.dtype, array.shape)
    assert np.array_equal(back, array)


@pytest.mark.parametrize("size_bytes", [0, 10, 1 << 16, 5_000_000])
def test_bytes_go_and_come_whole(pool: ChildPool, size_bytes: int) -> None:
    data = os.urandom(size_bytes)
    assert pool.call(LIMIT_S, bytes.__getitem__, data, slice(None)) == data


@pytest.mark.parametrize(
    "sent",
    [os.getcwd, subprocess.Popen, ChildPool, np.array([{}], dtype=object), np.dtype("u1")],
    ids=["function", "class", "our class", "array of objects", "dtype"],
)
def test_what_is_no_data_is_not_answered(pool: ChildPool, sent: object) -> None:
    with pytest.raises(TypeError, match="can't be sent"):
        pool.call(LIMIT_S, operator.itemgetter(0), [sent])


@pytest.fixture
def hold(threads: ThreadPoolExecutor, tmp_path: Path) -> Callable[[ChildPool, str, float], Future[None]]:
    """Have a call of an owner hold a child for so many seconds; gives it once it holds it."""

    def held(pool: ChildPool, owner: str, seconds: float) -> Future[None]:
        begun = tmp_path / "begun"
        begun.unlink(missing_ok=True)
        program = f"import pathlib, time; pathlib.Path({str(begun)!r}).touch(); time.sleep({seconds})"
        call = threads.submit(pool.call_for, owner, LIMIT_S, exec, program)
        while not begun.exists():
            assert not call.done()
            time.sleep(0.01)
        return call

    return held


Hold = Callable[[ChildPool, str, float], "Future[None]"]


def test_who_waits_too_long_for_a_child_is_told_so(hold: Hold) -> None:
    with closing(ChildPool(limits=PoolLimits(max_wait_s=0.3))) as pool:
        busy = hold(pool, "one", 2.0)
        with pytest.raises(PoolBusy):
            pool.call_for("other", LIMIT_S, os.getpid)
        busy.result()
        assert child_of(pool)


def test_one_owner_holds_one_child_of_two(hold: Hold, threads: ThreadPoolExecutor) -> None:
    with closing(ChildPool(2, limits=PoolLimits(max_wait_s=30))) as pool:
        first = hold(pool, "one", 2.0)
        second = threads.submit(pool.call_for, "one", LIMIT_S, os.getpid)
        assert pool.call_for("other", LIMIT_S, os.getpid)
        assert not second.done()
        first.result()
        assert second.result()


def test_owners_take_turns(hold: Hold, threads: ThreadPoolExecutor) -> None:
    ended: list[str] = []

    def call(one: ChildPool, owner: str) -> None:
        one.call_for(owner, LIMIT_S, time.sleep, 0.05)
        ended.append(owner)

    with closing(ChildPool(limits=PoolLimits(max_wait_s=30))) as one:
        hold(one, "greedy", 2.0)
        calls = []
        for owner in ["greedy"] * 4 + ["modest"]:
            calls.append(threads.submit(call, one, owner))
            time.sleep(0.05)
        for each in calls:
            each.result()
    assert ended[0] == "modest"


def test_an_owner_may_wait_a_few_times_at_once(hold: Hold, threads: ThreadPoolExecutor) -> None:
    with closing(ChildPool(limits=PoolLimits(max_wait_s=30, max_waiting_of_owner=2))) as pool:
        hold(pool, "one", 2.0)
        calls = [threads.submit(pool.call_for, "one", LIMIT_S, os.getpid) for _ in range(3)]
        told = [call.exception() for call in calls]
    assert [type(each) for each in told if each is not None] == [PoolBusy]


_SERVICE = """
import os, sys, time
from threading import Thread
from verify_svc.inference.pool import ChildPool
pool = ChildPool(confined=sys.argv[1] == "confined")
print(pool.call(60, os.getppid) if sys.argv[1] == "confined" else pool.call(60, os.getpid), flush=True)
Thread(target=pool.call, args=(60, time.sleep, 60), daemon=True).start()
time.sleep(60)
"""


@pytest.mark.parametrize("kind", ["confined", "kept"])
@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGKILL])
def test_all_children_end_with_a_service_that_is_ended(kind: str, end: signal.Signals) -> None:
    with subprocess.Popen([sys.executable, "-c", _SERVICE, kind], stdout=subprocess.PIPE) as ours:
        assert ours.stdout is not None
        started = int(ours.stdout.readline())
        ends_at = time.monotonic() + 10
        while kind == "confined" and not forked_of(started):
            assert time.monotonic() < ends_at
        all_of_it = [started, *forked_of(started)]
        time.sleep(0.2)
        ours.send_signal(end)
    while any(map(runs, all_of_it)):
        assert time.monotonic() < ends_at
        time.sleep(0.05)


def test_a_call_for_now_is_refused_at_once_while_the_child_works(pool: ChildPool, threads: ThreadPoolExecutor) -> None:
    assert pool.call_now(LIMIT_S, os.getpid) == child_of(pool)
    held = threads.submit(pool.call, LIMIT_S, time.sleep, 0.6)
    time.sleep(0.1)
    began = time.monotonic()
    with pytest.raises(PoolBusy):
        pool.call_now(LIMIT_S, os.getpid)
    assert time.monotonic() - began < 0.3
    held.result()
    assert pool.call_now(LIMIT_S, os.getpid)


def test_a_yielding_child_leaves_the_processors_to_others(pool: ChildPool) -> None:
    with closing(ChildPool(yielding=True)) as polite:
        assert polite.call(LIMIT_S, os.nice, 0) >= pool.call(LIMIT_S, os.nice, 0) + 5
