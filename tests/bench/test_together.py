"""Checks that several limits make: as a whole, on people the limits weren't fit on."""

from __future__ import annotations

from pathlib import Path

from tests.bench.labelled import answer, answers_of, folder_of
from verify_svc.bench.agreement import judge
from verify_svc.bench.calibration import calibrate
from verify_svc.bench.clip_labels import read_clips
from verify_svc.bench.together import Whole, judge_together

_PEOPLE = 12


def _wholes(path: Path) -> list[Whole]:
    """Of each person three white walls, one with a pattern and one of many colours: each is told by one figure."""
    known, rows = {}, []
    for person in range(_PEOPLE):
        for number, (texture, spread) in enumerate([(0.1, 2.0), (0.2, 3.0), (0.3, 2.0), (0.6, 2.0), (0.1, 9.0)]):
            name = f"{person}-{number}.mp4"
            known[name] = answer(background={"score": 90.0, "texture": texture, "spread": spread})
            rows.append({"file": name, "person": str(person), "background": "white" if number < 3 else "clutter"})
    judged = judge(read_clips(folder_of(path, rows)), answers_of(known))
    fitted = [(one.measure, one.values) for one in calibrate(judged) if one.fit is not None]
    return list(judge_together(judged, fitted))


def test_each_limit_adds_what_it_tells_on_people_it_was_not_fit_on(tmp_path: Path) -> None:
    (whole,) = _wholes(tmp_path)
    assert whole.check == "background"
    assert (whole.today.missed, whole.today.bad, whole.today.wrong) == (24, 24, 0)
    assert (whole.others.missed, whole.others.bad, whole.others.wrong, whole.others.good) == (0, 24, 0, 36)
