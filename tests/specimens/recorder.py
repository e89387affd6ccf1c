"""A clip as a page's recorder hands it out: an MP4 in fragments that names no program."""

from __future__ import annotations

import io

import av

_IN_FRAGMENTS = {"movflags": "frag_keyframe+empty_moov+default_base_moof", "fflags": "+bitexact"}


def as_by_a_page(data: bytes) -> bytes:
    """The same pictures and sound, packed anew."""
    packed = io.BytesIO()
    with (
        av.open(io.BytesIO(data), "r") as made,
        av.open(packed, "w", format="mp4", container_options=_IN_FRAGMENTS) as recorder,
    ):
        streams = {stream.index: recorder.add_stream_from_template(stream) for stream in made.streams}
        for packet in made.demux():
            if packet.dts is not None:
                packet.stream = streams[packet.stream.index]
                recorder.mux(packet)
    return packed.getvalue()
