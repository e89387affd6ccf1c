"""The bench tells hints as the page tells them, and counts them against the judges."""

from __future__ import annotations

import re
from pathlib import Path

from tests.bench.labelled import answer, folder_of
from verify_svc.bench.agreement import Judged
from verify_svc.bench.clip_labels import read_clips
from verify_svc.bench.hints import TOLD_TWICE, Told, eyes_named, table
from verify_svc.face.hints import REASONS_HINTED

_PAGES = Path(__file__).parents[2] / "web" / "mobile"


def test_the_page_tells_from_the_second_frame_on_what_the_bench_takes_it_to() -> None:
    found = re.search(r"TOLD_TWICE = new Set\(\[(.*?)\]\)", (_PAGES / "hints.js").read_text(encoding="utf-8"))
    assert found
    assert set(re.findall(r'"(\w+)"', found[1])) == TOLD_TWICE


def test_the_page_has_a_hint_for_each_reason_that_a_glance_can_say() -> None:
    found = re.search(r"const HINTS = \{(.*?)\};", (_PAGES / "advice.js").read_text(encoding="utf-8"), re.DOTALL)
    assert found
    assert set(re.findall(r"(\w+):", found[1])) == REASONS_HINTED


def test_reasons_named_and_clips_nagged_are_counted() -> None:
    text = table(
        [
            Told(frozenset({"too_dark", "eyes_closed"}), frozenset({"too_dark", "head_shaking"}), (0.03, 0.04)),
            Told(frozenset(), frozenset({"face_off_centre"}), (0.03,)),
            Told(frozenset(), frozenset(), (0.03,)),
        ]
    )
    assert "| reasons of the judges that a hint named | 1 of 2 |" in text
    assert "| clips without such a reason that were nagged | 1 of 2 |" in text
    assert "| head_shaking | 0 | 0 | 1 |" in text
    assert "30 ms of CPU in the median" in text


def test_frames_named_closed_are_counted_apart_from_clips() -> None:
    text = table(
        [
            Told(frozenset({"eyes_closed"}), frozenset(), (0.03,), closed_named=(True, True, False)),
            Told(frozenset(), frozenset(), (0.03,), open_named=(False, True, False, False)),
        ]
    )
    assert "| frames in closures that the judge faults named closed | 2 of 3 |" in text
    assert "| frames with open eyes named closed | 1 of 4 |" in text


def test_eyes_count_as_closed_in_a_closure_and_as_open_outside_of_blinks_in_a_good_clip(tmp_path: Path) -> None:
    (clip,) = read_clips(folder_of(tmp_path, [{"file": "a.mp4", "person": "a", "what": "good"}]))
    spans = {"moments": [{"start_s": 1.0, "end_s": 2.0}]}
    frames = [(0.5, False), (1.0, True), (1.5, False), (2.0, True)]
    assert eyes_named(Judged(clip, answer("eyes_closed", eyes=spans)), frames) == ((True, False), ())
    assert eyes_named(Judged(clip, answer(eyes=spans)), frames) == ((), (False, True))
    assert eyes_named(Judged(clip, answer()), frames) == ((), ())
