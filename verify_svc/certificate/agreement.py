"""Whether what was read is what was entered, where the reading itself may be at fault."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher

from verify_svc.certificate.names import is_rare, latin_words, normalise_name


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
    >>> names_agree("李四", 0.99, "李\u36c3") is None
    True
    """
    one, other = normalise_name(read), normalise_name(entered)
    if one.replace("·", "") == other.replace("·", ""):  # a dot is small, and no two names differ by it alone
        return True
    words, spellings = latin_words(read), (latin_words(entered), latin_words(entered, spelt_out=True))
    if words is not None and words in spellings:
        return True
    if (words is None) != (spellings[0] is None):  # one in characters, the other in letters: nobody can tell
        return None
    lost = len(one) != len(other) and SequenceMatcher(None, one, other).ratio() >= limits.alike
    if words is not None and spellings[0] is not None:
        lost = lost or set(words) <= set(spellings[0]) or set(words) >= set(spellings[0])
    return None if score < limits.min_score or lost or _differ_by_rare_ones(one, other) else False


def _differ_by_rare_ones(read: str, entered: str) -> bool:
    """Whether the names differ only where the entry has a rare character: the reader may not know it, and gives
    another one that looks like it, however surely.
    """
    if len(read) != len(entered) or len(entered) < 2:
        return False
    return all(is_rare(other) for one, other in zip(read, entered, strict=True) if one != other)
