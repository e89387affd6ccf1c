"""Names are compared as people write them."""

from __future__ import annotations

import pytest

from verify_svc.certificate.agreement import names_agree
from verify_svc.certificate.names import same_name, simplify


@pytest.mark.parametrize(
    ("read", "entered"),
    [
        ("南京示例（中国）有限公司", "南京示例(中国)有限公司"),
        ("买买提·艾力", "买买提•艾力"),
        ("買買提·艾力", "买买提·艾力"),
        ("林 知夏", "林知夏"),
        ("SAMPLE Co", "sample co"),
        ("林\uf9b5", "林例"),  # a compatibility ideograph
        ("\u2f2d\u6797", "山林"),  # a radical
        ("葛\U000e0100", "葛"),  # with a variation selector
    ],
)
def test_the_same_name_however_it_is_written(read: str, entered: str) -> None:
    assert same_name(read, entered)


@pytest.mark.parametrize(("read", "entered"), [("林知夏", "林知秋"), ("林知夏", "林知"), ("陈", "阵")])
def test_other_names_are_other_names(read: str, entered: str) -> None:
    assert not same_name(read, entered)


def test_characters_with_two_simplified_forms_stay() -> None:
    assert simplify("乾隆") == "乾隆"


@pytest.mark.parametrize("rare", ["\u36c3", "\U0002cc56", "\u5586"])
def test_a_rare_character_read_as_another_one_is_left_to_an_operator(rare: str) -> None:
    assert names_agree("林四夏", 0.99, f"林{rare}夏") is None
    assert names_agree(f"林{rare}夏", 0.99, f"林{rare}夏") is True
    assert names_agree("林四秋", 0.99, f"林{rare}夏") is False


@pytest.mark.parametrize(
    ("read", "entered", "agree"),
    [
        ("ERIKSSON ANNA MARIA", "Anna Maria Eriksson", True),
        ("LIN MEI-HUA", "Lin, Mei Hua", True),
        ("MUELLER JOSE", "José Mueller", True),
        ("ERIKSSON ANNA", "Anna Maria Eriksson", None),
        ("ERIKSSON ANNA", "Peter Sample", False),
        ("MUELLER JOERG", "Jörg Müller", True),
        ("林知夏", "Lin Zhixia", None),
        ("O'NEIL SEAN", "Sean ONeil", True),
        ("阿卜杜拉买买提", "阿卜杜拉·买买提", True),
    ],
)
def test_names_in_letters_and_with_dots(read: str, entered: str, agree: bool | None) -> None:
    assert names_agree(read, 0.99, entered) is agree
