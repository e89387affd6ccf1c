"""What a face challenge asks for and when: digits and, of who types them, a turn of the head; from random bytes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Pace:
    """How many digits a clip asks for, and how fast: seconds from its start to the first, from one to the next (both
    drawn within the two), after the last, and for a turn of the head. No clip may pass 12 s."""

    digits: int
    first_s: tuple[float, float]
    gap_s: tuple[float, float]
    after_last_s: float
    turn_s: float
    turn_after: tuple[int, ...]
    shortest_s: float = 0.0


USUAL, SLOW = "usual", "slow"
PACES = {
    # guessed: a turn takes 0.5 s to see the arrow, 2 s there and back
    USUAL: Pace(6, (0.6, 0.9), (1.1, 1.35), 1.2, 2.5, (2, 3, 4), 8.0),
    # guessed: a screen reader says a digit within 1 s, and finding its key by ear takes as long; docs/decisions/0023
    SLOW: Pace(3, (0.8, 1.0), (2.3, 2.5), 2.4, 3.0, (1, 2)),
}
BYTES_NEEDED = 4 * PACES[USUAL].digits * 2

SPOKEN, TYPED = "spoken", "typed"
WAYS = (SPOKEN, TYPED)
"""How the digits are answered: read aloud, or typed on the page by who can't speak or hear."""

# Measured in Mandarin and English, docs/decisions/0030: 0 is doubted most of the ten, and another digit passes for a 2
# most often. Who types is asked for the same: there nothing hangs on how many challenges there are.
DIGITS = "13456789"
"""The digits that are asked for: those that are heard well."""

TURN_BYTES_NEEDED = 2


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn of the head, asked for by an arrow between two digits.

    `direction` is `left` or `right` as the applicant has them. `after`: how many digits are shown before it. The arrow
    is shown at `at_s`, seconds from the start of the recording; the head is to be back at `until_s`.
    """

    direction: str
    after: int
    at_s: float
    until_s: float


@dataclass(frozen=True, slots=True)
class Challenge:
    """`DIGITS`, none twice in a row; `reveals_s` are seconds from the start of the recording.

    `language` (`zh` or `en`) is the one in which the digits are scored; `mode` is `live`, or `file` for a clip made
    with the phone's own camera, where all digits are shown beforehand. `begun_at`: when the phone said that it begins
    to record; it is given the digits one by one from then on. `way`: one of `WAYS`; `turn` belongs to `typed`, and so
    does a `pace` other than `usual`.
    """

    id: str
    digits: str = field(repr=False)
    reveals_s: tuple[float, ...]
    duration_s: float
    language: str
    mode: str
    expires_at: datetime
    begun_at: datetime | None = None
    way: str = SPOKEN
    turn: Turn | None = None
    pace: str = USUAL

    def due(self, at: datetime) -> int:
        """How many digits the phone may know at that time: those that are to be seen by then, and the next one."""
        if self.mode == "file":
            return len(self.digits)
        if self.begun_at is None:
            return 0
        passed_s = (at - self.begun_at).total_seconds()
        known = min(len(self.digits), 1 + sum(reveal_s <= passed_s for reveal_s in self.reveals_s))
        if self.turn is not None and passed_s < self.turn.at_s:
            return min(known, self.turn.after)
        return known

    def turn_due(self, at: datetime) -> bool:
        """Whether the phone may know which way the head is to turn: once the digit before the arrow is to be seen."""
        if self.turn is None or self.begun_at is None:
            return False
        return (at - self.begun_at).total_seconds() >= self.reveals_s[self.turn.after - 1]


def draw(random: bytes, pace: Pace = PACES[USUAL]) -> tuple[str, tuple[float, ...], float]:
    """Some of `DIGITS`, reveal times and the clip's duration from `BYTES_NEEDED` random bytes.

    >>> digits, reveals_s, duration_s = draw(bytes(range(48)))
    >>> len(digits), len(reveals_s), 8.0 <= duration_s <= 9.0
    (6, 6, True)
    """
    if len(random) < BYTES_NEEDED:
        raise ValueError(f"{BYTES_NEEDED} random bytes are needed")
    numbers = [int.from_bytes(random[place : place + 4], "big") for place in range(0, BYTES_NEEDED, 4)]
    places = [numbers[0] % len(DIGITS)]
    for number in numbers[1 : pace.digits]:
        # One of those that differ from the digit before.
        places.append((places[-1] + 1 + number % (len(DIGITS) - 1)) % len(DIGITS))
    reveals_s: list[float] = []
    for place, number in enumerate(numbers[-pace.digits :]):
        low, high = pace.gap_s if place else pace.first_s
        before = reveals_s[-1] if reveals_s else 0.0
        reveals_s.append(round(before + low + (high - low) * number / 0xFFFFFFFF, 2))
    duration_s = max(pace.shortest_s, round(reveals_s[-1] + pace.after_last_s, 2))
    return "".join(DIGITS[place] for place in places), tuple(reveals_s), duration_s


def with_turn(
    reveals_s: tuple[float, ...], duration_s: float, random: bytes, pace: Pace = PACES[USUAL]
) -> tuple[tuple[float, ...], float, Turn]:
    """Make room for a turn of the head, drawn from `TURN_BYTES_NEEDED` random bytes: what follows it comes later.

    >>> reveals_s, duration_s, turn = with_turn((0.7, 1.9, 3.1, 4.3, 5.5, 6.7), 8.0, bytes([0, 1]))
    >>> turn.direction, turn.after, turn.at_s, reveals_s[2], duration_s
    ('right', 2, 3.1, 5.6, 10.5)
    """
    if len(random) < TURN_BYTES_NEEDED:
        raise ValueError(f"{TURN_BYTES_NEEDED} random bytes are needed")
    after = pace.turn_after[random[0] % len(pace.turn_after)]
    # The arrow stands where the next digit would have come.
    at_s = reveals_s[after]
    later = tuple(round(reveal_s + pace.turn_s, 2) for reveal_s in reveals_s[after:])
    turn = Turn("right" if random[1] % 2 else "left", after, at_s, round(at_s + pace.turn_s, 2))
    return (*reveals_s[:after], *later), round(duration_s + pace.turn_s, 2), turn
