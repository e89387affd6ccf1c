"""A decoding child reads its libraries and nothing else; it writes nothing, starts nothing and speaks to nobody."""

from __future__ import annotations

import errno
import io
import os
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from pillow_heif import register_heif_opener

from tests.media.made_clips import moving_bar
from verify_svc.document.preview import preview
from verify_svc.inference.confinement import Confinement
from verify_svc.inference.pool import ChildPool
from verify_svc.media.container import ClipLimits
from verify_svc.media.video import ClipSampling, read_clip

LIMIT_S = 60.0
_CALLED = """
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
if libc.{call} < 0:
    raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
"""


@pytest.fixture(scope="module")
def told() -> list[Confinement]:
    return []


@pytest.fixture(scope="module")
def pool(told: list[Confinement]) -> Iterator[ChildPool]:
    with closing(ChildPool(max_memory_bytes=3 << 30, confined=True, told=told.append)) as made:
        made.call(LIMIT_S, os.getpid)
        yield made


@pytest.fixture
def guarded(pool: ChildPool, told: list[Confinement]) -> ChildPool:
    """A child whose kernel can hold it."""
    if not told[-1].whole:
        pytest.skip(f"this kernel or container holds no child back: {told[-1]}")
    return pool


def fails(pool: ChildPool, function: Callable[..., Any], *args: Any) -> int | None:
    with pytest.raises(OSError, match=r"denied|permitted") as fault:
        pool.call(LIMIT_S, function, *args)
    return fault.value.errno


def test_it_reads_no_file_of_the_service(guarded: ChildPool, tmp_path: Path) -> None:
    secret = tmp_path / "keys.json"
    secret.write_text("secret")
    for path in (secret, Path("/etc/passwd"), Path("/proc/self/environ"), Path(f"/proc/{os.getpid()}/mem")):
        assert fails(guarded, Path.read_bytes, path) == errno.EACCES
    assert fails(guarded, os.listdir, tmp_path) == errno.EACCES


def test_it_writes_no_file_and_changes_none(guarded: ChildPool, tmp_path: Path) -> None:
    kept = tmp_path / "verify.db"
    kept.write_text("rows")
    for write, *args in (
        (Path.write_bytes, tmp_path / "new", b""),
        (Path.write_bytes, kept, b""),
        (os.truncate, str(kept), 0),
        (os.unlink, str(kept)),
        (os.rename, str(kept), str(tmp_path / "elsewhere")),
        (os.chmod, str(kept), 0o777),
        (os.mkdir, str(tmp_path / "folder")),
        (os.symlink, str(kept), str(tmp_path / "link")),
    ):
        fails(guarded, write, *args)
    assert [path.name for path in tmp_path.iterdir()] == ["verify.db"]
    assert kept.read_text() == "rows"


def test_it_cuts_nothing_out_of_the_log_that_it_has_open(guarded: ChildPool) -> None:
    fails(guarded, os.ftruncate, 2, 0)
    fails(guarded, os.posix_fallocate, 2, 0, 1)


@pytest.mark.parametrize("family", [socket.AF_INET, socket.AF_INET6, socket.AF_UNIX, socket.AF_NETLINK])
def test_it_speaks_to_nobody(guarded: ChildPool, family: int) -> None:
    fails(guarded, socket.socket, family)
    fails(guarded, exec, "import socket; socket.socketpair()")


def test_it_starts_and_ends_no_other_program(guarded: ChildPool) -> None:
    fails(guarded, subprocess.check_output, ["/bin/true"])
    fails(guarded, os.fork)
    fails(guarded, os.kill, os.getpid(), signal.SIGTERM)


def test_it_takes_no_memory_beside_what_it_is_bound_to(guarded: ChildPool) -> None:
    fails(guarded, os.memfd_create, "more")


def test_it_hears_of_no_file_that_comes(guarded: ChildPool, tmp_path: Path) -> None:
    for call in (
        f"inotify_add_watch(libc.inotify_init1(0), {os.fsencode(tmp_path)!r}, 0x100)",
        f"fanotify_mark(libc.fanotify_init(0x200, 0), 1, ctypes.c_uint64(0x100), -100, {os.fsencode(tmp_path)!r})",
    ):
        assert fails(guarded, exec, _CALLED.format(call=call)) == errno.EPERM


def test_it_lays_no_memory_into_a_pipe(guarded: ChildPool) -> None:
    assert fails(guarded, exec, _CALLED.format(call="vmsplice(os.pipe()[1], bytes(16), 1, 0)")) == errno.EPERM


def test_a_call_that_is_newer_than_its_filter_is_not_there(guarded: ChildPool, tmp_path: Path) -> None:
    kept = tmp_path / "verify.db"
    kept.write_text("rows")
    # `setxattrat`: https://man7.org/linux/man-pages/man2/setxattr.2.html
    call = f"syscall(463, -100, {os.fsencode(kept)!r}, 0, b'user.note', bytes(16), 16)"
    with pytest.raises(OSError, match="not implemented"):
        guarded.call(LIMIT_S, exec, _CALLED.format(call=call))
    assert os.listxattr(kept) == []


def test_its_threads_are_held_as_well(guarded: ChildPool, tmp_path: Path) -> None:
    (tmp_path / "keys.json").write_text("secret")
    tried = f"""
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
with ThreadPoolExecutor(1) as thread:
    thread.submit(Path.read_bytes, Path({str(tmp_path / "keys.json")!r})).result()
"""
    fails(guarded, exec, tried)
    fails(guarded, exec, tried.replace("Path.read_bytes, Path", "__import__('os').kill, 1, len"))


@pytest.mark.parametrize("flags", [0, 0x10000, 0x10F00 - 0x400], ids=["process", "thread alone", "files of its own"])
def test_it_starts_nothing_but_threads_that_share_all_with_it(guarded: ChildPool, flags: int) -> None:
    program = f"""
import ctypes, os, platform
libc = ctypes.CDLL(None, use_errno=True)
if libc.syscall({{"x86_64": 56, "aarch64": 220}}[platform.machine()], {flags}, 0, 0, 0, 0) < 0:
    raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
"""
    assert fails(guarded, exec, program) == errno.EPERM


def test_it_has_no_privileges_left(guarded: ChildPool) -> None:
    program = """
import ctypes, struct
data = ctypes.create_string_buffer(24)
assert ctypes.CDLL(None).capget(struct.pack("=Ii", 0x20080522, 0), data) == 0
assert data.raw == bytes(24), data.raw
"""
    guarded.call(LIMIT_S, exec, program)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "HEIF"])
def test_it_decodes_pictures(pool: ChildPool, kind: str) -> None:
    register_heif_opener(thumbnails=False)
    file = io.BytesIO()
    Image.new("RGB", (300, 200), (200, 180, 160)).save(file, kind)
    seen = pool.call(LIMIT_S, preview, file.getvalue())
    assert (seen.width_px, seen.height_px) == (300, 200)
    assert seen.jpeg.startswith(b"\xff\xd8\xff")


def test_it_decodes_clips(pool: ChildPool, tmp_path: Path) -> None:
    clip = pool.call(LIMIT_S, read_clip, moving_bar(tmp_path / "clip.mp4"), ClipLimits(), ClipSampling())
    assert (clip.width_px, clip.height_px) == (96, 64)
    assert clip.sound is not None
