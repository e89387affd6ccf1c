"""Other readers beside ours: each measured where it is installed, named where it isn't."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from verify_svc.bench import peers
from verify_svc.bench.peers import Tally, table
from verify_svc.commands import bench

TALLIES = [
    Tally("RapidOCR", "business_licence", 9, [3.0, 5.0, 4.0], 600 << 20),
    Tally("verify-svc", "id_card_portrait", 10, [0.3, 0.4], 500 << 20),
    Tally("RapidOCR", "id_card_portrait", 10, [2.0, 3.0], 600 << 20),
]


def test_readers_stand_under_one_another_kind_by_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(peers, "is_installed", lambda peer: True)
    assert table(TALLIES).splitlines()[2:] == [
        "| id_card_portrait | verify-svc | 10 of 2 | 0.35 (0.40) | 500 |",
        "| id_card_portrait | RapidOCR | 10 of 2 | 2.50 (3.00) | 600 |",
        "| business_licence | RapidOCR | 9 of 3 | 4.00 (5.00) | 600 |",
    ]


def test_a_reader_that_is_not_installed_is_named_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(peers, "is_installed", lambda peer: peer != "RapidOCR")
    *_, last = table(TALLIES[1:2]).splitlines()
    assert last.startswith("RapidOCR is not installed: `pip install paddleocr==")


@pytest.mark.parametrize(
    ("words", "parts", "folder"),
    [
        (["DIR"], {"documents", "clips", "sizes", "held"}, "DIR"),
        (["DIR", "--only", "clips"], {"clips"}, "DIR"),
        (["documents", "DIR"], {"documents"}, "DIR"),
        (["documents", "--peers"], {"peers"}, "../shared/data"),
        (["documents", "--peers", "DIR"], {"peers"}, "DIR"),
        (["documents", "DIR", "--peers"], {"peers"}, "DIR"),
        (["face", "--peers"], {"face_peers"}, "../shared/data"),
        (["clips", "DIR", "--peers"], {"face_peers"}, "DIR"),
        (["--peers", "DIR"], {"peers", "face_peers"}, "DIR"),
    ],
)
def test_the_parts_that_are_named_are_measured_and_peers_when_asked_for(
    words: list[str], parts: set[str], folder: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    measured = set()
    below = tmp_path / folder.strip("./")
    for name in ("document", "face"):
        (below / name).mkdir(parents=True)
        (below / name / "labels.csv").touch()

    def work(part: str) -> str:
        measured.add(part)
        return part

    jobs = {
        ("speed", part): (name, lambda _, part=part: work(part))
        for (measure, part), (name, _) in bench.PARTS.items()
        if measure == "speed"
    }
    monkeypatch.setattr(bench, "PARTS", jobs)
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here" if folder.startswith("..") else tmp_path)
    parser = argparse.ArgumentParser()
    bench.configure(parser)
    assert bench.run(parser.parse_args(["speed", *words, "--out", str(tmp_path / "page.md")])) == 0
    assert measured == parts
