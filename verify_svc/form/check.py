"""One photograph of a form, top to bottom: decode, lay flat, read, judge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from verify_svc.certificate.kinds import FormKind
from verify_svc.document.check import PageRead, seen_of
from verify_svc.document.judge import judge_edges, judge_photo, judge_screen
from verify_svc.document.page import Corners
from verify_svc.document.photo import RelativeCorners, prepare
from verify_svc.document.reading import SheetReading
from verify_svc.form.judge import judge_form
from verify_svc.form.reading import FormReading, read_form
from verify_svc.inference.engines import Engines
from verify_svc.inference.pool import ChildError
from verify_svc.media.pictures import PictureError, check_bytes
from verify_svc.session.events import FieldRead
from verify_svc.session.finding import Finding
from verify_svc.session.forms import FormEntry, compare_form
from verify_svc.session.reasons import Effect
from verify_svc.session.report import Report, judge_report, unreadable

_DECODING_S = 15.0  # a 64-megapixel picture takes 2 s on a busy machine
_READING_S = 90.0  # the first call of a child loads the weights: 20 s on a busy machine without bytecode


@dataclass(frozen=True, slots=True)
class FormWanted:
    """What the picture is to show. `entry` was entered; without it nothing is compared, and `unit` says whether a
    seal is needed. `corners` and `rotate_deg` are the applicant's own crop (fractions of the upright picture) and
    clockwise turn, `effects` the rule pack's.
    """

    kind: FormKind
    unit: bool = True
    entry: FormEntry | None = None
    corners: RelativeCorners | None = None
    rotate_deg: int = 0
    effects: Mapping[str, Effect] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class _FormPage:
    page: PageRead
    reading: FormReading


def check_form(engines: Engines, data: bytes, wanted: FormWanted) -> Report:
    """Judge one photograph of a form: all reasons at once.

    Bytes that can't be decoded give an `unreadable` report; an inference child that can't answer raises
    `ChildError`, to be tried again.
    """
    try:
        read = _read(engines, data, wanted, whole=False)
        if read.page.sheet.page is not None and read.reading.kind is None:
            # What was taken for the page may be a table on it, or the applicant's crop cut the title off.
            again = _read(engines, data, wanted, whole=True)
            read = again if again.reading.kind is not None else read
    except PictureError as error:
        return unreadable(error.reason)
    properties = _properties(read)
    return judge_report(judge(read.page, read.reading, wanted, properties), properties, wanted.effects)


def judge(page: PageRead, reading: FormReading, wanted: FormWanted, properties: Mapping[str, Any]) -> list[Finding]:
    """Every finding on one form."""
    seen = seen_of(page, wanted.kind)
    form = judge_form(reading, seen, wanted.kind, wanted.unit)
    found = [*form[:2], *judge_photo(seen), judge_edges(seen), judge_screen(seen), *form[2:]]
    if wanted.entry is not None and reading.kind == wanted.kind:
        fields = {name: FieldRead(read["value"], read["score"]) for name, read in properties["fields"].items()}
        found += [finding for finding, _ in compare_form(fields, wanted.entry)]
    return found


def _read(engines: Engines, data: bytes, wanted: FormWanted, whole: bool) -> _FormPage:
    check_bytes(data)  # cheap, and what is too large or no picture need not travel to a child
    corners = None if whole else wanted.corners
    try:
        sheet = engines.decoding.call(_DECODING_S, prepare, data, corners, wanted.rotate_deg, whole)
    except ChildError as error:
        raise PictureError("file_unreadable", "the decoder gave up") from error
    reading = engines.inference.call(_READING_S, read_form, sheet.pixels, wanted.kind.value, sheet.page is not None)
    lines = SheetReading(
        kind=reading.kind,
        turn_deg=reading.turn_deg,
        fields={},
        number="missing",
        line_count=reading.line_count,
        mean_score=reading.mean_score,
        text_height_px=reading.text_height_px,
        line_quads=reading.line_quads,
    )
    return _FormPage(PageRead(sheet, lines), reading)


def _properties(read: _FormPage) -> dict[str, Any]:
    """The report's properties: each field with its value, score and the box that shows it.

    `signature`, `seal` and `date` have the box where they are or belong; the seal's value is the name along its
    ring, its score None where there is no seal. Values that stand more than once are joined by a space.
    """
    page, reading = read.page, read.reading
    fields = {name: _entry(page, field.quad, field.value, field.score) for name, field in reading.fields.items()}
    if reading.signature is not None:
        fields["signature"] = _entry(page, reading.signature, None, None)
    names = [seal.name for seal in reading.seals if seal.name is not None]
    if reading.seals:
        value = " ".join("".join(name.value.split()) for name in names) or None
        score = max((name.score for name in names), default=0.0)
        fields["seal"] = _entry(page, reading.seals[0].quad, value, score)
    elif reading.seal_place is not None:
        fields["seal"] = _entry(page, reading.seal_place, None, None)
    place = reading.date_place if reading.date is None else reading.date.quad
    if place is not None:
        date = reading.date
        fields["date"] = _entry(page, place, None if date is None else date.value, None if date is None else date.score)
    found = page.sheet.page
    return {
        "kind": None if reading.kind is None else reading.kind.value,
        "fields": fields,
        "page": None if found is None else _plain(found.corners),
        "rotation_deg": reading.turn_deg,
        "code": None if reading.code is None else {"kind": reading.code.kind.value, "version": reading.code.version},
    }


def _entry(page: PageRead, quad: Corners, value: str | None, score: float | None) -> dict[str, Any]:
    return {"value": value, "score": None if score is None else round(score, 4), "box": _plain(page.in_picture(quad))}


def _plain(points: Corners) -> list[list[float]]:
    return [[round(float(x), 1), round(float(y), 1)] for x, y in points]
