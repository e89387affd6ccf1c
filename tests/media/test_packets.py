"""Packets: what need not be decoded is passed over, and the rest comes out the same."""

from __future__ import annotations

import io
import struct
from pathlib import Path
from typing import Any, cast

import av
import numpy as np
import pytest
from av.container import InputContainer
from numpy.typing import NDArray

from tests.media.made_clips import in_groups
from verify_svc.media.container import ClipLimits, open_clip
from verify_svc.media.packets import decode_frames, index_packets, video_stream
from verify_svc.media.video import Clip, ClipSampling, Frame, read_clip, read_large

_LIMITS, _SAMPLING = ClipLimits(), ClipSampling(mesh_long_side_px=80)


def all_decoded(data: bytes) -> list[NDArray[Any]]:
    """Every frame by a decoder that passes nothing over."""
    with cast(InputContainer, av.open(io.BytesIO(data))) as container:
        return [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]


def decoded(data: bytes, kept_us: set[int], starts_us: frozenset[int] | None = None) -> list[int]:
    with open_clip(data, _LIMITS) as container:
        stream = video_stream(container, _LIMITS)
        return [time_us for time_us, _ in decode_frames(container, stream, _LIMITS, kept_us, starts_us)]


def again(data: bytes, clip: Clip, frames: list[Frame]) -> tuple[Frame, ...]:
    return read_large(data, _LIMITS, _SAMPLING, clip.origin_us, frames)


def number_at(time_s: float) -> int:
    return round(time_s * 30)


@pytest.mark.parametrize("kind", ["mp4", "webm"])
def test_frames_are_the_same_as_if_all_were_decoded(tmp_path: Path, kind: str) -> None:
    data = in_groups(tmp_path / f"clip.{kind}", group=25, count=90)
    whole = all_decoded(data)
    clip = read_clip(data, _LIMITS, _SAMPLING)
    assert clip.times_s.size == len(whole) == 90
    frames = list(clip.mesh_frames)
    assert len(frames) == 30
    large = again(data, clip, frames)
    assert [frame.time_s for frame in large] == [frame.time_s for frame in frames]
    assert all(np.array_equal(frame.pixels, whole[number_at(frame.time_s)]) for frame in large)
    for few in ([frames[2]], [frames[27]], [frames[4], frames[19]], [frames[7], frames[8], frames[29]]):
        assert all(np.array_equal(frame.pixels, whole[number_at(frame.time_s)]) for frame in again(data, clip, few))


def test_frames_that_no_other_refers_to_are_not_decoded_unless_kept(tmp_path: Path) -> None:
    data = in_groups(tmp_path / "clip.mp4", group=30, count=60)
    times_us = index_packets(data, _LIMITS).times_us
    assert decoded(data, set(times_us)) == list(times_us)
    few = decoded(data, {times_us[1], times_us[2]})
    assert {times_us[1], times_us[2]} <= set(few)
    assert len(few) < 35


@pytest.mark.parametrize("kind", ["mp4", "webm"])
def test_only_the_groups_of_what_is_wanted_are_decoded(tmp_path: Path, kind: str) -> None:
    data = in_groups(tmp_path / f"clip.{kind}", group=20, count=100)
    index = index_packets(data, _LIMITS)
    assert len(index.keys_us) == 5
    wanted = {index.times_us[25], index.times_us[83]}
    starts = index.starts(wanted)
    assert starts == {index.keys_us[1], index.keys_us[4]}
    seen = decoded(data, wanted, starts)
    assert wanted <= set(seen) <= {*index.times_us[20:40], *index.times_us[80:]}


def test_a_frame_that_is_called_keyframe_shows_no_other_picture(tmp_path: Path) -> None:
    data = in_groups(tmp_path / "clip.mp4", group=90, count=90)
    forged = with_sync_samples(data, 31)
    assert len(index_packets(data, _LIMITS).keys_us) == 1
    assert len(index_packets(forged, _LIMITS).keys_us) == 1
    clip = read_clip(forged, _LIMITS, _SAMPLING)
    frame = clip.mesh_frames[20]
    (large,) = again(forged, clip, [frame])
    assert np.array_equal(large.pixels, all_decoded(data)[number_at(frame.time_s)])


def with_sync_samples(data: bytes, number: int) -> bytes:
    """An mp4 whose only keyframe is said to be another one (counted from 1)."""
    at = data.index(b"stss")
    assert struct.unpack_from(">I", data, at + 8)[0] == 1
    return data[: at + 12] + struct.pack(">I", number) + data[at + 16 :]
