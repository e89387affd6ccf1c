"""What was said of clips, counted by fault, label, kind of attack, person, source and slice."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench.labelled import answer, answers_of, folder_of
from verify_svc.bench.agreement import (
    Judged,
    by_fault,
    by_label,
    by_person,
    by_slice,
    by_source,
    by_species,
    judge,
)
from verify_svc.bench.clip_labels import read_clips

_ROWS = [
    {"file": "good.mp4", "person": "ann", "what": "good", "look": "woman;glasses", "repo": "ours"},
    {"file": "blamed.mp4", "person": "bob", "what": "good", "look": "man", "repo": "ours"},
    {"file": "dark.mp4", "person": "bob", "what": "dark", "look": "man", "repo": "ours"},
    {"file": "missed.mp4", "person": "ann", "what": "dark", "repo": "theirs"},
    {"file": "replay.mp4", "person": "cy", "truth": "attack_screen", "eyes": "open"},
]
_SAID = {
    "good.mp4": answer(recording={"score": 25.0}),
    "blamed.mp4": answer("too_dark", recording={"score": 30.0}),
    "dark.mp4": answer("too_dark", "video_blurry", light={"score": 30.0}),
    "missed.mp4": answer(),
    "replay.mp4": answer("presentation_attack_suspected", result="consider", attack={"score": 0.2}),
}


@pytest.fixture
def judged(tmp_path: Path) -> list[Judged]:
    return judge(read_clips(folder_of(tmp_path, _ROWS)), answers_of(_SAID))


def _cells(rows: list[str], first: str) -> list[str]:
    (row,) = [row for row in rows if row.startswith(f"| {first} |")]
    return [cell.strip().split(":")[0] for cell in row.strip("|").split("|")]


def test_a_clip_tells_what_was_missed_and_what_was_made_up(judged: list[Judged]) -> None:
    assert [sorted(one.missed) for one in judged] == [[], [], [], ["dark"], []]
    assert [sorted(one.made_up) for one in judged] == [[], ["too_dark"], [], [], []]


def test_a_fault_is_counted_where_it_shows_and_where_it_does_not(judged: list[Judged]) -> None:
    rows = list(by_fault(judged))
    assert _cells(rows, "dark")[2:6] == ["2", "1", "2", "1"]
    assert _cells(rows, "attack")[2:6] == ["1", "1", "2", "0"]


def test_what_a_check_says_is_counted_by_the_word_of_the_label(judged: list[Judged]) -> None:
    assert _cells(list(by_label(judged)), "eyes")[1:] == ["eyes open", "1", "0", "1"]


def test_kinds_of_attack_stand_beside_the_living(judged: list[Judged]) -> None:
    rows = list(by_species(judged))
    assert _cells(rows, "screen")[1:] == ["1", "1", "0", "0.20–0.20", "presentation_attack_suspected 1"]
    assert _cells(rows, "living person")[1:4] == ["2", "0", "1"]


def test_an_attack_that_shows_nothing_else_is_told_by_itself(tmp_path: Path) -> None:
    rows = [{"file": f"{what}.mp4", "person": "p", "what": what, "source": "portrait"} for what in ("good", "dark")]
    known = {"good.mp4": answer(), "dark.mp4": answer("too_dark")}
    table = list(by_species(judge(read_clips(folder_of(tmp_path, rows)), answers_of(known))))
    assert _cells(table, "animated photograph")[1:4] == ["2", "0", "1"]
    assert _cells(table, "animated photograph, otherwise good")[1:4] == ["1", "0", "1"]
    assert not [row for row in table if "living person" in row]


def test_people_of_whom_something_is_wrong_are_named(judged: list[Judged]) -> None:
    rows = list(by_person(judged))
    assert _cells(rows, "ann") == ["ann", "2", "dark", ""]
    assert _cells(rows, "bob") == ["bob", "2", "", "too_dark"]
    assert rows[-1].startswith("People of whom nothing was said wrongly: 2:")


def test_sources_with_few_clips_are_told_together(judged: list[Judged]) -> None:
    rows = list(by_source(judged))
    assert _cells(rows, "ours")[1:] == ["3", "0", "1"]
    assert _cells(rows, "2 others")[1:] == ["2", "1", "0"]


def test_slices_are_looks_and_what_the_device_recorded(judged: list[Judged]) -> None:
    rows = list(by_slice(judged))
    assert _cells(rows, "man")[1:] == ["2", "0", "1"]
    assert _cells(rows, "upright")[1] == "5"
    assert _cells(rows, "27 fps and more")[1] == "1"


def test_a_figure_of_a_check_that_judged_nothing_is_none(judged: list[Judged]) -> None:
    assert judged[2].value("light", "score") == 30.0
    assert judged[3].value("light", "score") is None
