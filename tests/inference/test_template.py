"""A confined child serves one call and is gone, or one owner's in a row; the template that it is forked of never hears
of what it did."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.inference.test_pool import forked_of, runs
from verify_svc.inference.pool import ChildCrashed, ChildOverspent, ChildPool, ChildTimeout, PoolBusy
from verify_svc.media.warm import warm_decoders

LIMIT_S = 60.0
_MANY = 2_000


@pytest.fixture(scope="module")
def pool() -> Iterator[ChildPool]:
    with closing(ChildPool(max_memory_bytes=3 << 30, confined=True, prepare=warm_decoders)) as made:
        yield made


@pytest.fixture
def keeping() -> Iterator[ChildPool]:
    """A pool for owners' calls in a row."""
    with closing(ChildPool(max_cpu_s=60, confined=True)) as made:
        yield made


def template_of(pool: ChildPool) -> int:
    return pool.call(LIMIT_S, os.getppid)


def count_open(process: int) -> int:
    return len(list(Path(f"/proc/{process}/fd").iterdir()))


def shared_memory_bytes() -> int:
    """What sheets take, on the whole machine."""
    lines = dict(line.split(":") for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines())
    return int(lines["Shmem"].split()[0]) * 1024


def memory_bytes(process: int) -> int:
    lines = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("Private_Dirty:"))


# Test modules are nothing that a confined child may read: it is told its programs.
_FIND = """
found = {}
for number in range(1024):
    try:
        found[number] = os.fstat(number).st_mode >> 12, os.fstat(number).st_rdev
    except OSError:
        continue
sheet, line = (next((number for number in found if found[number] == (kind, 0)), None) for kind in (0o10, 0o14))
"""
_START_A_THREAD = "import threading, time; threading.Thread(target=time.sleep, args=(60,), daemon=True).start()"
_NO_ROOM = """
import os
def no():
    raise BlockingIOError
os.fork = no
"""


def computed(pool: ChildPool, program: str, name: str) -> Any:
    """What a program leaves under that name, run in a child."""
    rooms = "{each: __import__(each) for each in ('os', 'builtins')}"
    return pool.call(LIMIT_S, eval, f"[space := {rooms}, exec({program!r}, space), space[{name!r}]][2]")


def test_what_one_file_left_behind_isnt_there_for_the_next(pool: ChildPool) -> None:
    computed(pool, "builtins.kept = seen = 'the face of another'", "seen")
    assert computed(pool, "seen = hasattr(builtins, 'kept')", "seen") is False


def test_each_call_has_a_process_of_its_own_and_all_have_one_template(pool: ChildPool) -> None:
    assert len({pool.call(LIMIT_S, os.getpid) for _ in range(5)}) == 5
    assert len({template_of(pool) for _ in range(5)}) == 1


def test_calls_of_one_owner_in_a_row_share_a_process_and_nobody_elses_do(keeping: ChildPool) -> None:
    first = keeping.call_now_in_a_row("one", LIMIT_S, os.getpid)
    other = keeping.call_now_in_a_row("other", LIMIT_S, os.getpid)
    between = keeping.call(LIMIT_S, os.getpid)
    assert keeping.call_now_in_a_row("one", LIMIT_S, os.getpid) == first
    assert keeping.call_now_in_a_row("other", LIMIT_S, os.getpid) == other
    assert len({first, other, between}) == 3


def test_a_child_that_is_kept_ends_when_nothing_came_for_a_while(keeping: ChildPool) -> None:
    child = keeping.call_now_in_a_row("one", LIMIT_S, os.getpid)
    time.sleep(1.0)
    assert runs(child)
    ends_at = time.monotonic() + 10
    while runs(child):
        assert time.monotonic() < ends_at
    assert keeping.call_now_in_a_row("one", LIMIT_S, os.getpid) != child


def test_a_few_are_kept_and_the_one_that_waited_longest_gives_way(keeping: ChildPool) -> None:
    first, *others = (keeping.call_now_in_a_row(f"owner {number}", LIMIT_S, os.getpid) for number in range(5))
    assert not runs(first)
    assert all(map(runs, others))


def test_a_child_that_is_kept_has_no_sheet_and_answers_at_any_size(keeping: ChildPool) -> None:
    program = f"[space := {{'os': __import__('os')}}, exec({_FIND!r}, space), space['found']][2]"
    assert (0o10, 0) not in keeping.call_now_in_a_row("one", LIMIT_S, eval, program).values()
    assert len(keeping.call_now_in_a_row("one", LIMIT_S, bytes, 8 << 20)) == 8 << 20


