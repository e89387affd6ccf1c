"""The papers that a portal sends for a filing by itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from verify_svc.certificate.kinds import ID_CARD, PAGES, CertificateKind, FormKind
from verify_svc.session.filing import Expected
from verify_svc.session.steps import StepName, holder_slot, pages_of


@dataclass(frozen=True, slots=True)
class PaperKind:
    """What a paper shows: a side of the legal representative's certificate, a form (known or not), or some other
    document.
    """

    side: str | None = None
    a4_sheet: bool = False


PAPERS: Mapping[str, PaperKind] = MappingProxyType(
    {
        "legal_person_card_portrait": PaperKind("portrait"),
        "legal_person_card_emblem": PaperKind("emblem"),
        "authorisation_letter": PaperKind(a4_sheet=True),
        "security_agreement": PaperKind(a4_sheet=True),
        "domain_certificate": PaperKind(a4_sheet=True),
        "preapproval": PaperKind(),
    }
)
"""By the API's word."""


def certificate_side(kind: str, expected: Expected) -> CertificateKind | None:
    """The picture of the legal representative's certificate that such a paper shows: of the kind that was entered, else
    of an ID card. A certificate of one page is sent as its portrait side. None for other papers.
    """
    side = PAPERS[kind].side
    if side is None:
        return None
    pages = pages_of(StepName.LEGAL_PERSON_DOCUMENT, expected)
    holder = holder_slot(StepName.LEGAL_PERSON_DOCUMENT, expected)
    slot = holder if side == "portrait" and holder is not None else side
    return CertificateKind(pages.get(slot) or PAGES[ID_CARD][side])


def form_of(kind: str) -> FormKind | None:
    """The form that the engine can judge; None for what is kept and not checked."""
    return FormKind(kind) if kind in list(FormKind) else None
