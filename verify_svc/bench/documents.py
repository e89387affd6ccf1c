"""Accuracy on labelled pictures of certificates and forms.

The folder holds `labels.csv` with the columns file, kind, number, name, legal_person and problems (separated by `;`),
and `synthetic_truth.json` with what is printed on the drawn ones. Each item is judged as `check --batch` judges it,
with the number as labelled for entry.
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
from verify_svc.certificate.kinds import CertificateKind, FormKind
from verify_svc.certificate.names import same_name
from verify_svc.certificate.numbers import (
    CREDIT_CODE_ALPHABET,
    is_credit_code,
    is_id_number,
    is_organisation_code,
    is_registration_number,
    same_number,
)
from verify_svc.session.reasons import REASONS, Effect

Answers = Callable[[Iterable[str]], Iterator[dict[str, Any]]]
"""Batch lines to answers, in order."""

_ASKED_AS = {
    **{kind.value: kind.value for kind in (*CertificateKind, *FormKind)},
    "idcard_portrait": "id_card_portrait",
    "idcard_emblem": "id_card_emblem",
    "organisation_code": "organisation_code_certificate",
    "social_organisation": "social_organisation_certificate",
    "private_non_enterprise": "private_non_enterprise_certificate",
    "law_firm": "law_firm_licence",
    "institution": "institution_certificate",
    "travel_permit": "mainland_travel_permit",
    "residence_permit": "residence_permit_portrait",
    "household": "household_register",
    "licence": "business_licence",
    "checklist": "verification_form",
    "commitment": "commitment_letter",
    "authorisation": "authorisation_letter",
}
_FORMS = frozenset(kind.value for kind in FormKind)
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
            {
                "id_number_check_digit_invalid",
                "credit_code_check_digit_invalid",
                "organization_code_check_digit_invalid",
                "mrz_check_digit_invalid",
            }
        ),
        "no_seal": frozenset({"form_seal_missing"}),
        "no_signature": frozenset({"form_signature_missing"}),
        "no_date": frozenset({"form_date_missing"}),
        "made-up 17-character number": frozenset({"document_unreadable", "credit_code_check_digit_invalid"}),
    }
)
_PRINTED = frozenset({"copy with red seal", "check digit invalid as printed", "made-up 17-character number"})
_SMALL = frozenset({"document_too_small"})
# That a term has ended is no fault of the picture.
_OF_THE_TERM = frozenset({"document_expired", "document_expires_soon", "document_not_yet_valid"})
_WITHOUT_CHECK = frozenset({CertificateKind.PASSPORT, CertificateKind.MAINLAND_TRAVEL_PERMIT})
_TRUTH_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "legal_person": "legal_person",
        "sex": "sex",
        "nation": "nationality",
        "birth": "birth_date",
        "address": "address",
        "type": "type",
        "founded": "established_on",
        "issuer": "authority",
    }
)
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
    truth: Mapping[str, str] = field(default_factory=dict, repr=False)

    def job(self, folder: Path, number: str | None) -> dict[str, Any]:
        """The item's line of a batch; `number` is what is entered."""
        what = "form" if self.asked in _FORMS else "document"
        job: dict[str, Any] = {"id": self.file, "what": what, "file": str(folder / self.file), "kind": self.asked}
        return {**job, "number": number} if number and what == "document" else job


@dataclass(frozen=True, slots=True)
class Score:
    """How an item came out: `right`, `wrong` or `unreadable`, and in words what was missed. `fields` says of each field
    whose truth is known whether it was read exactly; a `refused` one got other reasons than that its term has ended.
    """

    item: Item
    outcome: str
    missed: str
    result: str
    number_exact: bool | None
    fields: Mapping[str, bool]
    wrong_accepted: int
    wrong_tried: int


def read_items(folder: Path) -> list[Item]:
    """The labelled items that can be asked for today."""
    drawn = folder / "synthetic_truth.json"
    truths = {one["file"]: one["fields"] for one in json.loads(drawn.read_text("utf-8"))} if drawn.exists() else {}
    with (folder / "labels.csv").open(encoding="utf-8", newline="") as table:
        rows = list(csv.DictReader(table))
    return [item for row in rows if (item := _item(row, truths.get(row["file"], {}))) is not None]


def score_documents(folder: Path, answers: Answers) -> list[Score]:
    """Judge every item twice: with the right number entered, and with a sibling of it that must not be accepted."""
    items = read_items(folder)
    entries = [None if item.asked in _FORMS else next(siblings(item.number, item.asked), None) for item in items]
    jobs = [item.job(folder, item.number or None) for item in items]
    jobs += [item.job(folder, entry) for item, entry in zip(items, entries, strict=True) if entry]
    given = list(answers(json.dumps(job, ensure_ascii=False) for job in jobs))
    wrong = {answer["id"]: answer for answer in given[len(items) :]}
    return [_score(item, answer, wrong.get(item.file)) for item, answer in zip(items, given[: len(items)], strict=True)]