def test_a_child_that_is_kept_has_little_time_of_the_processor_and_a_new_one_takes_over(keeping: ChildPool) -> None:
    busy = "import verify_svc.inference.child as child\ndef spin(line):\n    while True: pass\nchild._serve = spin"
    keeping.call_now_in_a_row("one", LIMIT_S, exec, busy)
    child = keeping.call_now_in_a_row("one", LIMIT_S, os.getpid)
    assert child == keeping.call_now_in_a_row("one", LIMIT_S, os.getpid)


def test_a_template_that_dies_says_nothing_of_the_time_that_an_earlier_call_took() -> None:
    with closing(ChildPool(max_cpu_s=1, confined=True)) as frugal, ThreadPoolExecutor(1) as thread:
        with pytest.raises(ChildOverspent):
            frugal.call(LIMIT_S, sum, range(10**12))
        template = frugal.call_now_in_a_row("one", LIMIT_S, os.getppid)
        with pytest.raises(ChildOverspent):
            frugal.call(LIMIT_S, sum, range(10**12))
        call = thread.submit(frugal.call_now_in_a_row, "one", LIMIT_S, time.sleep, 60)
        time.sleep(0.3)
        os.kill(template, signal.SIGKILL)
        with pytest.raises(ChildCrashed):
            call.result()


def test_a_call_that_kills_a_kept_child_kills_a_new_one_and_is_told(keeping: ChildPool) -> None:
    assert keeping.call_now_in_a_row("one", LIMIT_S, os.getpid)
    with pytest.raises(ChildCrashed):
        keeping.call_now_in_a_row("one", LIMIT_S, os.abort)
    assert keeping.call_now_in_a_row("one", LIMIT_S, os.getpid)


def test_a_child_has_what_its_template_prepared(pool: ChildPool) -> None:
    program = "import sys; seen = {'av', 'pillow_heif', 'PIL.JpegImagePlugin'} <= set(sys.modules)"
    assert computed(pool, program, "seen") is True


def test_a_child_is_gone_before_its_answer_is_given(pool: ChildPool) -> None:
    child = pool.call(LIMIT_S, os.getpid)
    assert not Path(f"/proc/{child}").exists()


def test_a_child_has_its_line_and_its_sheet_and_no_way_to_its_template(pool: ChildPool) -> None:
    null, sheet, line = (0o2, Path(os.devnull).stat().st_rdev), (0o10, 0), (0o14, 0)
    assert sorted(computed(pool, _FIND, "found").values()) == [null, null, null, sheet, line]


def test_a_child_shares_no_memory_with_its_template(pool: ChildPool) -> None:
    maps = Path(f"/proc/{template_of(pool)}/maps").read_text().splitlines()
    assert [line for line in maps if line.split()[1][1:4:2] == "ws"] == []


@pytest.mark.parametrize("how", ["kill", "owner", "owner of a socket", "priority", "processors", "limits"])
def test_a_child_doesnt_steer_its_template(pool: ChildPool, how: str) -> None:
    template = template_of(pool)
    program = {
        "kill": "os.kill(os.getppid(), 9)",
        "owner": "fcntl.fcntl(line, fcntl.F_SETOWN, os.getppid())",
        "owner of a socket": "fcntl.ioctl(line, 0x8901, os.getppid().to_bytes(4, 'little'))",
        "priority": "os.setpriority(os.PRIO_PROCESS, os.getppid(), 19)",
        "processors": "os.sched_setaffinity(os.getppid(), {0})",
        "limits": "resource.prlimit(os.getppid(), resource.RLIMIT_CPU, (1, 1))",
    }[how]
    with pytest.raises(PermissionError):
        computed(pool, f"{_FIND}import fcntl, resource\n{program}", "")
    assert template_of(pool) == template


@pytest.mark.parametrize("how", ["flags", "blocking", "locks", "locks of a whole file", "descriptors on their way"])
def test_a_child_changes_nothing_that_others_have_open_and_fills_nothing_that_is_counted_for_all(
    pool: ChildPool, how: str
) -> None:
    program = {
        "flags": "fcntl.fcntl(0, fcntl.F_SETFL, os.O_NONBLOCK)",
        "blocking": "os.set_blocking(0, False)",
        "locks": "fcntl.fcntl(os.open(os.__file__, os.O_RDONLY), fcntl.F_SETLK, bytes(32))",
        "locks of a whole file": "fcntl.flock(os.open(os.__file__, os.O_RDONLY), fcntl.LOCK_EX)",
        "descriptors on their way": "socket.send_fds(socket.socket(fileno=os.dup(line)), [b'1'], [0])",
    }[how]
    with pytest.raises(PermissionError):
        computed(pool, f"{_FIND}import fcntl, socket\n{program}", "")


