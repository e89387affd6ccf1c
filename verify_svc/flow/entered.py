"""Whether entered data can be verified at all: what is wrong is named field by field."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping

import phonenumbers

from verify_svc.certificate.names import same_name
from verify_svc.certificate.numbers import (
    is_credit_code,
    is_id_number,
    is_licence_number,
    is_organisation_code,
    is_residence_number,
    same_number,
)
from verify_svc.certificate.provinces import is_province
from verify_svc.flow.refusal import FieldFault, Kind, Refusal
from verify_svc.session.filing import Certificate, Expected, Filing, Person
from verify_svc.session.rulepack import RulePack

_FILING_KINDS = frozenset({"new_subject", "new_site", "new_access", "change"})
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_FIRST_DAY = dt.date(2005, 3, 20)
"""The day from which sites are filed (信息产业部令第33号)."""


_CREDIT_CODE = (
    is_credit_code,
    "credit_code_check_digit_invalid",
    "A unified social credit code (18 characters) with a valid check character is needed.",
)
_NUMBERS: Mapping[str, tuple[Callable[[str], object], str, str]] = {
    "id_card": (
        is_id_number,
        "id_number_check_digit_invalid",
        "18 characters with a valid birth date and check digit are needed.",
    ),
    "residence_permit": (
        is_residence_number,
        "id_number_check_digit_invalid",
        "18 characters that begin with 81, 82 or 83, with a valid birth date and check digit, are needed.",
    ),
    "business_licence": (is_licence_number, *_CREDIT_CODE[1:]),
    "organisation_code_certificate": (
        is_organisation_code,
        "organization_code_check_digit_invalid",
        "An organisation code of 9 characters with a valid check character is needed.",
    ),
    "passport": (
        re.compile(r"[A-Z0-9]{5,9}").fullmatch,
        "validation_failed",
        "A passport number is 5 to 9 letters and digits.",
    ),
    "mainland_travel_permit": (
        re.compile(r"[HM][0-9]{8}(?:[0-9]{2})?|[0-9]{8}(?:[0-9]{2})?").fullmatch,
        "validation_failed",
        "H or M and 8 digits (Hong Kong, Macao), or 8 digits (Taiwan), are needed.",
    ),
}
"""What an entered number must be like, by kind; those not listed carry a unified social credit code."""


def check_entered(expected: Expected, pack: RulePack, today: dt.date) -> None:
    """Refuses INVALID with every fault. `today` is the day in Shanghai."""
    faults = (*_filing(expected.filing, today), *_faults(expected, pack))
    if faults:
        raise Refusal(Kind.INVALID, "validation_failed", "Some fields can't be accepted.", faults=faults)


def _faults(expected: Expected, pack: RulePack) -> Iterator[FieldFault]:
    subject, person = expected.subject, expected.responsible_person
    if subject.kind not in pack.subject_kinds:
        yield FieldFault("subject.kind", "validation_failed", f"One of {', '.join(pack.subject_kinds)}.")
    else:
        kinds = pack.subject_kinds[subject.kind]
        yield from _certificate(subject.certificate, kinds, "subject.certificate")
    yield from _name(subject.name, "subject.name")
    if person.certificate is None:
        yield _missing("responsible_person.certificate")
    yield from _person(person, pack, "responsible_person")
    if person.mobile is None:
        yield _missing("responsible_person.mobile")
    if subject.legal_person is not None:
        yield from _person(subject.legal_person, pack, "subject.legal_person")
    if subject.lead is not None:
        yield from _person(subject.lead, pack, "subject.lead")
    if subject.kind == "individual":
        yield from _individual(expected)
    yield from _shared_contacts(expected)


def _filing(filing: Filing, today: dt.date) -> Iterator[FieldFault]:
    if filing.kind not in _FILING_KINDS:
        yield FieldFault("filing.kind", "validation_failed", f"One of {', '.join(sorted(_FILING_KINDS))}.")
    if not _FIRST_DAY <= filing.created_on <= today:
        message = f"A day from {_FIRST_DAY} to {today}, in Shanghai."
        yield FieldFault("filing.created_on", "validation_failed", message)
    if filing.province is not None and not is_province(filing.province):
        yield FieldFault("filing.province", "validation_failed", "A province's name or its code of 6 digits.")


def _individual(expected: Expected) -> Iterator[FieldFault]:
    """An individual's filing can't be delegated: subject and responsible person are the same."""
    subject, person = expected.subject, expected.responsible_person
    if not same_name(subject.name, person.name):
        message = "An individual's filing can't be delegated: this is the subject's own name."
        yield FieldFault("responsible_person.name", "name_mismatch", message)
    same_kind = person.certificate is not None and person.certificate.kind == subject.certificate.kind
    if person.certificate is None or not same_kind:
        return
    if not same_number(person.certificate.number, subject.certificate.number):
        message = "An individual's filing can't be delegated: this is the subject's own certificate."
        yield FieldFault("responsible_person.certificate.number", "certificate_number_mismatch", message)


def _shared_contacts(expected: Expected) -> Iterator[FieldFault]:
    """Different people must not share one mobile number or e-mail."""
    lead, person = expected.subject.lead, expected.responsible_person
    if lead is None or same_name(lead.name, person.name):
        return
    for name in ("mobile", "email"):
        one, other = getattr(lead, name), getattr(person, name)
        if one and one == other:
            message = "Different people must not share it."
            yield FieldFault(f"subject.lead.{name}", "contact_shared_between_people", message)


def _person(person: Person, pack: RulePack, path: str) -> Iterator[FieldFault]:
    yield from _name(person.name, f"{path}.name")
    if person.certificate is not None:
        yield from _certificate(person.certificate, pack.person_kinds, f"{path}.certificate")
    if person.mobile is not None and not _is_mobile(person.mobile):
        yield FieldFault(f"{path}.mobile", "validation_failed", "A mainland mobile number of 11 digits.")


def _certificate(certificate: Certificate, kinds: tuple[str, ...], path: str) -> Iterator[FieldFault]:
    if certificate.kind not in kinds:
        message = f"This kind can't be verified yet; accepted: {', '.join(kinds)}."
        yield FieldFault(f"{path}.kind", "certificate_kind_not_accepted", message)
        return
    holds, code, message = _NUMBERS.get(certificate.kind, _CREDIT_CODE)
    if not holds(certificate.number):
        yield FieldFault(f"{path}.number", code, message)


def _name(name: str, path: str) -> Iterator[FieldFault]:
    if not name.strip():
        yield _missing(path)


def _is_mobile(mobile: str) -> bool:
    if not _MOBILE.fullmatch(mobile):
        return False
    return phonenumbers.is_possible_number(phonenumbers.parse(mobile, "CN"))


def _missing(path: str) -> FieldFault:
    return FieldFault(path, "validation_failed", "This field is needed.")
