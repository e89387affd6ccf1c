"""Photographs of a form's pages, top to bottom: decode, lay flat, read, judge."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from verify_svc.certificate.kinds import FormKind
from verify_svc.document.check import PageRead, seen_of
from verify_svc.document.judge import judge_edges, judge_photo, judge_screen
from verify_svc.document.page import Corners
from verify_svc.document.photo import RelativeCorners, prepare
from verify_svc.document.reading import SheetReading
from verify_svc.form.judge import judge_form
from verify_svc.form.reading import FormReading, read_form
from verify_svc.form.whole import FormWhole, joined, over_pages
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
    """What the pictures are to show. `entry` was entered; without it nothing is compared, and `unit` says whether a
    seal is needed. `effects` are the rule pack's.
    """

    kind: FormKind
    unit: bool = True
    entry: FormEntry | None = None
    effects: Mapping[str, Effect] | None = None


@dataclass(frozen=True, slots=True)
class FormPicture:
    """The photograph of one page. `corners` and `rotate_deg` are the applicant's own crop (fractions of the upright
    picture) and clockwise turn.
    """

    data: bytes = field(repr=False)
    corners: RelativeCorners | None = None
    rotate_deg: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class _FormPage:
    page: PageRead
    reading: FormReading


def check_form(engines: Engines, pictures: Sequence[FormPicture], wanted: FormWanted) -> Report:
    """Judge a form, photographed page by page: all reasons at once, each with the pages it is about.

    Bytes that can't be decoded give an `unreadable` report; an inference child that can't answer raises
    `ChildError`, to be tried again.
    """
    try:
        pages = [_read(engines, picture, wanted, whole=False) for picture in pictures]
        if not any(page.reading.kind for page in pages):
            # What was taken for the page may be a table on it, or the applicant's crop cut the title off.
            pages = [_titled(engines, page, picture, wanted) for page, picture in zip(pages, pictures, strict=True)]
    except PictureError as error:
        return unreadable(error.reason)
    whole = joined([page.reading for page in pages], wanted.kind)
    properties = _properties(pages, whole)
    return judge_report(judge([page.page for page in pages], whole, wanted, properties), properties, wanted.effects)


def judge(
    pages: Sequence[PageRead], whole: FormWhole, wanted: FormWanted, properties: Mapping[str, Any]
) -> list[Finding]:
    """Every finding on one form."""
    # A later page has no title: it is of the form that another one names.
    seen = [replace(seen_of(page, wanted.kind), kind=whole.reading.kind) for page in pages]
    form = judge_form(whole, seen[whole.places["seal"]], wanted.kind, wanted.unit)
    photos = over_pages([[*judge_photo(each), judge_edges(each), judge_screen(each)] for each in seen], whole.called)
    found = [*form[:2], *photos, *form[2:]]
    if wanted.entry is not None and whole.reading.kind == wanted.kind:
        fields = {name: FieldRead(read["value"], read["score"]) for name, read in properties["fields"].items()}
        found += [finding for finding, _ in compare_form(fields, wanted.entry)]
    return found


def _titled(engines: Engines, page: _FormPage, picture: FormPicture, wanted: FormWanted) -> _FormPage:
    """The page as the whole picture shows it, if its title is found there."""
    if page.page.sheet.page is None:
        return page
    again = _read(engines, picture, wanted, whole=True)
    return again if again.reading.kind is not None else page


def _read(engines: Engines, picture: FormPicture, wanted: FormWanted, whole: bool) -> _FormPage:
    check_bytes(picture.data)  # cheap, and what is too large or no picture need not travel to a child
    corners = None if whole else picture.corners
    try:
        sheet = engines.decoding.call(_DECODING_S, prepare, picture.data, corners, picture.rotate_deg, whole)
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


def _properties(pages: Sequence[_FormPage], whole: FormWhole) -> dict[str, Any]:
    """The report's properties: each field with its value, score and the box that shows it.

    `signature`, `seal` and `date` have the box where they are or belong; the seal's value is the name along its
    ring, its score None where there is no seal. Values that stand more than once are joined by a space. Of several
    pages each field says on which it stands (`page`, from 1); `pages` tells how each lies and what it says by itself.
    """
    reading = whole.reading

    def entry(name: str, quad: Corners, value: str | None, score: float | None) -> dict[str, Any]:
        place = whole.places[name]
        on = {"page": place + 1} if len(pages) > 1 else {}
        box = _plain(pages[place].page.in_picture(quad))
        return {"value": value, "score": None if score is None else round(score, 4), "box": box, **on}

    fields = {name: entry(name, field.quad, field.value, field.score) for name, field in reading.fields.items()}
    if reading.signature is not None:
        fields["signature"] = entry("signature", reading.signature, None, None)
    names = [seal.name for seal in reading.seals if seal.name is not None]
    if reading.seals:
        value = " ".join("".join(name.value.split()) for name in names) or None
        score = max((name.score for name in names), default=0.0)
        fields["seal"] = entry("seal", reading.seals[0].quad, value, score)
    elif reading.seal_place is not None:
        fields["seal"] = entry("seal", reading.seal_place, None, None)
    place = reading.date_place if reading.date is None else reading.date.quad
    if place is not None:
        read = (None, None) if reading.date is None else (reading.date.value, reading.date.score)
        fields["date"] = entry("date", place, *read)
    told = {
        "kind": None if reading.kind is None else reading.kind.value,
        "fields": fields,
        **_laid(pages[0]),
        "code": None if reading.code is None else {"kind": reading.code.kind.value, "version": reading.code.version},
    }
    return told if len(pages) == 1 else {**told, "pages": [{**_laid(page), "fields": _said(page)} for page in pages]}


def _said(page: _FormPage) -> dict[str, Any]:
    """What a page says by itself: values and scores."""
    return {name: {"value": read.value, "score": round(read.score, 4)} for name, read in page.reading.fields.items()}


def _laid(page: _FormPage) -> dict[str, Any]:
    """How a page lies in its picture, and which it says it is."""
    found, number = page.page.sheet.page, page.reading.number
    corners = None if found is None else _plain(found.corners)
    said = {} if number is None else {"number": {"page": number.page, "pages": number.pages}}
    return {"page": corners, "rotation_deg": page.reading.turn_deg, **said}


def _plain(points: Corners) -> list[list[float]]:
    return [[round(float(x), 1), round(float(y), 1)] for x, y in points]
