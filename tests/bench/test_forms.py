"""How labelled forms are counted."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from tests.specimens.forms import write_set
from verify_svc.bench.forms import read_labels, table


def answering(given: dict[str, tuple[str, list[str], str | None]], jobs: list[dict[str, Any]]) -> Any:
    """Answers written by hand, by file; what is asked is kept in `jobs`."""

    def answers(lines: Iterable[str]) -> Iterator[dict[str, Any]]:
        for line in lines:
            job = json.loads(line)
            jobs.append(job)
            result, reasons, date = given[job["id"]]
            fields: dict[str, Any] = {"date": {"value": date, "score": 1.0, "box": []}}
            yield {"id": job["id"], "result": result, "reasons": reasons, "properties": {"fields": fields}}

    return answers


def test_what_is_missed_is_named_with_its_form(tmp_path: Path) -> None:
    head = "file,kind,subject,name,number,person,person_number,domains,date,fault\n"
    rows = [
        "good.jpg,commitment_letter,individual,林知夏,1,林知夏,1,example.com,2026-11-02,",
        "bare.jpg,commitment_letter,unit,示例公司,2,林知夏,1,example.com,2026-11-03,no_seal",
        "late.jpg,commitment_letter,unit,示例公司,2,林知夏,1,example.com,,no_date",
    ]
    (tmp_path / "labels.csv").write_text(head + "\n".join(rows), encoding="utf-8")
    jobs: list[dict[str, Any]] = []
    given = {
        "good.jpg": ("clear", [], "2026-11-02"),
        "bare.jpg": ("rejected", ["form_seal_missing"], "2026-11-08"),
        "late.jpg": ("clear", [], None),
    }
    told = table(read_labels(tmp_path), answering(given, jobs))
    assert jobs[0]["subject"] == "individual"
    assert (jobs[0]["dated_from"], jobs[0]["dated_until"]) == ("2026-11-02", "2026-11-02")
    assert "dated_from" not in jobs[2]
    assert "| faults named | 1 of 2 |" in told
    assert "| faulty forms passed | 1 of 2 |" in told
    assert "| hand-written dates read exactly | 1 of 2 |" in told
    assert "| dates read wrong | 1 of 2 |" in told
    assert "late.jpg: clear" in told


def test_a_made_set_is_labelled_as_it_is_read(tmp_path: Path) -> None:
    write_set(tmp_path, 2)
    items = read_labels(tmp_path)
    assert len(items) == 2
    assert all(Path(item.job["file"]).is_file() for item in items)
