"""What the checks said of labelled clips, against what the clips show: by fault, label, kind of attack, person, source,
look and device."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from verify_svc.bench.clip_labels import LabelledClip
from verify_svc.bench.faults import ATTACK, FAULTS, WORDS
from verify_svc.bench.intervals import share

Answers = Callable[[Iterable[str]], Iterator[dict[str, Any]]]
"""Batch lines to answers, in order."""

_MOST_SAID = 3
_FEW = 3
"""Sources with fewer clips are told together."""
_CHECK_OF = {"eyes": "eyes", "head": "head", "mouth": "cover", "background": "background"}
_CHECK_OF |= {"sharpness": "sharpness", "light": "light"}


@dataclass(frozen=True, slots=True)
class Judged:
    """One clip's labels and answer."""

    clip: LabelledClip
    answer: Mapping[str, Any]

    @property
    def reasons(self) -> frozenset[str]:
        """All that was said."""
        return frozenset(self.answer["reasons"])

    def finding(self, check: str) -> Mapping[str, Any]:
        """One check's branch of the report; empty where there is none."""
        branch: Mapping[str, Any] = (self.answer["breakdown"] or {}).get(check) or {}
        return branch

    def checked(self, check: str) -> bool:
        """Whether the check came to a judgement."""
        return bool(self.finding(check).get("result", "not_checked") != "not_checked")

    def value(self, check: str, name: str) -> float | None:
        """A figure that the check measured; None where it came to no judgement."""
        value = self.finding(check).get("properties", {}).get(name) if self.checked(check) else None
        return None if value is None else float(value)

    @property
    def missed(self) -> frozenset[str]:
        """The faults that it shows and that were not named; those that do no harm need not be."""
        shown = {name: FAULTS[name] for name in self.clip.shows}
        return frozenset(
            name for name, fault in shown.items() if not fault.may_be_clear and not fault.named & self.reasons
        )

    @property
    def made_up(self) -> frozenset[str]:
        """The reasons given for faults that it is free of, and for no fault that it shows."""
        due = frozenset[str]().union(*(FAULTS[fault].named for fault in self.clip.shows))
        denied = frozenset[str]().union(*(FAULTS[fault].named for fault in self.clip.free_of))
        return (denied & self.reasons) - due


def judge(clips: Sequence[LabelledClip], answers: Answers) -> list[Judged]:
    """Judge every clip once, as `check --batch` does."""
    lines = (json.dumps(clip.job()) for clip in clips)
    return [Judged(clip, answer) for clip, answer in zip(clips, answers(lines), strict=True)]


def by_fault(judged: Sequence[Judged]) -> Iterator[str]:
    """Each fault: named where it shows, named where it doesn't."""
    yield "| fault | check | shown in | named | free of it | named wrongly | not checked |"
    yield "|---|---|---|---|---|---|---|"
    for name, fault in FAULTS.items():
        shown = [one for one in judged if name in one.clip.shows]
        free = [one for one in judged if name in one.clip.free_of]
        if not fault.named or not (shown or free):
            continue
        right, wrong = (sum(bool(fault.named & one.reasons) for one in group) for group in (shown, free))
        unchecked = sum(not one.checked(fault.check) for one in (*shown, *free))
        yield (
            f"| {name} | {fault.check} | {len(shown)} | {_counted(right, len(shown))} | {len(free)} | "
            f"{_counted(wrong, len(free))} | {unchecked} |"
        )


def by_label(judged: Sequence[Judged]) -> Iterator[str]:
    """Each word of the columns that describe: how often its check said that something is wrong."""
    yield "| check | labelled | clips | said | not checked |"
    yield "|---|---|---|---|---|"
    for column, words in WORDS.items():
        check = _CHECK_OF[column]
        reasons = frozenset[str]().union(*(FAULTS[name].named for word in words.values() for name in word.shows))
        for word in words:
            group = [one for one in judged if one.clip.words.get(column) == word]
            if group:
                said = sum(bool(reasons & set(one.finding(check).get("reasons", ()))) for one in group)
                unchecked = sum(not one.checked(check) for one in group)
                yield f"| {check} | {column} {word} | {len(group)} | {_counted(said, len(group))} | {unchecked} |"


