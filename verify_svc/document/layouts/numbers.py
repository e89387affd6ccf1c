"""Finds a certificate's number among lines. Only its alphabet is set right; nothing is repaired or guessed."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from verify_svc.document.reader import FieldRead, Line

LONG_ROW = r"[0-9A-Za-z]*[0-9][0-9A-Za-z]{7,}"
"""So many digits and letters in a row may be part of a number; dates are cut by their points or characters."""

NUMBER_END = r"(?:(?![0-9A-Z])|(?=[1-9][-－—–/／][1-9](?![0-9A-Z])))"
"""What follows a number of its own: no digit or letter, or a copy's mark, as 1-1 on a 副本."""

_HALF_WIDTH = {0xFF01 + place: 0x21 + place for place in range(94)}  # characters that stand far apart are read wide
_NO_LETTERS = str.maketrans("OI×—–－一", "01X----")
_AS_DIGIT = str.maketrans("OoIl", "0011")


@dataclass(frozen=True, slots=True)
class NumberShape:
    """What a number looks like: `pattern` finds it, `holds` checks it, its first `digits` places are digits; with
    `letters_too` it has letters anywhere but O and I. `written` sets the whole right where the alphabet differs from
    place to place. `least_shape` is how many times wider than high its line is. A `spaced` number's characters stand so
    far apart that its line may be found without the last. Without a check digit (`checked`
    False) a number must be read twice.
    """

    pattern: re.Pattern[str]
    holds: Callable[[str], bool]
    digits: int
    letters_too: bool = False
    least_shape: float = 5.0
    spaced: bool = False
    checked: bool = True
    written: Callable[[str], str] | None = None


def find_number(lines: Sequence[Line], shape: NumberShape) -> FieldRead | None:
    """The surest number of that shape; one that holds together goes before one that doesn't."""
    best: FieldRead | None = None
    best_rank = (False, -1.0)
    for line in lines:
        kept = [i for i, character in enumerate(line.text) if not character.isspace()]
        text = "".join(line.text[i] for i in kept).translate(_HALF_WIDTH)
        for match in shape.pattern.finditer(text):
            first, last = kept[match.start()], kept[match.end() - 1]
            part = line.part(first, last + 1)
            scores = tuple(line.scores[i] for i in kept[match.start() : match.end()])
            value = in_alphabet(match.group(), shape)
            rank = (shape.holds(value), min(scores))
            if rank > best_rank:
                best, best_rank = FieldRead(value, scores, part.quad), rank
    return best


def in_alphabet(text: str, shape: NumberShape) -> str:
    """Letters that the number can't have at their place as the digits that they look like: O is 0, I is 1.

    These are no guesses: the number's own alphabet has no such letter there.
    """
    if shape.written is not None:
        return shape.written(text)
    if shape.letters_too:
        return text.upper().translate(_NO_LETTERS)
    last = text[shape.digits :].translate(_AS_DIGIT).upper().replace("×", "X")
    return text[: shape.digits].translate(_AS_DIGIT) + last
