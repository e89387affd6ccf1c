"""Reading and photograph to findings. Numbers are never repaired, and what was entered is never a hint."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from verify_svc.certificate.agreement import NAME_LIMITS, NameLimits, names_agree
from verify_svc.certificate.dates import LONG_TERM, months_later
from verify_svc.certificate.kinds import WITH_MONTHS_LEFT, are_sides_of_one
from verify_svc.certificate.numbers import same_number
from verify_svc.document.code import NO_CODES, CodesFound, judge_code
from verify_svc.document.layouts.every import LAYOUTS
from verify_svc.document.layouts.layout import A4_ASPECT, MIN_DATE_SCORE
from verify_svc.document.photo import PhotoMeasures
from verify_svc.document.tampering import NumberTrace, judge_editing
from verify_svc.session.finding import Finding, Outcome, not_applying


@dataclass(frozen=True, slots=True)
class PhotoLimits:
    """When a picture's quality is named. `doubtful_*` hold when its text could not be read surely."""

    min_sharpness: float = 0.15  # measured: blurred and moved ≤ 0.145, 1 of 40 sharp ones below (slope, see measures)
    doubtful_sharpness: float = 0.20  # measured: moved camera 0.16 to 0.18, 36 of 40 real pictures above
    min_light: float = 90.0  # measured: dark pictures ≤ 32, real photographs ≥ 150 (90th percentile of lightness)
    min_bright_contrast: float = 60.0  # guessed: washed out when the page has no more range than this
    bright_paper: float = 245.0  # guessed: lightness of the paper in a washed-out picture
    min_burnt_share: float = 0.008  # measured: reflections over a number 0.03 and more of the page
    white_paper: float = 242.0  # measured (median): 14 drawn reflections ≤ 239, 36 of 36 scans with white paper ≥ 244
    min_chroma: float = 10.5  # measured: 18 copies ≤ 7.2, 190 colour originals ≥ 16; on paper of `full_light`
    full_light: float = 200.0  # guessed: in less light colours are weaker in proportion
    max_grid: float = 4.7  # measured: 50 simulated screens ≥ 4.9, 4 of 300 others above; real screens: none at hand
    max_grid_ruled: float = 5.8  # measured: 27 drawn household pages ≤ 5.4, 23 of 24 simulated screens of one ≥ 6.1
    min_text_px: float = 14.0  # measured: below this number height readings fail
    min_page_px: float = 620.0  # guessed: long side of a page whose text can still be read
    max_skew_deg: float = 12.0  # guessed: cosmetic
    max_keystone: float = 1.3  # guessed: cosmetic


@dataclass(frozen=True, slots=True)
class EdgeLimits:
    """How much a page that runs out of the picture may be out of shape (1 less the ratio of width to height)."""

    card_off: float = 0.06  # measured: whole cards ≤ 0.02, cut ones ≥ 0.07
    sheet_off: float = 0.12  # measured: whole sheets ≤ 0.09 (found by their printed frame), cut ones ≥ 0.15


@dataclass(frozen=True, slots=True)
class Seen:
    """What the judges need of photograph and reading. Sizes in pixels of the picture as recorded; `number` is the
    reading's word for how sure the number is; `values` and `scores` are by field; `watermarked` says that a watermark
    hides what wasn't read, `covered` that a finger lies on the page and may.
    """

    wanted: str
    kind: str | None
    number: str
    values: Mapping[str, str]
    scores: Mapping[str, float]
    measures: PhotoMeasures
    page_found: bool
    page_px: float
    page_aspect: float
    page_ends_at_border: bool
    text_ends_at_border: bool
    skew_deg: float
    keystone: float
    text_px: float
    line_count: int
    mean_score: float
    watermarked: bool = False
    covered: bool = False
    codes: CodesFound = NO_CODES
    trace: NumberTrace | None = None


_PASS, _FAIL, _NOT_CHECKED = Outcome.PASS, Outcome.FAIL, Outcome.NOT_CHECKED


def is_read(seen: Seen) -> bool:
    """Whether everything that must be read was read surely."""
    layout = LAYOUTS.get(seen.wanted)
    read = layout is None or layout.is_read(seen.values, seen.scores, seen.number)
    return seen.kind == seen.wanted and read


def _required(seen: Seen) -> tuple[str, ...]:
    layout = LAYOUTS.get(seen.wanted)
    return () if layout is None else layout.required


def _missing(seen: Seen) -> list[str]:
    """The fields that must be there and aren't, or that can't be right."""
    layout = LAYOUTS.get(seen.wanted)
    return [] if layout is None else layout.missing(seen.values, seen.scores)


