"""While a phone frames its face: one small frame comes in, is looked at and forgotten. Nothing of it is kept or logged.

A hint is a favour: it waits for nobody and takes no turn. Whatever is in its way, the answer is that there is none now.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from verify_svc.face.hints import Before, Glance, glance_at
from verify_svc.flow.pictures import DECODING_S
from verify_svc.flow.record import load
from verify_svc.flow.refusal import Kind, Refusal, conflict
from verify_svc.flow.services import Services
from verify_svc.flow.upload import check_takes
from verify_svc.inference.pool import ChildError, PoolBusy
from verify_svc.media.frame import check_frame, read_frame
from verify_svc.media.pictures import PictureError
from verify_svc.ports import PhoneRow
from verify_svc.session.steps import StepName

_GLANCE_S = 20.0
"""By the clock, so that a hang ends: the first glance of a child loads its weights."""


@dataclass(frozen=True, slots=True)
class HintLimits:
    """How often frames are looked at, in one web process."""

    every_s: float = 0.5
    jitter_s: float = 0.1  # a request may be so much faster on its way than the one before it
    busy_s: float = 1.5  # until the page asks again where another's frame is being looked at
    in_a_while: int = 1200  # of one session: ten minutes without a pause
    while_s: float = 3600.0
    slow_s: float = 0.6  # a glance that takes ten times its time: the machine has better things to do
    rest_s: float = 3.0
    broken_s: float = 60.0  # after a child that died or hung


@dataclass(frozen=True, slots=True)
class HintGiven:
    """What was seen, None where nothing was looked at; and after how many seconds to send the next frame, None for
    never."""

    glance: Glance | None
    next_s: float | None


class HintPace:
    """How fast the sessions of one web process may send frames. `now` is a monotonic clock in seconds.

    Each process counts for itself: a limit in the store would cost more than the glance.
    """

    def __init__(self, now: Callable[[], float], limits: HintLimits = HintLimits()) -> None:
        self.limits = limits
        self.now = now
        self._lock = Lock()
        self._taken: dict[str, deque[float]] = {}
        self._rests_until = float("-inf")

    def wait_s(self, session_id: str) -> float:
        """0 where the session may have a frame looked at now, which counts; else how long it is to wait."""
        now, limits = self.now(), self.limits
        with self._lock:
            if now < self._rests_until:
                return self._rests_until - now
            self._forget(now - limits.while_s)
            taken = self._taken.setdefault(session_id, deque())
            if taken and now - taken[-1] < limits.every_s - limits.jitter_s:
                return limits.every_s
            if len(taken) >= limits.in_a_while:
                return taken[0] + limits.while_s - now
            taken.append(now)
            return 0.0

    def rest(self, duration_s: float) -> None:
        """Look at no frame for so long."""
        with self._lock:
            self._rests_until = max(self._rests_until, self.now() + duration_s)

    def took(self, begun_s: float) -> None:
        """A glance that began at that time of the clock is done: a slow one says that there is no time for more."""
        if self.now() - begun_s > self.limits.slow_s:
            self.rest(self.limits.rest_s)

    def _forget(self, before: float) -> None:
        for session_id in [name for name, taken in self._taken.items() if taken[-1] < before]:
            del self._taken[session_id]
        for taken in self._taken.values():
            while taken and taken[0] < before:
                taken.popleft()


def give_hint(services: Services, pace: HintPace, phone: PhoneRow, data: bytes, before: Before | None) -> HintGiven:
    """Look at one JPEG frame of a phone whose face step is open. `before` is what was seen of its last one.

    Refusals: CONFLICT until the number is proved and while the step takes no clip, LIMITED while it is locked;
    TOO_LARGE, WRONG_TYPE, INVALID of the frame.
    """
    child, limits = services.engines.hints, pace.limits
    if child is None:
        return HintGiven(None, None)
    if wait_s := pace.wait_s(phone.session_id):
        return HintGiven(None, wait_s)
    with services.store.read() as tx:
        _, session = load(tx, phone.session_id)
    if session.phone.proved_at is None:
        raise conflict("Prove the mobile number first.")
    check_takes(services, session, StepName.FACE)
    begun_s = pace.now()
    try:
        check_frame(data)
        picture = services.engines.decoding.call_now_in_a_row(phone.session_id, DECODING_S, read_frame, data)
    except PictureError as fault:
        raise Refusal(_KINDS.get(fault.reason, Kind.INVALID), fault.reason) from None
    except ChildError:
        raise Refusal(Kind.INVALID, "file_unreadable") from None
    except PoolBusy:
        return HintGiven(None, limits.busy_s)
    try:
        glance = child.call_now(_GLANCE_S, glance_at, picture, before)
    except PoolBusy:
        return HintGiven(None, limits.busy_s)
    except ChildError:
        pace.rest(limits.broken_s)
        return HintGiven(None, limits.broken_s)
    pace.took(begun_s)
    return HintGiven(glance, limits.every_s)


_KINDS = {"file_too_large": Kind.TOO_LARGE, "file_type_not_allowed": Kind.WRONG_TYPE}
