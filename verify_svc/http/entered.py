"""The entered data, from the portal's shapes to the session's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from verify_svc.http import portal_bodies as bodies
from verify_svc.http.errors import invalid
from verify_svc.session import filing


class _Entered(bodies.Given):
    filing: bodies.Filing
    subject: bodies.Subject
    site: bodies.Site
    responsible_person: bodies.Person


def expected_of(body: bodies.CreateSession | _Entered) -> filing.Expected:
    """What a portal sent, as entered data. Numbers in upper case, without spaces."""
    return filing.Expected(
        filing=filing.Filing(kind=body.filing.kind, created_on=body.filing.created_on, province=body.filing.province),
        subject=filing.Subject(
            kind=body.subject.kind,
            name=body.subject.name,
            certificate=_certificate(body.subject.certificate),
            address=body.subject.address,
            legal_person=_legal_person(body.subject.legal_person),
            lead=None if body.subject.lead is None else _person(body.subject.lead),
        ),
        site=filing.Site(
            name=body.site.name, domains=tuple(body.site.domains), preapproval=tuple(body.site.preapproval)
        ),
        responsible_person=_person(body.responsible_person),
    )


def corrected(before: Mapping[str, Any], body: bodies.CorrectSession) -> filing.Expected:
    """The entered data `before`, with those parts replaced that the correction gives. Raises `Problem` 422."""
    parts = {name: _present(before[name]) for name in _Entered.model_fields}
    parts.update(body.model_dump(exclude_none=True))
    try:
        return expected_of(_Entered.model_validate(parts))
    except ValidationError as error:
        raise invalid(error) from None


def _present(tree: Any) -> Any:
    """A tree without its nulls: what was not entered is not there."""
    if isinstance(tree, Mapping):
        return {name: _present(value) for name, value in tree.items() if value is not None}
    return tree


def _certificate(given: bodies.Certificate) -> filing.Certificate:
    return filing.Certificate(kind=given.kind, number="".join(given.number.split()).upper())


def _person(given: bodies.Person) -> filing.Person:
    return filing.Person(
        name=given.name, certificate=_certificate(given.certificate), mobile=given.mobile, email=given.email
    )


def _legal_person(given: bodies.LegalPerson | None) -> filing.Person | None:
    if given is None:
        return None
    certificate = None if given.certificate is None else _certificate(given.certificate)
    return filing.Person(name=given.name, certificate=certificate)
