"""The calibration tool: limits are proposed where the clips are enough, and nothing is made up where they aren't."""

from __future__ import annotations

import argparse
import csv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.bench.labelled import answer, answers_of, folder_of
from tests.specimens.clips import make_clip
from verify_svc.bench.agreement import Answers, Judged, judge
from verify_svc.bench.calibration import calibrate, limits_table, write
from verify_svc.bench.clip_labels import read_clips
from verify_svc.bench.measures import MEASURES
from verify_svc.commands import bench
from verify_svc.commands.batch import answers
from verify_svc.commands.check import judge_file
from verify_svc.inference.engines import Engines

_PEOPLE = 12


def _answers() -> dict[str, dict[str, object]]:
    """Three good clips and a dark one of each person; the dark ones are lighter than today's limit."""
    known = {}
    for person in range(_PEOPLE):
        for number in range(3):
            known[f"{person}-good-{number}.mp4"] = answer(light={"score": 120.0 + person})
        known[f"{person}-dark.mp4"] = answer(light={"score": 60.0 + person})
    return known


def _folder(path: Path) -> Path:
    rows = [
        {"file": name, "person": name.split("-")[0], "what": "dark" if "dark" in name else "good"}
        for name in _answers()
    ]
    return folder_of(path, rows)


def _judged(path: Path) -> list[Judged]:
    return judge(read_clips(_folder(path)), answers_of(_answers()))


def test_a_limit_is_proposed_between_the_good_and_the_bad(tmp_path: Path) -> None:
    calibrated = calibrate(_judged(tmp_path))
    (dark,) = [one for one in calibrated if one.measure.key == "light-score-low"]
    assert dark.fit is not None
    assert 71 < dark.fit.limit < 120
    assert (dark.today.missed, dark.fit.others.missed) == (12, 0)


def test_where_the_bad_are_too_few_nothing_is_proposed(tmp_path: Path) -> None:
    calibrated = calibrate(_judged(tmp_path))
    (bright,) = [one for one in calibrated if one.measure.key == "light-score-high"]
    assert bright.fit is None
    (row,) = [row for row in limits_table(calibrated) if "over 210" in row]
    assert "none, too few: bad 0 of 0 people" in row


def test_what_is_written_are_tables_values_and_pictures(tmp_path: Path) -> None:
    judged = _judged(tmp_path / "clips")
    written = write(tmp_path / "out", judged, calibrate(judged))
    assert {path.name for path in written} >= {
        "calibration.md",
        "limits.csv",
        "values.csv",
        "light-score-low.svg",
        "light-score-high.svg",
    }
    for path in written:
        if path.suffix == ".svg":
            ElementTree.parse(path)
    with (tmp_path / "out" / "values.csv").open(encoding="utf-8") as opened:
        rows = {(row["file"], row["measure"]): row for row in csv.DictReader(opened)}
    assert rows["3-dark.mp4", "light-score-low"] == {
        "file": "3-dark.mp4",
        "person": "3",
        "measure": "light-score-low",
        "label": "bad",
        "value": "63.0",
    }


def test_a_clip_that_could_not_be_judged_is_named(tmp_path: Path) -> None:
    known = {**_answers(), "3-dark.mp4": {**answer(result="unreadable"), "error": "the child ended"}}
    judged = judge(read_clips(_folder(tmp_path)), answers_of(known))
    page, *_ = write(tmp_path / "out", judged, calibrate(judged))
    assert "Not judged: 3-dark.mp4: the child ended." in page.read_text("utf-8")


def _run(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    @contextmanager
    def batches() -> Iterator[tuple[None, Answers]]:
        yield None, answers_of(_answers())

    monkeypatch.setattr(bench, "_batches", batches)
    parser = argparse.ArgumentParser()
    bench.configure(parser)
    return bench.run(parser.parse_args(["calibrate", *words]))


def test_the_command_writes_its_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert _run(monkeypatch, str(_folder(tmp_path / "in")), "--out", str(tmp_path / "out")) == 0
    assert (tmp_path / "out" / "calibration.md").read_text("utf-8").startswith("# Calibration\n\n48 clips of 12 people")


def test_a_page_gets_the_limits_and_links_to_the_pictures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page, out = tmp_path / "docs" / "page.md", tmp_path / "docs" / "pictures"
    assert _run(monkeypatch, str(_folder(tmp_path / "in")), "--out", str(out), "--page", str(page)) == 0
    text = page.read_text("utf-8")
    assert "<!-- limits -->" in text
    assert "[light-score-low](pictures/light-score-low.svg)" in text
    assert {path.suffix for path in out.iterdir()} == {".svg"}


def test_wrong_labels_are_told_and_nothing_is_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run(monkeypatch, str(tmp_path)) == 2
    assert "labels.csv: no such file" in capsys.readouterr().err


@pytest.mark.weights
def test_every_figure_is_in_the_report_of_a_real_clip(engines: Engines, tmp_path: Path) -> None:
    clip = make_clip("president", "4830", (0.8, 1.7, 2.6, 3.5), None, tmp_path / "good", size_px=(360, 480), fps=20)
    folder = folder_of(tmp_path, [{"file": clip.files["mp4"].name, "person": "p", "what": "good", "language": "en"}])
    (one,) = judge(read_clips(folder), lambda lines: answers(engines, lines, judge_file))
    assert "error" not in one.answer
    missing = {measure.key for measure in MEASURES if measure.of(one) is None}
    assert missing <= {"match-score-low", "sound-noise_ratio_db-low"}
