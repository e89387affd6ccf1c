"""Sheets: what is large in an answer is read where the child wrote it, and can't be changed any more."""

from __future__ import annotations

import os
import socket
import struct
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from verify_svc.inference.answers import NotData, received_answer
from verify_svc.inference.messages import Line
from verify_svc.inference.pool import ChildCrashed, ChildPool
from verify_svc.inference.sheets import MOST_BYTES, blank_sheet, laid, place_of

LIMIT_S = 60.0
_LARGE = 5_000_000
_SHEET_OF_THE_CALL = (
    "next(int(each) for each in os.listdir('/proc/self/fd') if 'memfd:sheet' in os.readlink('/proc/self/fd/' + each))"
)


@pytest.fixture
def pools() -> Iterator[tuple[ChildPool, ChildPool]]:
    with closing(ChildPool()) as first, closing(ChildPool()) as second:
        yield first, second


def told(pool: ChildPool, program: str) -> object:
    """What the expression gives, computed in the child, which keeps its own `os`, `mmap` and `numpy`."""
    rooms = "{each: __import__(each) for each in ('os', 'mmap', 'numpy')} | {'kept': __import__('builtins').__dict__}"
    return pool.call(LIMIT_S, eval, f"eval({program!r}, {rooms})")


def sheets_open() -> int:
    return sum("memfd:sheet" in str(each.readlink()) for each in Path("/proc/self/fd").iterdir() if each.is_symlink())


def test_a_large_answer_goes_on_to_another_child_without_being_sent(pools: tuple[ChildPool, ChildPool]) -> None:
    first, second = pools
    array = first.call(LIMIT_S, np.arange, _LARGE)
    inner = array[1_000_000:2_000_000]
    assert place_of(array.data.cast("B")) is not None
    assert place_of(inner.data.cast("B")) is not None
    assert second.call(LIMIT_S, np.sum, inner) == np.arange(1_000_000, 2_000_000).sum()
    assert np.array_equal(second.call(LIMIT_S, np.array, array), np.arange(_LARGE))


_LAID = f"""
import numpy, resource
from verify_svc.inference.sheets import laid
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
pieces = [laid(numpy.full({_LARGE}, number, numpy.uint8)) for number in range(30)]
grown_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
answer = grown_kb, pieces, pieces[3][1000:2000], numpy.arange({_LARGE}), laid(numpy.zeros(0)), numpy.arange(3)
"""


@pytest.mark.parametrize("confined", [False, True])
def test_what_is_laid_while_a_child_works_is_read_where_it_lies(confined: bool) -> None:
    with closing(ChildPool(confined=confined)) as pool:
        program = f"[space := dict(), exec({_LAID!r}, space), space['answer']][2]"
        grown_kb, pieces, inner, beside, nothing, small = pool.call(LIMIT_S, eval, program)
    assert [(len(piece), piece.min(), piece.max()) for piece in pieces] == [(_LARGE, each, each) for each in range(30)]
    assert all(place_of(piece.data.cast("B")) is not None for piece in pieces)
    assert inner.tolist() == [3] * 1000
    assert np.array_equal(beside, np.arange(_LARGE))
    assert (len(nothing), small.tolist()) == (0, [0, 1, 2])
    assert grown_kb * 1024 < 30 * _LARGE / 2


def test_outside_a_child_nothing_is_laid() -> None:
    array = np.arange(10)
    assert laid(array) is array


def test_a_small_answer_needs_no_sheet(pools: tuple[ChildPool, ChildPool]) -> None:
    array = pools[0].call(LIMIT_S, np.arange, 1000)
    assert place_of(array.data.cast("B")) is None
    assert np.array_equal(array, np.arange(1000))


def test_what_nobody_reads_any_more_is_let_go(pools: tuple[ChildPool, ChildPool]) -> None:
    before = sheets_open()
    arrays = [pools[0].call(LIMIT_S, np.arange, _LARGE) for _ in range(3)]
    part = arrays[0][:10]
    assert sheets_open() > before
    del arrays
    assert part[9] == 9
    assert sheets_open() > before
    del part
    assert sheets_open() == before


def test_a_child_can_t_change_what_it_answered(pools: tuple[ChildPool, ChildPool]) -> None:
    first, _ = pools
    told(first, f"kept.update(copy=os.dup({_SHEET_OF_THE_CALL}))")
    # The sheet that it keeps is the one of the call before; the next is kept by its own call.
    answer = told(first, f"(kept.update(copy=os.dup({_SHEET_OF_THE_CALL})), numpy.ones({_LARGE}))[1]")
    assert isinstance(answer, np.ndarray)
    with pytest.raises(PermissionError):
        told(first, "os.pwrite(kept['copy'], b'changed', 0)")
    assert np.all(answer == 1)


def test_an_answer_that_the_child_could_still_change_is_not_opened(pools: tuple[ChildPool, ChildPool]) -> None:
    mapped = f"kept.update(map=mmap.mmap({_SHEET_OF_THE_CALL}, 4096))"
    with pytest.raises(ChildCrashed, match="could be changed"):
        told(pools[0], f"({mapped}, numpy.ones({_LARGE}))[1]")


@pytest.mark.parametrize(
    ("sheet", "at"), [(2, 0), (1, MOST_BYTES), (1, 1 << 62)], ids=["no sheet of its own", "past its end", "far past it"]
)
def test_an_answer_that_lies_nowhere_is_not_opened(sheet: int, at: int) -> None:
    service, child = socket.socketpair()
    blank = blank_sheet()
    with service, child:
        child.sendall(struct.pack("<I", 1) + struct.pack("<QIQ", 100, sheet, at))
        with pytest.raises(NotData):
            received_answer(Line(service).receive(None, blank))
    os.close(blank)


def test_what_a_child_answered_is_not_written_over_by_mistake(pools: tuple[ChildPool, ChildPool]) -> None:
    for count in (10, _LARGE):
        array = pools[0].call(LIMIT_S, np.arange, count)
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1
