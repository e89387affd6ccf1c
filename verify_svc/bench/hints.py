"""Live hints on labelled clips: does what is told of the first seconds name what the judges name, and whom does it nag?

Frames are cut from the clip as a page sends them, and told as a page tells them.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from verify_svc.bench.agreement import Judged
from verify_svc.bench.intervals import share
from verify_svc.face.hints import REASONS_HINTED, Before, Glance, glance_at
from verify_svc.inference.engines import Engines
from verify_svc.inference.pool import ChildError
from verify_svc.media.container import ClipLimits, ClipRefused
from verify_svc.media.frame import FRAME_LIMITS, read_frame
from verify_svc.media.pictures import encode_jpeg
from verify_svc.media.video import ClipSampling, read_clip

TOLD_TWICE = frozenset(
    {
        *("face_multiple", "face_occluded", "sunglasses_worn", "shoulders_bare", "eyes_closed"),
        *("head_turned", "head_shaking", "video_blurry"),
    }
)
"""What the page tells from the second frame on."""
_FIRST_S = 3.0
_LIMIT_S = 120.0
_QUALITY = 70
_LONG_SIDE_PX = FRAME_LIMITS.working_side_px
# A small frame is all that is wanted of the sharp ones.
_SAMPLING = ClipSampling(mesh_fps=2.0, mesh_long_side_px=_LONG_SIDE_PX, sharp_fps=0.2, sharp_long_side_px=_LONG_SIDE_PX)


@dataclass(frozen=True, slots=True)
class Told:
    """One clip: what the judges say of it and what the page told of its first seconds, of what a hint can name; and
    the CPU seconds of each frame, decoding included."""

    judged: frozenset[str]
    told: frozenset[str]
    cpu_s: tuple[float, ...]


def tell(engines: Engines, judged: Sequence[Judged]) -> list[Told]:
    """Look at the first seconds of each clip that could be judged."""
    told = []
    for one in judged:
        try:
            glances = _glances(engines, one.clip.path)
        except (ClipRefused, ChildError):
            continue
        told.append(
            Told(
                one.reasons & REASONS_HINTED,
                lasting([glance.reasons for glance, _ in glances]),
                tuple(cpu_s for _, cpu_s in glances),
            )
        )
    return told


def lasting(looks: Sequence[Sequence[str]]) -> frozenset[str]:
    """What the page tells of these looks: some of it only where two in a row say it.

    >>> sorted(lasting([("too_dark",), ("eyes_closed",), (), ("head_turned",), ("head_turned",)]))
    ['head_turned', 'too_dark']
    """
    told: set[str] = set()
    before: Sequence[str] = ()
    for look in looks:
        told.update(reason for reason in look if reason not in TOLD_TWICE or reason in before)
        before = look
    return frozenset(told)


def table(told: Sequence[Told]) -> str:
    """The tables of docs/accuracy.md about hints, as Markdown."""
    wrong, well = [one for one in told if one.judged], [one for one in told if not one.judged]
    named = sum(len(one.judged & one.told) for one in wrong)
    nagged = sum(bool(one.told) for one in well)
    cpu_ms = 1000 * np.concatenate([one.cpu_s for one in told])
    lines = [
        "| what | count | share, 95 % interval |",
        "|---|---|---|",
        _line("reasons of the judges that a hint named", named, sum(len(one.judged) for one in wrong)),
        _line("clips without such a reason that were nagged", nagged, len(well)),
        "",
        f"A frame takes {np.median(cpu_ms):.0f} ms of CPU in the median, {np.percentile(cpu_ms, 95):.0f} at the 95th "
        f"percentile of {cpu_ms.size}, decoding included.",
        "",
        "| reason | judged | named | named beside the judges |",
        "|---|---|---|---|",
    ]
    due = Counter(reason for one in told for reason in one.judged)
    right = Counter(reason for one in told for reason in one.judged & one.told)
    beside = Counter(reason for one in told for reason in one.told - one.judged)
    lines += [f"| {code} | {due[code]} | {right[code]} | {beside[code]} |" for code in sorted(due | beside)]
    return "\n".join(lines)


def timed_glance(jpeg: bytes, before: Before | None) -> tuple[Glance, float]:
    """Decode and look, and the CPU seconds of both. Runs in an inference child: these bytes are our own."""
    begun = time.process_time()
    glance = glance_at(read_frame(jpeg), before)
    return glance, time.process_time() - begun


def _glances(engines: Engines, path: Path) -> list[tuple[Glance, float]]:
    clip = engines.decoding.call(_LIMIT_S, read_clip, path.read_bytes(), ClipLimits(), _SAMPLING)
    glances: list[tuple[Glance, float]] = []
    before: Before | None = None
    for frame in clip.mesh_frames:
        if frame.time_s > _FIRST_S:
            break
        pixels = np.asarray(cv2.cvtColor(frame.pixels, cv2.COLOR_RGB2BGR), np.uint8)
        sent = encode_jpeg(pixels, _LONG_SIDE_PX, quality=_QUALITY)
        glances.append(engines.inference.call(_LIMIT_S, timed_glance, sent, before))
        head = glances[-1][0].head
        before = None if head is None else Before(head, 1 / _SAMPLING.mesh_fps)
    return glances


def _line(what: str, count: int, of: int) -> str:
    return f"| {what} | {count} of {of} | {share(count, of)} |"
