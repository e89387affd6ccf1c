"""Accuracy on labelled pictures of certificates and forms.

Each item is judged as `check --batch` judges it, with the number as labelled for entry.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from verify_svc.bench.intervals import share
from verify_svc.bench.labels import FORMS, TURNED, Item, read_items
from verify_svc.certificate.kinds import CertificateKind
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

# That a term has ended is no fault of the picture.
_OF_THE_TERM = frozenset({"document_expired", "document_expires_soon", "document_not_yet_valid"})
_WITHOUT_CHECK = frozenset({CertificateKind.PASSPORT, CertificateKind.MAINLAND_TRAVEL_PERMIT})


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


def score_documents(folder: Path, answers: Answers) -> list[Score]:
    """Judge every item twice: with the right number entered, and with a sibling of it that must not be accepted."""
    items = read_items(folder)
    entries = [None if item.asked in FORMS else next(siblings(item.number, item.asked), None) for item in items]
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
    faulty = [score for score in scores if score.item.fault and score.item.fault not in TURNED]
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


def _score(item: Item, answer: Mapping[str, Any], wrong: Mapping[str, Any] | None) -> Score:
    fields = (answer["properties"] or {}).get("fields") or {}
    value = (fields.get("number") or {}).get("value")
    reasons = set(answer["reasons"])
    legible = item.clean and bool(item.number)
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
    tried = list(siblings(item.number, item.asked)) if item.number and item.asked not in FORMS else []
    accepted = sum(value == other for other in tried) + int(wrong is not None and wrong["result"] == "clear")
    if accepted:
        missed.append("a wrong number accepted")
    unreadable = answer["result"] == "unreadable" and not reasons & item.reasons
    outcome = "right" if not missed else "unreadable" if unreadable else "wrong"
    read = {name: (fields.get(name) or {}).get("value") for name in item.truth} if item.clean else {}
    exact_fields = {name: _same(name, text, item.truth[name]) for name, text in read.items()}
    wrong_fields = [name for name, same in exact_fields.items() if not same and name != "number"]
    if wrong_fields:
        missed.append(f"not exact: {', '.join(wrong_fields)}")
    return Score(
        item,
        outcome,
        ", ".join(missed),
        "refused" if refused else answer["result"],
        exact,
        exact_fields,
        accepted,
        len(tried),
    )


def _same(name: str, read: str | None, truth: str) -> bool:
    if read is None:
        return False
    if name == "number":
        return same_number(read, truth)
    if name.startswith("valid_"):
        return read.replace("-", "") == truth or (read == "long_term" and truth == "长期")
    return same_name(read, truth)
