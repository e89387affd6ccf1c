"""The digits of a face challenge and when each is shown, from given random bytes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

DIGITS = 6
BYTES_NEEDED = 4 * DIGITS * 2

_FIRST_S = (0.6, 0.9)
_GAP_S = (1.1, 1.35)
_AFTER_LAST_S = 1.2
_SHORTEST_S = 8.0


@dataclass(frozen=True, slots=True)
class Challenge:
    """Six digits, no digit twice in a row; `reveals_s` are seconds from the start of the recording.

    `language` (`zh` or `en`) is the one in which the digits are scored; `mode` is `live`, or `file` for a clip made
    with the phone's own camera, where all digits are shown beforehand. `begun_at`: when the phone said that it begins
    to record; it is given the digits one by one from then on.
    """

    id: str
    digits: str = field(repr=False)
    reveals_s: tuple[float, ...]
    duration_s: float
    language: str
    mode: str
    expires_at: datetime
    begun_at: datetime | None = None

    def due(self, at: datetime) -> int:
        """How many digits the phone may know at that time: those that are to be seen by then, and the next one."""
        if self.mode == "file":
            return DIGITS
        if self.begun_at is None:
            return 0
        passed_s = (at - self.begun_at).total_seconds()
        return min(DIGITS, 1 + sum(reveal_s <= passed_s for reveal_s in self.reveals_s))


def draw(random: bytes) -> tuple[str, tuple[float, ...], float]:
    """Digits, reveal times and the clip's duration from `BYTES_NEEDED` random bytes.

    >>> digits, reveals_s, duration_s = draw(bytes(range(48)))
    >>> len(digits), len(reveals_s), 8.0 <= duration_s <= 9.0
    (6, 6, True)
    """
    if len(random) < BYTES_NEEDED:
        raise ValueError(f"{BYTES_NEEDED} random bytes are needed")
    numbers = [int.from_bytes(random[place : place + 4], "big") for place in range(0, BYTES_NEEDED, 4)]
    digits = [numbers[0] % 10]
    for number in numbers[1:DIGITS]:
        # One of the nine that differ from the digit before.
        digits.append((digits[-1] + 1 + number % 9) % 10)
    reveals_s: list[float] = []
    for place, number in enumerate(numbers[DIGITS:]):
        low, high = _GAP_S if place else _FIRST_S
        before = reveals_s[-1] if reveals_s else 0.0
        reveals_s.append(round(before + low + (high - low) * number / 0xFFFFFFFF, 2))
    duration_s = max(_SHORTEST_S, round(reveals_s[-1] + _AFTER_LAST_S, 2))
    return "".join(map(str, digits)), tuple(reveals_s), duration_s
