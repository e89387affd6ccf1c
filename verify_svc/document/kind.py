"""What a page is, by what is printed on it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from verify_svc.certificate.kinds import CertificateKind, FormKind, are_sides_of_one, side_unasked_of
from verify_svc.certificate.mrz import with_fillers
from verify_svc.document.layouts.every import LAYOUTS
from verify_svc.document.layouts.layout import Telling
from verify_svc.document.layouts.numbers import find_number
from verify_svc.document.reader import Line

OTHER = "other"
"""Some paper that is none of the kinds."""

_OTHER_TITLE = re.compile(
    r"许可证$|登记证书?$|许可证书$|荣誉证书|资[格质]证|行驶证|驾驶证|税务登记|说明书$|协议书?$|往来港澳通行证|居住证|居留证"
    r"|永久居留身份证|户口簿$|户主姓名|^C[A-Z][A-Z0-9<]{12,}<|^[IACV][A-Z<][A-Z0<]{3}[A-Z0-9<]{8,}<<"
)
# A form names certificates in its text: its own title goes first. 承诺书 may be mentioned in the others.
_FORM_TITLES: tuple[tuple[str, re.Pattern[str]], ...] = (
    (FormKind.VERIFICATION, re.compile(r"核验单|核验表|真实性核验")),
    (FormKind.AUTHORISATION, re.compile(r"授权委托书|授权书|委托书")),
    (FormKind.COMMITMENT, re.compile(r"承诺书|承诺函")),
)
# The back of a travel permit has three lines of zone and no title; other cards of the kind have one line, on the front.
_PERMIT_ZONE = re.compile(r"^C[A-Z][A-Z0-9<]{12,}<")
_ZONE = re.compile(r"^[A-Z0-9<]{12,}<{3}")
_PERMIT_ZONE_LINES = 2  # of the three: one may be hidden
_TITLE_SIDE_LINES = 6  # a temporary card's side with the title has two
_DATA = re.compile(r"姓名|性别|住址|公民身份|签发机关|有效期限|[0-9]{8}")
_CARD_LINES = 18  # a card has some 14 lines; on a page of more, a number says less
# A certificate's own explanations speak of it: 《组织机构代码证》是…的凭证. Lines end within such words, too.
_QUOTED = re.compile("《[^《》]*[\u3400-\u9fff][^《》]*(?:》|$)|^[^《》]*[\u3400-\u9fff][^《》]*》")
_TITLE_LENGTH = 40  # characters of a line at most that can be a title
_TITLE_SCORE = 0.2  # guessed: lowest probability of a character


def recognise(lines: Sequence[Line], wanted: str = "") -> str | None:
    """The kind (a value of CertificateKind or FormKind, a `side_unasked_of` one, or `OTHER`), or None when nothing says
    so.

    Where both sides of a card lie on one picture, the side `wanted` is named.
    """
    texts = [with_fillers(re.sub(r"\s", "", line.text)) for line in lines]
    for form, title in _FORM_TITLES:
        if any(title.search(text) for text in texts):
            return form
    headed = any(_is_headed(layout.tells, texts) for layout in LAYOUTS.values())
    if not headed:
        titled = _titled(texts, lines)
        if titled is not None:
            return titled
    found = [
        (points, layout.tells.rank, kind)
        for kind, layout in LAYOUTS.items()
        if (points := _points(layout.tells, texts, lines)) is not None
    ]
    if not found:
        return None
    likeliest = max(found)[2]
    both = are_sides_of_one(likeliest, wanted) and wanted in {kind for _, _, kind in found}
    return wanted if both else likeliest


def may_prove(kind: str | None, wanted: str) -> bool:
    """Whether a page of which some lines were read, that say `kind`, may prove to be the kind wanted by the others."""
    layout = LAYOUTS.get(wanted)
    if kind is None or layout is None:
        return kind is None
    return kind in (wanted, *layout.tells.looks_like) or are_sides_of_one(kind, wanted)


def _titled(texts: Sequence[str], lines: Sequence[Line]) -> str | None:
    """The kind that a title names by itself."""
    named = [with_fillers(_QUOTED.sub("", re.sub(r"\s", "", line.text))) for line in lines]
    sure = [
        text
        for text, line in zip(named, lines, strict=True)
        if len(text) < _TITLE_LENGTH or "<" in text
        if line.score > _TITLE_SCORE
    ]
    for kind, layout in LAYOUTS.items():
        title = layout.tells.title
        if title is None or (layout.tells.never is not None and _finds(layout.tells.never, texts)):
            continue
        if any(title.search(text) for text in sure):
            bare = len(texts) <= _TITLE_SIDE_LINES and not _finds(_DATA, texts)
            return side_unasked_of(kind) if bare and kind == CertificateKind.TEMPORARY_ID_CARD else kind
    if _finds(_PERMIT_ZONE, sure) and sum(bool(_ZONE.search(text)) for text in sure) >= _PERMIT_ZONE_LINES:
        return side_unasked_of(CertificateKind.MAINLAND_TRAVEL_PERMIT)
    return OTHER if any(_OTHER_TITLE.search(text) for text in sure) else None


def _points(tells: Telling, texts: Sequence[str], lines: Sequence[Line]) -> int | None:
    """How many cues the page has of a kind; None when they are too few."""
    if tells.must is not None and not _finds(tells.must, texts):
        return None
    if any(other is not None and _finds(other, texts) for other in (tells.unless, tells.never)):
        return None
    points = sum(any(re.search(cue, text) for text in texts) for cue in tells.cues)
    shape = tells.number_tells
    number = find_number(lines, shape) if shape is not None else None
    if shape is not None and number is not None and shape.holds(number.value):
        points += 1 if len(lines) > _CARD_LINES else tells.number_points
    return points if points >= (tells.least_headed if _is_headed(tells, texts) else tells.least) else None


def _is_headed(tells: Telling, texts: Sequence[str]) -> bool:
    return tells.heading is not None and any(tells.heading.fullmatch(text) for text in texts)


def _finds(pattern: re.Pattern[str], texts: Sequence[str]) -> bool:
    return any(pattern.search(text) for text in texts)
