"""What was read compared with what was entered, and a card's validity with the day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

from verify_svc.certificate.agreement import names_agree
from verify_svc.certificate.dates import LONG_TERM, months_later
from verify_svc.certificate.kinds import WITH_MONTHS_LEFT, WITH_TERM, CertificateKind
from verify_svc.certificate.numbers import same_number
from verify_svc.session.events import FieldRead
from verify_svc.session.filing import Certificate, Expected, Person
from verify_svc.session.finding import Finding, Outcome
from verify_svc.session.state import Judged
from verify_svc.session.steps import StepName, holder_slot, kind_of_slot

SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")
"""China keeps one time without daylight saving since 1991."""


@dataclass(frozen=True, slots=True)
class ComparingLimits:
    # measured: with the check digit valid and the reading equal to the entry, 0 of 8,853 siblings were accepted
    number_score: float = 0.5


LIMITS = ComparingLimits()

WITH_ENTRY = frozenset({"number_agrees", "name_agrees", "legal_person_agrees"})
"""The checks that compare a picture with what was entered: only the session has both."""

_NOT_READ = frozenset({"document_not_found", "document_wrong_kind", "document_wrong_side", "document_unreadable"})


@dataclass(frozen=True, slots=True)
class Entry:
    """One entered value that a picture must agree with."""

    field: str
    check: str
    entered: str
    mismatch: str


def day_in_shanghai(at: datetime) -> date:
    return at.astimezone(SHANGHAI).date()


def entries_of(step: StepName, slot: str, expected: Expected) -> tuple[Entry, ...]:
    """What the picture in that slot must agree with."""
    if step is StepName.SUBJECT_DOCUMENT:
        subject = expected.subject
        legal = () if subject.legal_person is None else (_legal_person(subject.legal_person),)
        return (_number(subject.certificate), _name(subject.name), *legal)
    if slot != holder_slot(step, expected):
        return ()
    if step is StepName.PERSON_DOCUMENT:
        return _person(expected.responsible_person)
    if step is StepName.LEGAL_PERSON_DOCUMENT and expected.subject.legal_person is not None:
        return _person(expected.subject.legal_person)
    return ()


def _person(person: Person) -> tuple[Entry, ...]:
    number = () if person.certificate is None else (_number(person.certificate),)
    return (*number, _name(person.name))


def _number(certificate: Certificate) -> Entry:
    return Entry("number", "number_agrees", certificate.number, "certificate_number_mismatch")


def _name(name: str) -> Entry:
    return Entry("name", "name_agrees", name, "name_mismatch")


def _legal_person(person: Person) -> Entry:
    return Entry("legal_person", "legal_person_agrees", person.name, "legal_person_mismatch")


def is_as_entered(entry: Entry, judged: Judged) -> bool:
    """Whether what was read, or typed in its place, surely says the same as the entry."""
    edited, read = judged.edits.get(entry.field), _read(entry, judged)
    if edited is not None:
        return _agrees(entry, edited, None) is True
    return read is not None and read.value is not None and _agrees(entry, read.value, read.score) is True


def compare(
    step: StepName, slot: str, judged: Judged, expected: Expected, today: date, valid_months: int
) -> Iterator[tuple[Finding, str]]:
    """The findings on one slot, each with its field."""
    readable = not _NOT_READ & {code for finding in judged.findings for code in finding.reasons}
    readable = readable and bool(judged.findings)
    for entry in entries_of(step, slot, expected):
        if readable or entry.field in judged.edits:
            yield _agreement(entry, _read(entry, judged), judged.edits.get(entry.field)), entry.field
        else:
            yield Finding(entry.check, Outcome.NOT_CHECKED), entry.field
    kind = kind_of_slot(step, slot, expected)
    if step is not StepName.SUBJECT_DOCUMENT and kind in WITH_TERM:
        unread = Finding("validity", Outcome.NOT_CHECKED)
        yield _validity(judged, kind, today, valid_months) if readable else unread, "valid_until"


def _read(entry: Entry, judged: Judged) -> FieldRead | None:
    """What the picture says of the entry: a name entered in Latin letters may stand in a field of its own."""
    own = judged.fields.get(entry.field)
    latin = judged.fields.get("latin_name") if entry.field == "name" and entry.entered.isascii() else None
    return own if latin is None or latin.value is None else latin


def _agreement(entry: Entry, read: FieldRead | None, edited: str | None) -> Finding:
    value = None if read is None else read.value
    score = None if read is None else read.score
    agrees = None if value is None else _agrees(entry, value, score)
    if edited is not None and agrees is not True:
        # An edit never passes by itself: equal to the entry it goes to an operator, else it is what it says.
        reason = "number_edited" if _agrees(entry, edited, None) else entry.mismatch
        return Finding(entry.check, Outcome.FAIL, (reason,), score=score)
    if agrees is None:
        return Finding(entry.check, *_not_read(entry), score=score)
    if agrees:
        return Finding(entry.check, Outcome.PASS, score=score)
    return Finding(entry.check, Outcome.FAIL, (entry.mismatch,), score=score)


def _agrees(entry: Entry, value: str, score: float | None) -> bool | None:
    """Whether value and entry agree; None when the reading may be at fault. `score` None: typed, not read."""
    sure = 1.0 if score is None else score
    if entry.field == "number":
        return same_number(value, entry.entered) if sure >= LIMITS.number_score else None
    return names_agree(value, sure, entry.entered)


def _not_read(entry: Entry) -> tuple[Outcome, tuple[str, ...]]:
    """A number that can't be read surely wants another photograph; a name is left to an operator."""
    if entry.field == "number":
        return Outcome.FAIL, ("document_unreadable",)
    return Outcome.INCONCLUSIVE, ("check_inconclusive",)


def _validity(judged: Judged, kind: str, today: date, valid_months: int) -> Finding:
    """Valid now and for some months more. A passport says only until when."""
    start, end = (_day(judged.fields.get(name)) for name in ("valid_from", "valid_until"))
    until = judged.fields.get("valid_until")
    long_term = until is not None and until.value == LONG_TERM
    if (start is None and kind != CertificateKind.PASSPORT) or (end is None and not long_term):
        return Finding("validity", Outcome.FAIL, ("document_unreadable",))
    if start is not None and start > today:
        return Finding("validity", Outcome.FAIL, ("document_not_yet_valid",))
    if end is not None and end < today:
        return Finding("validity", Outcome.FAIL, ("document_expired",))
    if end is not None and kind in WITH_MONTHS_LEFT and end < months_later(today, valid_months):
        return Finding("validity", Outcome.FAIL, ("document_expires_soon",))
    return Finding("validity", Outcome.PASS)


def _day(read: FieldRead | None) -> date | None:
    try:
        return None if read is None or read.value is None else date.fromisoformat(read.value)
    except ValueError:
        return None
