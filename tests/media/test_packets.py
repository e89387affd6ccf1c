"""Packets: what need not be decoded is passed over, and the rest comes out the same."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any, cast

import av
import numpy as np
import pytest
from av.container import InputContainer
from numpy.typing import NDArray

from tests.media.made_clips import in_groups
from tests.specimens.crafted import of_packets
from verify_svc.media.container import ClipLimits, ClipRefused, open_clip
from verify_svc.media.packets import decode_frames, read_packets
from verify_svc.media.video import ClipSampling, read_clip

_LIMITS, _SAMPLING = ClipLimits(), ClipSampling()


def all_decoded(data: bytes) -> list[NDArray[Any]]:
    """Every frame by a decoder that passes nothing over."""
    with cast(InputContainer, av.open(io.BytesIO(data))) as container:
        return [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]


def decoded(data: bytes, kept_us: set[int]) -> list[int]:
    with open_clip(data, _LIMITS) as container:
        packets = read_packets(container, _LIMITS)
        return [time_us for time_us, _ in decode_frames(packets.picture, _LIMITS, kept_us)]


def times_in(data: bytes) -> tuple[int, ...]:
    with open_clip(data, _LIMITS) as container:
        return read_packets(container, _LIMITS).times_us


def number_at(time_s: float) -> int:
    return round(time_s * 30)


@pytest.mark.parametrize("kind", ["mp4", "webm"])
def test_frames_are_the_same_as_if_all_were_decoded(tmp_path: Path, kind: str) -> None:
    data = in_groups(tmp_path / f"clip.{kind}", group=25, count=90)
    whole = all_decoded(data)
    clip = read_clip(data, _LIMITS, _SAMPLING)
    assert clip.times_s.size == len(whole) == 90
    assert len(clip.mesh_frames) == 30
    assert all(np.array_equal(frame.pixels, whole[number_at(frame.time_s)]) for frame in clip.mesh_frames)


def test_frames_that_no_other_refers_to_are_not_decoded_unless_kept(tmp_path: Path) -> None:
    data = in_groups(tmp_path / "clip.mp4", group=30, count=60)
    times_us = times_in(data)
    assert decoded(data, set(times_us)) == list(times_us)
    few = decoded(data, {times_us[1], times_us[2]})
    assert {times_us[1], times_us[2]} <= set(few)
    assert len(few) < 35


def test_frames_that_are_shown_before_others_that_came_first_are_refused() -> None:
    in_order = [*range(40)]
    paired = [place + (1 if place % 2 == 0 else -1) for place in in_order]
    assert read_clip(of_packets("libvpx", [(96, 64)], in_order), _LIMITS, _SAMPLING).times_s.size == 40
    with pytest.raises(ClipRefused) as refusal:
        read_clip(of_packets("libvpx", [(96, 64)], paired), _LIMITS, _SAMPLING)
    assert refusal.value.reason == "video_unreadable"


def test_frames_far_larger_than_the_header_says_are_unreadable() -> None:
    data = of_packets("libvpx", [(96, 64), (1280, 960)], [*range(20)])
    with pytest.raises(ClipRefused) as refusal:
        read_clip(data, ClipLimits(max_pixels=1280 * 959), _SAMPLING)
    assert refusal.value.reason == "video_unreadable"
