"""A clip's cost by length and size: the rest is told apart from decoding."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.media.made_clips import moving_bar
from verify_svc.bench.sizes import Cost, scaled, table
from verify_svc.media.container import ClipLimits
from verify_svc.media.video import ClipSampling, read_clip


def test_the_rest_is_told_by_the_second() -> None:
    last = table([Cost(4, 720, 0.5, 0.9, 0.1, "judged")]).splitlines()[-1]
    assert last == "| 720 | 4 | 0.50 | 0.90 | 0.10 | 0.250 | judged |"


def test_a_clip_is_made_longer_and_larger(tmp_path: Path) -> None:
    made = scaled(moving_bar(tmp_path / "clip.mp4", seconds=1.0, fps=30), lines=128, seconds=3)
    clip = read_clip(made, ClipLimits(), ClipSampling())
    assert (clip.width_px, clip.height_px) == (192, 128)
    assert clip.duration_s == pytest.approx(3.0, abs=0.05)
