"""The assembly that we are measured against: what is counted of it, and that it is named where it is missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench.labelled import folder_of
from verify_svc.bench import face_peers
from verify_svc.bench.clip_labels import LabelledClip, read_clips
from verify_svc.bench.face_peers import Film, Tally, chosen, table
from verify_svc.inference.face_peer import FACE_PEER, digits_in


def _clips(path: Path, *shown: str) -> list[LabelledClip]:
    rows = [{"file": f"{number}.mp4", "person": "p", "what": what} for number, what in enumerate(shown)]
    return read_clips(folder_of(path, rows))


def test_some_good_clips_and_one_of_each_fault_that_must_be_named_are_judged(tmp_path: Path) -> None:
    labelled = _clips(tmp_path, *("good",) * 7, "dark", "dark", "rotated", "shake")
    assert [clip.file for clip in chosen(labelled)] == ["0.mp4", "1.mp4", "2.mp4", "3.mp4", "4.mp4", "7.mp4", "10.mp4"]


def test_a_verdict_and_the_name_of_the_fault_are_counted_apart(tmp_path: Path) -> None:
    good, dark = _clips(tmp_path, "good", "dark")
    tally = Tally("theirs", "clips", cpu_s=[4.0, 2.0], answer_s=[3.0, 5.0], resident_bytes=300 << 20)
    tally.take(Film(b"", "48", "zh", good), True, ())
    tally.take(Film(b"", "48", "zh", dark), False, ("video_blurry",))
    tally.take(Film(b"", "48", "zh"), False, ("digits_mismatch",))
    assert tally.line() == "| clips | theirs | 2 | 3.00 (4.00) | 4.00 (5.00) | 300 | 1 of 1 | 1 of 1 | 0 of 1 |"


def test_an_advice_beside_a_pass_is_no_refusal(tmp_path: Path) -> None:
    (good,) = _clips(tmp_path, "good")
    tally = Tally("ours", "clips", cpu_s=[1.0], answer_s=[1.0])
    tally.take(Film(b"", "48", "zh", good), True, ("uneven_light",))
    assert tally.good == [True]


def test_an_assembly_that_is_not_installed_is_named_with_what_to_install() -> None:
    text = table([Tally(face_peers.OURS, "clips", cpu_s=[1.0], answer_s=[1.0])])
    assert text.splitlines()[-1].startswith(f"The {FACE_PEER} is not installed: `pip install mediapipe==")


@pytest.mark.parametrize(("text", "digits"), [("四八三 0", "4830"), ("Four, eight three.", "483"), ("幺二", "12")])
def test_digits_are_found_in_a_transcript_however_they_are_written(text: str, digits: str) -> None:
    assert digits_in(text) == digits
