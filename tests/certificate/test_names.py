"""Names are compared as people write them."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verify_svc.certificate.agreement import names_agree
from verify_svc.certificate.names import is_rare, normalise_name, same_name, simplify

DOTS = "·•・‧∙⋅．."
common = st.text("林知夏望舒云帆一诺嘉言宁沐买提艾力阿卜杜拉古丽", min_size=1, max_size=5)
# Characters that GB 18030 added to GB 2312: extensions A, B and those of later standards.
rare = st.characters(min_codepoint=0x3400, max_codepoint=0x4DB5) | st.characters(
    min_codepoint=0x20000, max_codepoint=0x2A6D6
)
letters = st.lists(st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=1, max_size=8), min_size=1, max_size=4)


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


@given(st.lists(common, min_size=2, max_size=4), st.sampled_from(DOTS), st.sampled_from(DOTS))
def test_a_name_is_itself_with_whatever_dot_it_is_written(parts: list[str], one: str, other: str) -> None:
    assert same_name(one.join(parts), other.join(parts))
    assert names_agree(one.join(parts), 0.99, other.join(parts)) is True
    assert names_agree("".join(parts), 0.99, other.join(parts)) is True  # a reader may miss the dot


@given(common, st.lists(rare, min_size=1, max_size=3), common)
def test_a_name_with_rare_characters_is_itself_alone(surname: str, added: list[str], given_name: str) -> None:
    name = surname + "".join(added) + given_name
    assert all(is_rare(character) for character in added)
    assert same_name(name, f" {name} ")
    assert normalise_name(normalise_name(name)) == normalise_name(name)
    assert names_agree(name, 0.99, name) is True
    # Read as other characters: nobody can tell, and it is never taken for the same.
    assert names_agree(surname + "丙" * len(added) + given_name, 0.99, name) is None


@given(common, common)
def test_names_agree_only_when_they_are_the_same(one: str, other: str) -> None:
    agree = names_agree(one, 0.99, other)
    assert (agree is True) == (one == other)
    assert names_agree(one, 0.5, other) is (True if one == other else None)


@given(letters, st.randoms(use_true_random=False), st.sampled_from((" ", "-", ", ")))
def test_the_words_of_a_latin_name_may_stand_in_any_order(words: list[str], dice: random.Random, between: str) -> None:
    shuffled = dice.sample(words, len(words))
    assert names_agree(" ".join(words), 0.99, between.join(shuffled).title()) is True


@given(st.text(max_size=12), st.floats(0, 1), st.text(max_size=12))
def test_any_two_texts_can_be_compared(read: str, score: float, entered: str) -> None:
    assert names_agree(read, score, entered) in (True, False, None)
    assert names_agree(entered, score, entered) is True
    assert same_name(read, entered) == same_name(entered, read)
