"""Edit lists: what players would show otherwise, each in its own way, is refused; what a recorder needs is not."""

from __future__ import annotations

import pytest

from tests.specimens.crafted import Track, edited, with_tracks
from tests.specimens.recorder import as_by_a_page
from verify_svc.media.container import ClipLimits, ClipRefused
from verify_svc.media.video import ClipSampling, read_clip

_MP4 = with_tracks("mp4", (Track("libx264"),), seconds=6)


def _frames(data: bytes) -> int:
    return int(read_clip(data, ClipLimits(), ClipSampling()).times_s.size)


@pytest.mark.parametrize(
    "edits",
    [
        ((2.0, 4.0), (4.0, 0.0)),
        ((2.0, 0.0), (2.0, 0.0), (2.0, 0.0)),
        ((2.0, 0.0), (2.0, 4.0)),
        ((2.0, 4.0),),
        ((2.0, 0.0),),
        ((3.0, 0.0), (1.0, -1.0), (3.0, 3.0)),
    ],
    ids=["another order", "again and again", "its middle left out", "its end", "its beginning", "a pause"],
)
def test_a_clip_that_edits_show_otherwise_is_refused(edits: tuple[tuple[float, float], ...]) -> None:
    with pytest.raises(ClipRefused) as refusal:
        _frames(edited(_MP4, edits))
    assert refusal.value.reason == "video_not_as_recorded"


def test_a_later_start_and_a_little_cut_off_are_let_be() -> None:
    assert _frames(edited(_MP4, ((6.0, 0.0),))) == 120
    assert _frames(edited(_MP4, ((0.5, -1.0), (6.0, 0.0)))) == 120
    assert 100 < _frames(edited(_MP4, ((5.2, 0.8),))) < 110


@pytest.mark.parametrize("container", ["mp4", "mov"])
def test_recordings_with_sound_are_not_mistaken_for_edited_ones(container: str) -> None:
    sound = Track("aac" if container == "mp4" else "pcm_s16le")
    data = with_tracks(container, (Track("libx264"),), (sound,), seconds=3)
    assert b"elst" in data
    assert _frames(data) == 60
    if container == "mp4":
        assert _frames(as_by_a_page(data)) == 60
