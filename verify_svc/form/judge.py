"""A form as it was read to findings: the right one, whole, signed, sealed, dated."""

from __future__ import annotations

from dataclasses import dataclass

from verify_svc.certificate.kinds import FormKind
from verify_svc.document.judge import Seen, judge_colour
from verify_svc.form.ink import InkMeasures
from verify_svc.form.reading import FormReading
from verify_svc.form.template import TEMPLATES
from verify_svc.session.finding import Finding, Outcome

_INCONCLUSIVE = ("check_inconclusive",)


@dataclass(frozen=True, slots=True)
class FormLimits:
    """When a form counts as legible."""

    min_mean_score: float = 0.6  # guessed: mean probability of the characters in the lines that were read
    min_lines: int = 4  # guessed: a form has a title, fields and a place to sign
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


def judge_form(reading: FormReading, seen: Seen, wanted: FormKind, unit: bool) -> list[Finding]:
    """Every finding on the form's own matter; what it says is compared with the entry elsewhere."""
    found = [judge_template(reading, wanted), judge_legible(reading)]
    if reading.kind != wanted:
        return found
    needs = TEMPLATES[wanted].needed(unit)
    found += [judge_whole(reading, wanted, unit), judge_fields(reading, needs)]
    if "signature" in needs:
        found.append(judge_signature(reading))
    if "seal" in needs:
        found += [judge_seal(reading), judge_original(reading, seen)]
    if "date" in needs:
        found.append(judge_date(reading))
    return found


def judge_template(reading: FormReading, wanted: FormKind) -> Finding:
    """Whether the title is the right form's. A page that can't be read may be anything."""
    if reading.kind == wanted:
        return Finding("template", Outcome.PASS)
    if reading.kind is None and not _is_legible(reading, FormLimits()):
        return Finding("template", Outcome.INCONCLUSIVE, ("form_unreadable",))
    return Finding("template", Outcome.FAIL, ("form_wrong_template",))


def judge_legible(reading: FormReading, limits: FormLimits = FormLimits()) -> Finding:
    """Whether the print can be read."""
    legible = _is_legible(reading, limits)
    outcome, reasons = (Outcome.PASS, ()) if legible else (Outcome.FAIL, ("form_unreadable",))
    return Finding("legible", outcome, reasons, score=reading.mean_score, threshold=limits.min_mean_score)


def judge_whole(reading: FormReading, wanted: FormKind, unit: bool, limits: FormLimits = FormLimits()) -> Finding:
    """Whether all of the form is there: what its text must hold, and the place to sign."""
    template = TEMPLATES[wanted]
    missing = len(template.phrases) - reading.phrases_found
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


def _is_legible(reading: FormReading, limits: FormLimits) -> bool:
    return reading.mean_score >= limits.min_mean_score and reading.line_count >= limits.min_lines
