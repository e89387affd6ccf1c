"""What the engine knows of one kind of certificate."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from verify_svc.certificate.kinds import CertificateKind
from verify_svc.document.layouts.numbers import NumberShape
from verify_svc.document.reader import FieldRead, Line

CARD_ASPECT = 85.6 / 54
"""ISO/IEC 7810 ID-1, width over height."""
A4_ASPECT = 297 / 210
"""The sheet's shape, lying; licences of both formats have it."""


@dataclass(frozen=True, slots=True)
class Layout:
    """One kind of certificate: how it is told and read.

    `fields_of` gives the fields that the lines say, those that weren't found left out; `fields` names all of them in
    the order in which they are shown, `required` those without which another photograph is asked for. `numbers` are
    the shapes that its number can have, the usual one first. `aspects` are the page's usual ratios of width to
    height, lying or standing; `small` is a card's size. What `running_text` finds is the label of text that nobody
    needs; below `foot_from` (of the sheet's height) stands no field.
    """

    kind: CertificateKind
    fields: tuple[str, ...]
    required: tuple[str, ...]
    fields_of: Callable[[Sequence[Line]], Mapping[str, FieldRead]]
    numbers: tuple[NumberShape, ...] = ()
    aspects: tuple[float, ...] = (A4_ASPECT,)
    small: bool = False
    running_text: re.Pattern[str] | None = None
    foot_from: float = 1.0
