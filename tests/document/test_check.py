"""Whole photographs through the real weights: what is read, what is named, and that no wrong entry passes."""

from __future__ import annotations

import datetime as dt
import json

import numpy as np
import pytest
from PIL import Image

from tests.specimens.edits import move_part
from tests.specimens.papers import (
    Person,
    Sheet,
    Unit,
    business_licence,
    id_card_emblem,
    id_card_portrait,
    some_person,
    some_unit,
)
from tests.specimens.photographs import Shot, as_jpeg, photograph
from verify_svc.bench.documents import siblings
from verify_svc.certificate.kinds import CertificateKind
from verify_svc.document.check import DocumentWanted, check_document
from verify_svc.inference.engines import Engines
from verify_svc.media.pictures import decode
from verify_svc.session.report import Report

pytestmark = pytest.mark.weights
TODAY = dt.date(2026, 11, 22)
PORTRAIT, EMBLEM = CertificateKind.ID_CARD_PORTRAIT, CertificateKind.ID_CARD_EMBLEM
LICENCE = CertificateKind.BUSINESS_LICENCE


def checked(
    engines: Engines, paper: Image.Image, shot: Shot, kind: CertificateKind, number: str = "", name: str = ""
) -> Report:
    wanted = DocumentWanted(kind, number or None, name or None, TODAY)
    return check_document(engines, photograph(paper, shot), wanted)


def values(report: Report) -> dict[str, str | None]:
    return {name: entry["value"] for name, entry in report.properties["fields"].items()}


@pytest.mark.parametrize("turn_deg", [0, 90, 180, 270])
def test_a_card_is_read_whichever_way_up_it_lies(engines: Engines, turn_deg: int) -> None:
    person = some_person(turn_deg)
    shot = Shot(seed=turn_deg, turn_deg=turn_deg, lean_deg=5)
    report = checked(engines, id_card_portrait(person), shot, PORTRAIT, person.number, person.name)
    assert (report.result, report.reasons) == ("clear", ())
    assert values(report) == {
        "name": person.name,
        "sex": person.sex,
        "nationality": person.people,
        "birth_date": person.born.isoformat(),
        "address": person.address,
        "number": person.number,
    }
    assert report.properties["rotation_deg"] == (360 - turn_deg) % 360


def test_the_numbers_box_lies_where_the_number_is_printed(engines: Engines) -> None:
    shot = Shot(seed=3, slant=0.0, lean_deg=0.0, fill=0.8)
    report = checked(engines, id_card_portrait(Person()), shot, PORTRAIT)
    box = np.array(report.properties["fields"]["number"]["box"])
    scale = 1600 / 85.6  # pixels a millimetre: the card fills 0.8 of 2000 px
    corner = np.array([2000 - 1600, 1500 - 54 * scale]) / 2
    middle = corner + np.array([29.5 + 24, 44.8 + 2]) * scale
    assert np.abs(box.mean(axis=0) - middle).max() < 6 * scale


@pytest.mark.parametrize("ends", [dt.date(2041, 4, 9), None])
def test_the_emblem_side(engines: Engines, ends: dt.date | None) -> None:
    report = checked(engines, id_card_emblem(ends=ends), Shot(seed=2), EMBLEM)
    assert report.result == "clear"
    assert values(report) == {
        "authority": "南京市公安局示例分局",
        "valid_from": "2021-04-09",
        "valid_until": "long_term" if ends is None else "2041-04-09",
    }


def test_a_card_that_ends_soon_is_refused(engines: Engines) -> None:
    paper = id_card_emblem(begins=dt.date(2017, 1, 5), ends=dt.date(2027, 1, 5))
    assert checked(engines, paper, Shot(), EMBLEM).reasons == ("document_expires_soon",)


@pytest.mark.parametrize("portrait_format", [False, True])
@pytest.mark.parametrize("seed", [1, 2])
def test_licences_of_both_formats(engines: Engines, seed: int, portrait_format: bool) -> None:
    unit = some_unit(seed)
    paper = business_licence(unit, portrait_format)
    report = checked(engines, paper, Shot(seed=seed, long_side_px=2600), LICENCE, unit.number, unit.name)
    assert report.result == "clear"
    read = values(report)
    assert (read["number"], read["name"], read["type"]) == (unit.number, unit.name, unit.kind)
    assert (read["legal_person"], read["address"]) == (unit.legal_person, unit.address)
    assert read["established_on"] == unit.established.isoformat()
    assert report.as_tree()["breakdown"]["code_agrees"]["result"] == "clear"


