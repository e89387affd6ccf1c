"""What the portal's API takes: the shapes of bodies and queries that the OpenAPI document is made from."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from verify_svc.flow.paper_pages import MOST_PAGES
from verify_svc.http.portal_models import Status, StepName

_NO_CONTROL = r"^[^\x00-\x1f\x7f]+$"

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=_NO_CONTROL)]
Number = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40, pattern=_NO_CONTROL)]
Mobile = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^\+?[0-9][0-9 -]{9,19}$")]
Email = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=254, pattern=r"^[^@\s\x00-\x1f]{1,64}@[^@\s\x00-\x1f]+$")
]
Domain = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True,
        to_lower=True,
        max_length=253,
        pattern=r"^([^\s./:@\x00-\x1f]{1,63}\.)+[^\s./:@\x00-\x1f]{2,63}$",
    ),
]
Reference = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=_NO_CONTROL)]
MetadataKey = Annotated[str, StringConstraints(min_length=1, max_length=40)]
MetadataValue = Annotated[str, StringConstraints(max_length=500)]

CertificateKind = Literal[
    "business_licence",
    "institution_certificate",
    "social_organisation_certificate",
    "private_non_enterprise_certificate",
    "law_firm_licence",
    "organisation_code_certificate",
    "id_card",
    "passport",
    "mainland_travel_permit",
    "residence_permit",
    "household_register",
]


class Given(BaseModel):
    """A shape that is sent to us: unknown fields are refused, so that a misspelt one is told."""

    model_config = ConfigDict(extra="forbid")


class Certificate(Given):
    """A certificate by kind and number."""

    kind: CertificateKind
    number: Number = Field(repr=False)


class Filing(Given):
    """The filing that the verification is for."""

    kind: Literal["new_subject", "new_site", "new_access", "change"]
    created_on: date = Field(description="The day the filing was begun, in Asia/Shanghai")
    province: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20)] = Field(
        description="The province that the filing goes to, by its GB/T 2260 code (`310000`) or its name"
    )


class LegalPerson(Given):
    """The unit's legal representative."""

    name: Name = Field(repr=False)
    certificate: Certificate | None = None


class Person(Given):
    """A person responsible for the subject or for the site."""

    name: Name = Field(repr=False)
    certificate: Certificate
    mobile: Mobile = Field(repr=False, description="A mainland mobile number, 11 digits")
    email: Email | None = Field(default=None, repr=False)


class Subject(Given):
    """Whose filing it is."""

    kind: Literal["unit", "individual"]
    name: Name = Field(repr=False)
    certificate: Certificate
    address: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)] | None = Field(
        default=None, repr=False
    )
    legal_person: LegalPerson | None = None
    lead: Person | None = Field(default=None, description="The person responsible for the subject")


class Site(Given):
    """The site that is filed."""

    name: Name
    domains: list[Domain] = Field(min_length=1, max_length=100)
    preapproval: list[Name] = Field(default_factory=list, max_length=20)


class CreateSession(Given):
    """The entered data, as the portal holds them."""

    client_reference_id: Reference | None = Field(default=None, description="Your own id; comes back in every event")
    metadata: dict[MetadataKey, MetadataValue] = Field(default_factory=dict, max_length=50)
    filing: Filing
    subject: Subject
    site: Site
    responsible_person: Person = Field(description="The person responsible for the site: who is verified")
    steps: list[StepName] | None = Field(
        default=None, min_length=1, max_length=7, description="The steps asked for; by default the rule pack's"
    )
    locale: Literal["zh-CN", "en"] | None = None
    return_url: Annotated[str, StringConstraints(max_length=2000, pattern=r"^https?://[^\s\x00-\x1f]+$")] | None = None
    expires_in: int | None = Field(default=None, ge=600, le=30 * 24 * 3600, description="Seconds; by default 7 days")


class CorrectSession(Given):
    """Corrected entered data: a part that is given replaces that part whole, one that is absent stays."""

    filing: Filing | None = None
    subject: Subject | None = None
    site: Site | None = None
    responsible_person: Person | None = None


class Resubmission(Given):
    """One step to be redone by the applicant."""

    step: StepName
    comment: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)] = Field(
        description="What the applicant reads"
    )


class ListQuery(BaseModel):
    """Which page of the list."""

    limit: int = Field(default=20, ge=1, le=100)
    cursor: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,100}$")] | None = Field(
        default=None, description="`next_cursor` of the page before"
    )
    status: Status | None = None
    client_reference_id: Reference | None = None


class FileQuery(BaseModel):
    """What the portal's target system takes."""

    max_bytes: int | None = Field(default=None, ge=20_000, le=20_000_000, description="2 MB is 2000000 here")
    max_side: int | None = Field(default=None, ge=480, le=8_000, description="Pixels of the longer side")
    format: Literal["jpg", "png"] = "jpg"
    page: int = Field(default=1, ge=1, le=MOST_PAGES, description="Which page of a form of several")
    date_mark: bool = Field(
        default=False, description="`portrait` alone: the day it was taken, in its lower right corner"
    )


class EventsQuery(BaseModel):
    """Where to go on."""

    after: int = Field(default=0, ge=0, le=10**17)
