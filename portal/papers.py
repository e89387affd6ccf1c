"""Papers that the verification service judges: sent on as they come, and given back ready for the filing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from portal import reach
from portal.filings import Filing, SentPaper
from portal.service import ServiceRefused, ServiceUnreachable
from portal.words import say

SENT: Mapping[str, str] = {
    "authorization": "authorisation_letter",
    "legal_card_portrait": "legal_person_card_portrait",
    "legal_card_emblem": "legal_person_card_emblem",
}
"""Our kinds, and the service's."""
PRINTED: Mapping[str, str] = {
    "verification_form": "verification_form",
    "commitment_letter": "commitment_letter",
    "authorization": "authorisation_letter",
    "security_agreement": "security_agreement",
}
"""What the service fills in for us to print and sign: our kinds, and the service's."""
MAX_BYTES = 2 * 1024 * 1024
FILE_BYTES = 2_000_000
"""What the authority's system takes of a file."""
_PICTURES = ((b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"))
_FAULTS = {"file_too_large": "too_large_picture", "file_type_not_allowed": "picture", "file_unreadable": "unreadable"}

SentState = Literal["waiting", "passed", "to_redo", "received"]


def state_of(paper: Mapping[str, Any]) -> SentState:
    """How a paper stands. What was not checked has not passed: a reviewer looks."""
    if paper.get("state") != "done":
        return "waiting"
    result = (paper.get("report") or {}).get("result")
    return "passed" if result == "clear" else "to_redo" if result in ("rejected", "unreadable") else "received"


def note_of(paper: Mapping[str, Any]) -> str:
    """What is to be mended, or who looks."""
    reasons = (paper.get("report") or {}).get("reasons") or []
    state = state_of(paper)
    if state == "to_redo":
        return say("site.comma").join(say(f"reason.{code}") for code in reasons)
    return say(f"materials.sent_{state}")


def send(filing: Filing, kind: str, name: str, content: bytes) -> str | None:
    """Send a paper on; gives what is wrong with it as a word of `material.fault`, or None."""
    media_type = next((known for start, known in _PICTURES if content.startswith(start)), None)
    if media_type is None:
        return "picture"
    if len(content) > MAX_BYTES:
        return "too_large_picture"
    if filing.session_id is None:
        return "no_session"
    try:
        paper = reach.service().send_paper(filing.session_id, SENT[kind], content, media_type)
    except ServiceRefused as refused:
        return _FAULTS.get(refused.code, "refused")
    except ServiceUnreachable:
        return "away"
    reach.filings().keep_paper(filing.id, kind, name, paper)
    return None


def sent(filing: Filing) -> Mapping[str, SentPaper]:
    """The papers by our kinds, as the service judges them now."""
    kept = reach.filings().papers(filing.id)
    for kind, each in kept.items():
        if state_of(each.paper) == "waiting" and filing.session_id is not None:
            try:
                paper = reach.service().paper(filing.session_id, str(each.paper["id"]))
            except (ServiceRefused, ServiceUnreachable):
                continue
            reach.filings().keep_paper(filing.id, kind, each.name, paper)
    return reach.filings().papers(filing.id)


@dataclass(frozen=True, slots=True)
class Picture:
    """One of the service's pictures; a form has one for each of its pages (`count` of them)."""

    kind: str
    page: int = 1
    count: int = 1


def pictures(filing: Filing) -> list[Picture]:
    """The service's pictures that the filing needs, once verified."""
    steps = {str(step.get("name")) for step in filing.session.get("steps", [])}
    if filing.status != "verified":
        return []
    wanted = {
        "subject_document": ("subject_document.page",),
        "person_document": ("person_document.portrait", "person_document.emblem"),
        "face": ("portrait",),
        "forms": ("forms.verification_form", "forms.commitment_letter"),
    }
    kinds = [kind for step, kinds in wanted.items() if step in steps for kind in kinds]
    counts = _pages_of_forms(filing) if "forms" in steps else {}
    return [Picture(kind, page, counts.get(kind, 1)) for kind in kinds for page in range(1, counts.get(kind, 1) + 1)]


def _pages_of_forms(filing: Filing) -> Mapping[str, int]:
    """On how many pages each form was photographed, as the report tells."""
    try:
        tree = reach.service().report(str(filing.session_id))
    except (ServiceRefused, ServiceUnreachable):
        return {}
    slots = tree["breakdown"].get("forms", {}).get("breakdown", {})
    return {
        f"forms.{slot}": len((branch.get("properties") or {}).get("pages") or [1]) for slot, branch in slots.items()
    }
