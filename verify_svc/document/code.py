"""The QR code on a certificate: a second witness to the number printed, never its source.

Codes hold an address with the number, a text with number, name and more, or an address that says nothing by itself.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import cv2
import numpy as np

from verify_svc.certificate.numbers import credit_codes_in, is_credit_code
from verify_svc.document.page import Page
from verify_svc.media.codes import read_codes
from verify_svc.media.pictures import Pixels, resize
from verify_svc.session.finding import Finding, Outcome


@dataclass(frozen=True, slots=True)
class CodeSearchLimits:
    """Where and how large a code is looked for."""

    margin: float = 0.03  # of the page's box, around it
    enlarged_below_px: int = 1800  # measured: real licences smaller than this had 4 codes more at twice the size


@dataclass(frozen=True, slots=True)
class CodesFound:
    """How many codes were found, and the credit codes that stand in them."""

    count: int = 0
    numbers: tuple[str, ...] = field(repr=False, default=())


NO_CODES = CodesFound()
"""Of a page on which none was looked for."""


def find_codes(pixels: Pixels, page: Page | None, limits: CodeSearchLimits = CodeSearchLimits()) -> CodesFound:
    """The codes on the page, whose corners are in `pixels`; without a page, in the whole picture. Runs in a child."""
    grey = np.asarray(cv2.cvtColor(_around(pixels, page, limits.margin), cv2.COLOR_BGR2GRAY), np.uint8)
    texts = read_codes(grey)
    if not texts and max(grey.shape) < limits.enlarged_below_px:
        texts = read_codes(resize(grey, 2.0))
    numbers = dict.fromkeys(number for text in texts for number in credit_codes_in(text))
    return CodesFound(len(texts), tuple(numbers))


def _around(pixels: Pixels, page: Page | None, margin: float) -> Pixels:
    if page is None:
        return pixels
    size = np.array([pixels.shape[1], pixels.shape[0]])
    first, last = page.corners.min(axis=0), page.corners.max(axis=0)
    pad = (last - first) * margin
    left, top = (first - pad).clip(0, size).astype(int)
    right, bottom = (last + pad).clip(0, size).astype(int)
    return pixels[top:bottom, left:right] if right > left and bottom > top else pixels


def judge_code(number: str, codes: CodesFound) -> Finding:
    """Whether a code confirms the number that was surely read.

    Only another credit code is a suspicion: of two on the picture one has to agree. A code that is absent, damaged or
    says no number is no fault.
    """
    measured = {"codes": codes.count}
    if not is_credit_code(number) or not codes.numbers:
        return Finding("code_agrees", Outcome.NOT_CHECKED, measured=measured)
    if number in codes.numbers:
        return Finding("code_agrees", Outcome.PASS, measured=measured)
    return Finding("code_agrees", Outcome.FAIL, ("document_tampering_suspected",), measured=measured)
