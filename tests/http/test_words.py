"""Every word that the hand-off page and the console ask for is there, in both languages."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

import verify_svc

ROOT = Path(verify_svc.__file__).parents[1]
LOCALES = {name: json.loads((ROOT / f"verify_svc/locales/{name}.json").read_text("utf-8")) for name in ("zh-CN", "en")}


def keys(tree: Mapping[str, Any], above: str = "") -> Iterator[str]:
    for name, below in tree.items():
        yield from keys(below, f"{above}{name}.") if isinstance(below, Mapping) else [above + name]


def asked(page: str, prefix: str) -> set[str]:
    """The plain keys of `t("…")` in a page's modules; those put together at run time are not seen."""
    sources = (path.read_text("utf-8") for path in (ROOT / "web" / page).glob("*.js"))
    return {prefix + key for source in sources for key in re.findall(r"\bt\(\"([a-z_.]+)\"[,)]", source)}


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize(("page", "prefix", "least"), [("handoff", "", 25), ("console", "screens.console.", 80)])
def test_a_page_finds_its_words(page: str, prefix: str, least: int, locale: str) -> None:
    found = asked(page, prefix)
    assert len(found) >= least
    assert found <= set(keys(LOCALES[locale]))


@pytest.mark.parametrize("locale", LOCALES)
def test_an_audit_line_is_told_in_words(locale: str) -> None:
    sources = "\n".join(path.read_text("utf-8") for path in (ROOT / "verify_svc/flow").glob("*.py"))
    done = set(re.findall(r'\bwhat="([a-z_]+)"', sources))
    done |= set(re.findall(r'\bnote\([^"\n]*"(?:pc", ")?([a-z_]+)", ', sources))
    assert {"challenge_begun", "link_refreshed", "purged"} <= done
    console = LOCALES[locale]["screens"]["console"]
    assert done <= set(console["audit"])
    assert {"applicant", "service", "pc", "operator", "portal"} <= set(console["actor"])


# English tells steps apart by "To redo" alone where Chinese has a word for each.
def test_both_languages_say_the_same_things() -> None:
    chinese, english = (set(keys(tree)) for tree in LOCALES.values())
    assert {key for key in chinese ^ english if not key.endswith("_word")} == set()
