"""Drawn certificates of every kind through the real weights: whichever way up, whatever is asked for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import pytest
from PIL import Image
from stdnum.iso7064 import mod_11_10

from tests.specimens import certificates, travel
from tests.specimens.papers import id_card_emblem, id_card_portrait, some_person
from tests.specimens.photographs import Shot, photograph
from verify_svc.certificate.kinds import CertificateKind
from verify_svc.document.check import DocumentWanted, check_document
from verify_svc.inference.engines import Engines
from verify_svc.session.report import Report

pytestmark = pytest.mark.weights
TODAY = dt.date(2026, 11, 22)
TURNS = (0, 90, 180, 270)
LEANS = (3.0, 8.0, 12.0, 5.0)
Expected = dict[str, str]
Specimen = Callable[[int], tuple[Image.Image, Expected]]


def checked(engines: Engines, paper: Image.Image, kind: CertificateKind, shot: Shot, number: str = "") -> Report:
    return check_document(engines, photograph(paper, shot), DocumentWanted(kind, number or None, today=TODAY))


def _body(seed: int, department: str, what: str) -> tuple[certificates.Body, Expected]:
    body = certificates.some_body(seed, department, what)
    fields = {"number": body.number, "name": body.name, "legal_person": body.legal_person, "address": body.address}
    return body, fields


def institution(seed: int) -> tuple[Image.Image, Expected]:
    body, fields = _body(seed, "12", "研究所")
    return certificates.institution(body, lying=seed % 2 == 0), {**fields, "sponsor": body.sponsor}


def social_organisation(seed: int) -> tuple[Image.Image, Expected]:
    body, fields = _body(seed, "51", "行业协会")
    return certificates.social_organisation(body, lying=seed % 2 == 0), {**fields, "sponsor": body.sponsor}


def private_non_enterprise(seed: int) -> tuple[Image.Image, Expected]:
    body, fields = _body(seed, "52", "培训学校")
    title = ("民办非企业单位登记证书", "民办非企业单位登记证书（合伙）")[seed % 2]
    return certificates.private_non_enterprise(body, seed % 2 == 0, title), {**fields, "sponsor": body.sponsor}


def law_firm(seed: int) -> tuple[Image.Image, Expected]:
    body, fields = _body(seed, "31", "律师事务所")
    return certificates.law_firm(body, lying=seed % 2 == 0), {**fields, "issued_on": body.since.isoformat()}


def organisation_code(seed: int) -> tuple[Image.Image, Expected]:
    body, fields = _body(seed, "91", "科技有限公司")
    paper = certificates.organisation_code(body, above=3.6 if seed % 2 else 0.0)
    return paper, {**fields, "number": body.organisation_code, "type": "企业法人", "valid_until": "2016-05-21"}


def passport(seed: int) -> tuple[Image.Image, Expected]:
    holder = travel.Traveller(number=("L898902C3", "X4RTBZ11", "06DK45901", "YA1234567")[seed % 4])
    return travel.passport(holder), {
        "number": holder.number,
        "name": "ERIKSSON ANNA MARIA",
        "nationality": "UTO",
        "sex": "女",
        "birth_date": "1990-03-07",
        "valid_until": "2031-04-08",
    }


def chinese_passport(seed: int) -> tuple[Image.Image, Expected]:
    person = some_person(seed)
    number = ("E12345678", "EA0035333", "EJ7070701", "G58239788")[seed % 4]
    sex = "F" if person.sex == "女" else "M"
    optional = "MEPDLKNBPO"
    holder = travel.Traveller("LIN", "ZHIXIA", person.name, sex, "CHN", "", number, person.born, optional=optional)
    return travel.passport(holder), {
        "number": number,
        "name": person.name,
        "latin_name": "LIN ZHIXIA",
        "sex": person.sex,
        "birth_date": person.born.isoformat(),
    }


def travel_permit(seed: int) -> tuple[Image.Image, Expected]:
    person = some_person(seed)
    number = ("H10199402", "M96843463", "30703945", "13255791")[seed % 4]
    paper = travel.travel_permit(person, number, ends=dt.date(2029, 5, 6))
    return paper, {
        "number": number,
        "name": person.name,
        "sex": person.sex,
        "birth_date": person.born.isoformat(),
        "valid_until": "2029-05-06",
    }


def residence_permit(seed: int) -> tuple[Image.Image, Expected]:
    person = replace(some_person(seed), county=("810000", "820000", "830000", "810000")[seed % 4])
    return travel.residence_permit(person), _of_person(person.number, seed)


def residence_permit_emblem(seed: int) -> tuple[Image.Image, Expected]:
    paper = travel.residence_permit_emblem(place=("港澳", "台湾")[seed % 2])
    fields = {"valid_from": "2023-04-09", "valid_until": "2028-04-09", "permit_number": "H10199402"}
    return paper, {**fields, "authority": "南京市公安局示例分局"}


def temporary_id_card(seed: int) -> tuple[Image.Image, Expected]:
    person = some_person(seed)
    paper = travel.temporary_id_card(person, titled=seed % 2 == 0)
    return paper, {**_of_person(person.number, seed), "valid_from": "2026-10-09", "valid_until": "2027-01-09"}


def household_register(seed: int) -> tuple[Image.Image, Expected]:
    person = some_person(seed)
    fields = {name: value for name, value in _of_person(person.number, seed).items() if name != "address"}
    paper = travel.household_page(person, above=2.3 if seed % 2 else 0.0)
    return paper, {**fields, "nationality": person.people}


def _of_person(number: str, seed: int) -> Expected:
    person = some_person(seed)
    fields = {"number": number, "name": person.name, "sex": person.sex, "address": person.address}
    return {**fields, "birth_date": person.born.isoformat()}


def sole_trader(seed: int) -> tuple[Image.Image, Expected]:
    body, fields = _body(seed, "92", "便利店")
    nameless = seed % 2 == 0
    paper = certificates.sole_trader(body, "***" if nameless else body.name)
    return paper, {**fields, "name": body.legal_person if nameless else body.name, "type": "个体工商户"}


def partnership(seed: int) -> tuple[Image.Image, Expected]:
    body, fields = _body(seed, "91", "投资合伙企业（有限合伙）")
    delegate = ("阿卜杜拉·买买提", "林知夏", "欧阳望舒", "沈沐")[seed % 4]
    paper = certificates.partnership(body, delegate)
    return paper, {**fields, "legal_person": delegate, "valid_until": "2049-06-30"}


def older_licence(seed: int) -> tuple[Image.Image, Expected]:
    body, fields = _body(seed, "91", "科技有限公司")
    number = f"3201990000{seed % 100:02d}12"
    number += str(mod_11_10.calc_check_digit(number))
    paper = certificates.older_licence(body, number, above=(0.0, 3.6, -3.4, 4.4)[seed % 4])
    return paper, {**fields, "number": number, "established_on": "2009-05-16", "valid_until": "2029-05-15"}


SPECIMENS: list[tuple[CertificateKind, Specimen]] = [
    (CertificateKind.BUSINESS_LICENCE, sole_trader),
    (CertificateKind.BUSINESS_LICENCE, partnership),
    (CertificateKind.BUSINESS_LICENCE, older_licence),
    (CertificateKind.INSTITUTION, institution),
    (CertificateKind.SOCIAL_ORGANISATION, social_organisation),
    (CertificateKind.PRIVATE_NON_ENTERPRISE, private_non_enterprise),
    (CertificateKind.LAW_FIRM, law_firm),
    (CertificateKind.ORGANISATION_CODE, organisation_code),
    (CertificateKind.PASSPORT, passport),
    (CertificateKind.PASSPORT, chinese_passport),
    (CertificateKind.MAINLAND_TRAVEL_PERMIT, travel_permit),
    (CertificateKind.RESIDENCE_PERMIT_PORTRAIT, residence_permit),
    (CertificateKind.RESIDENCE_PERMIT_EMBLEM, residence_permit_emblem),
    (CertificateKind.TEMPORARY_ID_CARD, temporary_id_card),
    (CertificateKind.HOUSEHOLD_REGISTER, household_register),
]


@pytest.mark.parametrize("place", range(4))
@pytest.mark.parametrize(("kind", "specimen"), SPECIMENS, ids=lambda one: getattr(one, "__name__", None))
def test_every_kind_is_read_whichever_way_up_it_lies(
    engines: Engines, kind: CertificateKind, specimen: Specimen, place: int
) -> None:
    paper, expected = specimen(place)
    shot = Shot(seed=40 + place, turn_deg=TURNS[place], lean_deg=LEANS[place], long_side_px=2400)
    report = checked(engines, paper, kind, shot, expected.get("number", ""))
    read = {name: entry["value"] for name, entry in report.properties["fields"].items() if name in expected}
    assert read == expected
    # Every code certificate has ended by now: that is an operator's, as with any unit's.
    assert set(report.reasons) <= {"document_expired", "document_skewed"}
    assert report.result == ("consider" if "document_expired" in report.reasons else "clear")
    assert ("document_expired" in report.reasons) == (kind is CertificateKind.ORGANISATION_CODE)


@pytest.mark.parametrize(("kind", "specimen"), SPECIMENS, ids=lambda one: getattr(one, "__name__", None))
def test_every_kind_is_named_where_an_id_card_was_asked_for(
    engines: Engines, kind: CertificateKind, specimen: Specimen
) -> None:
    report = checked(engines, specimen(1)[0], CertificateKind.ID_CARD_PORTRAIT, Shot(seed=5, long_side_px=2400))
    assert report.properties["kind"] == kind
    assert report.reasons == ("document_wrong_kind",)


def test_an_id_card_is_named_where_another_persons_paper_was_asked_for(engines: Engines) -> None:
    for kind in (CertificateKind.RESIDENCE_PERMIT_PORTRAIT, CertificateKind.TEMPORARY_ID_CARD):
        report = checked(engines, id_card_portrait(some_person(3)), kind, Shot(seed=6))
        assert report.reasons == ("document_wrong_kind",)


def test_the_other_side_of_a_residence_permit_is_named(engines: Engines) -> None:
    paper = travel.residence_permit_emblem()
    report = checked(engines, paper, CertificateKind.RESIDENCE_PERMIT_PORTRAIT, Shot(seed=7))
    assert report.reasons == ("document_wrong_side",)


@pytest.mark.parametrize(
    ("paper", "kind", "turn_deg"),
    [
        (travel.travel_permit_back(), CertificateKind.MAINLAND_TRAVEL_PERMIT, 90),
        (travel.travel_permit_back("30703945", "A123456789"), CertificateKind.MAINLAND_TRAVEL_PERMIT, 180),
        (travel.temporary_id_card_title(), CertificateKind.TEMPORARY_ID_CARD, 0),
        (travel.residence_permit(replace(some_person(4), county="810000")), CertificateKind.RESIDENCE_PERMIT_EMBLEM, 0),
    ],
    ids=("hong_kong", "taiwan", "temporary", "residence"),
)
def test_the_side_that_was_not_asked_for_is_named(
    engines: Engines, paper: Image.Image, kind: CertificateKind, turn_deg: int
) -> None:
    report = checked(engines, paper, kind, Shot(seed=9, turn_deg=turn_deg))
    assert report.reasons == ("document_wrong_side",)


@pytest.mark.parametrize("below", [True, False])
@pytest.mark.parametrize("turn_deg", [0, 90])
def test_both_sides_of_a_card_on_one_photograph_are_both_read(engines: Engines, below: bool, turn_deg: int) -> None:
    person = some_person(8)
    paper = travel.both_sides(id_card_portrait(person), id_card_emblem(), below)
    shot = Shot(seed=8, turn_deg=turn_deg, long_side_px=3200, fill=0.95, table=(112, 96, 84))
    front = checked(engines, paper, CertificateKind.ID_CARD_PORTRAIT, shot, person.number)
    back = checked(engines, paper, CertificateKind.ID_CARD_EMBLEM, shot)
    assert front.result == back.result == "clear"
    read = {**front.properties["fields"], **back.properties["fields"]}
    assert {name: read[name]["value"] for name in ("number", "name", "sex", "address", "valid_from", "authority")} == {
        "number": person.number,
        "name": person.name,
        "sex": person.sex,
        "address": person.address,
        "valid_from": "2021-04-09",
        "authority": "南京市公安局示例分局",
    }
