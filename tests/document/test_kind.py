"""What a page is, by what is printed on it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.document.lines import line
from tests.document.test_layouts import UNIT, card, licence
from tests.specimens.papers import Person
from verify_svc.certificate.kinds import PAGES, CertificateKind
from verify_svc.document.kind import OTHER, recognise
from verify_svc.document.layouts.every import LAYOUTS
from verify_svc.document.reader import Line
from verify_svc.session.reasons import REASONS


def lines_of(*texts: str) -> list[Line]:
    return [line(text, 50, 60 * place) for place, text in enumerate(texts)]


def test_both_sides_of_the_id_card() -> None:
    assert recognise(card()) == "id_card_portrait"
    assert recognise(lines_of("中华人民共和国", "居民身份证", "签发机关")) == "id_card_emblem"


def test_a_licence() -> None:
    assert recognise(licence()) == "business_licence"


@pytest.mark.parametrize(
    ("texts", "kind"),
    [
        (("事业单位法人证书", "统一社会信用代码", "法定代表人", "住所"), "institution_certificate"),
        (("民办非企业单位登记证书", "法定代表人", "住所"), "private_non_enterprise_certificate"),
        (("社会团体法人登记证书", "法定代表人", "住所"), "social_organisation_certificate"),
        (("律师事务所执业许可证", "负责人", "住所"), "law_firm_licence"),
        (("组织机构代码证", "法定代表人"), "organisation_code_certificate"),
        (("港澳居民来往内地通行证", "签发机关", "有效期限"), "mainland_travel_permit"),
        (("台湾居民来往大陆通行证", "签发机关", "有效期限"), "mainland_travel_permit"),
        (("往来港澳通行证", "签发机关", "有效期限"), OTHER),
        (("港澳居民居住证", "签发机关", "有效期限"), "residence_permit_emblem"),
        (("居住证", "签发机关", "有效期限"), OTHER),
        (("临时居民身份证", "签发机关", "有效期限"), "temporary_id_card"),
        (("常住人口登记卡", "姓名", "户主或与户主关系"), "household_register"),
        (("居民户口簿",), OTHER),
        (("P<UTOERIKSSON<<ANNA<MARIA<<<<<<", "L898902C36UTO7408122F1204159"), "passport"),
        (("OFFICIAL TRAVEL DOCUMENT", "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<"), "passport"),
        (("IDENTITY CARD", "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<"), OTHER),
        (("IDROUSAVA<<SUPERMAN<<<<<<<<<<<<<<<<<", "SPCLJ0051ROU8812124F16120442SPC02168"), OTHER),
        (("IDCMW<512849702<<<<<<<<<<<<<<<", "6104128M1402209CMW<<<<<<<<<<<1", "PUBLIC<<JON<<<<<<<<<<<<<<<<<<<"), OTHER),
        (("PASSPORT NUMBER", "V<POLKOWALSKA<<JOANNA<<<<<<<<<<<<<<<", "PL00000008POL6002084F0505011<<<<<<<0"), OTHER),
        (("PΛAUSCITIZENΛ^JANEΛΛΛΛΛΛΛΛΛΛΛΛΛΛΛΛΛΛΛΛΛΛΛΛΛΛ",), "passport"),
        (("2.《中华人民共和国组织机构代码证》不得出租、出借、", "民共和国组织机构代码证》是组织机构法定"), None),
        (("《事业单位法人证书》是事业单位的合法凭证。", "《社会团体法人登记证书"), None),
        (("信息系统集成及服务", "资质证书"), OTHER),
        (("食品经营许可证", "统一社会信用代码", "法定代表人", "住所", "经营场所"), OTHER),
        (("网站备案信息真实性核验单", f"营业执照{UNIT.number}", "法定代表人", "登记机关"), "verification_form"),
        (("承诺书", "统一社会信用代码", "法定代表人"), "commitment_letter"),
    ],
)
def test_other_papers_are_told_apart(texts: tuple[str, ...], kind: str | None) -> None:
    assert recognise(lines_of(*texts)) == kind


@pytest.mark.parametrize("texts", [("电子营业执照",), ("营业执照",), ("总经理", "财务部"), ()])
def test_a_sign_or_a_logo_is_no_certificate(texts: tuple[str, ...]) -> None:
    assert recognise(lines_of(*texts)) is None


PERMIT_ZONE = ("CRH101994025<<<<<<<<<<<<<<<<<<", "9003070F3104082CHN<<<<<<<<<<<0", "LIN<<ZHIXIA<<<<<<<<<<<<<<<<<<<")


def test_sides_that_nobody_asks_for_are_told() -> None:
    permit, temporary = "mainland_travel_permit_other_side", "temporary_id_card_other_side"
    assert recognise(lines_of("姓名", *PERMIT_ZONE)) == permit
    assert recognise(lines_of("港澳居民来往内地通行证", "姓名", *PERMIT_ZONE)) == "mainland_travel_permit"
    assert recognise(lines_of("往来港澳通行证", "CSC886084772<2800800<8200000<6")) == OTHER
    assert recognise(lines_of("中华人民共和国", "临时居民身份证")) == temporary
    assert recognise(lines_of("临时居民身份证", "签发机关")) == "temporary_id_card"


def test_every_kind_can_be_told_and_read_and_is_photographed_somewhere() -> None:
    assert set(LAYOUTS) == set(CertificateKind)
    assert {kind for pages in PAGES.values() for kind in pages.values()} == set(CertificateKind)


def test_every_reason_of_a_layout_is_registered() -> None:
    assert {layout.number_reason for layout in LAYOUTS.values()} <= set(REASONS)


def permit(number: str) -> list[Line]:
    return [
        line("姓名", 50, 60),
        line("性别男", 50, 130),
        line("出生1990年3月7日", 50, 205),
        line("住址", 50, 280),
        line("公民身份号码", 50, 450),
        line(number, 300, 448, 36),
    ]


def test_a_residence_permit_looks_like_an_id_card_but_for_its_number() -> None:
    assert recognise(permit(Person(county="810000").number)) == "residence_permit_portrait"
    assert recognise(permit(Person().number)) == "id_card_portrait"


def test_a_temporary_card_has_both_sides_on_one_and_no_title_of_an_id_card() -> None:
    both = [*card(), line("签发机关南京市公安局示例分局", 50, 520), line("有效期限2026.10.09-2027.01.09", 50, 590)]
    assert recognise(both) == "temporary_id_card"
    assert recognise([*both, line("中华人民共和国", 50, 700)]) != "temporary_id_card"


def test_every_kind_has_its_card_in_the_docs() -> None:
    text = (Path(__file__).parents[2] / "docs" / "certificates.md").read_text("utf-8")
    for kind, layout in LAYOUTS.items():
        card = next(row for row in text.splitlines() if row.startswith(f"| `{kind}`"))
        assert not [name for name in layout.fields if f"`{name}`" not in card], kind
