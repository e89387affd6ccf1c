"""Shuts the present process off before it touches a stranger's bytes: it reads the libraries, and nothing else.

Two means of the Linux kernel that need no privilege and can't be undone: Landlock (files; from 5.13) and a seccomp
filter (system calls; any kernel of today). Both hold inside containers too, unless the container's own filter forbids
them; what is missing then is told, not hidden. Called while there is one thread: the threads that come after it are
bound as well.

It is done in two steps. The template, which no stranger's byte reaches, may still be forked; what is forked of it gives
that up too, with every privilege, before it is given a file.
"""

from __future__ import annotations

import ctypes
import os
import platform
import signal
import struct
import sysconfig
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_LIBRARIES = ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/etc/ld.so.cache")
_HARMLESS = ("/dev/null", "/dev/urandom", "/sys/devices/system/cpu")

_READ_FILE, _READ_DIR = 1 << 2, 1 << 3
_RIGHTS_OF_VERSION = (13, 14, 15, 15, 16)
"""How many rights on files each version of Landlock knows: https://docs.kernel.org/userspace-api/landlock.html."""
_NET_SINCE, _BOTH_TCP = 4, 0b11
_SCOPES_SINCE, _BOTH_SCOPES = 6, 0b11
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_VERSION_ASKED = 1
_BENEATH_A_PATH = 1
_SET_NO_NEW_PRIVS, _SET_SECCOMP, _FILTER = 38, 22, 2

# By the kernel's tables: https://docs.kernel.org/userspace-api/seccomp_filter.html and <asm/unistd.h>.
_ARCHITECTURES = {"x86_64": (0xC000003E, 0), "aarch64": (0xC00000B7, 1)}
_DENIED: dict[str, tuple[int | None, int | None]] = {
    # Nobody is spoken to.
    "socket": (41, 198),
    "socketpair": (53, 199),
    "connect": (42, 203),
    "bind": (49, 200),
    "listen": (50, 201),
    "accept": (43, 202),
    "accept4": (288, 242),
    # No other program runs.
    "execve": (59, 221),
    "execveat": (322, 281),
    # No other process is looked into, steered or signalled.
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "process_madvise": (440, 440),
    "kcmp": (312, 272),
    "pidfd_open": (434, 434),
    "pidfd_getfd": (438, 438),
    "pidfd_send_signal": (424, 424),
    "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240),
    "tkill": (200, 130),
    "setrlimit": (160, 164),
    "setpriority": (141, 140),
    "ioprio_set": (251, 30),
    "sched_setparam": (142, 118),
    "sched_setscheduler": (144, 119),
    "sched_setaffinity": (203, 122),
    "sched_setattr": (314, 274),
    "migrate_pages": (256, 238),
    "move_pages": (279, 239),
    # No memory is taken beside the address space, whose bound it would escape.
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    "vmsplice": (278, 75),  # a pipe holds the whole huge page of each byte that lies in it
    "flock": (73, 32),
    "shmget": (29, 194),
    "shmat": (30, 196),
    "shmctl": (31, 195),
    "msgget": (68, 186),
    "msgsnd": (69, 189),
    "msgrcv": (70, 188),
    "msgctl": (71, 187),
    "semget": (64, 190),
    "semop": (65, 193),
    "semctl": (66, 191),
    "semtimedop": (220, 192),
    "mq_open": (240, 180),
    "mq_unlink": (241, 181),
    # What Landlock doesn't guard, or not in its first versions.
    "truncate": (76, 45),
    "ftruncate": (77, 46),  # what is open already is the log
    "fallocate": (285, 47),
    "chmod": (90, None),
    "fchmod": (91, 52),
    "fchmodat": (268, 53),
    "fchmodat2": (452, 452),
    "chown": (92, None),
    "fchown": (93, 55),
    "lchown": (94, None),
    "fchownat": (260, 54),
    "setxattr": (188, 5),
    "lsetxattr": (189, 6),
    "fsetxattr": (190, 7),
    "removexattr": (197, 14),
    "lremovexattr": (198, 15),
    "fremovexattr": (199, 16),
    "utime": (132, None),
    "utimes": (235, None),
    "utimensat": (280, 88),
    "futimesat": (261, None),
    "inotify_add_watch": (254, 27),  # it tells the names of files that come
    "fanotify_mark": (301, 263),
    "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
    # Wide parts of the kernel that no decoder needs; io_uring would go round this very filter.
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "bpf": (321, 280),
    "userfaultfd": (323, 282),
    "perf_event_open": (298, 241),
    "keyctl": (250, 219),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "unshare": (272, 97),
    "setns": (308, 268),
    "mount": (165, 40),
    "umount2": (166, 39),
    "move_mount": (429, 429),
    "open_tree": (428, 428),
    "fsopen": (430, 430),
    "fsmount": (432, 432),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
}
_DENIED_TO_FORKED: dict[str, tuple[int | None, int | None]] = {
    "fork": (57, None),
    "vfork": (58, None),
    # Nor are there descriptors on their way, which are counted for all that the service's user runs.
    "sendmsg": (46, 211),
    "sendmmsg": (307, 269),
    # It would outlive its parent.
    "prctl": (157, 167),
}
_UNKNOWN = 463
"""From here on a call is newer than this list, which would let it pass. Both architectures number them alike."""
_CLONE, _CLONE3 = (56, 220), (435, 435)
_KILL, _TGKILL, _PRLIMIT = (62, 129), (234, 131), (302, 261)
_FCNTL, _IOCTL = (72, 25), (16, 29)
_A_THREAD = 0x10F00
"""A thread of this process that shares its memory, folder, files and ways with signals: `CLONE_THREAD`, `CLONE_VM`,
`CLONE_FS`, `CLONE_FILES`, `CLONE_SIGHAND`."""
_SET_DEATH_SIGNAL = 1
_OF_DESCRIPTORS = (0, 1, 2, 3, 1030)
"""`F_DUPFD`, `F_GETFD`, `F_SETFD`, `F_GETFL`, `F_DUPFD_CLOEXEC`. The others change what the template has open as well,
take locks without end, or tell the kernel whom to signal when a file is ready: a way round `kill`."""
_ASKED_BY_PYTHON = (0x5401, 0x5450, 0x5451)
"""`TCGETS`, `FIONCLEX`, `FIOCLEX`. Others give signals too, and change the attributes of a file that is read alone."""
_CAPABILITIES_VERSION = 0x20080522
_X32 = 0x40000000

