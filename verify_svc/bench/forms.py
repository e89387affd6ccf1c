"""Accuracy on labelled photographs of forms: what is missing is named, what is there is found, good ones pass.

A folder holds `labels.csv` with the columns file, kind, subject, name, number, person, person_number, domains, date
and fault, or the labels of a drawn set of papers (`synthetic_truth.json`). Each form is judged with what it says as the
entry, but for the fault `other_seal`, whose entry is the unit that the form names.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from verify_svc.bench.intervals import share

Answers = Callable[[Iterable[str]], Iterator[dict[str, Any]]]
"""Batch lines to answers, in order."""

_NAMED: Mapping[str, str] = MappingProxyType(
    {
        "no_seal": "form_seal_missing",
        "other_seal": "form_seal_mismatch",
        "no_signature": "form_signature_missing",
        "printed_signature": "form_signature_missing",
        "stamped_signature": "form_signature_missing",
        "no_date": "form_date_missing",
        "copy": "document_photocopy",
        "wrong_side": "form_wrong_template",
    }
)
_KINDS: Mapping[str, str] = MappingProxyType(
    {"checklist": "verification_form", "commitment": "commitment_letter", "authorisation": "authorisation_letter"}
)


@dataclass(frozen=True, slots=True)
class FormItem:
    """One labelled form: its line of a batch, its fault (empty: none), and the day written on it."""

    job: Mapping[str, Any] = field(repr=False)
    fault: str
    date: str


def read_labels(folder: Path) -> list[FormItem]:
    """The forms that `labels.csv` lists."""
    with (folder / "labels.csv").open(encoding="utf-8", newline="") as table:
        return [_item(folder, row) for row in csv.DictReader(table)]


def read_drawn(folder: Path) -> list[FormItem]:
    """The forms of a drawn set of papers."""
    found = []
    for truth in json.loads((folder / "synthetic_truth.json").read_text(encoding="utf-8")):
        if truth["shown"] not in _KINDS:
            continue
        said = truth["fields"]
        # Who signs isn't who is responsible on every one of these papers: no person is entered.
        row = {"file": truth["file"], "kind": _KINDS[truth["kind"]], "subject": "unit", "fault": truth["bad"]}
        row |= {"name": said["name"], "number": said["number"], "domains": said["domain"], "date": said["date"]}
        found.append(_item(folder, row | {"fault": "" if truth["bad"] == "none" else truth["bad"]}))
    return found


def _item(folder: Path, row: Mapping[str, str]) -> FormItem:
    entered = {key: row.get(key) for key in ("kind", "subject", "name", "number", "person", "person_number")}
    job = {"id": row["file"], "what": "form", "file": str(folder / row["file"]), **entered, "domain": row["domains"]}
    job |= {"dated_from": row["date"] or None, "dated_until": row["date"] or None}
    return FormItem({key: value for key, value in job.items() if value}, row["fault"], row["date"])


def table(items: Sequence[FormItem], answers: Answers) -> str:
    """Judge every form; the table of docs/accuracy.md about them, as Markdown."""
    given = list(answers(json.dumps(dict(item.job), ensure_ascii=False) for item in items))
    pairs = list(zip(items, given, strict=True))
    good = [(item, answer) for item, answer in pairs if not item.fault]
    faulty = [(item, answer) for item, answer in pairs if item.fault]
    sealed = [pair for pair in pairs if pair[0].fault not in ("no_seal", "wrong_side") and _is_unit(pair[0])]
    dated = [pair for pair in pairs if pair[0].date and pair[0].fault != "wrong_side"]
    lines = [
        "| what | count | share, 95 % interval |",
        "|---|---|---|",
        _line("good forms passed without an operator", sum(a["result"] == "clear" for _, a in good), len(good)),
        _line("good forms refused", sum(a["result"] == "rejected" for _, a in good), len(good)),
        _line("faults named", sum(_NAMED[item.fault] in a["reasons"] for item, a in faulty), len(faulty)),
        _line("faulty forms passed", sum(a["result"] == "clear" for _, a in faulty), len(faulty)),
        _line("seals found", sum("form_seal_missing" not in a["reasons"] for _, a in sealed), len(sealed)),
        _line("hand-written dates read exactly", sum(_date(a) == item.date for item, a in dated), len(dated)),
        _line("dates read wrong", sum(_date(a) not in (None, item.date) for item, a in dated), len(dated)),
        "",
        "| fault | forms | named | left to an operator | passed | missed |",
        "|---|---|---|---|---|---|",
    ]
    for fault in sorted({item.fault for item in items}):
        group = [(item, answer) for item, answer in pairs if item.fault == fault]
        named = [pair for pair in group if fault and _NAMED[fault] in pair[1]["reasons"]]
        results = [answer["result"] for _, answer in group]
        missed = "; ".join(
            f"{answer['id']}: {', '.join(answer['reasons']) or answer['result']}"
            for item, answer in group
            if (answer["result"] != "clear" if not fault else (item, answer) not in named)
        )
        counts = f"{len(named) if fault else '–'} | {results.count('consider')} | {results.count('clear')}"
        lines.append(f"| {fault or 'none'} | {len(group)} | {counts} | {missed} |")
    return "\n".join(lines)


def _is_unit(item: FormItem) -> bool:
    return item.job.get("subject") == "unit"


def _date(answer: Mapping[str, Any]) -> str | None:
    fields: Mapping[str, Any] = (answer["properties"] or {}).get("fields") or {}
    value = (fields.get("date") or {}).get("value")
    return None if value is None else str(value)


def _line(what: str, count: int, of: int) -> str:
    return f"| {what} | {count} of {of} | {share(count, of)} |"