def may_lie_beyond(seen: Seen, limits: PhotoLimits = PhotoLimits()) -> bool:
    """Whether the page as found may be a part of the one wanted: it lacks a field, and the picture isn't to blame."""
    if seen.kind != seen.wanted or seen.watermarked:
        return False
    lacks = any(name not in seen.values for name in _required(seen))
    return lacks and seen.measures.sharpness >= limits.doubtful_sharpness and seen.measures.light >= limits.min_light


def judge_photo(seen: Seen, limits: PhotoLimits = PhotoLimits()) -> list[Finding]:
    """The photograph's faults. Those that did no harm to the reading are named all the same: they are advice."""
    read, measures = is_read(seen), seen.measures
    # Where a watermark is at fault the text says nothing about the lens.
    sharp = limits.min_sharpness if read or seen.watermarked else limits.doubtful_sharpness
    dark = measures.light < limits.min_light
    washed_out = measures.light > limits.bright_paper and measures.contrast < limits.min_bright_contrast
    # On a scan's white paper no reflection stands out.
    burnt = not read and measures.burnt_share > limits.min_burnt_share and measures.middle < limits.white_paper
    small = _is_small(seen, limits)
    skewed = seen.page_found and (seen.skew_deg > limits.max_skew_deg or seen.keystone > limits.max_keystone)
    return [
        _named("cover", seen.covered and not read, "document_covered"),
        _named("watermark", seen.watermarked and not read, "document_watermark"),
        _named("sharpness", measures.sharpness < sharp, "document_blurry", measures.sharpness, sharp),
        _named(
            "light",
            dark or washed_out,
            "document_too_dark" if dark else "document_too_bright",
            measures.light,
            limits.min_light,
        ),
        _named("glare", burnt, "document_glare", measures.burnt_share, limits.min_burnt_share),
        _named("size", small, "document_too_small", seen.text_px, limits.min_text_px),
        _named("skew", skewed, "document_skewed", seen.skew_deg, limits.max_skew_deg),
    ]


def judge_edges(seen: Seen, limits: EdgeLimits = EdgeLimits()) -> Finding:
    """Whether the page is cut off: it runs out of the picture, and what is seen of it lacks something.

    That is: a field that must be there, or so much of its length that its shape is another one, or two sides with
    text on them.
    """
    layout = LAYOUTS.get(seen.wanted)
    usual = (A4_ASPECT,) if layout is None else layout.aspects
    turned = [aspect for one in usual for aspect in (one, 1 / one)]
    off = min(abs(seen.page_aspect / aspect - 1) for aspect in turned) if seen.page_aspect > 0 else 0.0
    shorter = off > (limits.card_off if layout is not None and layout.small else limits.sheet_off)
    cut = seen.page_ends_at_border and (shorter or not is_read(seen) or seen.text_ends_at_border)
    return _named("edges", cut, "document_cut_off", round(off, 3))


def judge_colour(seen: Seen, limits: PhotoLimits = PhotoLimits()) -> Finding:
    """Whether the page has the colours of an original. In the dark nothing has colours: not checked."""
    if seen.measures.light < limits.min_light:
        return Finding("colour", _NOT_CHECKED, score=seen.measures.chroma)
    least = limits.min_chroma * min(1.0, seen.measures.light / limits.full_light)
    return _named("colour", seen.measures.chroma < least, "document_photocopy", seen.measures.chroma, least)


def judge_screen(seen: Seen, limits: PhotoLimits = PhotoLimits()) -> Finding:
    """Whether the picture was taken of a screen. A table's rules stand out of the spectrum themselves."""
    layout, grid = LAYOUTS.get(seen.wanted), seen.measures.grid
    most = limits.max_grid_ruled if layout is not None and layout.ruled else limits.max_grid
    return _named("screen", grid > most, "document_recaptured_screen", grid, most)


def judge_kind(seen: Seen, photo: Sequence[Finding], limits: PhotoLimits = PhotoLimits()) -> Finding:
    """Whether the page is what was asked for. `photo` are the photograph's findings: a page that a fault hides is
    unreadable, not absent.
    """
    if seen.kind == seen.wanted:
        return Finding("kind", _PASS)
    if are_sides_of_one(seen.kind, seen.wanted):
        return Finding("kind", _FAIL, ("document_wrong_side",))
    if seen.kind is not None:
        return Finding("kind", _FAIL, ("document_wrong_kind",))
    hidden = any(finding.reasons for finding in photo if finding.check != "skew")
    legible = seen.line_count >= 3 and seen.mean_score >= 0.8 and seen.measures.sharpness >= limits.min_sharpness
    if seen.watermarked or (hidden and not legible):
        return Finding("kind", _FAIL, ("document_unreadable",))
    return Finding("kind", _FAIL, ("document_not_found",))


