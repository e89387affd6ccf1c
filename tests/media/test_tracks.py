"""Several tracks: what is judged is what whoever opens the file sees and hears, or the file is refused."""

from __future__ import annotations

import io
import struct

import av
import cv2
import numpy as np
import pytest
from av.stream import Disposition

from tests.specimens.crafted import Track, with_tracks
from verify_svc.media.container import ClipLimits, ClipRefused
from verify_svc.media.video import Clip, ClipSampling, read_clip

_H264, _VP8, _AAC, _OPUS = Track("libx264"), Track("libvpx"), Track("aac"), Track("libopus")
_OFF, _ON = Track("libx264", on=False), Track("libx264", on=True)


def _read(data: bytes) -> Clip:
    return read_clip(data, ClipLimits(), ClipSampling())


def _reason(data: bytes) -> str:
    with pytest.raises(ClipRefused) as refusal:
        _read(data)
    return refusal.value.reason


@pytest.mark.parametrize(
    ("container", "pictures"),
    [
        ("mp4", (_ON, _ON)),
        ("mp4", (_OFF, _ON)),
        ("mp4", (_ON, Track("mpeg4", on=False))),
        ("mp4", (Track("mpeg4", on=True), _OFF)),
        ("matroska", (_ON, _OFF)),
        ("webm", (_VP8, _VP8)),
        ("avi", (Track("mpeg4"), Track("mjpeg"))),
    ],
)
def test_two_pictures_of_which_a_player_chooses_are_refused(container: str, pictures: tuple[Track, ...]) -> None:
    assert _reason(with_tracks(container, pictures)) == "video_not_as_recorded"


@pytest.mark.parametrize(("container", "picture", "sound"), [("mp4", _H264, _AAC), ("webm", _VP8, _OPUS)])
def test_two_sounds_are_refused(container: str, picture: Track, sound: Track) -> None:
    assert _reason(with_tracks(container, (picture,), (sound, sound))) == "video_not_as_recorded"


def test_a_second_picture_that_is_switched_off_is_no_hindrance() -> None:
    clip = _read(with_tracks("mov", (_ON, _OFF)))
    assert clip.times_s.size == 20
    assert clip.mesh_frames[0].pixels.mean() < 60  # the first one's


def test_a_cover_is_no_second_picture() -> None:
    plain = with_tracks("mp4", (_H264,), (_AAC,))
    assert _read(_with_cover(plain)).times_s.size == _read(plain).times_s.size


def test_spatial_sound_in_front_of_the_sound_that_everybody_plays_is_passed_over() -> None:
    data = with_tracks("mov", (_H264,), (Track("pcm_s16le", on=True), Track("aac", on=False)))
    sound = _read(data.replace(b"sowt", b"apac", 1)).sound
    assert sound is not None
    assert sound.duration_s == pytest.approx(1.0, abs=0.1)


@pytest.mark.parametrize("rate_hz", [1, 2_000_000_000])
def test_sound_of_an_absurd_rate_is_none(rate_hz: int) -> None:
    data = with_tracks("matroska", (_H264,), (Track("pcm_s16le"),), rate_hz=8_000)
    assert _read(data).sound is not None
    hurt = data.replace(struct.pack(">d", 8_000.0), struct.pack(">d", float(rate_hz)))
    assert hurt != data
    assert _read(hurt).sound is None


def _with_cover(mp4: bytes) -> bytes:
    out = io.BytesIO()
    with av.open(io.BytesIO(mp4), "r") as made, av.open(out, "w", format="mp4") as written:
        tracks = {stream.index: written.add_stream_from_template(stream) for stream in made.streams}
        cover = written.add_stream("mjpeg", rate=1)
        cover.width, cover.height, cover.pix_fmt = 64, 48, "yuvj420p"
        cover.disposition = Disposition.attached_pic
        written.start_encoding()
        jpeg = av.Packet(cv2.imencode(".jpg", np.full((48, 64, 3), 200, np.uint8))[1].tobytes())
        jpeg.stream, jpeg.pts, jpeg.dts = cover, 0, 0
        written.mux(jpeg)
        for packet in made.demux():
            if packet.dts is not None:
                packet.stream = tracks[packet.stream.index]
                written.mux(packet)
    return out.getvalue()
