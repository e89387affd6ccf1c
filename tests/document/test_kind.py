"""What a page is, by what is printed on it."""

from __future__ import annotations

import pytest

from tests.document.lines import line
from tests.document.test_layouts import UNIT, card, licence
from verify_svc.document.kind import OTHER, recognise
from verify_svc.document.reader import Line


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
        (("组织机构代码证", "法定代表人"), "organisation_code_certificate"),
        (("港澳居民来往内地通行证", "签发机关", "有效期限"), "mainland_travel_permit"),
        (("P<UTOERIKSSON<<ANNA<MARIA<<<<<<", "L898902C36UTO7408122F1204159"), "passport"),
        (("食品经营许可证", "统一社会信用代码", "法定代表人", "住所", "经营场所"), OTHER),
        (("网站备案信息真实性核验单", f"营业执照{UNIT.number}", "法定代表人", "登记机关"), "verification_form"),
        (("承诺书", "统一社会信用代码", "法定代表人"), "commitment_letter"),
    ],
)
def test_other_papers_are_told_apart(texts: tuple[str, ...], kind: str) -> None:
    assert recognise(lines_of(*texts)) == kind


@pytest.mark.parametrize("texts", [("电子营业执照",), ("营业执照",), ("总经理", "财务部"), ()])
def test_a_sign_or_a_logo_is_no_certificate(texts: tuple[str, ...]) -> None:
    assert recognise(lines_of(*texts)) is None
