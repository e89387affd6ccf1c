"""The entered data: what the portal says the filing holds."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate's kind (`business_licence`, `id_card`…) and its number in upper case without spaces."""

    kind: str
    number: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Person:
    """A person of the filing. `mobile` is 11 digits."""

    name: str = field(repr=False)
    certificate: Certificate | None = None
    mobile: str | None = field(default=None, repr=False)
    email: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose site it is: `kind` is `unit` or `individual`; `lead` is the person responsible for the subject."""

    kind: str
    name: str = field(repr=False)
    certificate: Certificate
    address: str | None = field(default=None, repr=False)
    legal_person: Person | None = None
    lead: Person | None = None


@dataclass(frozen=True, slots=True)
class Site:
    """The site filed for."""

    name: str | None = None
    domains: tuple[str, ...] = ()
    preapproval: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Filing:
    """`kind` is `new_subject`, `new_site`, `new_access` or `change`; `created_on` is a day of Asia/Shanghai."""

    kind: str
    created_on: date
    province: str | None = None


@dataclass(frozen=True, slots=True)
class Expected:
    """All entered data. The responsible person (for the site) is who is verified; its mobile is never None."""

    filing: Filing
    subject: Subject
    site: Site
    responsible_person: Person

    @property
    def one_certificate_for_both(self) -> bool:
        """Whether the subject is an individual whose certificate is the responsible person's too, or an ID card, of
        which an individual has one: it serves both steps.
        """
        own = self.subject.certificate
        same = own.kind == "id_card" or own == self.responsible_person.certificate
        return self.subject.kind == "individual" and same
