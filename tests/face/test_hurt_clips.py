"""Hurt clips through the real decoding child: frames or a reason each, nothing is left behind."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.media.watched import TAKEN, Watched, many
from tests.specimens.clip_files import clip_files
from tests.specimens.hurting import WAYS, hurt
from verify_svc.face.check import FaceWanted, check_face
from verify_svc.inference.engines import DECODING_MEMORY_BYTES, Engines
from verify_svc.inference.pool import ChildPool
from verify_svc.media.container import ClipLimits
from verify_svc.media.origin import is_from_a_page
from verify_svc.media.video import Clip, ClipSampling, read_clip
from verify_svc.media.warm import warm_decoders
from verify_svc.session.reasons import REASONS

_LIMIT_S = 120.0
_SOON_S = 20.0
_GROWTH_OF_TEMPLATE_MB = 30.0  # what it imports meanwhile
_REASONS = {"video_unreadable", "file_type_not_allowed", "file_too_large", "video_not_as_recorded"}

files = st.sampled_from(sorted(clip_files()))
injuries = st.lists(st.tuples(st.sampled_from(sorted(WAYS)), st.integers(0, 2**32 - 1)), min_size=1, max_size=4)


@pytest.fixture(scope="module")
def watched() -> Iterator[Watched]:
    with closing(ChildPool(1, max_memory_bytes=DECODING_MEMORY_BYTES, confined=True, prepare=warm_decoders)) as pool:
        yield Watched(pool, _LIMIT_S)


def is_well(clip: Clip) -> bool:
    """Too long, or frames in their order and sound that can be heard."""
    if clip.too_long:
        return not clip.mesh_frames
    times = clip.times_s
    sound = clip.sound is None or bool(np.isfinite(clip.sound.samples).all())
    frames = [*clip.mesh_frames, *clip.sharp_frames]
    return (
        sound
        and bool(np.isfinite(times).all() and (np.diff(times) > 0).all())
        and len(clip.mesh_frames) > 0 < len(clip.sharp_frames)
        and all(frame.pixels.ndim == 3 and frame.pixels.size for frame in frames)
    )


def seen(watched: Watched, told: str, data: bytes) -> None:
    clip = watched.asked_for_clip(told, read_clip, data, ClipLimits(), ClipSampling())
    assert clip is None or (isinstance(clip, Clip) and is_well(clip))


@pytest.mark.parametrize("name", clip_files())
def test_a_clip_of_every_sort_gives_frames_or_a_reason(watched: Watched, name: str) -> None:
    seen(watched, name, clip_files()[name])
    assert set(watched.answers) <= {TAKEN, *_REASONS}, watched.told()
    assert watched.lives()


@pytest.mark.parametrize(
    "name",
    [
        *("MP4", "MP4 AV1", "MP4 by a page", "MP4 mute", "MOV", "MOV HEVC", "3GP"),
        *("WebM VP9", "WebM AV1", "WebM live", "MKV", "AVI", "MPEG"),
    ],
)
def test_what_phones_and_cameras_write_is_seen_whole(name: str) -> None:
    clip = read_clip(clip_files()[name], ClipLimits(), ClipSampling())
    assert (clip.width_px, clip.height_px) == (96, 64)
    assert clip.times_s.size == 30
    assert (clip.sound is None) == (name == "MP4 mute")


def test_hurt_clips_give_frames_or_a_reason_and_leave_nothing_behind(watched: Watched) -> None:
    @many(ordinary=300, thorough=8_000)
    @given(files, st.none() | files, injuries)
    def look(name: str, other: str | None, done: list[tuple[str, int]]) -> None:
        data = clip_files()[name]
        if other is not None:  # a file begun over another one
            data = data[: len(data) // 2] + clip_files()[other][len(data) // 2 :]
        data = hurt(data, done)
        seen(watched, f"{name}, {other}: {done}", data)
        watched.asked_for_clip("origin", is_from_a_page, data)

    watched.assert_leaves_nothing_behind(look, _REASONS, _GROWTH_OF_TEMPLATE_MB)
    assert watched.slowest[0] < _SOON_S, watched.told()


@pytest.mark.weights
def test_what_of_hurt_clips_still_decodes_is_judged(engines: Engines) -> None:
    results = set()

    @many(ordinary=8, thorough=200)
    @given(files, injuries)
    def look(name: str, done: list[tuple[str, int]]) -> None:
        report = check_face(engines, hurt(clip_files()[name], done), FaceWanted(digits="483026")).report
        results.add(report.result)
        assert report.result in ("rejected", "consider", "unreadable")
        assert report.reasons
        assert set(report.reasons) <= set(REASONS)

    look()
    assert {"rejected", "unreadable"} <= results
