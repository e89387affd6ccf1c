"""The code on a printed form: which session it was printed for, which form it is, in which version."""

from __future__ import annotations

import re
from dataclasses import dataclass

import cv2
import numpy as np

from verify_svc.certificate.kinds import FormKind
from verify_svc.document.page import Corners
from verify_svc.form.layout import SMALL, USUAL, Setting
from verify_svc.media.codes import place_codes
from verify_svc.media.pictures import Pixels

_CODE = re.compile(
    r"VFORM1 ([A-Za-z0-9_-]{1,64}) ([a-z_]{1,32}) ([0-9]{1,4})"
    r"(?: ([0-9a-zA-H]{1,20})(S?))?(?: ([1-9][0-9]?)/([1-9][0-9]?))?"
)
_COUNTS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGH"  # no page has room for 44 lines
_SEARCHED_SIDE_PX = 1400  # guessed: a module of the printed code is still 3 pixels wide


@dataclass(frozen=True, slots=True)
class FormCode:
    """What the code on a printed page names: session, form, its version, which page of how many it is.

    `lines`: of each row of the form's table and of the text below, how many stand on this page; `small`: set smaller.
    """

    session_id: str
    kind: FormKind
    version: int
    lines: tuple[int, ...] = ()
    small: bool = False
    page: int = 1
    pages: int = 1

    @property
    def text(self) -> str:
        """As it stands in the code.

        >>> FormCode("vs_1", FormKind.COMMITMENT, 1, (1, 2, 10)).text
        'VFORM1 vs_1 commitment_letter 1 12a'
        >>> FormCode("vs_1", FormKind.COMMITMENT, 1, (1, 2, 0), page=1, pages=2).text
        'VFORM1 vs_1 commitment_letter 1 120 1/2'
        """
        lines = "".join(_COUNTS[min(count, len(_COUNTS) - 1)] for count in self.lines)
        named = f"VFORM1 {self.session_id} {self.kind.value} {self.version} {lines}{'S' if self.small else ''}".rstrip()
        return named if self.pages == 1 else f"{named} {self.page}/{self.pages}"

    @property
    def setting(self) -> Setting:
        """How large the page is set."""
        return SMALL if self.small else USUAL


def parse_code(text: str) -> FormCode | None:
    """The code that `text` is, or None.

    >>> parse_code("VFORM1 vs_1 commitment_letter 1 12a").lines
    (1, 2, 10)
    """
    match = _CODE.fullmatch(text)
    if match is None or match[2] not in list(FormKind):
        return None
    lines = tuple(_COUNTS.index(count) for count in match[4] or "")
    page, pages = int(match[6] or 1), int(match[7] or 1)
    if page > pages:
        return None
    return FormCode(match[1], FormKind(match[2]), int(match[3]), lines, match[5] == "S", page, pages)


def find_code(sheet: Pixels) -> tuple[FormCode, Corners] | None:
    """The first code of a form on the sheet, whichever way up it lies, and its corners from its own upper left one."""
    grey = cv2.cvtColor(sheet, cv2.COLOR_BGR2GRAY)
    shrink = min(1.0, _SEARCHED_SIDE_PX / max(grey.shape))
    for scale in (shrink, 1.0):
        searched = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else grey
        for placed in place_codes(np.asarray(searched, np.uint8)):
            code = parse_code(placed.text)
            if code is not None:
                return code, placed.quad / np.float32(min(1.0, scale))
        if scale >= 1.0:
            break
    return None
