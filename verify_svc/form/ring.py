"""The name along a round seal's ring, unrolled as one line."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from verify_svc.form.seal import Ink, Seal, sampled
from verify_svc.media.pictures import Pixels


@dataclass(frozen=True, slots=True)
class RingLimits:
    """Where along the ring the name stands, and how large it is unrolled. Shares are of the radius."""

    outer: tuple[float, float] = (0.88, 0.97)  # measured: the gap between ring and name lies in between
    inner: tuple[float, float] = (0.52, 0.72)  # measured: the gap between name and star
    least_level: float = 0.2  # guessed: of the densest circle of the name; less is the paper between it and the star
    height_px: int = 48  # what the reading network takes
    min_gap_deg: float = 14.0  # guessed: the name leaves at least so much of the ring free


def unrolled(ink: Ink, seal: Seal, limits: RingLimits = RingLimits()) -> Pixels | None:
    """The name along the ring as one line, dark on white, upright; None where nothing stands along it.

    A seal's number, small along its foot, stands in the outer half of the band alone and is left out.
    """
    turns = np.linspace(0, 2 * np.pi, 720, endpoint=False)
    shares = np.linspace(0.4, 1.0, 121)
    rays = sampled(ink, seal, turns, shares)
    profile = cv2.GaussianBlur(rays.mean(axis=0)[None, :].astype(np.float32), (0, 0), 2)[0]
    top, bottom = _band(profile, shares, limits)
    middle = (top + bottom) / 2
    inner_half = rays[:, (shares > bottom) & (shares < middle)].mean(axis=1)
    begin, end = _written(inner_half, limits)
    if end - begin < np.radians(20):
        return None
    mean_px = seal.radius_px * (top + bottom) / 2
    scale = limits.height_px / (seal.radius_px * (top - bottom))
    along = np.linspace(begin, end, max(limits.height_px, round((end - begin) * mean_px * scale)))
    places = seal.at(along[None, :], np.linspace(top, bottom, limits.height_px)[:, None])
    strip = cv2.remap(ink, places[:, :, 0], places[:, :, 1], cv2.INTER_CUBIC)
    strip = np.clip(strip / max(0.2, float(np.percentile(strip, 97))), 0, 1)
    return np.repeat((255 - 235 * strip).astype(np.uint8)[:, :, None], 3, axis=2)


def _band(profile: NDArray[np.float32], shares: NDArray[np.floating], limits: RingLimits) -> tuple[float, float]:
    """Shares of the radius between which the name stands: from the gap under the ring to that over the star."""
    under_ring = np.flatnonzero((shares >= limits.outer[0]) & (shares <= limits.outer[1]))
    over_star = np.flatnonzero((shares >= limits.inner[0]) & (shares <= limits.inner[1]))
    top = int(under_ring[int(profile[under_ring].argmin())])
    lowest = int(over_star[int(profile[over_star].argmin())])
    level = float(profile[lowest:top].max())
    written = np.flatnonzero(profile[lowest:top] > limits.least_level * level)
    bottom = lowest + (int(written[0]) if len(written) else 0)
    return float(min(0.985, shares[top] + 0.01)), float(shares[max(lowest, bottom - 2)])


def _written(level: Ink, limits: RingLimits) -> tuple[float, float]:
    """From where to where, clockwise in radians, the ring is written on: all but the widest gap."""
    count = len(level)
    threshold = 0.25 * float(np.percentile(level, 90))
    bare = np.flatnonzero(level > threshold)
    if len(bare) < 2:
        return 0.0, 0.0
    gaps = np.diff(np.concatenate([bare, bare[:1] + count]))
    widest = int(gaps.argmax())
    if gaps[widest] < limits.min_gap_deg / 360 * count:
        return np.pi, 3 * np.pi  # nearly full: cut at the foot
    begin, end = bare[(widest + 1) % len(bare)], bare[widest]
    step = 2 * np.pi / count
    room = min(np.radians(4.0), gaps[widest] * step / 3)
    return float(begin * step - room), float((end if end > begin else end + count) * step + room)
