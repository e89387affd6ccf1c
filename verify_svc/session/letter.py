"""Who may act for a unit without being its legal representative, and the letters of authorisation that say so.

The portal sends a letter as one of its papers; what it says is compared here with what is entered now, so that a
correction counts without another photograph.
"""

from __future__ import annotations

from verify_svc.certificate.agreement import names_agree
from verify_svc.certificate.names import same_name
from verify_svc.session.comparing import day_in_shanghai
from verify_svc.session.events import FieldRead
from verify_svc.session.filing import Expected, Person
from verify_svc.session.finding import Finding, Outcome
from verify_svc.session.forms import LIMITS, compare_form, entry_of
from verify_svc.session.report import Report, Result, judge_report
from verify_svc.session.rulepack import RulePack
from verify_svc.session.state import Judged, Session, Slot
from verify_svc.session.steps import StepName

_CHECK, _REASON = "authorization", "authorization_letter_required"
_KEPT = 4  # a unit names two people at most; the others name somebody else


def judge_authorization(session: Session, pack: RulePack) -> Finding | None:
    """Whether a letter that is clear names each person who needs one; None where nobody does.

    `letter` of what was measured is the worst one's result, `none` where there is none. What is wrong with a letter
    stands in its own report: the reason here is that one is needed.
    """
    people = people_to_authorise(session)
    if not people:
        return None
    results = [_result_for(person, session, pack) for person in people]
    worst = max(results, key=_ORDER.index)
    if worst == Result.CLEAR.value:
        return Finding(_CHECK, Outcome.PASS, measured={"letter": worst})
    outcome = Outcome.FAIL if worst in ("unreadable", "rejected") else Outcome.NOT_CHECKED
    return Finding(_CHECK, outcome, (_REASON,), measured={"letter": worst})


_ORDER = ("clear", "consider", "not_checked", "none", "unreadable", "rejected")
"""Results from the best to the worst."""


def people_to_authorise(session: Session) -> tuple[Person, ...]:
    """Those responsible who are not the unit's legal representative, each once.

    He is the entered one, else the one that the certificate surely names.
    """
    subject, person = session.expected.subject, session.expected.responsible_person
    if subject.kind != "unit":
        return ()
    people = [person]
    if subject.lead is not None and not _same_person(subject.lead, person):
        people.append(subject.lead)
    legal = subject.legal_person
    if legal is not None:
        return tuple(each for each in people if not _same_person(legal, each))
    document = session.steps.get(StepName.SUBJECT_DOCUMENT)
    licence = None if document is None else document.slots.get("page", Slot()).judged
    read = None if licence is None else licence.fields.get("legal_person")
    if read is None or read.value is None:
        return ()
    return tuple(each for each in people if names_agree(read.value, read.score or 0.0, each.name) is False)


def report_on_letter(letter: Judged, person: Person, expected: Expected, pack: RulePack) -> Report:
    """A letter weighed as authorising that person: what was found on it, and what it says against what is entered.

    It may be dated from the filing's beginning to the day on which it was judged.
    """
    entry = entry_of(expected, expected.filing.created_on, day_in_shanghai(letter.at), person)
    wrong = any("form_wrong_template" in finding.reasons for finding in letter.findings)
    compared = [] if wrong else [finding for finding, _ in compare_form(letter.fields, entry)]
    checks = {finding.check for finding in compared}
    found = [*(finding for finding in letter.findings if finding.check not in checks), *compared]
    required = (*pack.required.get(StepName.FORMS, ()), "person_agrees")
    return judge_report(found, effects=pack.effects_in(StepName.FORMS), required=required)


def named_in(letter: FieldRead | None, people: tuple[Person, ...]) -> Person | None:
    """The first of those people of whom the letter may be; None when it surely names somebody else."""
    return next((person for person in people if not _another(letter, person.name)), None)


def with_letter(letters: tuple[Judged, ...], letter: Judged) -> tuple[Judged, ...]:
    """The letters that count: a new one takes the place of all but those that surely name another person."""
    named = letter.fields.get("person", FieldRead(None))
    sure = named.value is not None and (named.score or 0.0) >= LIMITS.accuses
    others = [each for each in letters if sure and _another(each.fields.get("person"), named.value or "")]
    return (*others, letter)[-_KEPT:]


def _result_for(person: Person, session: Session, pack: RulePack) -> str:
    """What the newest letter that may be of that person comes to."""
    for letter in reversed(session.letters):
        if not _another(letter.fields.get("person"), person.name):
            weighed = report_on_letter(letter, person, session.expected, pack) if letter.findings else None
            return letter.result if weighed is None else weighed.result.value
    return "none"


def _another(read: FieldRead | None, name: str) -> bool:
    """Whether the reading is surely another person's name."""
    return read is not None and read.value is not None and names_agree(read.value, read.score or 0.0, name) is False


def _same_person(one: Person, other: Person) -> bool:
    numbers = {person.certificate.number for person in (one, other) if person.certificate is not None}
    kinds = {person.certificate.kind for person in (one, other) if person.certificate is not None}
    return same_name(one.name, other.name) and (len(kinds) != 1 or len(numbers) < 2)
