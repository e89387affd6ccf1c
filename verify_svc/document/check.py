"""One photograph of a certificate, top to bottom: decode, lay flat, read, judge."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from verify_svc.certificate.kinds import WITH_TERM, CertificateKind, are_sides_of_one
from verify_svc.document.judge import (
    Seen,
    is_read,
    judge_agreement_within,
    judge_colour,
    judge_edges,
    judge_fields,
    judge_kind,
    judge_name_entry,
    judge_number_entry,
    judge_photo,
    judge_screen,
    judge_validity,
    may_lie_beyond,
)
from verify_svc.document.layouts.every import LAYOUTS
from verify_svc.document.layouts.layout import CARD_ASPECT
from verify_svc.document.page import Corners, map_points
from verify_svc.document.photo import CARD_SIDE_PX, RelativeCorners, Sheet, Wanted, prepare
from verify_svc.document.reader import FieldRead, turned_back
from verify_svc.document.reading import SheetReading, read_sheet
from verify_svc.document.tampering import NumberTrace, trace_number
from verify_svc.inference.engines import Engines
from verify_svc.inference.pool import ChildError
from verify_svc.media.pictures import PictureError, check_bytes
from verify_svc.session.finding import Finding, Outcome
from verify_svc.session.reasons import Effect
from verify_svc.session.report import Report, judge_report, unreadable

_DECODING_S = 15.0  # a 64-megapixel picture takes 2 s on a busy machine
_READING_S = 90.0  # the first call of a child loads the weights: 20 s on a busy machine without bytecode
_AT_BORDER = 0.004  # of the picture's side: text so near its border runs out of it

# A unit whose term has ended may have had it prolonged on another sheet: an operator looks.
_EFFECTS_OF_UNITS: Mapping[str, Effect] = {"document_expired": Effect.REVIEW}


@dataclass(frozen=True, slots=True)
class DocumentWanted:
    """What the picture is to show. `number` and `name` were entered; without them nothing is compared.

    `today` is the day (Asia/Shanghai) that validity is judged by, None: not checked. `corners` and `rotate_deg`
    are the applicant's own crop (fractions of the upright picture) and clockwise turn. `effects` and
    `valid_months` are the rule pack's.
    """

    kind: CertificateKind
    number: str | None = field(default=None, repr=False)
    name: str | None = field(default=None, repr=False)
    today: dt.date | None = None
    corners: RelativeCorners | None = None
    rotate_deg: int = 0
    valid_months: int = 3
    effects: Mapping[str, Effect] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class PageRead:
    """A sheet with what it says, and where that stands in the picture."""

    sheet: Sheet
    reading: SheetReading

    def in_picture(self, points: Corners) -> Corners:
        """Points of the upright sheet in pixels of the EXIF-upright picture."""
        height, width = self.sheet.pixels.shape[:2]
        return map_points(turned_back(points, self.reading.turn_deg, width, height), self.sheet.to_picture)


def check_document(engines: Engines, data: bytes, wanted: DocumentWanted) -> Report:
    """Judge one photograph: all reasons at once.

    Bytes that can't be decoded give an `unreadable` report; an inference child that can't answer raises
    `ChildError`, to be tried again.
    """
    try:
        page = read_page(engines, data, wanted.kind, wanted.corners, wanted.rotate_deg)
    except PictureError as error:
        return unreadable(error.reason)
    seen = seen_of(page, wanted.kind)
    effects = {**({} if wanted.kind in WITH_TERM else _EFFECTS_OF_UNITS), **(wanted.effects or {})}
    return judge_report(judge(seen, wanted), properties_of(page, seen, LAYOUTS[wanted.kind].fields), effects)


def judge(seen: Seen, wanted: DocumentWanted) -> list[Finding]:
    """Every finding on one photograph."""
    photo, edges = judge_photo(seen), judge_edges(seen)
    found = [judge_kind(seen, photo), *photo, edges]
    if seen.kind != seen.wanted:
        return found
    # A part of a page may hold none of its colours.
    colour = Finding("colour", Outcome.NOT_CHECKED) if edges.reasons else judge_colour(seen)
    found += [colour, judge_screen(seen), *judge_fields(seen), *judge_agreement_within(seen)]
    found += judge_validity(seen, wanted.today, wanted.valid_months)
    return [*found, judge_number_entry(seen, wanted.number), judge_name_entry(seen, wanted.name)]


def read_page(
    engines: Engines, data: bytes, kind: str, corners: RelativeCorners | None = None, rotate_deg: int = 0
) -> PageRead:
    """Decode, lay flat and read. Where the page as laid flat says nothing, or lacks what may lie beyond it, the whole
    picture is read.

    Raises PictureError, and ChildError of the inference pool.
    """
    page = _read(engines, data, kind, corners, rotate_deg, whole=False)
    if page.sheet.page is None:
        return page
    seen = seen_of(page, kind)
    if is_read(seen):
        return page
    hidden = page.reading.kind is None
    cropped = corners is not None and page.reading.kind == kind
    other_side = are_sides_of_one(page.reading.kind, kind)  # both may lie on the picture, and the other was found
    if not (hidden or cropped or other_side or may_lie_beyond(seen)):
        return page
    whole = _read(engines, data, kind, None, rotate_deg, whole=corners is None)
    return whole if is_read(seen_of(whole, kind)) or (hidden and whole.reading.kind is not None) else page


def _read(
    engines: Engines, data: bytes, kind: str, corners: RelativeCorners | None, rotate_deg: int, whole: bool
) -> PageRead:
    layout, wanted = LAYOUTS.get(kind), Wanted()
    if layout is not None:
        side_px = CARD_SIDE_PX if layout.aspects == (CARD_ASPECT,) else wanted.side_px
        wanted = Wanted(side_px, layout.coded, traced=bool(layout.numbers))
    check_bytes(data)  # cheap, and what is too large or no picture need not travel to a child
    try:
        sheet = engines.decoding.call(_DECODING_S, prepare, data, corners, rotate_deg, whole, wanted)
    except ChildError as error:
        raise PictureError("file_unreadable", "the decoder gave up") from error
    return PageRead(sheet, engines.inference.call(_READING_S, read_sheet, sheet.pixels, kind))


def seen_of(page: PageRead, wanted: str) -> Seen:
    """What the judges look at, in pixels of the picture as recorded."""
    sheet, reading = page.sheet, page.reading
    found = sheet.page
    corners = found.corners if found is not None else np.zeros((4, 2), np.float32)
    sides = [float(np.linalg.norm(corners[i] - corners[(i + 1) % 4])) for i in range(4)]
    scale = _scale_at_centre(sheet)
    return Seen(
        wanted=wanted,
        kind=reading.kind,
        number=reading.number,
        values={name: read.value for name, read in reading.fields.items()},
        scores={name: read.score for name, read in reading.fields.items()},
        measures=sheet.measures,
        page_found=found is not None,
        page_px=max(sides),
        page_aspect=(sides[0] + sides[2]) / max(1.0, sides[1] + sides[3]),
        page_ends_at_border=found is not None and any(found.on_border),
        text_ends_at_border=_text_ends_at_border(page),
        skew_deg=found.skew_deg if found is not None else 0.0,
        keystone=found.keystone if found is not None else 1.0,
        text_px=reading.text_height_px * scale,
        line_count=reading.line_count,
        mean_score=reading.mean_score,
        watermarked=reading.watermarked,
        covered=reading.covered,
        codes=sheet.codes,
        trace=_trace_of_number(page),
    )


def _trace_of_number(page: PageRead) -> NumberTrace | None:
    saving, number = page.sheet.saving, page.reading.fields.get("number")
    if saving is None or number is None:
        return None
    lines = [page.in_picture(quad) for quad in page.reading.line_quads]
    return trace_number(saving, page.in_picture(number.quad), lines)


def _text_ends_at_border(page: PageRead) -> bool:
    """Whether the page ends at two borders of the picture, and text lines with it at one of them."""
    found = page.sheet.page
    if found is None or sum(found.on_border) < 2:
        return False
    width, height = page.sheet.width_px, page.sheet.height_px
    top, right, bottom, left = found.on_border
    for quad in page.reading.line_quads:
        x, y = page.in_picture(quad).T
        if (
            (top and y.min() < _AT_BORDER * height)
            or (right and x.max() > (1 - _AT_BORDER) * width)
            or (bottom and y.max() > (1 - _AT_BORDER) * height)
            or (left and x.min() < _AT_BORDER * width)
        ):
            return True
    return False


def _scale_at_centre(sheet: Sheet) -> float:
    """Pixels of the picture to a pixel of the sheet, in the middle of the page."""
    height, width = sheet.pixels.shape[:2]
    middle = np.array([[width / 2, height / 2], [width / 2 + 1, height / 2]], np.float32)
    one, other = map_points(middle, sheet.to_picture)
    return float(np.linalg.norm(other - one))


def properties_of(page: PageRead, seen: Seen, fields: tuple[str, ...]) -> dict[str, Any]:
    """The report's properties. A number that doesn't count as read has no value, only its `reading`."""
    listed: dict[str, Any] = {}
    if seen.kind == seen.wanted:
        for name in fields:
            listed[name] = _field_entry(page, name, page.reading.fields.get(name))
    found = page.sheet.page
    return {
        "kind": seen.kind,
        "fields": listed,
        "page": None if found is None else _plain(found.corners),
        "rotation_deg": page.reading.turn_deg,
    }


def _field_entry(page: PageRead, name: str, read: FieldRead | None) -> dict[str, Any]:
    if read is None:
        return {"value": None, "score": None, "box": None}
    entry: dict[str, Any] = {
        "value": read.value,
        "score": round(read.score, 4),
        "box": _plain(page.in_picture(read.quad)),
    }
    if name == "number":
        entry["char_scores"] = [round(score, 4) for score in read.char_scores]
        if page.reading.number not in ("sure", "invalid"):
            entry["reading"], entry["value"] = read.value, None
    return entry


def _plain(points: Corners) -> list[list[float]]:
    return [[round(float(x), 1), round(float(y), 1)] for x, y in points]
