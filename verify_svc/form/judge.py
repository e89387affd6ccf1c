"""A form as it was read to findings: the right one, whole, signed, sealed, dated."""

from __future__ import annotations

from dataclasses import dataclass, replace

from verify_svc.certificate.kinds import FormKind
from verify_svc.document.judge import Seen, judge_colour
from verify_svc.form.ink import InkMeasures
from verify_svc.form.numbering import missing_among
from verify_svc.form.reading import FormReading
from verify_svc.form.template import TEMPLATES
from verify_svc.form.whole import FormWhole
from verify_svc.session.finding import Finding, Outcome

_INCONCLUSIVE = ("check_inconclusive",)


@dataclass(frozen=True, slots=True)
class FormLimits:
    """When a form counts as legible."""

    min_mean_score: float = 0.6  # guessed: mean probability of the characters in the lines that were read
    min_lines: int = 4  # guessed: a form has a title, fields and a place to sign
    min_lines_of_many: int = 1  # guessed: the last of several pages may hold no more than a line
    sure_mean_score: float = 0.85  # measured: forms taken well ≥ 0.93; what isn't found on one isn't there


@dataclass(frozen=True, slots=True)
class SignatureLimits:
    """What counts as signed. Measured on 30 typefaces' names and 40 written ones, at 26, 40 and 60 px high."""

    least_amount: float = 0.12  # dust, remains of ruled lines ≤ 0.11; the shortest name written 0.26
    sure_amount: float = 0.25
    small: float = 1.25  # of the print beside it: printed names 0.9 to 1.1, written ones seldom less
    small_print_axial: float = 0.34  # small: print 0.21 to 0.47, hands up to 0.34
    print_tall: tuple[float, float] = (0.85, 1.15)
    print_off: float = 0.12  # print stands level with the print beside it
    print_axial: float = 0.55  # large: print 0.38 to 0.66, hands ≤ 0.37; a square name over a ruled line 0.51
    hand_axial: float = 0.40
    pen_blue: float = 25.0  # blue ink ≥ 45, black within ± 8
    max_hidden: float = 0.3  # guessed: so much of the place under a grey seal, what lies beneath can't be told


@dataclass(frozen=True, slots=True)
class DateLimits:
    """When a place for a date is empty."""

    least_amount: float = 0.3  # measured: dust ≤ 0.1, the shortest date 0.8
    word_amount: float = 0.25  # measured: ink of each printed 年, 月 and 日


def judge_form(whole: FormWhole, seen: Seen, wanted: FormKind, unit: bool) -> list[Finding]:
    """Every finding on the form's own matter; what it says is compared with the entry elsewhere. `seen` is the page
    with the seal.
    """
    reading = whole.reading
    found = [judge_template(whole, wanted), judge_legible(whole)]
    if reading.kind != wanted:
        return found
    needs = TEMPLATES[wanted].needed(unit)
    complete = judge_whole(whole, wanted, unit)
    found += [complete, judge_fields(reading, needs)]
    if "signature" in needs:
        found.append(_told_of(judge_signature(reading), whole.where("signature")))
    if "seal" in needs:
        found.append(_told_of(judge_seal(reading), whole.where("seal")))
        found.append(_told_of(judge_original(reading, seen), whole.where("seal")))
    if "date" in needs:
        found.append(_told_of(judge_date(reading), whole.where("date")))
    if not complete.pages:
        return found
    # What isn't on the pages that came may be on those that are missing.
    there = {"signature": reading.signature, "seal": reading.seal_place, "date": reading.date_place, "fields": None}
    return [
        Finding(each.check, Outcome.NOT_CHECKED)
        if each.outcome is not Outcome.PASS and there.get(each.check, each) is None
        else each
        for each in found
    ]


def _told_of(finding: Finding, pages: tuple[int, ...]) -> Finding:
    """The finding with the page that it is about, if there is something to mend."""
    return replace(finding, pages=pages) if finding.outcome is Outcome.FAIL else finding


def judge_template(whole: FormWhole, wanted: FormKind) -> Finding:
    """Whether a page's title is the right form's. A page that can't be read may be anything; of several pages one that
    has another form's title, was printed for another session or in another version than the one that is signed, or is
    there twice with other names, is for an operator.
    """
    print_of_signed = _print_of(whole.pages[whole.places["signature"]]) or _print_of(whole.reading)
    others = tuple(
        at
        for at, page in zip(whole.called, whole.pages, strict=True)
        if page.kind not in (None, wanted)
        or _print_of(page) not in (None, print_of_signed)
        or at in whole.contradicting
    )
    if whole.reading.kind == wanted:
        if others:
            return Finding("template", Outcome.INCONCLUSIVE, _INCONCLUSIVE, pages=others)
        return Finding("template", Outcome.PASS)
    least = FormLimits().min_lines if len(whole.pages) == 1 else FormLimits().min_lines_of_many
    if whole.reading.kind is None and not all(_is_legible(page, FormLimits(), least) for page in whole.pages):
        return Finding("template", Outcome.INCONCLUSIVE, ("form_unreadable",))
    return Finding("template", Outcome.FAIL, ("form_wrong_template",))


def _print_of(page: FormReading) -> tuple[str, FormKind, int, int] | None:
    """What all pages of one print have in common, as our code says it; None of a page without one."""
    code = page.code
    return None if code is None else (code.session_id, code.kind, code.version, code.pages)


