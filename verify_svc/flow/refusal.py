"""What a story refuses, in words that an adapter can translate; the core knows no HTTP."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Kind(StrEnum):
    """The family of a refusal; an adapter picks its own status for each."""

    NOT_FOUND = "not_found"
    UNAUTHORIZED = "unauthorized"
    FORBIDDEN = "forbidden"
    CONFLICT = "conflict"
    GONE = "gone"
    INVALID = "invalid"
    TOO_LARGE = "too_large"
    WRONG_TYPE = "wrong_type"
    LIMITED = "limited"
    BUSY = "busy"


@dataclass(frozen=True, slots=True)
class FieldFault:
    """What is wrong with one field of the request: `field` is a dotted path (`subject.certificate.number`)."""

    field: str
    code: str
    message: str


class Refusal(Exception):
    """A story won't go on. `code` is a reason code or one of the general ones (`conflict`, `not_found`…)."""

    def __init__(
        self,
        kind: Kind,
        code: str,
        detail: str = "",
        *,
        faults: tuple[FieldFault, ...] = (),
        tries_left: int | None = None,
        retry_at: datetime | None = None,
    ) -> None:
        super().__init__(f"{kind}: {code}")
        self.kind = kind
        self.code = code
        self.detail = detail
        self.faults = faults
        self.tries_left = tries_left
        self.retry_at = retry_at


def not_found(what: str) -> Refusal:
    """The refusal for something that isn't there, or isn't the caller's to see."""
    return Refusal(Kind.NOT_FOUND, "not_found", f"There is no such {what}.")


def busy(detail: str, retry_at: datetime) -> Refusal:
    """The refusal while the service has no hand free: nothing is wrong with what was asked."""
    return Refusal(Kind.BUSY, "unavailable", detail, retry_at=retry_at)


def conflict(detail: str, code: str = "conflict") -> Refusal:
    """The refusal for something that can't be done in the present state."""
    return Refusal(Kind.CONFLICT, code, detail)


def check_name(name: str) -> None:
    """Refusal INVALID for a key's or an operator's name that is empty, blank at an end or too long to be told apart."""
    if not name or name != name.strip() or len(name) > _LONGEST_NAME or not name.isprintable():
        raise Refusal(Kind.INVALID, "validation_failed", f"a name of 1 to {_LONGEST_NAME} characters is needed")


_LONGEST_NAME = 100
