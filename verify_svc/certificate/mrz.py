"""The machine-readable zone of travel documents (ICAO 9303, parts 4 to 6)."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field

_WEIGHTS = (7, 3, 1)
# The number, or a shorter one with fillers; nationality; birth; sex; expiry; then optional data and check digits.
_DATA = re.compile(
    r"(?P<number>[A-Z0-9]{9}|[A-Z0-9]{4,8}<+)(?P<number_check>[0-9])(?P<nationality>[A-Z]{3}|[A-Z]{1,2}<{1,2})"
    r"(?P<born>[0-9]{6})(?P<born_check>[0-9])(?P<sex>[MFX<])(?P<expires>[0-9]{6})(?P<expires_check>[0-9])"
    r"(?P<rest>[A-Z0-9<]+)"
)
_FILLERS = str.maketrans({"《": "<<", "«": "<<", **dict.fromkeys("〈＜‹くヘへ丶Λ∧^＾", "<")})
_TD2_UNTIL = 40  # characters: a line has 36 of them, one of TD3 44, some fillers more or less
_OPTIONAL_CHARACTERS = {"TD3": 14, "TD2": 7}


@dataclass(frozen=True, slots=True)
class MrzData:
    """The second line of a passport's zone. `holds` is whether every check digit does; days as YYMMDD."""

    number: str = field(repr=False)
    nationality: str
    born: str = field(repr=False)
    sex: str = field(repr=False)
    expires: str = field(repr=False)
    holds: bool

    @property
    def expiry_day(self) -> dt.date | None:
        return _day(f"{'19' if self.expires[0] in '89' else '20'}{self.expires}")

    @property
    def birth_days(self) -> tuple[dt.date, ...]:
        """The days before the expiry that it can be, the latest first: the zone doesn't say the century."""
        latest = self.expiry_day
        days = [_day(f"{century}{self.born}") for century in (20, 19)]
        return tuple(day for day in days if day is not None and (latest is None or day < latest))


def with_fillers(text: str) -> str:
    """What looks like the zone's filler as one: the zone has none of these signs, and other lines hardly have them.

    >>> with_fillers("PΛUTOERIKSSONΛΛANNA〈MARIA《ヘ")
    'P<UTOERIKSSON<<ANNA<MARIA<<<'
    """
    return text.translate(_FILLERS)


def check_digit(text: str) -> str:
    """The check digit over `text` (ICAO 9303-3, 4.9): weights 7, 3, 1, modulus 10; a filler counts nothing.

    >>> check_digit("520727"), check_digit("L898902C3")
    ('3', '6')
    """
    values = (0 if character == "<" else int(character, 36) for character in text)
    return str(sum(_WEIGHTS[place % 3] * value for place, value in enumerate(values)) % 10)


def parse_data_line(line: str) -> MrzData | None:
    """The line with number, days and check digits of a passport (TD3) or a travel document (TD2), or None.

    Fillers may be too many or too few: how many there are follows from the format, and they weigh nothing.

    >>> parse_data_line("L898902C36UTO7408122F1204159ZE184226B<<<<<10").holds
    True
    >>> parse_data_line("L898902C46UTO7408122F1204159ZE184226B<<<<<10").holds
    False
    """
    match = _DATA.fullmatch(line)
    if match is None:
        return None
    number, born, expires = match["number"].rstrip("<"), match["born"], match["expires"]
    parts = ((number, match["number_check"]), (born, match["born_check"]), (expires, match["expires_check"]))
    holds = all(check_digit(text) == digit for text, digit in parts)
    head = f"{number:<<9}{match['number_check']}{born}{match['born_check']}{expires}{match['expires_check']}"
    holds = holds and _tail_holds(head, match["rest"], "TD3" if len(line) > _TD2_UNTIL else "TD2")
    holds = holds and all(_day(f"20{day}") is not None or _day(f"19{day}") is not None for day in (born, expires))
    return MrzData(number, match["nationality"].rstrip("<"), born, match["sex"], expires, holds)


def names_in(line: str) -> str:
    """Surname and given names of the zone's first line, as words.

    >>> names_in("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<")
    'ERIKSSON ANNA MARIA'
    """
    return re.sub(r"<+", " ", line[5:]).strip()


def _tail_holds(head: str, rest: str, form: str) -> bool:
    """Optional data and the composite check digit; in TD3 the optional data have a check digit too."""
    optional, composite = rest[:-1], rest[-1]
    check = ""
    if form == "TD3":
        filled = optional.endswith("<") or not optional
        check, optional = ("<", optional) if filled else (optional[-1], optional[:-1])
        if check != check_digit(optional.rstrip("<")) and not (filled and not optional.strip("<")):
            return False
    data = optional.rstrip("<")
    if len(data) > _OPTIONAL_CHARACTERS[form]:
        return False
    return check_digit(head + data.ljust(_OPTIONAL_CHARACTERS[form], "<") + check) == composite


def _day(text: str) -> dt.date | None:
    try:
        return dt.date(int(text[:4]), int(text[4:6]), int(text[6:8]))
    except ValueError:
        return None
