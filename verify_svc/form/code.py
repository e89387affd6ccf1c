"""The code on a printed form: which session it was printed for, which form it is, in which version."""

from __future__ import annotations

import re
from dataclasses import dataclass

import cv2
import numpy as np

from verify_svc.certificate.kinds import FormKind
from verify_svc.media.codes import read_codes
from verify_svc.media.pictures import Pixels

_CODE = re.compile(r"VFORM1 ([A-Za-z0-9_-]{1,64}) ([a-z_]{1,32}) ([0-9]{1,4})")
_SEARCHED_SIDE_PX = 1400  # guessed: a module of the printed code is still 3 pixels wide


@dataclass(frozen=True, slots=True)
class FormCode:
    """What a printed form's code names."""

    session_id: str
    kind: FormKind
    version: int

    @property
    def text(self) -> str:
        """As it stands in the code.

        >>> FormCode("vs_1", FormKind.COMMITMENT, 1).text
        'VFORM1 vs_1 commitment_letter 1'
        """
        return f"VFORM1 {self.session_id} {self.kind.value} {self.version}"


def parse_code(text: str) -> FormCode | None:
    """The code that `text` is, or None.

    >>> parse_code("VFORM1 vs_1 commitment_letter 1").kind.value
    'commitment_letter'
    """
    match = _CODE.fullmatch(text)
    if match is None or match[2] not in list(FormKind):
        return None
    return FormCode(match[1], FormKind(match[2]), int(match[3]))


def find_code(sheet: Pixels) -> FormCode | None:
    """The first code of a form on the sheet, whichever way up it lies."""
    grey = cv2.cvtColor(sheet, cv2.COLOR_BGR2GRAY)
    shrink = min(1.0, _SEARCHED_SIDE_PX / max(grey.shape))
    for scale in (shrink, 1.0):
        searched = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else grey
        for text in read_codes(np.asarray(searched, np.uint8)):
            code = parse_code(text)
            if code is not None:
                return code
        if scale >= 1.0:
            break
    return None