def judge_legible(whole: FormWhole, limits: FormLimits = FormLimits()) -> Finding:
    """Whether the print of every page can be read."""
    least = limits.min_lines if len(whole.pages) == 1 else limits.min_lines_of_many
    called = zip(whole.called, whole.pages, strict=True)
    bad = tuple(at for at, page in called if not _is_legible(page, limits, least))
    return Finding(
        "legible",
        Outcome.FAIL if bad else Outcome.PASS,
        ("form_unreadable",) if bad else (),
        score=whole.reading.mean_score,
        threshold=limits.min_mean_score,
        pages=bad if len(whole.pages) > 1 else (),
    )


def judge_whole(whole: FormWhole, wanted: FormKind, unit: bool, limits: FormLimits = FormLimits()) -> Finding:
    """Whether all of the form is there: every page that its pages speak of, what its text must hold, and the place to
    sign. Its `pages` are those that are missing.
    """
    template, reading = TEMPLATES[wanted], whole.reading
    absent, sure = missing_among(whole.numbers)
    if absent:
        outcome, reasons = (Outcome.FAIL, ("form_incomplete",)) if sure else (Outcome.INCONCLUSIVE, _INCONCLUSIVE)
        return Finding("complete", outcome, reasons, pages=absent if sure else ())
    missing = len(template.phrases) - len(reading.phrases)
    unsigned = "signature" in template.needed(unit) and reading.signature is None
    measured = {"missing_phrases": missing, "place_to_sign": not unsigned}
    if missing <= 0 and not unsigned:
        return Finding("complete", Outcome.PASS, measured=measured)
    if reading.mean_score < limits.sure_mean_score:
        return Finding("complete", Outcome.INCONCLUSIVE, _INCONCLUSIVE, measured=measured)
    return Finding("complete", Outcome.FAIL, ("form_incomplete",), measured=measured)


def judge_fields(reading: FormReading, needs: tuple[str, ...]) -> Finding:
    """Whether what must be compared was read at all."""
    missing = [name for name in needs if name not in ("signature", "seal", "date") and name not in reading.fields]
    if not missing:
        return Finding("fields", Outcome.PASS)
    return Finding("fields", Outcome.INCONCLUSIVE, _INCONCLUSIVE, measured={"missing": ",".join(missing)})


def judge_signature(reading: FormReading, limits: SignatureLimits = SignatureLimits()) -> Finding:
    """Whether somebody signed with a pen: print and a stamp of the name don't count."""
    ink = reading.ink
    if ink is None:
        return Finding("signature", Outcome.INCONCLUSIVE, _INCONCLUSIVE)
    outcome = _signed(ink, limits)
    reasons = {Outcome.FAIL: ("form_signature_missing",), Outcome.INCONCLUSIVE: _INCONCLUSIVE}.get(outcome, ())
    measured = {
        "tall": round(ink.tall, 2),
        "off": round(ink.off, 2),
        "axial": round(ink.axial, 2),
        "blue": round(ink.blue, 1),
    }
    return Finding("signature", outcome, reasons, ink.amount, limits.least_amount, measured=measured)


def _signed(ink: InkMeasures, limits: SignatureLimits) -> Outcome:
    hidden = ink.hidden > limits.max_hidden
    if ink.amount < limits.least_amount:
        return Outcome.INCONCLUSIVE if hidden else Outcome.FAIL
    if ink.framed and ink.blue < limits.pen_blue:
        return Outcome.FAIL
    if ink.tall < limits.small:
        if ink.blue >= limits.pen_blue and ink.amount >= limits.sure_amount:
            return Outcome.PASS
        level = limits.print_tall[0] <= ink.tall <= limits.print_tall[1] and abs(ink.off) <= limits.print_off
        return Outcome.FAIL if level or ink.axial >= limits.small_print_axial else Outcome.INCONCLUSIVE
    if ink.axial >= limits.print_axial:
        return Outcome.INCONCLUSIVE if hidden else Outcome.FAIL
    if ink.amount < limits.sure_amount or ink.axial >= limits.hand_axial:
        return Outcome.INCONCLUSIVE
    return Outcome.PASS


def judge_seal(reading: FormReading) -> Finding:
    """Whether a round seal is there, red or grey. Whose it is is compared with the entry."""
    if not reading.seals:
        return Finding("seal", Outcome.FAIL, ("form_seal_missing",))
    seal = reading.seals[0]
    return Finding("seal", Outcome.PASS, score=seal.cover, measured={"red": seal.red, "count": len(reading.seals)})


def judge_original(reading: FormReading, seen: Seen) -> Finding:
    """Whether a form whose seal is grey has any colour at all: one without is a copy. Without seal nothing tells."""
    if not reading.seals or any(seal.red for seal in reading.seals):
        outcome = Outcome.PASS if reading.seals else Outcome.NOT_CHECKED
        return Finding("colour", outcome, score=seen.measures.chroma)
    return judge_colour(seen)


def judge_date(reading: FormReading, limits: DateLimits = DateLimits()) -> Finding:
    """Whether a date is there and can be read. Which day it is is compared elsewhere."""
    if reading.date is not None:
        return Finding("date", Outcome.PASS, score=reading.date.score)
    least = limits.least_amount + limits.word_amount * min(3, reading.date_words)
    if reading.date_ink is None or reading.date_ink.amount >= least:
        return Finding("date", Outcome.INCONCLUSIVE, _INCONCLUSIVE)
    return Finding("date", Outcome.FAIL, ("form_date_missing",), reading.date_ink.amount, least)


def _is_legible(reading: FormReading, limits: FormLimits, least_lines: int) -> bool:
    return reading.mean_score >= limits.min_mean_score and reading.line_count >= least_lines