def test_a_licence_whose_code_names_another_number_goes_to_an_operator(engines: Engines) -> None:
    unit, other = some_unit(1), some_unit(2)
    paper = business_licence(unit, coded=f"http://www.example.cn/?uniscid={other.number}")
    report = checked(engines, paper, Shot(seed=1, long_side_px=2600), LICENCE, unit.number, unit.name)
    assert (report.result, report.reasons) == ("consider", ("document_tampering_suspected",))
    assert values(report)["number"] == unit.number


@pytest.mark.parametrize("edited", [False, True])
def test_a_number_with_pasted_digits_goes_to_an_operator(engines: Engines, edited: bool) -> None:
    person, shot = Person(), Shot(seed=3, slant=0.0, lean_deg=0.0, fill=0.8)
    assert person.number[3:6] == person.number[6:9]  # one is pasted over the other: the number stays the same
    paper = id_card_portrait(person)
    box = np.array(checked(engines, paper, shot, PORTRAIT).properties["fields"]["number"]["box"])
    left, top, right, bottom = (round(edge) for edge in (*box.min(axis=0), *box.max(axis=0)))
    pitch = (right - left) / 18
    once = decode(photograph(paper, shot)).pixels
    part = (round(left + 3 * pitch), top, round(left + 6 * pitch), bottom)
    twice = as_jpeg(move_part(once, part, round(left + 6 * pitch), top) if edited else once, 96)
    report = check_document(engines, twice, DocumentWanted(PORTRAIT, person.number, person.name, TODAY))
    assert report.reasons == (("document_tampering_suspected",) if edited else ())
    assert report.result == ("consider" if edited else "clear")


def test_a_number_that_differs_by_a_digit_is_never_accepted(engines: Engines) -> None:
    person = Person()
    data = photograph(id_card_portrait(person), Shot())
    for other in list(siblings(person.number))[::40]:
        report = check_document(engines, data, DocumentWanted(PORTRAIT, other, person.name, TODAY))
        assert report.reasons == ("certificate_number_mismatch",)


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("blurred", "document_blurry"),
        ("moved", "document_blurry"),
        ("dark", "document_too_dark"),
        ("glare", "document_glare"),
        ("cut_off", "document_cut_off"),
        ("copy", "document_photocopy"),
        ("screen", "document_recaptured_screen"),
        ("covered", "document_unreadable"),
        ("covered", "document_covered"),
        ("small", "document_too_small"),
    ],
)
def test_each_fault_of_a_card_is_named(engines: Engines, fault: str, reason: str) -> None:
    person = Person()
    report = checked(engines, id_card_portrait(person), Shot(fault, seed=4), PORTRAIT, person.number, person.name)
    assert reason in report.reasons
    if fault in ("cut_off", "copy", "screen", "covered", "glare"):
        assert report.result == "rejected"


@pytest.mark.parametrize(
    ("fault", "reason"),
    [("glare", "document_glare"), ("cut_off", "document_cut_off"), ("screen", "document_recaptured_screen")],
)
def test_faults_of_a_licence_are_named(engines: Engines, fault: str, reason: str) -> None:
    report = checked(engines, business_licence(Unit()), Shot(fault, seed=4, spot=(0.17, 0.225)), LICENCE)
    assert reason in report.reasons


def test_wrong_side_wrong_kind_and_no_certificate_are_told_apart(engines: Engines) -> None:
    assert checked(engines, id_card_emblem(), Shot(), PORTRAIT).reasons == ("document_wrong_side",)
    assert checked(engines, business_licence(Unit()), Shot(), PORTRAIT).reasons == ("document_wrong_kind",)
    notice = Sheet(148, 105, 10, (240, 240, 232))
    for row, text in enumerate(("今日菜单", "番茄炒蛋", "清蒸鲈鱼", "紫菜蛋花汤", "欢迎光临")):
        notice.text(20, 12 + 17 * row, text, 9)
    assert checked(engines, notice.image, Shot(), PORTRAIT).reasons == ("document_not_found",)


def test_the_applicants_own_crop_is_used_and_a_bad_one_does_no_harm(engines: Engines) -> None:
    person = Person()
    data = photograph(id_card_portrait(person), Shot())
    for corners in (((0.02, 0.02), (0.98, 0.02), (0.98, 0.98), (0.02, 0.98)), ((0, 0), (0.5, 0), (0.5, 0.4), (0, 0.4))):
        report = check_document(engines, data, DocumentWanted(PORTRAIT, person.number, corners=corners))
        assert report.result == "clear"


def test_bytes_that_are_no_picture_are_unreadable(engines: Engines) -> None:
    report = check_document(engines, b"GIF89a", DocumentWanted(PORTRAIT))
    assert (report.result, report.reasons) == ("unreadable", ("file_type_not_allowed",))


def test_the_report_is_plain_json(engines: Engines) -> None:
    tree = checked(engines, id_card_portrait(Person()), Shot(), PORTRAIT).as_tree()
    assert json.loads(json.dumps(tree)) == tree
