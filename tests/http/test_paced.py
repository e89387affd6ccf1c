"""The other end of a connection keeps a lowest pace or is cut off."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator

import pytest

from verify_svc.http.paced import Pace, PacedSocket

Pair = tuple[socket.socket, socket.socket]


@pytest.fixture
def pair() -> Iterator[Pair]:
    near, far = socket.socketpair()
    with near, far:
        yield near, far


def test_silence_ends_the_read(pair: Pair) -> None:
    near = PacedSocket(pair[0], Pace(grace_s=30, silence_s=0.1))
    with pytest.raises(ConnectionResetError):
        near.recv(10)


def test_a_trickle_ends_when_the_grace_is_over_though_it_is_never_silent(pair: Pair) -> None:
    near = PacedSocket(pair[0], Pace(grace_s=0.3, lowest_bytes_per_s=1000, silence_s=30))
    began = time.monotonic()
    with pytest.raises(ConnectionResetError):
        _trickle(near, pair[1])
    assert time.monotonic() - began < 5


def test_what_comes_at_the_lowest_pace_is_read_past_the_grace(pair: Pair) -> None:
    near = PacedSocket(pair[0], Pace(grace_s=0.1, lowest_bytes_per_s=1000, silence_s=30))
    began = time.monotonic()
    while time.monotonic() - began < 0.4:
        pair[1].sendall(b"x" * 200)
        assert near.recv(1000)
        time.sleep(0.02)


def test_the_next_request_on_a_connection_has_a_pace_of_its_own(pair: Pair) -> None:
    near = PacedSocket(pair[0], Pace(grace_s=0.1, lowest_bytes_per_s=1, silence_s=30))
    time.sleep(0.2)
    near.begin()
    pair[1].sendall(b"x")
    assert near.recv(10) == b"x"


def test_whoever_does_not_take_the_answer_is_cut_off(pair: Pair) -> None:
    near = PacedSocket(pair[0], Pace(grace_s=0.1, lowest_bytes_per_s=100_000_000))
    with pytest.raises(BrokenPipeError):
        near.sendall(b"x" * 10_000_000)


def _trickle(near: PacedSocket, far: socket.socket) -> None:
    while True:
        far.sendall(b"x")
        near.recv(10)
        time.sleep(0.02)