def test_a_sheet_is_gone_with_its_call_however_the_child_held_it(pool: ChildPool) -> None:
    fill = f"{_FIND}import mmap\nkept = mmap.mmap(sheet, {100 << 20})\nkept[:] = bytes({100 << 20})\nseen = 1"
    assert computed(pool, fill, "seen") == 1
    before = shared_memory_bytes()
    for _ in range(5):
        assert computed(pool, fill, "seen") == 1
    assert shared_memory_bytes() - before < 300 << 20


def test_a_child_can_raise_no_limit_of_its_own(pool: ChildPool) -> None:
    raised = "import resource; resource.setrlimit(resource.RLIMIT_AS, (-1, -1))"
    with pytest.raises(ValueError, match="not allowed"):
        pool.call(LIMIT_S, exec, raised)


def test_what_a_child_prints_reaches_no_log(pool: ChildPool, capfd: pytest.CaptureFixture[str]) -> None:
    pool.call(LIMIT_S, exec, "import os; os.write(1, b'said'); os.write(2, b'said')")
    assert capfd.readouterr() == ("", "")


def test_crashes_and_hangs_leave_the_template_as_it_is(pool: ChildPool) -> None:
    template = template_of(pool)
    with pytest.raises(ChildCrashed):
        pool.call(LIMIT_S, os.abort)
    with pytest.raises(ChildTimeout):
        pool.call(0.3, time.sleep, 60)
    with pytest.raises(ChildCrashed):
        pool.call(LIMIT_S, exec, "import os; os.closerange(3, 99)\nwhile True: pass")
    assert template_of(pool) == template
    assert forked_of(template) == []


def test_a_template_that_is_killed_is_started_anew(pool: ChildPool) -> None:
    template = template_of(pool)
    os.kill(template, signal.SIGKILL)
    time.sleep(0.2)
    assert template_of(pool) != template


def test_a_template_that_is_killed_takes_its_child_along(pool: ChildPool) -> None:
    template = template_of(pool)
    with ThreadPoolExecutor(1) as thread:
        call = thread.submit(pool.call, LIMIT_S, time.sleep, 60)
        while not forked_of(template):
            assert not call.done()
        (child,) = forked_of(template)
        time.sleep(0.2)
        os.kill(template, signal.SIGKILL)
        with pytest.raises(ChildCrashed):
            call.result()
    ends_at = time.monotonic() + 10
    while runs(child):
        assert time.monotonic() < ends_at
    assert template_of(pool) != template


def test_calls_at_once_have_templates_of_their_own() -> None:
    with closing(ChildPool(3, confined=True)) as three, ThreadPoolExecutor(3) as threads:
        calls = [threads.submit(three.call, LIMIT_S, exec, "import time; time.sleep(0.5)") for _ in range(2)]
        time.sleep(0.1)
        assert three.call(LIMIT_S, sum, [1, 2]) == 3
        assert [call.result() for call in calls] == [None, None]


def test_a_template_with_a_second_thread_is_not_forked() -> None:
    with closing(ChildPool(confined=True, prepare=partial(exec, _START_A_THREAD))) as pool, pytest.raises(ChildCrashed):
        pool.call(LIMIT_S, os.getpid)


def test_where_no_process_can_be_started_the_file_is_not_to_blame() -> None:
    with closing(ChildPool(confined=True, prepare=partial(exec, _NO_ROOM))) as pool:
        for _ in range(2):
            with pytest.raises(PoolBusy):
                pool.call(LIMIT_S, os.getpid)


def test_what_doesnt_get_ready_is_told(capfd: pytest.CaptureFixture[str]) -> None:
    with closing(ChildPool(confined=True, prepare=partial(int, "no decoder"))) as pool, pytest.raises(ChildCrashed):
        pool.call(LIMIT_S, os.getpid)
    assert "ValueError" in capfd.readouterr().err


def test_thousands_of_calls_leave_nothing_behind(pool: ChildPool) -> None:
    template = template_of(pool)
    both = (os.getpid(), template)
    pool.call(LIMIT_S, bytes, 100)
    before = [(count_open(process), memory_bytes(process)) for process in both]
    for _ in range(_MANY):
        assert pool.call(LIMIT_S, len, b"12345") == 5
    after = [(count_open(process), memory_bytes(process)) for process in both]
    assert forked_of(template) == []
    for (files, memory), (files_then, memory_then) in zip(before, after, strict=True):
        assert files == files_then
        assert memory_then - memory < 4 << 20
