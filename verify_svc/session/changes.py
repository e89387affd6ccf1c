"""What changed between two states of a session: what is told to the pages, the portal and the worker."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from verify_svc.session.judging import comparison_wanted
from verify_svc.session.state import Session, Status
from verify_svc.session.steps import StepName, StepState

PUBLIC = "verification_session."
"""How the types of events that leave as webhooks begin."""


@dataclass(frozen=True, slots=True)
class Change:
    """An event to record: `type` is public (`verification_session.…`) or for the pages alone."""

    type: str
    step: StepName | None = None


def changes(before: Session, after: Session) -> Iterator[Change]:
    """The events that tell of the difference, in order."""
    for name, step in after.steps.items():
        old = before.steps.get(name)
        if old == step:
            continue
        if step.verdict.state is StepState.PASSED and (old is None or old.verdict.state is not StepState.PASSED):
            yield Change(PUBLIC + "step_completed", name)
        else:
            yield Change("step_changed", name)
    if after.status is not before.status:
        yield Change(PUBLIC + after.status.value)
    elif _redo(before, after):
        yield Change(PUBLIC + Status.REQUIRES_INPUT.value)
    elif (before.expected, before.locale, before.phone) != (after.expected, after.locale, after.phone):
        yield Change("session_changed")


def comparison_to_make(before: Session, after: Session) -> tuple[str, str] | None:
    """The clip and portrait whose comparison this move asks for."""
    wanted = comparison_wanted(after)
    return wanted if wanted != comparison_wanted(before) else None


def _redo(before: Session, after: Session) -> bool:
    return after.decision is not None and after.decision != before.decision and after.decision.kind == "redo"
