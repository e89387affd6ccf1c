"""The kinds of certificate and form that the field knows."""

from __future__ import annotations

from enum import StrEnum


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
    RESIDENCE_PERMIT = "residence_permit"
    HOUSEHOLD_REGISTER = "household_register"


class FormKind(StrEnum):
    """The signed papers of a filing."""

    VERIFICATION = "verification_form"
    COMMITMENT = "commitment_letter"
    AUTHORISATION = "authorisation_letter"


ID_CARD_SIDES = frozenset({CertificateKind.ID_CARD_PORTRAIT, CertificateKind.ID_CARD_EMBLEM})
READABLE_KINDS = (CertificateKind.ID_CARD_PORTRAIT, CertificateKind.ID_CARD_EMBLEM, CertificateKind.BUSINESS_LICENCE)
"""The kinds whose fields can be read today; the others are recognised, so that the wrong one can be named."""
CHECKED_FORMS = (FormKind.VERIFICATION, FormKind.COMMITMENT)
"""The forms that can be asked for today."""
