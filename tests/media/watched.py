"""Decoding children under watch: what they answer, how long they take, what they leave in the memory of the service
and of their template."""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from hypothesis import HealthCheck, settings

from verify_svc.inference.pool import ChildError, ChildPool
from verify_svc.media.container import ClipRefused
from verify_svc.media.pictures import PictureError, check_bytes
from verify_svc.session.reasons import REASONS

THOROUGH = settings.get_current_profile_name() == "thorough"
"""Whether pytest was asked for `--hypothesis-profile=thorough`: thousands of inputs, others at each run."""
TAKEN = "taken"
_MEBIBYTE = 1 << 20


def many(ordinary: int, thorough: int) -> settings:
    """So many examples; in an ordinary run the same each time."""
    return settings(
        max_examples=thorough if THOROUGH else ordinary,
        derandomize=not THOROUGH,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )


class Watched:
    """Asks the children of the pool's one template and counts. `limit_s` is what the service itself gives a file."""

    def __init__(self, pool: ChildPool, limit_s: float) -> None:
        self._pool, self._limit_s = pool, limit_s
        self.answers: Counter[str] = Counter()
        self.slowest: tuple[float, str] = (0.0, "")
        self.broke: list[str] = []
        self.template = self._pid()

    def asked_for_picture(self, what: str, function: Callable[..., object], data: bytes, *args: object) -> object:
        """As the service asks: what is no picture by its first bytes isn't sent. None where it was refused."""
        return self._counted(what, lambda: (check_bytes(data), self._called(function, data, *args))[1])

    def asked_for_clip(self, what: str, function: Callable[..., object], data: bytes, *args: object) -> object:
        """The child sniffs clips itself. None where it was refused."""
        return self._counted(what, lambda: self._called(function, data, *args))

    def memory_mb(self) -> tuple[float, float]:
        """What the service and the template keep for themselves, in MiB, files that others read too left out."""
        return _pss_mb(os.getpid()), _pss_mb(self.template)

    def lives(self) -> bool:
        """Whether no child crashed, hung or ran out of bounds, and it is still the same template."""
        return not self.broke and self._pid() == self.template

    def told(self) -> str:
        """Answers with their counts, the slowest, and what broke a child."""
        counts = ", ".join(f"{count} {answer}" for answer, count in self.answers.most_common())
        slowest = f"slowest {self.slowest[0]:.2f} s ({self.slowest[1]})"
        return f"{self.answers.total()} inputs: {counts}; {slowest}; broke a child: {self.broke or 'none'}"

    def assert_leaves_nothing_behind(
        self, look: Callable[[], None], reasons: set[str], growth_of_template_mb: float
    ) -> None:
        """Look at all; each was taken or refused for one of the reasons, no child broke, and no memory is kept."""
        before = self.memory_mb()
        look()
        after = self.memory_mb()
        told = f"{self.told()}; MiB of service and template before {before}, after {after}"
        print(told)  # `pytest -rP` shows it
        assert set(self.answers) <= {TAKEN, *reasons}, told
        assert self.lives(), told
        assert after[0] - before[0] < _most_growth_of_service_mb(self), told
        assert after[1] - before[1] < growth_of_template_mb, told

    def _counted(self, what: str, ask: Callable[[], object]) -> object:
        began = time.monotonic()
        value = None
        try:
            value = ask()
            answer = TAKEN
        except (PictureError, ClipRefused) as refusal:
            answer = refusal.reason
            assert answer in REASONS
        except ChildError as error:
            answer = f"{type(error).__name__}: {error}"
            self.broke.append(what)
        self.slowest = max(self.slowest, (time.monotonic() - began, what))
        self.answers[answer] += 1
        return value

    def _called(self, function: Callable[..., object], *args: object) -> object:
        return self._pool.call(self._limit_s, function, *args)

    def _pid(self) -> int:
        return self._pool.call(60.0, os.getppid)


def _most_growth_of_service_mb(watched: Watched) -> float:
    """What this process may keep: Hypothesis itself keeps 8 to 12 kB of each (measured); a file has more."""
    return 20.0 + watched.answers.total() * 0.015


def _pss_mb(pid: int) -> float:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines():
        if line.startswith("Pss_Anon:"):
            return int(line.split()[1]) * 1024 / _MEBIBYTE
    raise AssertionError("the kernel tells no memory")
