"""Shares with their uncertainty."""

from __future__ import annotations

import math


def wilson(count: int, of: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson 1927).

    >>> low, high = wilson(0, 100)
    >>> low, round(high, 3)
    (0.0, 0.037)
    """
    if of == 0:
        return 0.0, 1.0
    z = 1.959964
    middle = count + z * z / 2
    spread = z * math.sqrt(count * (of - count) / of + z * z / 4)
    whole = of + z * z
    return max(0.0, (middle - spread) / whole) if count else 0.0, min(1.0, (middle + spread) / whole)


def share(count: int, of: int) -> str:
    """A share in words.

    >>> share(19, 20)
    '95.0 % [76.4–99.1]'
    """
    if of == 0:
        return "–"
    low, high = wilson(count, of)
    return f"{100 * count / of:.1f} % [{100 * low:.1f}–{100 * high:.1f}]"
