"""Counting of clips: what is right, what is missed, what is said besides."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from verify_svc.bench.clips import score_clips, table

_ROWS = [
    ("good.mp4", "pass", "good", "clear", []),
    ("refused.mp4", "pass", "good", "rejected", ["blinking"]),
    ("dark.mp4", "fault", "dark", "rejected", ["too_dark"]),
    ("mask.mp4", "fault", "mask", "rejected", ["face_occluded", "eyes_closed"]),
    ("wrong.mp4", "fault", "wrong_digit", "clear", []),
    ("blue.mp4", "fault", "background_blue", "rejected", ["background_not_white"]),
    ("turned.mp4", "fault", "rotated", "clear", []),
    ("real.mp4", "unjudged", "good", "rejected", ["eyes_closed"]),
]


def _answers(lines: Iterable[str]) -> Iterator[dict[str, Any]]:
    by_file = {row[0]: row for row in _ROWS}
    for line in lines:
        job = json.loads(line)
        row = by_file[job["id"]]
        assert (job["what"], job["digits"], job["language"]) == ("face", "48302", "zh")
        yield {"id": job["id"], "result": row[3], "reasons": row[4]}


def _folder(tmp_path: Path) -> Path:
    with (tmp_path / "labels.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["file", "expect", "what", "challenge", "voice"])
        writer.writerows([*row[:3], "48302", "zh01"] for row in _ROWS)
    return tmp_path


def test_each_clip_is_right_by_its_label(tmp_path: Path) -> None:
    right = {score.file: score.right for score in score_clips(_folder(tmp_path), _answers)}
    assert right == {
        "good.mp4": True,
        "refused.mp4": False,
        "dark.mp4": True,
        "mask.mp4": True,
        "wrong.mp4": False,
        "blue.mp4": True,
        "turned.mp4": True,
        "real.mp4": None,
    }


def test_the_table_tells_misses_and_what_was_said_besides(tmp_path: Path) -> None:
    text = table(score_clips(_folder(tmp_path), _answers))
    assert "| good clips clear | 1 of 2 |" in text
    assert "| faults named | 3 of 4 |" in text
    assert "| wrong, missing or added digits accepted | 1 of 1 |" in text
    assert "refused.mp4: said blinking" in text
    assert "mask.mp4: eyes_closed" in text
