"""Accuracy on labelled pictures of certificates and forms.

The folder holds `labels.csv` with the columns file, kind, number, name and problems (separated by `;`). Each item is
judged as `check --batch` judges it, with the number as labelled for entry.
"""

from __future__ import annotations

import csv
import itertools
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from verify_svc.bench.intervals import share
from verify_svc.certificate.numbers import CREDIT_CODE_ALPHABET, is_credit_code, is_id_number, is_registration_number

Answers = Callable[[Iterable[str]], Iterator[dict[str, Any]]]
"""Batch lines to answers, in order."""

_ASKED_AS = {
    "idcard_portrait": "id_card_portrait",
    "idcard_emblem": "id_card_emblem",
    "business_licence": "business_licence",
    "licence": "business_licence",
    "checklist": "verification_form",
    "commitment": "commitment_letter",
}
_FORMS = frozenset({"verification_form", "commitment_letter"})
# What a picture of another kind is shown as: the wrong one must be named.
_SHOWN_AS = {
    "institution_certificate": "business_licence",
    "passport": "id_card_portrait",
    "authorisation": "commitment_letter",
}
_WRONG = frozenset({"document_wrong_kind", "document_wrong_side", "form_wrong_template"})
_ABSENT = _WRONG | {"document_not_found"}
# A fault is named right when one of these reasons is given. Faults that do no harm may also end clear.
_NAMED: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "blurred": frozenset({"document_blurry"}),
        "motion": frozenset({"document_blurry"}),
        "glare": frozenset({"document_glare"}),
        "dark": frozenset({"document_too_dark"}),
        "cut_off": frozenset({"document_cut_off"}),
        "screen": frozenset({"document_recaptured_screen"}),
        "copy": frozenset({"document_photocopy"}),
        "copy with red seal": frozenset({"document_photocopy"}),
        "covered": frozenset({"document_unreadable"}),
        "check digit invalid as printed": frozenset(
            {"id_number_check_digit_invalid", "credit_code_check_digit_invalid"}
        ),
        "made-up 17-character number": frozenset({"document_unreadable", "credit_code_check_digit_invalid"}),
    }
)
_PRINTED = frozenset({"copy with red seal", "check digit invalid as printed", "made-up 17-character number"})
_SMALL = frozenset({"document_too_small"})
_TURNED = frozenset({"tilted", "sideways", "upside_down"})


@dataclass(frozen=True, slots=True)
class Item:
    """One labelled picture: what it is asked as, its fault (empty: none) and what is right."""

    file: str
    asked: str
    fault: str
    number: str = field(repr=False)
    name: str = field(repr=False)
    reasons: frozenset[str]
    legible: bool

    def job(self, folder: Path, number: str | None) -> dict[str, Any]:
        """The item's line of a batch; `number` is what is entered."""
        what = "form" if self.asked in _FORMS else "document"
        job: dict[str, Any] = {"id": self.file, "what": what, "file": str(folder / self.file), "kind": self.asked}
        return {**job, "number": number} if number and what == "document" else job


@dataclass(frozen=True, slots=True)
class Score:
    """How an item came out: `right`, `wrong` or `unreadable`, and in words what was missed."""

    item: Item
    outcome: str
    missed: str
    result: str
    number_exact: bool | None
    name_exact: bool | None
    wrong_accepted: int
    wrong_tried: int


def read_items(folder: Path) -> list[Item]:
    """The labelled items that can be asked for today."""
    with (folder / "labels.csv").open(encoding="utf-8", newline="") as table:
        return [item for row in csv.DictReader(table) if (item := _item(row)) is not None]


def score_documents(folder: Path, answers: Answers) -> list[Score]:
    """Judge every item twice: with the right number entered, and with a sibling of it that must not be accepted."""
    items = read_items(folder)
    entries = [next(siblings(item.number), None) if item.asked not in _FORMS else None for item in items]
    jobs = [item.job(folder, item.number or None) for item in items]
    jobs += [item.job(folder, entry) for item, entry in zip(items, entries, strict=True) if entry]
    given = list(answers(json.dumps(job, ensure_ascii=False) for job in jobs))
    wrong = {answer["id"]: answer for answer in given[len(items) :]}
    return [_score(item, answer, wrong.get(item.file)) for item, answer in zip(items, given[: len(items)], strict=True)]


def siblings(number: str) -> Iterator[str]:
    """Numbers that differ from `number` in one or two characters and hold together all the same."""
    for holds, alphabet in (
        (is_id_number, "0123456789"),
        (is_credit_code, CREDIT_CODE_ALPHABET),
        (is_registration_number, "0123456789"),
    ):
        if holds(number):
            last = "0123456789X" if holds is is_id_number else alphabet
            for place, other in itertools.product(range(len(number) - 1), alphabet):
                changed = number[:place] + other + number[place + 1 : -1]
                yield from (changed + end for end in last if changed + end != number and holds(changed + end))
            return


