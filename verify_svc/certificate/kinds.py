"""The kinds of certificate and form that the field knows."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class CertificateKind(StrEnum):
    """What a picture can show. Values are the API's words."""

    ID_CARD_PORTRAIT = "id_card_portrait"
    ID_CARD_EMBLEM = "id_card_emblem"
    BUSINESS_LICENCE = "business_licence"
    INSTITUTION = "institution_certificate"
    SOCIAL_ORGANISATION = "social_organisation_certificate"
    PRIVATE_NON_ENTERPRISE = "private_non_enterprise_certificate"
    LAW_FIRM = "law_firm_licence"
    ORGANISATION_CODE = "organisation_code_certificate"
    PASSPORT = "passport"
    MAINLAND_TRAVEL_PERMIT = "mainland_travel_permit"
    RESIDENCE_PERMIT_PORTRAIT = "residence_permit_portrait"
    RESIDENCE_PERMIT_EMBLEM = "residence_permit_emblem"
    TEMPORARY_ID_CARD = "temporary_id_card"
    HOUSEHOLD_REGISTER = "household_register"


class FormKind(StrEnum):
    """The signed papers of a filing."""

    VERIFICATION = "verification_form"
    COMMITMENT = "commitment_letter"
    AUTHORISATION = "authorisation_letter"
    SECURITY_AGREEMENT = "security_agreement"
    DOMAIN_CERTIFICATE = "domain_certificate"


PAGES: Mapping[str, Mapping[str, CertificateKind]] = MappingProxyType(
    {
        **{kind.value: {"page": kind} for kind in CertificateKind},
        "id_card": {"portrait": CertificateKind.ID_CARD_PORTRAIT, "emblem": CertificateKind.ID_CARD_EMBLEM},
        "residence_permit": {
            "portrait": CertificateKind.RESIDENCE_PERMIT_PORTRAIT,
            "emblem": CertificateKind.RESIDENCE_PERMIT_EMBLEM,
        },
    }
)
"""The certificates as they are entered, and what is photographed of each, by slot: first the page that names the
holder."""
ID_CARD = "id_card"
WITH_PORTRAIT = frozenset(
    {
        CertificateKind.ID_CARD_PORTRAIT,
        CertificateKind.RESIDENCE_PERMIT_PORTRAIT,
        CertificateKind.PASSPORT,
        CertificateKind.MAINLAND_TRAVEL_PERMIT,
        CertificateKind.TEMPORARY_ID_CARD,
    }
)
"""The pictures that show their holder's face."""
WITH_TERM = frozenset(
    {
        CertificateKind.ID_CARD_EMBLEM,
        CertificateKind.RESIDENCE_PERMIT_EMBLEM,
        CertificateKind.PASSPORT,
        CertificateKind.MAINLAND_TRAVEL_PERMIT,
        CertificateKind.TEMPORARY_ID_CARD,
    }
)
"""The pictures of a person's certificate that say until when it is valid."""


WITH_MONTHS_LEFT = WITH_TERM - {CertificateKind.TEMPORARY_ID_CARD}
"""Of those the ones that must be valid for some months more: a temporary card is good for three in all."""


def side_unasked_of(kind: str) -> str:
    """What a picture shows of a certificate that is photographed on one side alone: the other one."""
    return f"{kind}_other_side"


def are_sides_of_one(kind: str | None, other: str) -> bool:
    """Whether two kinds of picture are the two sides of one certificate."""
    both = any({kind, other} <= set(pages.values()) for pages in PAGES.values())
    return kind != other and (both or kind == side_unasked_of(other))


CHECKED_FORMS = tuple(FormKind)
"""The forms that can be asked for today."""
