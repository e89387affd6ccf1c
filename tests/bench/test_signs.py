"""Signs of an attack, counted alone and together, and the loops that the bench makes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.bench.labelled import answer, answers_of, folder_of
from tests.media.made_clips import frames_at
from verify_svc.bench.agreement import Judged, judge
from verify_svc.bench.clip_labels import read_clips
from verify_svc.bench.halves import Value
from verify_svc.bench.signs import loop_lines, loops, table
from verify_svc.inference.engines import Engines, make_engines
from verify_svc.media.warm import warm_decoders


def _said(*accusing: str, passing: tuple[str, ...] = ("attack", "border", "signs")) -> dict[str, Any]:
    branches = {check: {"result": "rejected", "reasons": [], "properties": {}} for check in accusing}
    passed = {check: {"result": "clear", "reasons": [], "properties": {}} for check in passing if check not in accusing}
    return {**answer(), "breakdown": {**passed, **branches}}


def _judged(path: Path, known: Mapping[str, Mapping[str, Any]], truths: Mapping[str, str]) -> list[Judged]:
    rows = [{"file": file, "person": file[0], "truth": truth} for file, truth in truths.items()]
    return judge(read_clips(folder_of(path, rows)), answers_of(known))


@pytest.fixture
def rows(tmp_path: Path) -> dict[str, str]:
    known = {
        "a.mp4": _said("attack"),
        "b.mp4": _said(),
        "c.mp4": _said("attack", "border", "signs"),
        "d.mp4": _said("border", passing=("signs",)),
        "e.mp4": _said(),
    }
    truths = dict.fromkeys(("a.mp4", "b.mp4"), "bonafide") | dict.fromkeys(("c.mp4", "d.mp4"), "attack_screen")
    lines = table(_judged(tmp_path, known, truths | {"e.mp4": "attack_print"}))
    return {line.split("|")[1].strip(): line for line in lines}


def test_living_people_who_are_accused_and_attacks_that_are_not_are_counted_by_kind(rows: dict[str, str]) -> None:
    assert "living people accused (BPCER) | print missed (APCER) | screen missed (APCER)" in rows["sign"]
    cells = [cell.split(":")[0].strip() for cell in rows["border, asked of 5"].split("|")[2:5]]
    assert cells == ["0 of 2", "1 of 1", "0 of 2"]


def test_what_was_not_asked_accuses_nobody(rows: dict[str, str]) -> None:
    cells = [cell.split(":")[0].strip() for cell in rows["attack, asked of 4"].split("|")[2:5]]
    assert cells == ["1 of 2", "1 of 1", "1 of 2"]


def test_the_rule_stands_beside_its_signs(rows: dict[str, str]) -> None:
    assert "| 1 of 2: " in rows["the rule: suspected"]
    assert rows["the rule: evident"].split("|")[4].strip().startswith("1 of 2: ")


def test_limits_for_loops_are_fit_on_half_of_the_people_and_tried_on_the_others() -> None:
    values = [Value(person, ratio, bad) for person in "abcdef" for ratio, bad in ((1.2, False), (0.2, True))]
    _, _, suspected, evident, halves = loop_lines(values)
    assert suspected.startswith("| 0.65, suspected | 0 of 6: ")
    assert evident.startswith("| 0.50, evident | 0 of 6: ")
    assert "0.70 and 0.70" in halves
    assert halves.count("0 of 6: ") == 2


@pytest.fixture
def engines() -> Iterator[Engines]:
    made = make_engines(prepare=warm_decoders)
    yield made
    made.close()


def test_loops_made_of_a_clip_come_again_and_the_clip_does_not(engines: Engines, tmp_path: Path) -> None:
    known = {"a.mp4": answer(loop={"score": 1.3}), "b.mp4": answer()}
    judged = _judged(tmp_path, known, dict.fromkeys(known, "bonafide"))
    frames_at(tmp_path / "a.mp4", [0.04 * number for number in range(100)], (160, 120))
    first, *made = loops(judged, engines)
    assert (first.person, first.value, first.bad) == ("a", 1.3, False)
    assert len(made) == 4
    assert all(value.bad and value.value < 0.5 for value in made)
