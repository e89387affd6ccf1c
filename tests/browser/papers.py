"""The papers of one made-up applicant and company, photographed, and the filing that they belong to."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from PIL import Image

from tests.specimens.carriers import picture_path
from tests.specimens.forms import Filled, draw_form
from tests.specimens.papers import Person, Unit, business_licence, id_card_emblem, id_card_portrait
from tests.specimens.photographs import Shot, photograph
from tests.specimens.printed import draw_printed
from tests.specimens.travel import Traveller, passport
from verify_svc.session import filing

PERSON = Person(sex="男", order="411")
UNIT = Unit(legal_person=PERSON.name)
OTHER_NUMBER = replace(PERSON, order="431").number
"""A number whose check digit holds, of somebody born on the same day."""
CHOSEN = {"filing_kind": "new_subject", "province": "江苏省", "preapproval": "none"}
"""What is chosen from lists in the portal's form."""

_SHANGHAI = ZoneInfo("Asia/Shanghai")
_mobiles = count(13_800_000_001)
_HEAD_AND_SHOULDERS = (405, 107, 1122, 1166)
"""In the earlier portrait: the card's portrait and the face before the camera are two photographs of one man."""


@dataclass(frozen=True, slots=True)
class Photographs:
    """What the applicant photographs, as JPEG."""

    licence: bytes = field(repr=False)
    portrait: bytes = field(repr=False)
    emblem: bytes = field(repr=False)

    def of(self, slot: str) -> bytes:
        """The picture for a slot."""
        picture: bytes = getattr(self, "licence" if slot == "page" else slot)
        return picture


@cache
def photographs() -> Photographs:
    """All papers, drawn and photographed once."""
    return Photographs(
        licence=photograph(business_licence(UNIT), Shot(seed=11)),
        portrait=card_of(PERSON),
        emblem=photograph(id_card_emblem(), Shot(seed=13)),
    )


@cache
def form(kind: str, unit: bool = True, fault: str = "") -> bytes:
    """A form of the company or of the person alone, dated today."""
    filled = Filled(kind, UNIT if unit else None, PERSON, day=datetime.now(_SHANGHAI).date(), fault=fault, seed=3)
    return photograph(draw_form(filled), Shot(seed=14))


def card_of(person: Person) -> bytes:
    """The portrait side of that person's card, with the earlier portrait."""
    return photograph(id_card_portrait(person, _portrait()), Shot(seed=12))


def passport_of(holder: Traveller) -> bytes:
    """The data page of a passport with the same portrait."""
    return photograph(passport(holder, portrait=_portrait()), Shot(seed=21))


def printed_for(name: str, passport_number: str, kind: str) -> bytes:
    """The form that the service prints for a passport's holder alone, signed and dated today."""
    today = datetime.now(_SHANGHAI).date()
    own = filing.Certificate("passport", passport_number)
    person, subject = filing.Person(name, own), filing.Subject("individual", name, own)
    entered = filing.Expected(
        filing.Filing("new_subject", today), subject, filing.Site("青梧示例", ("example.com",)), person
    )
    return photograph(draw_printed(Filled(kind, None, Person(name), day=today, seed=3), entered), Shot(seed=14))


def _portrait() -> Image.Image:
    with Image.open(picture_path("president_earlier")) as picture:
        return picture.convert("RGB").crop(_HEAD_AND_SHOULDERS)


def new_mobile() -> str:
    """A number that no other test uses: codes are limited by number."""
    return str(next(_mobiles))


def unit_filing(number: str = PERSON.number) -> dict[str, Any]:
    """What a portal opens a session with for the company; `number` is entered for the responsible person."""
    return {
        "client_reference_id": "browser-tests",
        "filing": {"kind": "new_subject", "created_on": _today(), "province": "江苏省"},
        "subject": {
            "kind": "unit",
            "name": UNIT.name,
            "certificate": {"kind": "business_licence", "number": UNIT.number},
            "legal_person": {"name": UNIT.legal_person},
        },
        "site": {"name": "青梧示例", "domains": ["example.com"]},
        "responsible_person": responsible_person(number),
    }


def unit_form() -> dict[str, str]:
    """What is typed into the portal's form for the company."""
    return {
        "subject_name": UNIT.name,
        "subject_number": UNIT.number,
        "legal_person": UNIT.legal_person,
        "person_name": PERSON.name,
        "person_number": PERSON.number,
        **_site_form(),
    }


def individual_form() -> dict[str, str]:
    """The same for the person alone."""
    return {"subject_name": PERSON.name, "subject_number": PERSON.number, **_site_form()}


def _site_form() -> dict[str, str]:
    site = {"address": PERSON.address, "site_name": "青梧示例", "domains": "example.com"}
    return {**site, "mobile": new_mobile()}


def responsible_person(number: str) -> dict[str, Any]:
    """The person's part of the filing."""
    return {
        "name": PERSON.name,
        "certificate": {"kind": "id_card", "number": number},
        "mobile": new_mobile(),
        "email": "lin@example.com",
    }


def individual_filing() -> dict[str, Any]:
    """What a portal opens a session with for the person alone."""
    subject = {"name": PERSON.name, "certificate": {"kind": "id_card", "number": PERSON.number}}
    return {**unit_filing(), "subject": {"kind": "individual", **subject}}


def _today() -> str:
    return datetime.now(UTC).date().isoformat()
