"""What is kept beside a clip's report: the frame that shows each reason, and the clip's course over time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from verify_svc.face.quality import FaceLook, Pixels
from verify_svc.face.still import encode
from verify_svc.face.track import FaceTrack
from verify_svc.session.finding import Finding

_FRAME_PX = 640
_FRAME_QUALITY = 82
_TRACE_STEP_S = 0.2
_QUIET_DBFS = -60.0


@dataclass(frozen=True, slots=True)
class ReasonFrame:
    """The frame that shows one reason: `jpeg`, upright, at most 640 px long."""

    reason: str
    time_s: float
    jpeg: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Traces:
    """The clip's course, one value each 0.2 s: `eyes` 0 shut – 1 open, `yaw_deg`, `sharpness` as in `FaceLook`,
    `sound_level` 0–1 for −60…0 dBFS. None where nothing was seen or heard."""

    time_s: tuple[float, ...]
    eyes: tuple[float | None, ...]
    yaw_deg: tuple[float | None, ...]
    sharpness: tuple[float | None, ...]
    sound_level: tuple[float | None, ...]


def reason_frames(
    findings: Sequence[Finding], times_s: Sequence[float], pictures: Sequence[Pixels]
) -> tuple[ReasonFrame, ...]:
    """For each reason the RGB frame in the middle of its first moment; reasons of sound have none."""
    if not times_s:
        return ()
    known = np.asarray(times_s)
    frames, told = [], set()
    for finding in findings:
        if finding.check in ("sound", "digits", "timing", "recording"):
            continue
        for reason in finding.reasons:
            if reason in told:
                continue
            told.add(reason)
            first = max(finding.moments, key=lambda m: m.end_s - m.start_s) if finding.moments else None
            middle_s = float(known[len(known) // 2]) if first is None else (first.start_s + first.end_s) / 2
            at = int(np.argmin(np.abs(known - middle_s)))
            frames.append(ReasonFrame(reason, round(float(known[at]), 3), _small(pictures[at])))
    return tuple(frames)


def trace(
    track: FaceTrack, looks: Sequence[FaceLook], envelope_dbfs: NDArray[np.float32] | None, duration_s: float
) -> Traces:
    """Lay what was measured on one clock. `envelope_dbfs`: the sound's level every 10 ms."""
    times = np.arange(0, max(duration_s, _TRACE_STEP_S), _TRACE_STEP_S)
    look_times = np.asarray([look.time_s for look in looks])
    eyes, yaw, sharpness, sound = [], [], [], []
    for time_s in times:
        near = np.flatnonzero(track.found & (np.abs(track.times_s - time_s) <= _TRACE_STEP_S / 2))
        # The most closed eye of the stretch: a blink must not fall between two values.
        eyes.append(round(1 - float(track.blink[near].max()), 2) if near.size else None)
        yaw.append(round(float(track.yaw_deg[near].mean()), 1) if near.size else None)
        at = int(np.argmin(np.abs(look_times - time_s))) if look_times.size else -1
        sharpness.append(round(looks[at].sharpness, 1) if at >= 0 and abs(look_times[at] - time_s) <= 0.5 else None)
        part = () if envelope_dbfs is None else envelope_dbfs[int(time_s * 100) : int((time_s + _TRACE_STEP_S) * 100)]
        sound.append(round(float(np.clip(1 - np.max(part) / _QUIET_DBFS, 0, 1)), 2) if len(part) else None)
    return Traces(tuple(round(float(t), 2) for t in times), tuple(eyes), tuple(yaw), tuple(sharpness), tuple(sound))


def _small(picture: Pixels) -> bytes:
    scale = min(1.0, _FRAME_PX / max(picture.shape[:2]))
    if scale < 1:
        picture = np.asarray(cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)
    return encode(picture, _FRAME_QUALITY)
