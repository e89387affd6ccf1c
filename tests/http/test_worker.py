"""A thread is given to a request that has come: whoever sends slowly, or doesn't hang up, keeps nobody waiting."""

from __future__ import annotations

import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from verify_svc.commands.lan import make_certificate
from verify_svc.http.worker import Coming

ROOT = Path(__file__).parents[2]
THREADS = 2
HEAD = b"GET /refuse HTTP/1.1\r\nHost: here\r\n"
HALF_A_HANDSHAKE = b"\x16\x03\x01\x02\x00\x01"  # of a record with 512 bytes
POST = b"POST /read HTTP/1.1\r\nHost: here\r\nContent-Length: %d\r\n\r\n"


@contextmanager
def serving(*options: str) -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "gunicorn", "--no-control-socket", "--log-level", "warning"]
    command += ["--worker-class", "verify_svc.http.worker.PatientWorker", "--threads", str(THREADS), *options]
    command += ["--bind", f"127.0.0.1:{port}", "--keep-alive", "5", "tests.http.served:app"]
    with subprocess.Popen(command, cwd=ROOT) as process:
        try:
            until = time.monotonic() + 30
            while True:
                try:
                    socket.create_connection(("127.0.0.1", port)).close()
                    break
                except ConnectionRefusedError:
                    assert time.monotonic() < until
                    time.sleep(0.1)
            yield port
        finally:
            process.terminate()


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with serving() as found:
        yield found


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    folder = tmp_path_factory.mktemp("tls")
    made = make_certificate(folder, "127.0.0.1")
    with serving("--certfile", str(made[0]), "--keyfile", str(made[1])) as found:
        yield found


def connect(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=30)


def told(near: socket.socket) -> bytes:
    """All that comes until the other end hangs up."""
    answer = b""
    while piece := near.recv(65536):
        answer += piece
    return answer


def told_once(near: socket.socket) -> bytes:
    """One answer; its body is short and comes at once."""
    answer = b""
    while b"\r\n\r\n" not in answer[:-1]:
        piece = near.recv(65536)
        assert piece, answer
        answer += piece
    return answer


def asked(port: int, request: bytes = HEAD + b"Connection: close\r\n\r\n") -> tuple[bytes, float]:
    began = time.monotonic()
    with connect(port) as near:
        near.sendall(request)
        return told(near), time.monotonic() - began


def secured(near: socket.socket) -> ssl.SSLSocket:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context.wrap_socket(near)


@pytest.mark.parametrize("begun", [b"", HEAD, POST % 1000 + b"{"], ids=["nothing", "half a head", "half a body"])
def test_many_unfinished_requests_keep_nobody_waiting(port: int, begun: bytes) -> None:
    with ExitStack() as held:
        for _ in range(20 * THREADS):
            held.enter_context(connect(port)).sendall(begun)
        answer, took_s = asked(port)
    assert answer.endswith(b"refused")
    assert took_s < 2


def test_many_unfinished_handshakes_and_heads_over_tls_keep_nobody_waiting(tls: int) -> None:
    with ExitStack() as held:
        for _ in range(10 * THREADS):
            held.enter_context(connect(tls)).sendall(HALF_A_HANDSHAKE)
        for _ in range(5 * THREADS):
            held.enter_context(secured(connect(tls))).sendall(HEAD)
        began = time.monotonic()
        with secured(connect(tls)) as near:
            near.sendall(POST % 70_000 + b"x" * 70_000)
            assert told_once(near).endswith(b"70000")
    assert time.monotonic() - began < 4


