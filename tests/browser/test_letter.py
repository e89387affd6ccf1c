"""A site's responsible person who isn't the unit's legal representative, with a letter that authorises him."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from tests.browser.applicant import Applicant, Portal, eventually
from tests.browser.camera import FakeCamera
from tests.browser.papers import UNIT, form, photographs, unit_filing
from tests.browser.phone import Phone
from tests.specimens.papers import business_licence
from tests.specimens.photographs import Shot, photograph

LEGAL = "卢沟晓"
NEEDED = ["authorization_letter_required"]


def test_a_letter_from_the_portal_lets_another_responsible_person_come_to_verified_without_an_operator(
    portal: Portal, redeem: Callable[[str], Applicant], take_phone: Callable[..., Phone], camera: FakeCamera
) -> None:
    filing = unit_filing()
    filing["subject"]["legal_person"] = {"name": LEGAL}
    opened = portal.open(filing)
    applicant = redeem(opened["url"])
    applicant.agree()
    applicant.prove_phone(filing["responsible_person"]["mobile"])
    applicant.send("person_document", "portrait", photographs().portrait)
    applicant.send("person_document", "emblem", photographs().emblem)
    assert asked_for(portal.read(opened["id"])) == NEEDED

    report = portal.send_paper(opened["id"], "authorisation_letter", form("authorisation_letter"))["report"]
    assert (report["result"], report["reasons"]) == ("clear", [])
    assert asked_for(portal.read(opened["id"])) == []

    licence = photograph(business_licence(replace(UNIT, legal_person=LEGAL)), Shot(seed=11))
    applicant.send("subject_document", "page", licence)
    for kind in ("verification_form", "commitment_letter"):
        applicant.send("forms", kind, form(kind))
    take_phone(of=applicant).pass_face(camera)
    session = eventually(lambda: portal.read(opened["id"]), lambda found: found["status"] == "verified")
    assert asked_for(session) == []
    assert portal.report(opened["id"])["properties"]["decision"] is None


def asked_for(session: Mapping[str, Any]) -> list[str]:
    """The reasons of the card's step."""
    reasons: list[str] = next(step["reasons"] for step in session["steps"] if step["name"] == "person_document")
    return reasons