_LOAD, _AND, _EQUALS, _AT_LEAST, _RETURN = 0x20, 0x54, 0x15, 0x35, 0x06
_NUMBER_AT, _ARCHITECTURE_AT, _ARGUMENTS_AT = 0, 4, (16, 24)
_ALLOW, _KILL_PROCESS, _ERROR = 0x7FFF0000, 0x80000000, 0x00050000
_EPERM, _ENOSYS = 1, 38
_Step = tuple[int, int, int, int]
"""Of a filter: operation, steps to skip if so, if not, operand."""
_PASS: _Step = (_RETURN, 0, 0, _ALLOW)
_REFUSE: _Step = (_RETURN, 0, 0, _ERROR | _EPERM)


@dataclass(frozen=True, slots=True)
class Confinement:
    """What holds: `files` is Landlock's version (0: files are not guarded), `calls` whether the filter is set."""

    files: int = 0
    calls: bool = False

    @property
    def whole(self) -> bool:
        """Whether both hold."""
        return self.files > 0 and self.calls


def confine() -> Confinement:
    """Confine this process for good, as far as the kernel lets it, but for being forked; says how far that is."""
    libc = _libc()
    if libc.prctl(_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        return Confinement()
    return Confinement(_guard_files(libc), _filter_calls(libc, _steps_of_template))


def confine_forked(held: Confinement, parent: int) -> None:
    """Take from what was forked of a confined process the rest: privileges, processes of its own, signals to others.

    From here on it ends with its parent. Raises OSError where its parent has ended, or could be held and it can't.
    """
    libc = _libc()
    # A process of root could raise its own limits, set the clock, load a module.
    libc.capset(struct.pack("=Ii", _CAPABILITIES_VERSION, 0), bytes(24))
    libc.prctl(_SET_DEATH_SIGNAL, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        raise OSError("the parent has ended")
    if held.calls and not _filter_calls(libc, _steps_of_forked):
        raise OSError("the filter can't be set")


def _libc() -> ctypes.CDLL:
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long
    return libc


def _readable() -> Iterator[str]:
    """Python, its packages, this package and the system's libraries."""
    paths = sysconfig.get_paths()
    yield from (paths[name] for name in ("stdlib", "platstdlib", "purelib", "platlib"))
    yield str(sysconfig.get_config_var("LIBDIR"))
    yield str(Path(__file__).resolve().parents[1])
    yield from (*_LIBRARIES, *_HARMLESS)


def _guard_files(libc: ctypes.CDLL) -> int:
    version = libc.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint32(_VERSION_ASKED))
    if version < 1:
        return 0
    rights = (1 << _RIGHTS_OF_VERSION[min(version, len(_RIGHTS_OF_VERSION)) - 1]) - 1
    wanted = [rights]
    if version >= _NET_SINCE:
        wanted.append(_BOTH_TCP)
    if version >= _SCOPES_SINCE:
        wanted.append(_BOTH_SCOPES)
    attributes = struct.pack(f"={len(wanted)}Q", *wanted)
    rules = libc.syscall(_CREATE_RULESET, attributes, ctypes.c_size_t(len(attributes)), ctypes.c_uint32(0))
    if rules < 0:
        return 0
    try:
        for path in _readable():
            with suppress(FileNotFoundError, PermissionError):
                _allow_reading(libc, rules, path)
        return int(version) if libc.syscall(_RESTRICT_SELF, rules, ctypes.c_uint32(0)) == 0 else 0
    finally:
        os.close(rules)


def _allow_reading(libc: ctypes.CDLL, rules: int, path: str) -> None:
    place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        # The execution of programs is no part of it: a library is read and mapped.
        rights = _READ_FILE | _READ_DIR if Path(path).is_dir() else _READ_FILE
        libc.syscall(_ADD_RULE, rules, _BENEATH_A_PATH, struct.pack("=Qi", rights, place), ctypes.c_uint32(0))
    finally:
        os.close(place)


def _filter_calls(libc: ctypes.CDLL, own: Callable[[int], Iterator[_Step]]) -> bool:
    if platform.machine() not in _ARCHITECTURES:
        return False
    architecture, column = _ARCHITECTURES[platform.machine()]
    made = (*_steps_of_all(architecture, column), *own(column), _PASS)
    steps = b"".join(struct.pack("=HBBI", *step) for step in made)
    kept = ctypes.create_string_buffer(steps, len(steps))
    program = struct.pack("@HP", len(steps) // 8, ctypes.addressof(kept))
    return bool(libc.prctl(_SET_SECCOMP, _FILTER, program, 0, 0) == 0)


def _steps_of_all(architecture: int, column: int) -> Iterator[_Step]:
    """How each filter begins. From here on the call's number is what is loaded, or the filter is done."""
    yield _LOAD, 0, 0, _ARCHITECTURE_AT
    yield _EQUALS, 1, 0, architecture
    yield _RETURN, 0, 0, _KILL_PROCESS
    yield _LOAD, 0, 0, _NUMBER_AT
    if column == 0:
        yield _AT_LEAST, 0, 1, _X32
        yield _REFUSE


def _steps_of_template(column: int) -> Iterator[_Step]:
    yield _AT_LEAST, 0, 1, _UNKNOWN
    yield _RETURN, 0, 0, _ERROR | _ENOSYS
    yield from _refused(_DENIED, column)
    # It hides its flags behind a pointer; told that there is none, the C library takes the older call.
    yield _EQUALS, 0, 1, _CLONE3[column]
    yield _RETURN, 0, 0, _ERROR | _ENOSYS


def _steps_of_forked(column: int) -> Iterator[_Step]:
    yield from _refused(_DENIED_TO_FORKED, column)
    yield from _judged(_CLONE[column], 0, (_A_THREAD,), mask=_A_THREAD)
    yield from _judged(_KILL[column], 0, (os.getpid(),))
    yield from _judged(_TGKILL[column], 0, (os.getpid(),))
    yield from _judged(_PRLIMIT[column], 0, (0,))
    yield from _judged(_FCNTL[column], 1, _OF_DESCRIPTORS)
    yield from _judged(_IOCTL[column], 1, _ASKED_BY_PYTHON)


def _refused(calls: Mapping[str, tuple[int | None, int | None]], column: int) -> Iterator[_Step]:
    for numbers in calls.values():
        if numbers[column] is not None:
            yield _EQUALS, 0, 1, numbers[column] or 0
            yield _REFUSE


def _judged(number: int, argument: int, values: Sequence[int], mask: int = 0xFFFFFFFF) -> Iterator[_Step]:
    """That call passes where its argument, as far as it is masked, is among the values, and is refused where not."""
    yield _EQUALS, 0, 3 + 2 * len(values), number
    yield _LOAD, 0, 0, _ARGUMENTS_AT[argument]
    yield _AND, 0, 0, mask
    for value in values:
        yield _EQUALS, 0, 1, value
        yield _PASS
    yield _REFUSE
