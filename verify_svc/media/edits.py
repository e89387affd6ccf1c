"""An MP4's edit lists leave parts out and show others first or twice. Players follow them, each in its own way.

A recording needs them for its start alone: the coder's delay, or what lies between the last keyframe and the place
where a phone's own gallery cut it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from verify_svc.media.container import ClipLimits, ClipRefused, open_clip
from verify_svc.media.packets import ClipPackets, all_packets

if TYPE_CHECKING:
    from av.packet import Packet


@dataclass(frozen=True, slots=True)
class EditLimits:
    """What edits may do. Measured: of 91 found and made clips none leaves anything out or moves its parts apart."""

    max_hidden_s: float = 1.5  # guessed: phones set a keyframe a second
    max_apart_s: float = 0.25  # guessed


def check_edits(data: bytes, shown: ClipPackets, limits: ClipLimits, edits: EditLimits = EditLimits()) -> None:
    """Raise `ClipRefused` where edits show the picture or the sound otherwise than it was recorded.

    `shown` are the packets as the edits have them.
    """
    if b"elst" not in data:
        return
    shown_s = _by_place((*shown.picture, *shown.sound))
    with open_clip(data, limits, edited=False) as container:
        recorded_s = _by_place(each for each in all_packets(container) if each.stream.index in shown.tracks)
    for track, recorded in recorded_s.items():
        moved_s = [
            time_s - recorded[place][0]
            for place, times_s in shown_s.get(track, {}).items()
            for time_s in times_s
            if place in recorded
        ]
        if not moved_s or max(moved_s) - min(moved_s) > edits.max_apart_s:
            raise ClipRefused("video_not_as_recorded", "parts in another order")
        times_s = [time_s for each in recorded.values() for time_s in each]
        if (1 - len(moved_s) / len(times_s)) * (max(times_s) - min(times_s)) > edits.max_hidden_s:
            raise ClipRefused("video_not_as_recorded", "parts left out")


def _by_place(packets: Iterable[Packet[Any]]) -> Mapping[int, Mapping[int, list[float]]]:
    """Of each track: where in the file its packets lie, and when each is shown, in seconds."""
    places: dict[int, dict[int, list[float]]] = {}
    for packet in packets:
        if packet.pts is not None and not packet.is_discard:
            time_s = packet.pts * packet.time_base.numerator / packet.time_base.denominator
            places.setdefault(packet.stream.index, {}).setdefault(packet.pos or 0, []).append(time_s)
    return places
