"""Labels of clips: what is said, what follows from it, and what is wrong with them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench.labelled import folder_of
from verify_svc.bench.clip_labels import LabelledClip, LabelsWrong, read_clips
from verify_svc.bench.faults import ATTACK, FAULTS, WORDS, WRONG_DIGITS
from verify_svc.session.reasons import REASONS


def _read(path: Path, **row: str) -> LabelledClip:
    (clip,) = read_clips(folder_of(path, [{"file": "a.mp4", "person": "p", **row}]))
    return clip


def test_a_good_clip_is_free_of_every_fault_that_can_be_judged_in_it(tmp_path: Path) -> None:
    clip = _read(tmp_path, what="good", challenge="483026")
    assert clip.free_of == FAULTS.keys() - {"other_person"}
    assert (clip.expect, clip.bona_fide, clip.challenge) == ("pass", True, "483026")


def test_without_a_challenge_or_a_reference_nothing_is_known_of_digits_or_of_the_comparison(tmp_path: Path) -> None:
    assert FAULTS.keys() - _read(tmp_path, what="good").free_of == WRONG_DIGITS | {"other_person"}


def test_the_documentation_names_every_fault_and_every_word() -> None:
    page = (Path(__file__).parents[2] / "docs" / "calibration.md").read_text("utf-8")
    words = {word for column in WORDS.values() for word in column}
    assert {word for word in words | (FAULTS.keys() - {ATTACK}) if f"`{word}`" not in page} == set()


def test_faults_are_named_by_reasons_that_the_service_gives() -> None:
    assert {reason for fault in FAULTS.values() for reason in fault.named} <= REASONS.keys()


def test_a_faulty_clip_shows_its_faults_and_says_nothing_of_others(tmp_path: Path) -> None:
    clip = _read(tmp_path, what="dark; shake")
    assert clip.shows == {"dark", "shake"}
    assert not clip.free_of
    assert clip.expect == "fault"


def test_words_of_a_column_say_what_is_there_and_what_is_not(tmp_path: Path) -> None:
    clip = _read(tmp_path, eyes="open", head="turns", light="dark", mouth="silent", background="light")
    assert clip.shows == {"turned", "dark", "still_mouth"}
    assert clip.free_of == {"eyes_closed", "overexposed", "mask", "hand"}
    assert clip.expect == "unjudged"


def test_an_attack_is_told_by_its_kind_and_an_animated_photograph_is_no_living_person(tmp_path: Path) -> None:
    replay = _read(tmp_path / "1", truth="attack_print_cutout")
    assert (replay.species, replay.bona_fide) == ("print cutout", False)
    assert replay.shows == {ATTACK}
    animated = _read(tmp_path / "2", what="good", source="portrait")
    assert (animated.species, animated.bona_fide) == ("animated photograph", False)
    assert _read(tmp_path / "3", truth="bonafide").bona_fide


def test_stills_of_the_same_table_are_left_out(tmp_path: Path) -> None:
    rows = [
        {"file": name, "person": "p", "kind": kind, "what": "good"} for name, kind in (("a", "clip"), ("b", "still"))
    ]
    assert [clip.file for clip in read_clips(folder_of(tmp_path, rows))] == ["a"]


def test_a_line_of_a_batch_asks_for_the_challenge_and_the_reference(tmp_path: Path) -> None:
    (tmp_path / "card.jpg").touch()
    clip = _read(tmp_path, what="good", challenge="4830", language="en", reference="card.jpg")
    assert clip.job() == {
        "id": "a.mp4",
        "what": "face",
        "file": str(tmp_path / "a.mp4"),
        "digits": "4830",
        "language": "en",
        "reference": str(tmp_path / "card.jpg"),
    }


def test_everything_that_is_wrong_is_told_with_its_line(tmp_path: Path) -> None:
    rows = [
        {"file": "a.mp4", "person": "", "what": "good"},
        {"file": "b.mp4", "person": "p", "what": "sleepy", "eyes": "wide"},
        {"file": "c.mp4", "person": "p", "challenge": "48 30", "reference": "none.jpg", "truth": "real"},
    ]
    folder_of(tmp_path, rows)
    (tmp_path / "b.mp4").unlink()
    with pytest.raises(LabelsWrong) as told:
        read_clips(tmp_path)
    lines = [line.split("labels.csv, ")[1] for line in str(told.value).splitlines()]
    assert [line.split(": ")[:2] for line in lines] == [
        ["line 2", "person"],
        ["line 3", "file"],
        ["line 3", "what"],
        ["line 3", "eyes"],
        ["line 4", "truth"],
        ["line 4", "challenge"],
        ["line 4", "reference"],
    ]


@pytest.mark.parametrize(
    ("row", "told"),
    [({"file": "a"}, "no column person"), ({"file": "a", "person": "p"}, "nothing says what the clips show")],
)
def test_a_missing_column_is_named(tmp_path: Path, row: dict[str, str], told: str) -> None:
    with pytest.raises(LabelsWrong, match=told):
        read_clips(folder_of(tmp_path, [row]))


def test_a_missing_table_is_named(tmp_path: Path) -> None:
    with pytest.raises(LabelsWrong, match="no such file"):
        read_clips(tmp_path)