def judge_fields(seen: Seen) -> list[Finding]:
    """Whether what must be read was read, whether the number holds together, and whether it was edited."""
    needed = _required(seen)
    if not needed:
        return []
    missing = _missing(seen)
    measured = {"missing": ",".join(missing)} if missing else {}
    found = [
        Finding("fields", _FAIL if missing else _PASS, ("document_unreadable",) if missing else (), measured=measured)
    ]
    if "number" in needed:
        score = seen.scores.get("number")
        if seen.number in ("sure", "invalid"):
            found.append(judge_editing(seen.trace))
        if seen.number == "invalid":
            found.append(Finding("number", _FAIL, (LAYOUTS[seen.wanted].number_reason,), score=score))
        elif seen.number == "sure":
            found.append(Finding("number", _PASS, score=score))
        else:
            found.append(Finding("number", _FAIL, ("document_unreadable",), score=score))
    return found


def judge_agreement_within(seen: Seen) -> list[Finding]:
    """What the page says twice: birth date and sex as printed and in the number, the number in the MRZ or a code…"""
    layout = LAYOUTS.get(seen.wanted)
    if layout is None or seen.number != "sure":
        return []
    found = [judge_code(seen.values["number"], seen.codes)] if layout.coded else []
    for agreement in layout.agreements(seen.values):
        if agreement.field is None:
            found.append(_named(agreement.check, not agreement.agrees, agreement.reason, seen.scores.get("number")))
            continue
        score = seen.scores.get(agreement.field, 0.0)
        # What a doubtful reading agrees with was hardly misread to agree; one that differs may have been.
        least = MIN_DATE_SCORE if agreement.agrees else NAME_LIMITS.min_score
        if agreement.field not in seen.values or score < least:
            found.append(Finding(agreement.check, _NOT_CHECKED, score=score))
        else:
            found.append(_named(agreement.check, not agreement.agrees, agreement.reason, score))
    return found


def judge_validity(seen: Seen, today: dt.date | None, months: int = 3) -> list[Finding]:
    """Validity on the day `today`: valid now, and for `months` more where the layout wants that."""
    layout = LAYOUTS.get(seen.wanted)
    if layout is None or "valid_until" not in layout.fields:
        return []
    if layout.must_be_sure and _missing(seen):
        return [Finding("validity", _NOT_CHECKED)]
    start, end = _day(seen.values.get("valid_from")), seen.values.get("valid_until")
    last = _day(end)
    if today is None or (last is None and end != LONG_TERM):
        return [Finding("validity", _NOT_CHECKED)]
    if start is not None and start > today:
        return [Finding("validity", _FAIL, ("document_not_yet_valid",))]
    if last is not None and last < today:
        return [Finding("validity", _FAIL, ("document_expired",))]
    if last is not None and layout.kind in WITH_MONTHS_LEFT and last < months_later(today, months):
        return [Finding("validity", _FAIL, ("document_expires_soon",))]
    return [Finding("validity", _PASS)]


def judge_number_entry(seen: Seen, entered: str | None) -> Finding:
    """The number as read against the number as entered. A reading that isn't sure neither passes nor accuses."""
    if entered is None:
        return not_applying("number_agrees")
    if seen.kind != seen.wanted:
        return Finding("number_agrees", _NOT_CHECKED)
    if seen.number not in ("sure", "invalid"):
        return Finding("number_agrees", Outcome.INCONCLUSIVE, ("document_unreadable",))
    differs = not same_number(seen.values["number"], entered)
    return _named("number_agrees", differs, "certificate_number_mismatch", seen.scores.get("number"))


def judge_name_entry(seen: Seen, entered: str | None, limits: NameLimits = NAME_LIMITS) -> Finding:
    """The name as read against the name as entered; where the reading may be at fault an operator looks."""
    if entered is None:
        return not_applying("name_agrees")
    if seen.kind != seen.wanted:
        return Finding("name_agrees", _NOT_CHECKED)
    read, score = seen.values.get("name"), seen.scores.get("name", 0.0)
    if read is None:
        return Finding("name_agrees", Outcome.INCONCLUSIVE, ("check_inconclusive",))
    agree = names_agree(read, score, entered, limits)
    if agree:
        return Finding("name_agrees", _PASS, score=score)
    if agree is None:
        return Finding("name_agrees", Outcome.INCONCLUSIVE, ("check_inconclusive",), score=score)
    return Finding("name_agrees", _FAIL, ("name_mismatch",), score=score)


def _is_small(seen: Seen, limits: PhotoLimits) -> bool:
    tiny_page = seen.page_found and 0 < seen.page_px < limits.min_page_px
    return tiny_page or 0 < seen.text_px < limits.min_text_px


def _named(check: str, wrong: bool, reason: str, score: float | None = None, threshold: float | None = None) -> Finding:
    return Finding(check, _FAIL if wrong else _PASS, (reason,) if wrong else (), score=score, threshold=threshold)


def _day(value: str | None) -> dt.date | None:
    try:
        return dt.date.fromisoformat(value) if value else None
    except ValueError:
        return None
