"""Whether what was read is what was entered, where the reading itself may be at fault."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher

from verify_svc.certificate.names import normalise_name


@dataclass(frozen=True, slots=True)
class NameLimits:
    """When a name that differs from the entry is the wrong name, and when the reading may be to blame."""

    min_score: float = 0.9  # guessed: lowest probability of a character in a sure reading; 喆 was read 结 at 0.80
    alike: float = 0.6  # guessed: so alike, and of another length, a character was lost rather than changed


NAME_LIMITS = NameLimits()


def names_agree(read: str, score: float, entered: str, limits: NameLimits = NAME_LIMITS) -> bool | None:
    """Whether both are the same name; None when they differ and the reading (`score` 0–1) may be at fault.

    >>> names_agree("张三", 0.9, "张三"), names_agree("李四", 0.9, "张三"), names_agree("李四", 0.5, "张三")
    (True, False, None)
    """
    one, other = normalise_name(read), normalise_name(entered)
    if one == other:
        return True
    lost = len(one) != len(other) and SequenceMatcher(None, one, other).ratio() >= limits.alike
    return None if score < limits.min_score or lost else False
