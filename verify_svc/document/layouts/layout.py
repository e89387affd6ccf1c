"""What the engine knows of one kind of certificate."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from verify_svc.certificate.kinds import CertificateKind
from verify_svc.document.layouts.numbers import NumberShape
from verify_svc.document.reader import FieldRead, Line

CARD_ASPECT = 85.6 / 54
"""ISO/IEC 7810 ID-1, width over height."""
PASSPORT_ASPECT = 125 / 88
"""ISO/IEC 7810 ID-3: one page of a passport."""
A4_ASPECT = 297 / 210
"""The sheet's shape, lying; licences of both formats have it."""

MIN_DATE_SCORE = 0.5
"""As for numbers: lowest probability of a character."""


@dataclass(frozen=True, slots=True)
class Telling:
    """What is printed on a kind's page and tells it from others.

    `title` names the kind by itself, in any line that was surely read. Where no title is, `least` of the `cues` must
    be found, or `least_headed` where a line is nothing but the `heading`. A number of the shape `number_tells` that
    holds together counts as `number_points` cues (as one on a page of many lines). `must` has to be found besides,
    `unless` must not; where `never` is found the title doesn't count either. Of several kinds with enough cues the one
    with the most is taken; of as many, the one of higher `rank`. `looks_like` are kinds that a page may be taken for
    until all of it is read.
    """

    title: re.Pattern[str] | None = None
    cues: tuple[str, ...] = ()
    least: int = 99
    heading: re.Pattern[str] | None = None
    least_headed: int = 99
    number_tells: NumberShape | None = None
    number_points: int = 2
    must: re.Pattern[str] | None = None
    unless: re.Pattern[str] | None = None
    never: re.Pattern[str] | None = None
    rank: int = 0
    looks_like: tuple[CertificateKind, ...] = ()


@dataclass(frozen=True, slots=True)
class Agreement:
    """Something printed twice, or that follows from the number: `field` is where else it stands (none: the number
    alone says it), `agrees` whether both say the same, `reason` what is said if not.
    """

    check: str
    field: str | None
    agrees: bool
    reason: str


def nothing_to_agree(values: Mapping[str, str]) -> Sequence[Agreement]:
    """A page that says everything once."""
    return ()


@dataclass(frozen=True, slots=True)
class Layout:
    """One kind of certificate: how it is told and read.

    `fields_of` gives the fields that the lines say, those that weren't found left out; `fields` names all of them in
    the order in which they are shown, `required` those without which another photograph is asked for. `numbers` are
    the shapes that its number can have, the usual one first; `number_reason` is said where it was surely read and
    doesn't hold together. Where more follows from the number, `told_by_number` says what: a later reading of it may
    differ from the first. `settled` has the last word on the number and how sure it is, where it stands twice.

    `must_be_sure` are fields that count as missing when a character of them is doubtful, and `possible` whether what
    they say can be. `agreements` are judged once the number is sure.

    `few_words` are fields that say one of few words, with these: read as one of them they need no second look.

    `aspects` are the page's usual ratios of width to height, lying or standing; `small` is a card's size, `ruled` a
    table, `coded` a page whose QR code may name the number. What `running_text` finds is the label of text that nobody
    needs; below `foot_from` (of the sheet's height) stands no field. `number_lowest` says that the number is the lowest
    of the long lines. `names_end` finds how its names usually end: where a name doesn't, its end may be hidden.
    """

    kind: CertificateKind
    tells: Telling
    fields: tuple[str, ...]
    required: tuple[str, ...]
    fields_of: Callable[[Sequence[Line]], Mapping[str, FieldRead]]
    numbers: tuple[NumberShape, ...] = ()
    number_reason: str = "credit_code_check_digit_invalid"
    told_by_number: Callable[[FieldRead, Sequence[Line]], Mapping[str, FieldRead]] | None = None
    settled: Callable[[FieldRead | None, str, Sequence[Line]], tuple[FieldRead | None, str]] | None = None
    must_be_sure: tuple[str, ...] = ()
    possible: Callable[[Mapping[str, str]], bool] | None = None
    agreements: Callable[[Mapping[str, str]], Sequence[Agreement]] = nothing_to_agree
    few_words: Mapping[str, frozenset[str]] = field(default_factory=dict)
    aspects: tuple[float, ...] = (A4_ASPECT,)
    small: bool = False
    ruled: bool = False
    coded: bool = False
    running_text: re.Pattern[str] | None = None
    names_end: re.Pattern[str] | None = None
    foot_from: float = 1.0
    number_lowest: bool = False

    def missing(self, values: Mapping[str, str], scores: Mapping[str, float]) -> list[str]:
        """The fields that must be there and aren't, or that can't be right; `scores` are lowest probabilities."""
        missing = [name for name in self.required if name not in values]
        if missing or not self.must_be_sure:
            return missing
        unsure = min(scores.get(name, 0.0) for name in self.must_be_sure) < MIN_DATE_SCORE
        return list(self.must_be_sure) if unsure or (self.possible is not None and not self.possible(values)) else []

    def is_read(self, values: Mapping[str, str], scores: Mapping[str, float], number: str) -> bool:
        """Whether everything that must be read was read surely; `number` is how sure the number is."""
        settled = "number" not in self.required or number in ("sure", "invalid")
        return settled and not self.missing(values, scores)
