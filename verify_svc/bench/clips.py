"""Selfie clips reading digits: good ones must be clear, a fault must be named, a wrong challenge must not pass."""

from __future__ import annotations

from collections.abc import Sequence

from verify_svc.bench.agreement import TABLES, Judged
from verify_svc.bench.faults import FAULTS, WRONG_DIGITS
from verify_svc.bench.intervals import share


def right(one: Judged) -> bool | None:
    """Whether a clip came out as labelled; None where the labels judge nothing."""
    clear = bool(one.answer["result"] == "clear")
    if one.clip.expect == "pass":
        return clear
    if one.clip.expect != "fault":
        return None
    return (clear or bool(_due(one) & one.reasons)) if _harmless(one) else not one.missed


def beside(one: Judged) -> list[str]:
    """The reasons that the label does not expect."""
    return [reason for reason in one.answer["reasons"] if reason not in _due(one)]


def table(judged: Sequence[Judged]) -> str:
    """The tables of docs/accuracy.md about clips, as Markdown."""
    good = [one for one in judged if one.clip.expect == "pass"]
    faulty = [one for one in judged if one.clip.expect == "fault"]
    harmless = [one for one in faulty if _harmless(one)]
    faulty = [one for one in faulty if not _harmless(one)]
    digits = [one for one in judged if one.clip.shows & WRONG_DIGITS]
    lines = [
        "| what | count | share, 95 % interval |",
        "|---|---|---|",
        _line("good clips clear", _clear(good), len(good)),
        _line("faults named", sum(bool(right(one)) for one in faulty), len(faulty)),
        _line("harmless faults (turned, noise) clear or named", sum(bool(right(o)) for o in harmless), len(harmless)),
        _line("faulty clips with a reason besides", sum(bool(beside(one)) for one in faulty), len(faulty)),
        _line("wrong, missing or added digits accepted", _clear(digits), len(digits)),
        "",
        "| shows | clips | right | results | missed, or said besides |",
        "|---|---|---|---|---|",
    ]
    groups: dict[str, list[Judged]] = {}
    for one in judged:
        unjudged = ", not judged" if one.clip.expect == "unjudged" else ""
        groups.setdefault(f"{one.clip.what}{unjudged}", []).append(one)
    for what, group in sorted(groups.items()):
        given = [one.answer["result"] for one in group]
        results = ", ".join(f"{given.count(result)} {result}" for result in sorted(set(given)))
        count = "–" if right(group[0]) is None else str(sum(bool(right(one)) for one in group))
        lines.append(f"| {what} | {len(group)} | {count} | {results} | {'; '.join(_notes(group))} |")
    for title, rows in TABLES:
        lines += ["", f"### {title}", "", *rows(judged)]
    return "\n".join(lines)


def _notes(group: Sequence[Judged]) -> list[str]:
    notes = []
    for one in group:
        if right(one) is False:
            notes.append(f"{one.clip.file}: said {', '.join(one.answer['reasons']) or one.answer['result']}")
        elif beside(one):
            notes.append(f"{one.clip.file}: {', '.join(beside(one))}")
    return notes


def _due(one: Judged) -> frozenset[str]:
    return frozenset[str]().union(*(FAULTS[fault].named for fault in one.clip.shows))


def _harmless(one: Judged) -> bool:
    return bool(one.clip.shows) and all(FAULTS[fault].may_be_clear for fault in one.clip.shows)


def _clear(judged: Sequence[Judged]) -> int:
    return sum(one.answer["result"] == "clear" for one in judged)


def _line(what: str, count: int, of: int) -> str:
    return f"| {what} | {count} of {of} | {share(count, of)} |"
