"""Counting of clips: what is right, what is missed, what is said besides."""

from __future__ import annotations

from pathlib import Path

from tests.bench.labelled import answer, answers_of, folder_of
from verify_svc.bench.agreement import Judged, judge
from verify_svc.bench.clip_labels import read_clips
from verify_svc.bench.clips import right, table

_CLIPS = {
    "good.mp4": ("pass", "good", answer(), True),
    "refused.mp4": ("pass", "good", answer("blinking"), False),
    "dark.mp4": ("fault", "dark", answer("too_dark"), True),
    "mask.mp4": ("fault", "mask", answer("face_occluded", "eyes_closed"), True),
    "wrong.mp4": ("fault", "wrong_digit", answer(), False),
    "blue.mp4": ("fault", "background_blue", answer("background_not_white"), True),
    "turned.mp4": ("fault", "rotated", answer(), True),
    "hissing.mp4": ("fault", "noise", answer("blinking"), False),
    "real.mp4": ("unjudged", "good", answer("eyes_closed"), None),
}


def _judged(tmp_path: Path) -> list[Judged]:
    rows = [{"file": name, "person": "p", "expect": it[0], "what": it[1]} for name, it in _CLIPS.items()]
    return judge(read_clips(folder_of(tmp_path, rows)), answers_of({name: it[2] for name, it in _CLIPS.items()}))


def test_each_clip_is_right_by_its_label(tmp_path: Path) -> None:
    assert {one.clip.file: right(one) for one in _judged(tmp_path)} == {name: it[3] for name, it in _CLIPS.items()}


def test_the_table_tells_misses_and_what_was_said_besides(tmp_path: Path) -> None:
    text = table(_judged(tmp_path))
    assert "| good clips clear | 1 of 2 |" in text
    assert "| faults named | 3 of 4 |" in text
    assert "| harmless faults (turned, noise) clear or named | 1 of 2 |" in text
    assert "| wrong, missing or added digits accepted | 1 of 1 |" in text
    assert "refused.mp4: said blinking" in text
    assert "mask.mp4: eyes_closed" in text