def test_an_unfinished_request_is_dropped_after_ten_seconds_however_it_trickles(port: int, tls: int) -> None:
    began = time.monotonic()
    kept = [connect(port), connect(port), connect(port), connect(tls)]
    kept[1].sendall(HEAD)
    kept[2].sendall(POST % 1000)
    kept[3].sendall(HALF_A_HANDSHAKE)
    try:
        while kept and time.monotonic() - began < 14:
            for near in list(kept):
                near.settimeout(0.1)
                try:
                    near.sendall(b"x" if near is not kept[0] else b"")
                    gone = not near.recv(100)
                except TimeoutError:
                    gone = False
                except ConnectionError:
                    gone = True
                if gone:
                    assert time.monotonic() - began > 8
                    kept.remove(near)
                    near.close()
        assert not kept
    finally:
        for near in kept:
            near.close()


def test_whoever_does_not_hang_up_keeps_nobody_waiting(port: int) -> None:
    with ExitStack() as held:
        for _ in range(10):
            near = held.enter_context(connect(port))
            near.sendall(HEAD + b"Connection: close\r\n\r\n")
            assert told(near)
        assert asked(port)[1] < 1


def test_requests_on_one_connection_are_answered_in_turn_also_when_they_come_together(port: int) -> None:
    with connect(port) as near:
        for _ in range(3):
            near.sendall(POST % 5 + b"12345")
            assert told_once(near).endswith(b"\r\n\r\n5")
        near.sendall(POST % 3 + b"123" + POST % 4 + b"1234" + HEAD + b"Connection: close\r\n\r\n")
        answers = told(near).split(b"HTTP/1.1 200 OK")[1:]
    assert [answer.rpartition(b"\r\n")[2] for answer in answers] == [b"3", b"4", b"refused"]


def test_a_file_is_given_to_its_view_before_it_has_come(port: int) -> None:
    with connect(port) as near:
        near.sendall(b"PUT /refuse HTTP/1.1\r\nHost: here\r\nContent-Length: 100000\r\n\r\n")
        assert told(near).endswith(b"refused")


@pytest.mark.parametrize("length", [b"Content-Length: 100000", b"Transfer-Encoding: chunked"])
def test_a_file_that_is_refused_unread_ends_the_connection_and_says_so(port: int, length: bytes) -> None:
    answer, _ = asked(port, b"PUT /refuse HTTP/1.1\r\nHost: here\r\n" + length + b"\r\n\r\n")
    assert b"\r\nConnection: close\r\n" in answer


CHUNKED = b"PUT /read HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
SMALL = b"POST /refuse HTTP/1.1\r\nHost: here\r\nContent-Length: 2\r\n\r\n{}"


def test_a_small_body_unread_or_a_file_that_was_read_keeps_the_connection(port: int) -> None:
    with connect(port) as near:
        for request in (SMALL, CHUNKED, POST % 70_000 + b"x" * 70_000, SMALL):
            near.sendall(request)
            assert b"\r\nConnection: keep-alive\r\n" in told_once(near)


def test_a_small_body_that_waits_for_a_word_is_told_to_come(port: int) -> None:
    with connect(port) as near:
        near.sendall((POST % 5).replace(b"Host", b"Expect: 100-continue\r\nHost"))
        assert near.recv(1000) == b"HTTP/1.1 100 Continue\r\n\r\n"
        near.sendall(b"12345")
        assert told_once(near).endswith(b"\r\n\r\n5")


def test_a_head_without_end_is_refused(port: int) -> None:
    answer, _ = asked(port, b"GET / HTTP/1.1\r\n" + b"X-Long: 1234567890\r\n" * 2000)
    assert answer.startswith(b"HTTP/1.1 431 ")


def test_a_stream_is_sent_as_it_is_made(port: int) -> None:
    with connect(port) as near:
        near.sendall(HEAD.replace(b"refuse", b"stream") + b"\r\n")
        began = time.monotonic()
        while b"one" not in near.recv(1000):
            pass
        assert time.monotonic() - began < 0.4


def test_each_byte_of_a_request_is_looked_at_as_it_comes() -> None:
    whole = POST % 5 + b"12345"
    coming = Coming(until_s=0)
    for place in range(len(whole)):
        assert not coming.has_come
        coming.add(whole[place : place + 1])
    assert coming.has_come
