"""Labels and answers written by hand: a folder of clips that nobody decodes."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from verify_svc.bench.agreement import Answers


def folder_of(path: Path, rows: Sequence[Mapping[str, str]]) -> Path:
    """Write `labels.csv` and an empty file for each row that names one."""
    path.mkdir(parents=True, exist_ok=True)
    names = list(dict.fromkeys(name for row in rows for name in row))
    with (path / "labels.csv").open("w", newline="", encoding="utf-8") as opened:
        writer = csv.DictWriter(opened, names, restval="")
        writer.writeheader()
        writer.writerows(rows)
    for row in rows:
        if row.get("file"):
            (path / row["file"]).touch()
    return path


def answer(*reasons: str, result: str = "", **branches: Mapping[str, Any]) -> dict[str, Any]:
    """A report's tree: `reasons` were given, each branch's figures are its properties."""
    breakdown = {check: {"result": "clear", "reasons": [], "properties": dict(it)} for check, it in branches.items()}
    properties = {"width": 480, "height": 640, "codec": "h264"}
    given = result or ("rejected" if reasons else "clear")
    return {"result": given, "reasons": list(reasons), "breakdown": breakdown, "properties": properties}


def answers_of(known: Mapping[str, Mapping[str, Any]]) -> Answers:
    """Answers each line of a batch with what is known of its file."""

    def answers(lines: Iterable[str]) -> Iterator[dict[str, Any]]:
        for line in lines:
            job = json.loads(line)
            assert job["what"] == "face"
            yield {"id": job["id"], **known[job["id"]]}

    return answers
