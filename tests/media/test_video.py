"""Frames: upright, on their own clock, as many as are wanted."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.media.made_clips import frames_at, hollowed, moving_bar
from tests.specimens.crafted import of_packets
from tests.specimens.recording import turned_header
from verify_svc.media.audio import Sound
from verify_svc.media.container import ClipLimits, ClipRefused
from verify_svc.media.video import Clip, ClipSampling, Frame, read_clip

_USUAL = ClipSampling()


def _read(data: bytes, sampling: ClipSampling = _USUAL) -> Clip:
    return read_clip(data, ClipLimits(), sampling)


@pytest.mark.parametrize("kind", ["mp4", "webm"])
def test_a_recording_is_read_at_its_own_rate(tmp_path: Path, kind: str) -> None:
    clip = _read(moving_bar(tmp_path / f"clip.{kind}"))
    assert (clip.width_px, clip.height_px) == (96, 64)
    assert clip.times_s.size == 40
    assert clip.duration_s == pytest.approx(2.0, abs=0.06)


def test_frames_are_sampled_by_their_times(tmp_path: Path) -> None:
    clip = _read(moving_bar(tmp_path / "clip.mp4"), ClipSampling(mesh_fps=10.0, sharp_fps=2.0))
    assert [round(frame.time_s, 2) for frame in clip.mesh_frames][:4] == [0.0, 0.1, 0.2, 0.3]
    assert [round(frame.time_s, 2) for frame in clip.sharp_frames] == [0.0, 0.5, 1.0, 1.5]


def test_sharp_frames_come_as_much_later_as_chance_says_and_as_many(tmp_path: Path) -> None:
    data = moving_bar(tmp_path / "clip.mp4", seconds=4)
    clip = _read(data, ClipSampling(later=(0.8, 0.0, 0.4, 0.99)))
    assert [round(frame.time_s, 2) for frame in clip.sharp_frames] == [0.0, 0.9, 1.0, 1.7, 2.5, 2.6, 3.0, 3.5]


def test_each_sharp_frame_is_one_of_the_mesh_frames_at_another_size(tmp_path: Path) -> None:
    odd = frames_at(tmp_path / "odd.mp4", [0.07 * step for step in range(40)], (160, 120))
    clip = _read(odd, ClipSampling(mesh_long_side_px=80))
    small = {frame.time_s: frame.pixels for frame in clip.mesh_frames}
    assert len(clip.sharp_frames) >= 5
    for frame in clip.sharp_frames:
        assert frame.pixels.shape == (120, 160, 3)
        assert frame.pixels.mean() == pytest.approx(small[frame.time_s].mean(), abs=1.5)


def test_irregular_frame_times_are_trusted(tmp_path: Path) -> None:
    clip = _read(frames_at(tmp_path / "odd.mp4", [0.0, 0.1, 0.9, 2.7]))
    assert clip.times_s.tolist() == pytest.approx([0.0, 0.1, 0.9, 2.7], abs=0.002)


def test_pixels_are_contiguous_rgb_no_longer_than_asked(tmp_path: Path) -> None:
    clip = _read(moving_bar(tmp_path / "clip.mp4", size_px=(150, 100)), ClipSampling(mesh_long_side_px=90))
    pixels = clip.mesh_frames[0].pixels
    assert pixels.flags.c_contiguous
    assert pixels.shape == (60, 90, 3)
    red, green, blue = pixels[4, 4]
    assert red > 150
    assert green < 90
    assert blue < 90


def test_a_recording_on_its_side_comes_out_upright(tmp_path: Path) -> None:
    clip = _read(moving_bar(tmp_path / "side.mp4", quarter_turns=1))
    assert (clip.width_px, clip.height_px) == (64, 96)
    pixels = clip.mesh_frames[0].pixels
    assert pixels.shape == (96, 64, 3)
    # A quarter turn clockwise brings the upper left corner to the upper right.
    assert pixels[4, -4, 0] > 150
    assert pixels[4, 4, 0] < 120


@pytest.mark.parametrize(
    ("matrix", "corner"),
    [
        ((-1, 0, 0, -1), (-4, -4)),
        ((-1, 0, 0, 1), (4, -4)),
        ((1, 0, 0, -1), (-4, 4)),
        ((0, 1, 1, 0), (4, 4)),
        ((0, -1, -1, 0), (-4, -4)),
    ],
)
def test_a_recording_that_its_header_turns_over_is_shown_so(
    tmp_path: Path, matrix: tuple[int, ...], corner: tuple[int, int]
) -> None:
    clip = _read(turned_header(moving_bar(tmp_path / "clip.mp4", seconds=0.5), matrix))
    pixels = clip.mesh_frames[0].pixels
    assert pixels.shape == ((64, 96, 3) if matrix[0] else (96, 64, 3))
    assert pixels[corner][0] > 150  # where the red corner comes to lie
    assert all(pixels[y, x, 0] < 120 for y in (4, -4) for x in (4, -4) if (y, x) != corner)


@pytest.mark.parametrize("later_px", [(64, 96), (48, 32), (192, 128)], ids=["turned", "smaller", "larger"])
def test_all_frames_are_as_large_as_the_first_whatever_the_recording_changes_to(later_px: tuple[int, int]) -> None:
    clip = _read(of_packets("libvpx", [(96, 64), later_px], [*range(40)]), ClipSampling(sharp_fps=5.0))
    assert {frame.pixels.shape for frame in (*clip.mesh_frames, *clip.sharp_frames)} == {(64, 96, 3)}
    last = clip.mesh_frames[-1].pixels
    assert last[32, 48, 0] > 180  # the other picture, in the middle
    assert (last[32, 4, 0] < 20) == (later_px == (64, 96))


def test_a_truncated_recording_gives_what_is_left(tmp_path: Path) -> None:
    data = moving_bar(tmp_path / "clip.webm", seconds=4)
    clip = _read(data[: len(data) * 6 // 10])
    assert 5 < clip.times_s.size < 80


@pytest.mark.parametrize("kind", ["mp4", "webm"])
def test_what_can_not_be_decoded_was_not_shown(tmp_path: Path, kind: str) -> None:
    clip = _read(hollowed(moving_bar(tmp_path / f"clip.{kind}", seconds=6), kind, 1.5, 4.5))
    assert np.diff(clip.times_s).max() == pytest.approx(3.0, abs=0.3)


def test_the_same_bytes_give_the_same_frames(tmp_path: Path) -> None:
    data = moving_bar(tmp_path / "clip.mp4")
    first, second = _read(data), _read(data)
    assert all(
        np.array_equal(one.pixels, other.pixels)
        for one, other in zip(first.mesh_frames, second.mesh_frames, strict=True)
    )


@pytest.mark.parametrize("kind", ["mp4", "webm"])
def test_hurt_bytes_give_a_clip_or_a_refusal_and_nothing_else(tmp_path: Path, kind: str) -> None:
    data = moving_bar(tmp_path / f"clip.{kind}")
    rng = np.random.default_rng(4)
    reasons = set()
    for _ in range(40):
        hurt = bytearray(data)
        for place in rng.integers(16, len(hurt), 12):
            hurt[int(place)] = int(rng.integers(256))
        try:
            _read(bytes(hurt))
        except ClipRefused as refusal:
            reasons.add(refusal.reason)
    assert reasons <= {"video_unreadable", "file_too_large", "video_not_as_recorded"}


@pytest.mark.parametrize(
    "pixels",
    [
        np.zeros((480, 640), np.uint8),
        np.zeros((480, 640, 3), np.float32),
        np.zeros((480, 640, 4), np.uint8),
        np.zeros((0, 640, 3), np.uint8),
        np.zeros((1, 9000, 3), np.uint8),
    ],
    ids=["grey", "floats", "four channels", "empty", "huge"],
)
def test_what_is_no_frame_is_none(pixels: np.ndarray) -> None:
    with pytest.raises(ValueError, match="frame"):
        Frame(0.0, pixels)


def test_a_clip_of_too_many_frames_is_none() -> None:
    frames = (Frame(0.0, np.zeros((2, 2, 3), np.uint8)),) * 401
    with pytest.raises(ValueError, match="too many"):
        Clip(2, 2, np.zeros(401), frames, (), None)


@pytest.mark.parametrize(
    ("samples", "rate_hz"),
    [(np.zeros(100), 16_000), (np.zeros((2, 100), np.float32), 16_000), (np.zeros(100, np.float32), 1)],
    ids=["doubles", "stereo", "another rate"],
)
def test_what_is_no_sound_is_none(samples: np.ndarray, rate_hz: int) -> None:
    with pytest.raises(ValueError, match="sound"):
        Sound(samples, rate_hz)
