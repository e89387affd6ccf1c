"""Agreement of single checks with labels on found clips and stills: people and replays that nobody here recorded.

The folder holds `labels.csv` with the columns file, kind, person, truth, framing, eyes, head, mouth and background. No
clip reads a challenge, so none may be clear; what each check says is counted by label. Stills go to the attack
detector alone and, in pairs, to the comparison.
"""

from __future__ import annotations

import csv
import itertools
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from verify_svc.bench.intervals import share
from verify_svc.face.attack import AttackLimits
from verify_svc.face.compare import see_picture
from verify_svc.face.match import MatchLimits, cosine
from verify_svc.inference.engines import Engines
from verify_svc.inference.faces import Sight

Answers = Callable[[Iterable[str]], Iterator[dict[str, Any]]]
_CHALLENGE = "483026"  # nobody reads it
_LIVE = AttackLimits().min_live

# Check, the label's column, its groups in words, and the reasons counted.
_COUNTED: tuple[tuple[str, str, Mapping[str, tuple[str, ...]], frozenset[str]], ...] = (
    ("eyes", "eyes", {"open or blinking": ("open", "blinks"), "closed": ("closed",)}, frozenset({"eyes_closed"})),
    (
        "head",
        "head",
        {"still": ("still",), "slight": ("slight",), "moves": ("moves",), "turns or shakes": ("turns", "shakes")},
        frozenset({"head_turned", "head_shaking"}),
    ),
    ("cover", "mouth", {"covered": ("covered",), "free": ()}, frozenset({"face_occluded"})),
    (
        "background",
        "background",
        {
            "white": ("white",),
            "light": ("light",),
            "coloured": ("plain_colour",),
            "cluttered or dark": ("cluttered", "dark"),
        },
        frozenset({"background_not_white"}),
    ),
    (
        "sharpness",
        "sharpness",
        {"sharp": ("sharp",), "soft": ("soft",), "low_res": ("low_res",)},
        frozenset({"video_blurry"}),
    ),
    (
        "light",
        "light",
        {"normal": ("normal",), "dark": ("dark",), "bright": ("bright",)},
        frozenset({"too_dark", "too_bright"}),
    ),
    ("face", "kind", {"one person": ("clip",)}, frozenset({"face_multiple"})),
    ("same_face", "kind", {"one person": ("clip",)}, frozenset({"face_changed"})),
)


@dataclass(frozen=True, slots=True)
class Judged:
    """One clip's labels and answer."""

    labels: Mapping[str, str]
    answer: Mapping[str, Any]

    def finding(self, check: str) -> Mapping[str, Any]:
        """One check's branch of the report; empty where there is none."""
        branch: Mapping[str, Any] = (self.answer["breakdown"] or {}).get(check) or {}
        return branch


@dataclass(frozen=True, slots=True)
class Still:
    """One still's labels, and what was seen in it; None: no face."""

    labels: Mapping[str, str]
    sight: Sight | None = field(repr=False)


def judge_clips(folder: Path, answers: Answers) -> list[Judged]:
    """Judge every clip against a challenge that nobody reads."""
    rows = [row for row in _rows(folder) if row["kind"] == "clip"]
    lines = (
        json.dumps({"id": row["file"], "what": "face", "file": str(folder / row["file"]), "digits": _CHALLENGE})
        for row in rows
    )
    return [Judged(row, answer) for row, answer in zip(rows, answers(lines), strict=True)]


def see_stills(folder: Path, engines: Engines) -> list[Still]:
    """Look at every still."""
    rows = [row for row in _rows(folder) if row["kind"] == "still"]
    return [Still(row, see_picture(engines, (folder / row["file"]).read_bytes())) for row in rows]


def table(clips: Sequence[Judged], stills: Sequence[Still]) -> str:
    """The tables of docs/accuracy.md about found faces, as Markdown."""
    attacks = [clip for clip in clips if clip.labels["truth"].startswith("attack")]
    lines = [
        "| what | count | share, 95 % interval |",
        "|---|---|---|",
        _line("clips clear (none reads the challenge)", sum(c.answer["result"] == "clear" for c in clips), len(clips)),
        _line("attack clips clear", sum(c.answer["result"] == "clear" for c in attacks), len(attacks)),
        *_attack_lines(clips),
        *_match_lines(stills),
        "",
        "| check | labelled | clips | said | not checked |",
        "|---|---|---|---|---|",
        *_agreement(clips),
    ]
    return "\n".join(lines)


def _attack_lines(clips: Sequence[Judged]) -> list[str]:
    """The detector on clips with room round the face: its errors where it was asked."""
    lines = []
    for truth, error in (("bonafide", "suspected"), ("attack", "not suspected")):
        asked = [
            clip.finding("attack")
            for clip in clips
            if clip.labels["truth"].startswith(truth)
            and clip.finding("attack").get("properties", {}).get("score") is not None
        ]
        low = sum(finding["properties"]["score"] < _LIVE for finding in asked)
        wrong = low if truth == "bonafide" else len(asked) - low
        name = "BPCER" if truth == "bonafide" else "APCER"
        lines.append(_line(f"attack detector's score alone, clips, {name}: {truth} {error}", wrong, len(asked)))
    return lines


def _match_lines(stills: Sequence[Still]) -> list[str]:
    """The comparison on pairs of stills with room round the face."""
    limits = MatchLimits()
    known = [
        (still.labels["person"], still.sight.embedding)
        for still in stills
        if still.labels["truth"] == "bonafide" and still.labels["framing"] == "full" and still.sight is not None
        and still.sight.embedding is not None
    ]  # fmt: skip
    same: list[float] = []
    other: list[float] = []
    for (one, first), (two, second) in itertools.combinations(known, 2):
        (same if one == two else other).append(cosine(first, second))
    median = float(np.median(same)) if same else 0.0
    low, high = limits.review, limits.accept
    return [
        _line(
            f"same person not accepted at {high} (median score {median:.2f})", sum(s < high for s in same), len(same)
        ),
        _line(f"same person refused at {low}", sum(score < low for score in same), len(same)),
        _line(f"other people accepted at {high}", sum(score >= high for score in other), len(other)),
        _line(f"other people not refused at {low}", sum(score >= low for score in other), len(other)),
    ]


def _agreement(clips: Sequence[Judged]) -> Iterator[str]:
    for check, column, groups, reasons in _COUNTED:
        taken = {label for labels in groups.values() for label in labels}
        for words, labels in groups.items():
            group = [
                clip
                for clip in clips
                if (clip.labels[column] in labels if labels else clip.labels[column] not in taken)
            ]
            said = sum(bool(reasons & set(clip.finding(check).get("reasons", ()))) for clip in group)
            unchecked = sum(clip.finding(check).get("result", "not_checked") == "not_checked" for clip in group)
            yield f"| {check} | {words} | {len(group)} | {said} | {unchecked} |"


def _rows(folder: Path) -> list[dict[str, str]]:
    with (folder / "labels.csv").open(encoding="utf-8", newline="") as table_file:
        return list(csv.DictReader(table_file))


def _line(what: str, count: int, of: int) -> str:
    return f"| {what} | {count} of {of} | {share(count, of)} |"
