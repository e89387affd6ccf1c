"""Sound: 16 kHz mono on the picture's clock."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.media.made_clips import moving_bar
from tests.specimens.devices import Device, record
from tests.specimens.takes import Take
from verify_svc.media.audio import RATE_HZ
from verify_svc.media.container import ClipLimits
from verify_svc.media.video import ClipSampling, read_clip


@pytest.mark.parametrize("kind", ["mp4", "webm"])
def test_sound_lies_on_the_pictures_clock(tmp_path: Path, kind: str) -> None:
    sound = read_clip(moving_bar(tmp_path / f"clip.{kind}", beep_at_s=0.8), ClipLimits(), ClipSampling()).sound
    assert sound is not None
    assert sound.rate_hz == RATE_HZ
    loud = np.flatnonzero(np.abs(sound.samples) > 0.2)
    assert loud[0] / RATE_HZ == pytest.approx(0.8, abs=0.06)
    assert sound.duration_s == pytest.approx(2.0, abs=0.1)


def test_a_clip_without_sound_says_so(tmp_path: Path) -> None:
    assert read_clip(moving_bar(tmp_path / "mute.mp4", sound=False), ClipLimits(), ClipSampling()).sound is None


def test_sound_that_ended_before_the_picture_is_none() -> None:
    pictures = (np.full((64, 96, 3), 90, np.uint8),) * 10
    take = Take(pictures, tuple(1 + 0.1 * place for place in range(10)), np.full(24_000, 0.1, np.float32))
    assert read_clip(record(take, Device("mp4", "libx264", "aac")), ClipLimits(), ClipSampling()).sound is None
