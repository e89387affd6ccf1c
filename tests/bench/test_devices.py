"""Recordings of one take: what must be said of each, and that it is counted."""

from __future__ import annotations

from pathlib import Path

from verify_svc.bench.devices import Recording, Seen, read_recordings, right, table
from verify_svc.session.finding import Finding, Outcome
from verify_svc.session.report import Report, Result, judge_report, unreadable

_PASSED = (Finding("eyes", Outcome.PASS), Finding("light", Outcome.PASS))
_DARK = (Finding("eyes", Outcome.PASS), Finding("light", Outcome.FAIL, ("too_dark",)))


def _seen(name: str, report: Report, reason: str = "") -> Seen:
    return Seen(Recording(Path(name), name, reason, "4830", "en"), report, 0.5, 1.25, 90 << 20)


_TAKE = _seen("take", judge_report(_PASSED, {}))


def test_what_is_said_otherwise_than_of_the_take_is_wrong() -> None:
    assert right(_seen("other codec", judge_report(_PASSED, {})), _TAKE)
    assert not right(_seen("other codec", judge_report(_DARK, {})), _TAKE)


def test_a_mishap_must_be_named() -> None:
    assert right(_seen("cut", unreadable("video_unreadable"), "video_unreadable"), _TAKE)
    assert not right(_seen("cut", Report(Result.CLEAR, ()), "video_unreadable"), _TAKE)


def test_the_table_tells_what_was_said_and_which_checks_came_out_otherwise() -> None:
    lines = table([_TAKE, _seen("dim", judge_report(_DARK, {}))]).splitlines()
    assert lines[0] == "Said as must be: 1 of 2."
    assert lines[-1] == "| dim | the same | too_dark | light | 0.50, 1.25 | 90 |"


def test_the_labels_name_each_recording(tmp_path: Path) -> None:
    (tmp_path / "labels.csv").write_text("file,recorded,reason,challenge,language\n01.bin,MP4,,4830,en\n", "utf-8")
    assert read_recordings(tmp_path) == [Recording(tmp_path / "01.bin", "MP4", "", "4830", "en")]
