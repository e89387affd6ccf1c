"""What a form says compared with what was entered: names, numbers, domains, the seal's name and the day.

A reading that may be at fault never accuses: it goes to an operator. What wasn't read is not checked here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import SequenceMatcher

from verify_svc.certificate.agreement import NAME_LIMITS, names_agree
from verify_svc.certificate.numbers import normalise_number
from verify_svc.session.events import FieldRead
from verify_svc.session.filing import Expected, Person
from verify_svc.session.finding import Finding, Outcome


@dataclass(frozen=True, slots=True)
class FormLimits:
    """When a reading counts against the form, or for it. Scores are the lowest probability of a character."""

    accuses: float = NAME_LIMITS.min_score  # what differs at less may be misread
    date_counts: float = 0.5  # as for numbers; hand-writing read right: ≥ 0.87 (measured)
    near: float = 0.8  # guessed: a domain so like the entered one may be it, misread


LIMITS = FormLimits()

FORM_FIELDS = ("name", "numbers", "person", "person_numbers", "domains", "signature", "seal", "date")
"""What is read from a form, as people look through it."""


@dataclass(frozen=True, slots=True)
class FormEntry:
    """What was entered that a form must agree with. None or empty: nothing to compare.

    `others_sign`: another person than the responsible one may be on the form, whose number nobody entered.
    `first_day` and `last_day` are the days (Asia/Shanghai) between which it may be dated.
    """

    unit: bool
    name: str | None = field(default=None, repr=False)
    number: str | None = field(default=None, repr=False)
    person: str | None = field(default=None, repr=False)
    person_number: str | None = field(default=None, repr=False)
    domains: tuple[str, ...] = ()
    others_sign: bool = False
    first_day: date | None = None
    last_day: date | None = None


def entry_of(
    expected: Expected, first_day: date | None = None, last_day: date | None = None, person: Person | None = None
) -> FormEntry:
    """The entry of a session; `person` is who should be named on the form, else the responsible one."""
    subject, person = expected.subject, person or expected.responsible_person
    legal = subject.legal_person
    return FormEntry(
        unit=subject.kind == "unit",
        name=subject.name,
        number=subject.certificate.number,
        person=person.name,
        person_number=None if person.certificate is None else person.certificate.number,
        domains=expected.site.domains,
        others_sign=legal is not None and legal.name != person.name and legal.certificate is None,
        first_day=first_day,
        last_day=last_day,
    )


def entered_on(entry: FormEntry) -> Mapping[str, str]:
    """What was entered for those of a form's fields that have an entry."""
    told = {"name": entry.name, "person": entry.person, "domains": " ".join(entry.domains) or None}
    if entry.unit:
        told |= {"numbers": entry.number, "person_numbers": entry.person_number, "seal": entry.name}
    else:
        told["person_numbers"] = entry.number
    return {name: value for name, value in told.items() if value is not None}


def opinions(
    fields: Mapping[str, FieldRead], findings: Sequence[Finding], entry: FormEntry
) -> Mapping[str, frozenset[Outcome]]:
    """What is said of each field: by the form's own `findings`, which are called as their field, and by the entry."""
    said: dict[str, set[Outcome]] = {}
    own = ((finding, finding.check) for finding in findings if finding.check in FORM_FIELDS)
    for finding, name in (*own, *compare_form(fields, entry)):
        said.setdefault(name, set()).add(finding.outcome)
    return {name: frozenset(outcomes - {Outcome.NOT_CHECKED}) for name, outcomes in said.items()}


def compare_form(fields: Mapping[str, FieldRead], entry: FormEntry) -> Iterator[tuple[Finding, str]]:
    """The findings, each with its field."""
    yield _name("name_agrees", fields.get("name"), entry.name), "name"
    yield _name("person_agrees", fields.get("person"), entry.person), "person"
    own = "numbers" if entry.unit else "person_numbers"
    yield _number("number_agrees", fields.get(own), entry.number, False), own
    if entry.unit:
        read = fields.get("person_numbers")
        yield _number("person_number_agrees", read, entry.person_number, entry.others_sign), "person_numbers"
        yield _seal(fields.get("seal"), entry.name), "seal"
    yield _domains(fields.get("domains"), entry.domains), "domains"
    yield _day(fields.get("date"), entry.first_day, entry.last_day), "date"


def _name(check: str, read: FieldRead | None, entered: str | None) -> Finding:
    if entered is None or read is None or read.value is None:
        return Finding(check, Outcome.NOT_CHECKED)
    agree = names_agree(read.value, read.score or 0.0, entered)
    return _found(check, agree, "form_name_mismatch", read.score)


def _number(check: str, read: FieldRead | None, entered: str | None, others: bool) -> Finding:
    if entered is None or read is None or read.value is None:
        return Finding(check, Outcome.NOT_CHECKED)
    if normalise_number(entered) in {normalise_number(value) for value in read.value.split()}:
        return Finding(check, Outcome.PASS, score=read.score)
    sure = (read.score or 0.0) >= LIMITS.accuses and not others
    return _found(check, False if sure else None, "form_number_mismatch", read.score)


def _domains(read: FieldRead | None, entered: tuple[str, ...]) -> Finding:
    if not entered or read is None or read.value is None:
        return Finding("domain_agrees", Outcome.NOT_CHECKED)
    there = read.value.lower().split()
    wanted = [domain.lower().removeprefix("www.") for domain in entered]
    lacking = [domain for domain in wanted if domain not in there]
    if not lacking:
        return Finding("domain_agrees", Outcome.PASS, score=read.score)
    near = any(SequenceMatcher(None, one, other).ratio() >= LIMITS.near for one in lacking for other in there)
    # One of several that wasn't found may have been overlooked by the reader.
    sure = len(lacking) == len(wanted) and not near and (read.score or 0.0) >= LIMITS.accuses
    return _found("domain_agrees", False if sure else None, "form_domain_mismatch", read.score)


def _seal(read: FieldRead | None, entered: str | None) -> Finding:
    if entered is None or read is None or read.score is None:
        return Finding("seal_agrees", Outcome.NOT_CHECKED)  # there is no seal
    if read.value is None:
        return Finding("seal_agrees", Outcome.INCONCLUSIVE, ("check_inconclusive",))
    opinions = [names_agree(name, read.score or 0.0, entered) for name in read.value.split()]
    agree = True if True in opinions else None if None in opinions else False
    return _found("seal_agrees", agree, "form_seal_mismatch", read.score)


def _day(read: FieldRead | None, first: date | None, last: date | None) -> Finding:
    if read is None or read.value is None or first is None or last is None:
        return Finding("date_in_range", Outcome.NOT_CHECKED)
    score = read.score or 0.0
    within = first <= date.fromisoformat(read.value) <= last
    sure = score >= (LIMITS.date_counts if within else LIMITS.accuses)
    return _found("date_in_range", within if sure else None, "form_date_out_of_range", read.score)


def _found(check: str, agree: bool | None, reason: str, score: float | None) -> Finding:
    if agree is None:
        return Finding(check, Outcome.INCONCLUSIVE, ("check_inconclusive",), score=score)
    return Finding(check, Outcome.PASS if agree else Outcome.FAIL, () if agree else (reason,), score=score)
