"""The words of the pages: every reason has its own, both languages say the same things, and say them shortly."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import verify_svc
from verify_svc.document.layouts.every import LAYOUTS
from verify_svc.session.forms import FORM_FIELDS
from verify_svc.session.reasons import REASONS

LOCALES_DIR = Path(verify_svc.__file__).parent / "locales"
LOCALES = ("zh-CN", "en")
LONGEST_TITLE = {"zh-CN": 20, "en": 48}
"""A title stands on one line of a phone, or two at most, in 22 px."""
LONGEST_SENTENCE_ZH = 26

Words = dict[str, Any]


def _all_words(locale: str) -> Words:
    found: Words = json.loads((LOCALES_DIR / f"{locale}.json").read_text(encoding="utf-8"))
    return found


def _words(locale: str) -> Words:
    """The reasons, how pages are told, and the phone's screens; the other pages' words have tests of their own."""
    found = _all_words(locale)
    return {"reasons": found["reasons"], "pages": found["pages"], "screens": {"mobile": found["screens"]["mobile"]}}


def _leaves(tree: Words, path: str = "") -> Iterator[tuple[str, str]]:
    for key, value in tree.items():
        if isinstance(value, dict):
            yield from _leaves(value, f"{path}{key}.")
        else:
            yield f"{path}{key}", value


@pytest.mark.parametrize("locale", LOCALES)
def test_every_reason_has_a_title_and_a_next_step(locale: str) -> None:
    reasons = _words(locale)["reasons"]
    assert set(reasons) == set(REASONS)
    assert all(set(words) == {"title", "next"} and all(words.values()) for words in reasons.values())


def test_both_languages_have_the_same_words() -> None:
    assert [path for path, _ in _leaves(_words("zh-CN"))] == [path for path, _ in _leaves(_words("en"))]


def test_both_languages_fill_the_same_places() -> None:
    english = dict(_leaves(_words("en")))
    for path, text in _leaves(_words("zh-CN")):
        assert set(re.findall(r"\{\w+\}", text)) == set(re.findall(r"\{\w+\}", english[path])), path


@pytest.mark.parametrize("locale", LOCALES)
def test_a_reasons_title_fits_its_line(locale: str) -> None:
    longest = LONGEST_TITLE[locale]
    assert not {code: w["title"] for code, w in _words(locale)["reasons"].items() if len(w["title"]) > longest}


def test_a_chinese_sentence_of_a_reason_is_short() -> None:
    for code, words in _words("zh-CN")["reasons"].items():
        for sentence in re.split("[。；]", words["next"]):
            assert len(sentence) <= LONGEST_SENTENCE_ZH, code


@pytest.mark.parametrize("locale", LOCALES)
def test_nothing_is_exclaimed(locale: str) -> None:
    assert not [path for path, text in _leaves(_words(locale)) if "!" in text or "！" in text]


def test_a_space_stands_between_chinese_and_figures() -> None:
    touching = re.compile(r"[\u4e00-\u9fff]\d|\d[\u4e00-\u9fff]")
    assert not [path for path, text in _leaves(_words("zh-CN")) if touching.search(text)]


def test_what_would_teach_an_attacker_is_not_told_apart() -> None:
    """Hidden reasons are shown as the general one; a page that got such a code all the same says no more than it."""
    telling = re.compile("攻击|伪造|翻拍|attack|fake|forged|tamper", re.IGNORECASE)
    hidden = [reason.code for reason in REASONS.values() if reason.shown_as != reason.code]
    for locale in LOCALES:
        reasons = _words(locale)["reasons"]
        assert not [code for code in hidden if telling.search(str(reasons[code]))]


def test_every_word_that_the_phone_asks_for_exists() -> None:
    words = dict(_leaves(_words("en")["screens"]["mobile"]))
    mobile = LOCALES_DIR.parents[1] / "web" / "mobile"
    asked = {
        key
        for source in mobile.rglob("*.js")
        for key in re.findall(r"\bw\(\s*\"([a-z_]+(?:\.\w+)+)\"", source.read_text(encoding="utf-8"))
    }
    assert len(asked) > 150
    assert not asked - set(words)


@pytest.mark.parametrize("locale", LOCALES)
def test_every_check_has_a_name_for_operators(locale: str) -> None:
    words = _all_words(locale)["screens"]["console"]["check"]
    named = {
        check
        for source in LOCALES_DIR.parent.rglob("*.py")
        for check in re.findall(r"\b(?:Finding|_named|Agreement)\(\s*\"([a-z_]+)\"", source.read_text(encoding="utf-8"))
    }
    assert len(named) > 30
    assert not named - set(words)


@pytest.mark.parametrize("locale", LOCALES)
def test_every_act_of_a_cases_history_has_words(locale: str) -> None:
    words = _all_words(locale)["screens"]["console"]["audit"]
    acts = {
        act
        for source in (LOCALES_DIR.parent / "flow").glob("*.py")
        for line in re.findall(r"\bwhat ?= ?\"[^,)\n]+", source.read_text(encoding="utf-8"))
        for act in re.findall(r'"([a-z_]+)"', line)
    }
    assert len(acts) > 15
    assert not acts - set(words)


@pytest.mark.parametrize("locale", LOCALES)
def test_every_figure_of_a_face_is_told_with_its_unit_and_its_limit(locale: str) -> None:
    words = _all_words(locale)["screens"]["console"]["face_score"]
    limited = {
        check
        for room in ("face", "speech")
        for source in (LOCALES_DIR.parent / room).glob("*.py")
        for check in re.findall(
            r"return Finding\(\s*\"([a-z_]+)\"(?:(?!Finding\().)*?threshold=", source.read_text(encoding="utf-8"), re.S
        )
    }
    assert len(limited) > 15
    assert not limited - set(words)
    assert all("{score}" in text and "{threshold}" in text for text in words.values())


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("page", ["mobile", "console"])
def test_every_field_of_every_paper_has_a_name(locale: str, page: str) -> None:
    words = _all_words(locale)["screens"][page]["field"]
    read = {*FORM_FIELDS, *(name for layout in LAYOUTS.values() for name in layout.fields)}
    assert not read - set(words)


def test_the_phone_knows_which_certificates_are_a_units() -> None:
    """A unit has a code and a 名称, a person a number and a 姓名."""
    pack = tomllib.loads((LOCALES_DIR.parent / "session" / "packs" / "base.toml").read_text(encoding="utf-8"))
    words = (LOCALES_DIR.parents[1] / "web" / "mobile" / "words.js").read_text(encoding="utf-8")
    named = next(line for line in words.splitlines() if "OF_UNITS = " in line)
    without_code = {"organisation_code_certificate"}
    assert set(re.findall(r'"(\w+)"', named)) == set(pack["certificates"]["subject"]["unit"]) - without_code