def table(scores: Sequence[Score]) -> str:
    """The tables of docs/accuracy.md about certificates and forms, as Markdown."""
    legible = [score for score in scores if score.number_exact is not None]
    good = [score for score in scores if not score.item.fault and score.item.legible]
    faulty = [score for score in scores if score.item.fault and score.item.fault not in _TURNED]
    tried = sum(score.wrong_tried for score in scores)
    named = [score for score in legible if score.name_exact is not None]
    lines = [
        "| what | count | share, 95 % interval |",
        "|---|---|---|",
        _share_line("numbers of legible certificates exact", sum(bool(s.number_exact) for s in legible), len(legible)),
        _share_line("names of legible certificates exact", sum(bool(s.name_exact) for s in named), len(named)),
        _share_line("good pictures refused", sum(s.result == "rejected" for s in good), len(good)),
        _share_line("faults named right", sum(s.outcome == "right" for s in faulty), len(faulty)),
        _share_line("wrong entries accepted", sum(score.wrong_accepted for score in scores), tried),
        "",
        "| asked as | fault | items | right | wrong | unreadable | missed |",
        "|---|---|---|---|---|---|---|",
    ]
    groups: dict[tuple[str, str], list[Score]] = {}
    for score in scores:
        groups.setdefault((score.item.asked, score.item.fault or "none"), []).append(score)
    for (asked, fault), group in sorted(groups.items()):
        counts = [sum(score.outcome == outcome for score in group) for outcome in ("right", "wrong", "unreadable")]
        missed = "; ".join(f"{score.item.file}: {score.missed}" for score in group if score.missed)
        lines.append(f"| {asked} | {fault} | {len(group)} | {counts[0]} | {counts[1]} | {counts[2]} | {missed} |")
    return "\n".join(lines)


def _share_line(what: str, count: int, of: int) -> str:
    return f"| {what} | {count} of {of} | {share(count, of)} |"


def _item(row: Mapping[str, str]) -> Item | None:
    kind, problems = row["kind"], [problem.strip() for problem in row["problems"].split(";") if problem.strip()]
    asked_instead = next((match[1] for problem in problems if (match := re.search(r"asked (\w+)", problem))), None)
    drawn = row.get("origin") == "synthetic"
    if asked_instead is not None:
        return Item(row["file"], _ASKED_AS[asked_instead], "wrong side or kind", "", "", _WRONG, False)
    if kind.startswith("none:"):
        return Item(row["file"], "business_licence", "no certificate", "", "", _ABSENT | {"document_unreadable"}, False)
    if kind.startswith("template:"):
        refused = frozenset({"file_type_not_allowed"})
        return Item(row["file"], "verification_form", "not a picture", "", "", refused, False)
    if kind in _SHOWN_AS:
        spoilt = bool(problems) and drawn and problems[0] not in _TURNED
        reasons = _ABSENT | ({"document_unreadable"} if spoilt else frozenset())
        return Item(row["file"], _SHOWN_AS[kind], "another kind", "", "", reasons, False)
    asked = _ASKED_AS.get(kind)
    if asked is None:
        return None
    # On found pictures the labels describe; only on drawn ones is a photographic fault made to be seen.
    known = (_NAMED.keys() | _TURNED) if drawn else _PRINTED
    fault = next((problem for problem in problems if problem in known), "")
    if drawn and "small" in problems:
        fault = "small"
    reasons = _SMALL if fault == "small" else _NAMED.get(fault, frozenset())
    if asked in _FORMS and fault == "copy":
        fault, reasons = "", frozenset()  # what a copy of a form is, its seal will tell: not checked yet
    legible = bool(row["number"]) if asked not in _FORMS and asked != "id_card_emblem" else True
    return Item(row["file"], asked, fault, row["number"], row["name"], frozenset(reasons), legible)


def _score(item: Item, answer: Mapping[str, Any], wrong: Mapping[str, Any] | None) -> Score:
    fields = (answer["properties"] or {}).get("fields") or {}
    value = (fields.get("number") or {}).get("value")
    name = (fields.get("name") or {}).get("value")
    reasons = set(answer["reasons"])
    legible = item.legible and item.asked not in _FORMS and item.number and (not item.fault or item.fault in _TURNED)
    exact = (value == item.number) if legible else None
    missed = []
    if value is not None and item.number and value != item.number:
        missed.append("number read wrong")
    if item.reasons:
        if not reasons & item.reasons:
            missed.append(f"said {', '.join(sorted(reasons)) or answer['result']}")
    elif answer["result"] == "rejected":
        missed.append(f"refused: {', '.join(sorted(reasons))}")
    elif exact is False:
        missed.append("number not read")
    tried = list(siblings(item.number)) if item.number and item.asked not in _FORMS else []
    accepted = sum(value == other for other in tried) + int(wrong is not None and wrong["result"] == "clear")
    if accepted:
        missed.append("a wrong number accepted")
    unreadable = answer["result"] == "unreadable" and not reasons & item.reasons
    outcome = "right" if not missed else "unreadable" if unreadable else "wrong"
    name_exact = None if not legible or not item.name else _plain(name) == _plain(item.name)
    return Score(item, outcome, ", ".join(missed), answer["result"], exact, name_exact, accepted, len(tried))


def _plain(name: str | None) -> str:
    return re.sub(r"\s", "", name or "").replace("(", "（").replace(")", "）")
