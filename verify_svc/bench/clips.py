"""Accuracy on labelled selfie clips reading digits: good ones must be clear, a fault must be named.

The folder holds `labels.csv` with the columns file, expect (pass, fault, unjudged), what, challenge and voice. Each
clip is judged as `check --batch` judges it.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from verify_svc.bench.intervals import share

Answers = Callable[[Iterable[str]], Iterator[dict[str, Any]]]
"""Batch lines to answers, in order."""

# A fault is named right when one of these reasons is among those given.
_NAMED: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "eyes_closed": frozenset({"eyes_closed"}),
        "many_blinks": frozenset({"blinking"}),
        "shake": frozenset({"head_shaking"}),
        "blur": frozenset({"video_blurry"}),
        "motion_blur": frozenset({"video_blurry", "head_shaking"}),
        "dark": frozenset({"too_dark"}),
        "overexposed": frozenset({"too_bright"}),
        "side_light": frozenset({"uneven_light"}),
        "second_face": frozenset({"face_multiple"}),
        "mask": frozenset({"face_occluded"}),
        "hand": frozenset({"face_occluded"}),
        "wrong_digit": frozenset({"digits_mismatch"}),
        "missing_digit": frozenset({"digits_incomplete", "digits_mismatch"}),
        "extra_digit": frozenset({"digits_mismatch"}),
        "silent": frozenset({"speech_not_found", "audio_too_quiet"}),
        "still": frozenset({"lips_do_not_follow_speech", "presentation_attack_suspected"}),
        "off_centre": frozenset({"face_off_centre"}),
        "too_small": frozenset({"face_too_small"}),
        "low_fps": frozenset({"video_frame_rate_low"}),
        "noise": frozenset({"audio_too_noisy"}),
    }
)
_BACKGROUND = frozenset({"background_not_white"})
_MAY_BE_CLEAR = frozenset({"rotated", "noise"})
_WRONG_DIGITS = frozenset({"wrong_digit", "missing_digit", "extra_digit"})
_ATTACKS = frozenset({"still"})


@dataclass(frozen=True, slots=True)
class Score:
    """How a clip came out. `right` is None where the labels judge nothing; `beside` are reasons that the label does
    not expect."""

    file: str
    what: str
    expect: str
    result: str
    reasons: tuple[str, ...]
    right: bool | None
    beside: tuple[str, ...]


def score_clips(folder: Path, answers: Answers) -> list[Score]:
    """Judge every labelled clip against its challenge."""
    with (folder / "labels.csv").open(encoding="utf-8", newline="") as table_file:
        rows = list(csv.DictReader(table_file))
    lines = (
        json.dumps(
            {
                "id": row["file"],
                "what": "face",
                "file": str(folder / row["file"]),
                "digits": row["challenge"],
                "language": "en" if row.get("voice", "").startswith("en") else "zh",
            }
        )
        for row in rows
    )
    return [_score(row, answer) for row, answer in zip(rows, answers(lines), strict=True)]


def table(scores: Sequence[Score]) -> str:
    """The tables of docs/accuracy.md about clips, as Markdown."""
    good = [score for score in scores if score.expect == "pass"]
    faulty = [score for score in scores if score.expect == "fault" and score.what not in _MAY_BE_CLEAR]
    harmless = [score for score in scores if score.expect == "fault" and score.what in _MAY_BE_CLEAR]
    digits = [score for score in scores if score.what in _WRONG_DIGITS]
    attacks = [score for score in scores if score.what in _ATTACKS]
    lines = [
        "| what | count | share, 95 % interval |",
        "|---|---|---|",
        _line("good clips clear", sum(score.result == "clear" for score in good), len(good)),
        _line("faults named", sum(bool(score.right) for score in faulty), len(faulty)),
        _line("harmless faults (turned, noise) clear or named", sum(bool(s.right) for s in harmless), len(harmless)),
        _line("faulty clips with a reason besides", sum(bool(score.beside) for score in faulty), len(faulty)),
        _line("wrong, missing or added digits accepted", sum(score.result == "clear" for score in digits), len(digits)),
        _line("photographs with sound clear", sum(score.result == "clear" for score in attacks), len(attacks)),
        "",
        "| shows | clips | right | results | missed, or said besides |",
        "|---|---|---|---|---|",
    ]
    groups: dict[str, list[Score]] = {}
    for score in scores:
        groups.setdefault(score.what if score.expect != "unjudged" else f"{score.what}, not judged", []).append(score)
    for what, group in sorted(groups.items()):
        results = ", ".join(f"{sum(s.result == r for s in group)} {r}" for r in sorted({s.result for s in group}))
        right = "–" if group[0].right is None else str(sum(bool(score.right) for score in group))
        lines.append(f"| {what} | {len(group)} | {right} | {results} | {'; '.join(_notes(group))} |")
    return "\n".join(lines)


def _notes(group: Sequence[Score]) -> list[str]:
    notes = []
    for score in group:
        if score.right is False:
            notes.append(f"{score.file}: said {', '.join(score.reasons) or score.result}")
        elif score.beside:
            notes.append(f"{score.file}: {', '.join(score.beside)}")
    return notes


def _score(row: Mapping[str, str], answer: Mapping[str, Any]) -> Score:
    what, expect, reasons = row["what"], row["expect"], tuple(answer["reasons"])
    expected = _BACKGROUND if what.startswith("background") else _NAMED.get(what, frozenset())
    clear = answer["result"] == "clear"
    right: bool | None = None
    if expect == "pass":
        right = clear
    elif expect == "fault":
        right = bool(expected & set(reasons)) or (what in _MAY_BE_CLEAR and clear)
    beside = tuple(reason for reason in reasons if reason not in expected) if expect != "unjudged" else reasons
    return Score(row["file"], what, expect, answer["result"], reasons, right, beside)


def _line(what: str, count: int, of: int) -> str:
    return f"| {what} | {count} of {of} | {share(count, of)} |"
