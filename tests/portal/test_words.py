"""The portal speaks both languages, and knows a word for every reason that the service may give."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

import portal
import verify_svc
from portal.entry import PROVINCES
from portal.words import LOCALES, words
from verify_svc.session.reasons import REASONS

FOLDER = Path(portal.__file__).parent
SERVICE = Path(verify_svc.__file__).parent / "locales"


def keys(tree: Mapping[str, Any], above: str = "") -> Iterator[str]:
    for name, below in tree.items():
        yield from keys(below, f"{above}{name}.") if isinstance(below, Mapping) else [above + name]


def test_both_languages_have_the_same_words() -> None:
    chinese, english = (set(keys(words(locale))) for locale in LOCALES)
    assert chinese == english


@pytest.mark.parametrize("locale", LOCALES)
def test_every_reason_has_words(locale: str) -> None:
    assert set(REASONS) <= set(words(locale)["reason"])


@pytest.mark.parametrize("locale", LOCALES)
def test_every_check_of_a_report_has_words(locale: str) -> None:
    console = json.loads((SERVICE / f"{locale}.json").read_text("utf-8"))["screens"]["console"]
    assert set(console["check"]) <= set(words(locale)["check"])


@pytest.mark.parametrize("locale", LOCALES)
def test_every_province_has_a_name(locale: str) -> None:
    assert set(words(locale)["province"]) == set(PROVINCES)


def test_every_word_that_is_said_is_there() -> None:
    sources = [*FOLDER.glob("*.py"), *(FOLDER / "templates").glob("*.html")]
    said = {key for path in sources for key in re.findall(r"say\(f?[\"']([a-z_.]+)[\"'][,)]", path.read_text("utf-8"))}
    assert len(said) > 80
    assert said <= set(keys(words("zh-CN")))
