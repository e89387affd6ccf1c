"""What is opened at all, by its bytes."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from tests.media.made_clips import frames_at, moving_bar
from tests.specimens.clip_files import clip
from verify_svc.media.container import ClipLimits, ClipRefused, sniff_container
from verify_svc.media.video import ClipSampling, read_clip

_USUAL = ClipLimits()


def _reason(data: bytes, limits: ClipLimits = _USUAL) -> str:
    with pytest.raises(ClipRefused) as refusal:
        read_clip(data, limits, ClipSampling())
    return refusal.value.reason


@pytest.mark.parametrize(
    "head",
    [
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff\xe0",
        b"GIF89a",
        b"#EXTM3U\n",
        b"%PDF-1.7",
        b"RIFF\x00\x00\x00\x00WAVE",
        b"\x00\x00\x00\x18ftypheic",
        b"<svg xmlns",
        b"ffconcat version 1.0",
    ],
)
def test_other_types_are_refused_by_their_bytes(head: bytes) -> None:
    assert _reason(head + bytes(64)) == "file_type_not_allowed"


@pytest.mark.parametrize(
    ("head", "demuxer"),
    [
        (b"\x00\x00\x00\x20ftypisom", "mov"),
        (b"\x00\x00\x00\x14ftypqt  ", "mov"),
        (b"\x1a\x45\xdf\xa3\x9f", "matroska"),
    ],
)
def test_phones_containers_are_known(head: bytes, demuxer: str) -> None:
    assert sniff_container(head + bytes(16)) == demuxer


def test_an_empty_file_is_unreadable() -> None:
    assert _reason(b"") == "video_unreadable"


def test_a_file_past_the_byte_limit_is_not_opened() -> None:
    assert _reason(b"\x00\x00\x00\x20ftypisom" + bytes(200), ClipLimits(max_bytes=100)) == "file_too_large"


def test_a_right_beginning_with_nothing_behind_it_is_unreadable() -> None:
    assert _reason(b"\x00\x00\x00\x20ftypisom" + bytes(4000)) == "video_unreadable"


def test_sound_alone_is_unreadable_as_a_video(tmp_path: Path) -> None:
    import av
    import numpy as np

    path = tmp_path / "sound.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac", rate=48_000)
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 4800), np.int16), format="s16", layout="mono")
        frame.rate = 48_000
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    assert _reason(path.read_bytes()) == "video_unreadable"


def test_frames_past_the_pixel_limit_are_refused_quickly(tmp_path: Path) -> None:
    data = frames_at(tmp_path / "8k.mp4", [0.0, 0.04], (7680, 4320))
    begun = time.monotonic()
    assert _reason(data) == "file_too_large"
    assert time.monotonic() - begun < 3


def test_an_hour_is_seen_to_be_too_long_without_decoding(tmp_path: Path) -> None:
    data = frames_at(tmp_path / "hour.mp4", [30.0 * number for number in range(121)])
    begun = time.monotonic()
    clip = read_clip(data, ClipLimits(), ClipSampling())
    assert clip.too_long
    assert clip.mesh_frames == ()
    assert time.monotonic() - begun < 2


def test_more_frames_than_a_recording_has_are_said_to_come_too_fast(tmp_path: Path) -> None:
    data = moving_bar(tmp_path / "many.mp4", seconds=3, fps=30)
    assert _reason(data, ClipLimits(max_frames=50)) == "video_frame_rate_high"


def test_slow_motion_of_a_whole_recordings_length_is_judged(tmp_path: Path) -> None:
    data = moving_bar(tmp_path / "slow.mp4", seconds=12, fps=240)
    clip = read_clip(data, ClipLimits(), ClipSampling())
    assert (clip.times_s.size, len(clip.mesh_frames)) == (2880, 120)


def test_more_packets_than_a_recording_has_are_not_read(tmp_path: Path) -> None:
    data = moving_bar(tmp_path / "many.webm", seconds=3)
    assert _reason(data, ClipLimits(max_packets=100)) == "video_unreadable"
    read_clip(data, ClipLimits(max_packets=300), ClipSampling())


_FTYP = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom"
_FREE = b"\x00\x00\x00\x08free"


@pytest.mark.parametrize("inside", [False, True], ids=["one after another", "in one"])
def test_an_mp4_of_millions_of_boxes_is_refused_quickly(inside: bool) -> None:
    boxes = _FREE * 1_000_000
    begun = time.monotonic()
    assert _reason(_FTYP + ((len(boxes) + 8).to_bytes(4, "big") + b"moov" if inside else b"") + boxes) == (
        "video_unreadable"
    )
    assert time.monotonic() - begun < 0.2


def test_more_pixels_in_all_than_a_recording_has_are_refused(tmp_path: Path) -> None:
    data = moving_bar(tmp_path / "long.mp4", seconds=2.0, size_px=(96, 64))
    assert _reason(data, ClipLimits(max_decoded_pixels=39 * 96 * 64)) == "video_frame_rate_high"
    read_clip(data, ClipLimits(max_decoded_pixels=40 * 96 * 64), ClipSampling())


def test_codecs_that_nobody_records_with_are_not_decoded() -> None:
    assert _reason(clip("matroska", "ffv1", None)) == "file_type_not_allowed"
    assert _reason(clip("mov", "jpeg2000", None)) == "file_type_not_allowed"


def test_sound_that_nobody_records_with_is_none() -> None:
    assert read_clip(clip("matroska", "libx264", "pcm_s16le"), _USUAL, ClipSampling()).sound is not None
    assert read_clip(clip("matroska", "libx264", "pcm_s24le"), _USUAL, ClipSampling()).sound is None


def test_making_an_av1_clip_leaves_the_process_its_priority() -> None:
    clip("mp4", "libsvtav1", None)
    assert os.sched_getscheduler(0) == os.SCHED_OTHER
