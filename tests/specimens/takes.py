"""A take: the pictures and the sound of a clip taken apart, and what may happen to them before they are recorded."""

from __future__ import annotations

import io
from dataclasses import dataclass, field, replace
from typing import cast

import av
import numpy as np
from av.container import InputContainer
from numpy.typing import NDArray

from tests.specimens.portrait import Pixels
from tests.specimens.voice import RATE_HZ


@dataclass(frozen=True, slots=True)
class Take:
    """Pictures (RGB, all of a size) with their times in seconds, and the sound, mono at `RATE_HZ`, from `sound_from_s`
    on."""

    pictures: tuple[Pixels, ...] = field(repr=False)
    times_s: tuple[float, ...] = field(repr=False)
    sound: NDArray[np.float32] | None = field(repr=False)
    sound_from_s: float = 0.0

    @property
    def seconds(self) -> float:
        """From the first picture to the last."""
        return self.times_s[-1] - self.times_s[0]


def take_of(clip: bytes) -> Take:
    """A clip whose pixels lie upright and whose sound begins with its picture, taken apart."""
    with cast(InputContainer, av.open(io.BytesIO(clip))) as opened:
        shown = [(frame.time or 0.0, frame.to_ndarray(format="rgb24")) for frame in opened.decode(video=0)]
    with cast(InputContainer, av.open(io.BytesIO(clip))) as opened:
        resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE_HZ)
        heard = [piece for frame in opened.decode(audio=0) for piece in resampler.resample(frame)]
    sound = np.concatenate([piece.to_ndarray()[0] for piece in heard]).astype(np.float32) / 32768
    pictures = tuple(np.asarray(pixels, np.uint8) for _, pixels in shown)
    return Take(pictures, tuple(at - shown[0][0] for at, _ in shown), sound)


def mirrored(take: Take) -> Take:
    """As front cameras show it: left and right exchanged in the pixels."""
    return replace(take, pictures=tuple(np.ascontiguousarray(picture[:, ::-1]) for picture in take.pictures))


def at_rate(take: Take, fps: float) -> Take:
    """So many pictures a second: each time has the picture that was last before it."""
    times_s = np.arange(0, take.seconds, 1 / fps)
    at = np.searchsorted(np.asarray(take.times_s), times_s + 1e-6) - 1
    return replace(take, pictures=tuple(take.pictures[place] for place in at), times_s=tuple(times_s.tolist()))


def unsteady(take: Take, share_lost: float, longest_delay_s: float = 0.012) -> Take:
    """A busy phone: that share of the pictures is lost at random, the others come late by up to so much."""
    rng = np.random.default_rng(7)
    kept = [0, *(place for place in range(1, len(take.times_s)) if rng.random() >= share_lost)]
    late_s = rng.uniform(0, longest_delay_s, len(kept)).tolist()
    return replace(
        take,
        pictures=tuple(take.pictures[place] for place in kept),
        times_s=tuple(take.times_s[place] + late for place, late in zip(kept, late_s, strict=True)),
    )


def without_pictures(take: Take, from_s: float, until_s: float) -> Take:
    """None is recorded in between."""
    kept = [place for place, at in enumerate(take.times_s) if not from_s <= at < until_s]
    return replace(
        take,
        pictures=tuple(take.pictures[place] for place in kept),
        times_s=tuple(take.times_s[place] for place in kept),
    )


def standing(take: Take, from_s: float) -> Take:
    """One picture again and again from then on, as a virtual camera or a hung one shows it."""
    last = next(place for place, at in enumerate(take.times_s) if at >= from_s)
    again = [take.pictures[last]] * (len(take.pictures) - last)
    return replace(take, pictures=(*take.pictures[:last], *again))


def black(take: Take) -> Take:
    """A lens that is covered."""
    return replace(take, pictures=tuple(np.zeros_like(picture) for picture in take.pictures))


def silent(take: Take) -> Take:
    """A microphone that is off: a sound track of nothing."""
    return replace(take, sound=None if take.sound is None else np.zeros_like(take.sound))


def heard_from(take: Take, from_s: float) -> Take:
    """The sound is recorded later than the picture."""
    sound = None if take.sound is None else take.sound[round(from_s * RATE_HZ) :]
    return replace(take, sound=sound, sound_from_s=from_s)


def ahead(take: Take, by_s: float) -> Take:
    """The picture's times begin before zero, for a header to leave out what is before."""
    return replace(take, times_s=tuple(at - by_s for at in take.times_s), sound_from_s=take.sound_from_s - by_s)


def part(take: Take, until_s: float) -> Take:
    """The recording is ended there."""
    kept = without_pictures(take, until_s, take.seconds + 1)
    return replace(kept, sound=None if take.sound is None else take.sound[: round(until_s * RATE_HZ)])
