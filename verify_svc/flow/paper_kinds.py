"""The papers that a portal sends for a filing by itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from verify_svc.certificate.kinds import CertificateKind, FormKind


@dataclass(frozen=True, slots=True)
class PaperKind:
    """What a paper shows: a certificate, a form (known or not), or some other document."""

    certificate: CertificateKind | None = None
    a4_sheet: bool = False


PAPERS: Mapping[str, PaperKind] = MappingProxyType(
    {
        "legal_person_card_portrait": PaperKind(CertificateKind.ID_CARD_PORTRAIT),
        "legal_person_card_emblem": PaperKind(CertificateKind.ID_CARD_EMBLEM),
        "authorisation_letter": PaperKind(a4_sheet=True),
        "security_agreement": PaperKind(a4_sheet=True),
        "domain_certificate": PaperKind(a4_sheet=True),
        "preapproval": PaperKind(),
    }
)
"""By the API's word."""


def form_of(kind: str) -> FormKind | None:
    """The form that the engine can judge; None for what is kept and not checked."""
    return FormKind(kind) if kind in list(FormKind) else None