def by_species(judged: Sequence[Judged]) -> Iterator[str]:
    """Each kind of attack, and the bona fide: suspected or not, passed or not, the detector's scores, and what was said
    most. Attacks that show no other fault are told once more by themselves."""
    yield "| before the camera | clips | suspected | clear | detector's scores | said most |"
    yield "|---|---|---|---|---|---|"
    kinds = {"living person": [one for one in judged if one.clip.bona_fide]}
    for species in sorted({one.clip.species for one in judged} - {""}):
        kinds[species] = [one for one in judged if one.clip.species == species]
        kinds[f"{species}, otherwise good"] = [one for one in kinds[species] if one.clip.expect == "pass"]
    for kind, group in kinds.items():
        if not group:
            continue
        suspected = sum(bool(FAULTS[ATTACK].named & one.reasons) for one in group)
        clear = sum(one.answer["result"] == "clear" for one in group)
        scores = [one.finding("attack").get("properties", {}).get("score") for one in group]
        known = sorted(score for score in scores if score is not None)
        span = f"{known[0]:.2f}–{known[-1]:.2f}" if known else "–"
        reasons = Counter(reason for one in group for reason in sorted(one.reasons)).most_common(_MOST_SAID)
        yield (
            f"| {kind} | {len(group)} | {_counted(suspected, len(group))} | {_counted(clear, len(group))} | {span} | "
            f"{', '.join(f'{reason} {count}' for reason, count in reasons)} |"
        )


def by_person(judged: Sequence[Judged]) -> Iterator[str]:
    """How many people had nothing wrong said of them, and the others one by one."""
    groups = _grouped(judged, lambda one: one.clip.person)
    spared = [person for person, group in groups.items() if not any(one.made_up for one in group)]
    yield "| person | clips | faults missed | said wrongly |"
    yield "|---|---|---|---|"
    for person, group in sorted(groups.items()):
        missed, wrong = _told(group, lambda one: one.missed), _told(group, lambda one: one.made_up)
        if missed or wrong:
            yield f"| {person} | {len(group)} | {missed} | {wrong} |"
    yield ""
    yield f"People of whom nothing was said wrongly: {_counted(len(spared), len(groups))} of {len(groups)}."


def by_source(judged: Sequence[Judged]) -> Iterator[str]:
    """Each source of clips: in how many a fault was missed or something was said wrongly."""
    yield "| source | clips | with a fault missed | with something said wrongly |"
    yield "|---|---|---|---|"
    groups = _grouped(judged, lambda one: one.clip.source or "not told")
    large = {source: group for source, group in groups.items() if len(group) >= _FEW}
    rest = [source for source in groups if source not in large]
    if rest:
        large[f"{len(rest)} others"] = [one for source in rest for one in groups[source]]
    for source, group in large.items():
        yield f"| {source} | {_errors(group)} |"


def by_slice(judged: Sequence[Judged]) -> Iterator[str]:
    """Looks of the person and what the device recorded: in how many a fault was missed or something said wrongly."""
    yield "| slice | clips | with a fault missed | with something said wrongly |"
    yield "|---|---|---|---|"
    for look in sorted({look for one in judged for look in one.clip.looks}):
        group = [one for one in judged if look in one.clip.looks]
        yield f"| {look} | {_errors(group)} |"
    for key in (_orientation, _codec, _rate):
        for name, group in sorted(_grouped(judged, key).items()):
            yield f"| {name} | {_errors(group)} |"


def _orientation(one: Judged) -> str:
    width, height = (one.answer["properties"].get(name, 0) for name in ("width", "height"))
    if not width:
        return "undecoded"
    return "upright" if height > width else "square" if height == width else "lying"


def _codec(one: Judged) -> str:
    return str(one.answer["properties"].get("codec", "undecoded"))


def _rate(one: Judged) -> str:
    fps = one.value("recording", "score")
    if fps is None:
        return "frame rate unknown"
    return "under 20 fps" if fps < 20 else "20–27 fps" if fps < 27 else "27 fps and more"


def _errors(group: Sequence[Judged]) -> str:
    shown = [one for one in group if any(not FAULTS[fault].may_be_clear for fault in one.clip.shows)]
    missed = sum(bool(one.missed) for one in shown)
    wrong = sum(bool(one.made_up) for one in group)
    return f"{len(group)} | {_counted(missed, len(shown))} | {_counted(wrong, len(group))}"


def _grouped(judged: Sequence[Judged], key: Callable[[Judged], str]) -> dict[str, list[Judged]]:
    groups: dict[str, list[Judged]] = {}
    for one in judged:
        groups.setdefault(key(one), []).append(one)
    return groups


def _told(group: Sequence[Judged], what: Callable[[Judged], frozenset[str]]) -> str:
    return ", ".join(sorted(frozenset[str]().union(*(what(one) for one in group))))


def _counted(count: int, of: int) -> str:
    return f"{count}: {share(count, of)}" if of else "–"


TABLES: Sequence[tuple[str, Callable[[Sequence[Judged]], Iterator[str]]]] = (
    ("By fault", by_fault),
    ("By label", by_label),
    ("By kind of attack", by_species),
    ("By person", by_person),
    ("By source", by_source),
    ("By look and recording", by_slice),
)
"""All of them, each with its title."""