def siblings(number: str, kind: str = "") -> Iterator[str]:
    """Numbers that differ from `number` in one or two characters and hold together all the same; of a `kind` whose
    number carries no check digit all that differ in one.
    """
    if kind in _WITHOUT_CHECK:
        for place, printed in enumerate(number):
            others = "0123456789" if printed.isdigit() else "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
            twins = others if kind != CertificateKind.PASSPORT else "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
            yield from (number[:place] + other + number[place + 1 :] for other in twins if other != printed)
        return
    for holds, alphabet, last in (
        (is_id_number, "0123456789", "0123456789X"),
        (is_credit_code, CREDIT_CODE_ALPHABET, CREDIT_CODE_ALPHABET),
        (is_registration_number, "0123456789", "0123456789"),
        (is_organisation_code, CREDIT_CODE_ALPHABET, "0123456789X"),
    ):
        if holds(number):
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
    known = [(name, exact) for score in scores for name, exact in score.fields.items()]
    lines = [
        "| what | count | share, 95 % interval |",
        "|---|---|---|",
        _share_line("numbers of legible certificates exact", sum(bool(s.number_exact) for s in legible), len(legible)),
        _share_line("fields of legible certificates exact", sum(exact for _, exact in known), len(known)),
        *(_field_line(name, known) for name in dict.fromkeys(sorted(name for name, _ in known))),
        _share_line("good pictures refused", sum(s.result == "refused" for s in good), len(good)),
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


def _field_line(name: str, known: Sequence[tuple[str, bool]]) -> str:
    of_it = [exact for one, exact in known if one == name]
    return _share_line(f"– {name}", sum(of_it), len(of_it))


def _share_line(what: str, count: int, of: int) -> str:
    return f"| {what} | {count} of {of} | {share(count, of)} |"


def _item(row: Mapping[str, str], drawn_truth: Mapping[str, str]) -> Item | None:
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
    asked = _ASKED_AS.get(kind)
    if asked is None:
        return None
    # On found pictures the labels describe; only on drawn ones is a photographic fault made to be seen.
    known = (_NAMED.keys() | _TURNED) if drawn else _PRINTED
    fault = next((problem for problem in problems if problem in known), "")
    if drawn and "small" in problems:
        fault = "small"
    reasons = _SMALL if fault == "small" else _NAMED.get(fault, frozenset())
    legible = bool(row["number"]) if asked not in _FORMS and asked != "id_card_emblem" else True
    truth = _truth(row, asked, drawn_truth)
    return Item(row["file"], asked, fault, row["number"], row["name"], frozenset(reasons), legible, truth)


def _truth(row: Mapping[str, str], asked: str, drawn: Mapping[str, str]) -> dict[str, str]:
    """Every field whose right value is known, by the engine's names; none for a form."""
    if asked in _FORMS:
        return {}
    known = {name: row.get(name, "") for name in ("number", "name", "legal_person")}
    known |= {_TRUTH_NAMES[name]: value for name, value in drawn.items() if name in _TRUTH_NAMES}
    known |= dict(
        zip(("valid_from", "valid_until"), drawn.get("validity", "").replace(".", "").split("-"), strict=False)
    )
    return {name: value for name, value in known.items() if value}


def _score(item: Item, answer: Mapping[str, Any], wrong: Mapping[str, Any] | None) -> Score:
    fields = (answer["properties"] or {}).get("fields") or {}
    value = (fields.get("number") or {}).get("value")
    reasons = set(answer["reasons"])
    legible = _is_clean(item) and bool(item.number)
    exact = (value is not None and same_number(value, item.number)) if legible else None
    missed = []
    refusing = {reason for reason in reasons - _OF_THE_TERM if REASONS[reason].effect is Effect.RETRY}
    refused = answer["result"] == "rejected" and bool(refusing or not reasons & _OF_THE_TERM)
    if value is not None and item.number and not same_number(value, item.number):
        missed.append("number read wrong")
    if item.reasons:
        if not reasons & item.reasons:
            missed.append(f"said {', '.join(sorted(reasons)) or answer['result']}")
    elif refused:
        missed.append(f"refused: {', '.join(sorted(reasons))}")
    elif exact is False:
        missed.append("number not read")
    tried = list(siblings(item.number, item.asked)) if item.number and item.asked not in _FORMS else []
    accepted = sum(value == other for other in tried) + int(wrong is not None and wrong["result"] == "clear")
    if accepted:
        missed.append("a wrong number accepted")
    unreadable = answer["result"] == "unreadable" and not reasons & item.reasons
    outcome = "right" if not missed else "unreadable" if unreadable else "wrong"
    read = {name: (fields.get(name) or {}).get("value") for name in item.truth} if _is_clean(item) else {}
    exact_fields = {name: _same(name, text, item.truth[name]) for name, text in read.items()}
    wrong_fields = [name for name, same in exact_fields.items() if not same and name != "number"]
    if wrong_fields:
        missed.append(f"not exact: {', '.join(wrong_fields)}")
    result = "refused" if refused else answer["result"]
    return Score(item, outcome, ", ".join(missed), result, exact, exact_fields, accepted, len(tried))


def _is_clean(item: Item) -> bool:
    return item.legible and item.asked not in _FORMS and (not item.fault or item.fault in _TURNED)


def _same(name: str, read: str | None, truth: str) -> bool:
    if read is None:
        return False
    if name == "number":
        return same_number(read, truth)
    if name.startswith("valid_"):
        return read.replace("-", "") == truth or (read == "long_term" and truth == "长期")
    return same_name(read, truth)
