"""Attempts: how many judged failures a step bears, when it locks, when an operator takes it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from verify_svc.session.rulepack import AttemptLimits


@dataclass(frozen=True, slots=True)
class Attempts:
    """Judged failures of one step so far."""

    failures: int = 0
    locked_until: datetime | None = None

    def failed(self, limits: AttemptLimits, now: datetime) -> Attempts:
        """One more failure; the one that reaches the limit locks the step."""
        failures = self.failures + 1
        if failures == limits.failures_until_lock:
            return Attempts(failures, now + limits.lock)
        return replace(self, failures=failures)

    def locked(self, now: datetime) -> bool:
        """Whether the step may not be tried just now."""
        return self.locked_until is not None and now < self.locked_until

    def exhausted(self, limits: AttemptLimits) -> bool:
        """Whether an operator takes over."""
        return self.failures >= limits.failures_until_lock + limits.failures_after_lock

    def allowed(self, limits: AttemptLimits) -> int:
        """How many failures the present round bears."""
        first = limits.failures_until_lock
        return first if self.failures < first else first + limits.failures_after_lock
