"""Live hints on labelled clips: does what is told while they run name what the judges name, and whom does it nag?

Frames are cut from the clip as a page sends them, and told as a page tells them.
"""

from __future__ import annotations

import os
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
_LIMIT_S = 120.0
_QUALITY = 70
_LONG_SIDE_PX = FRAME_LIMITS.working_side_px
# A small frame is all that is wanted of the sharp ones.
_SAMPLING = ClipSampling(mesh_fps=2.0, mesh_long_side_px=_LONG_SIDE_PX, sharp_fps=0.2, sharp_long_side_px=_LONG_SIDE_PX)


@dataclass(frozen=True, slots=True)
class Told:
    """One clip: what the judges say of it and what the page told meanwhile, of what a hint can name; the CPU seconds of
    each frame, decoding and the ways between processes included; and of frames with closed and with open eyes, by the
    judge, which a hint called closed."""

    judged: frozenset[str]
    told: frozenset[str]
    cpu_s: tuple[float, ...]
    closed_named: tuple[bool, ...] = ()
    open_named: tuple[bool, ...] = ()


def tell(engines: Engines, judged: Sequence[Judged]) -> list[Told]:
    """Look at each clip that could be judged."""
    told = []
    for one in judged:
        try:
            glances = _glances(engines, one.clip.path)
        except (ClipRefused, ChildError):
            continue
        told.append(
            Told(
                one.reasons & REASONS_HINTED,
                lasting([glance.reasons for _, glance, _ in glances]),
                tuple(cpu_s for *_, cpu_s in glances),
                *eyes_named(one, [(time_s, "eyes_closed" in glance.reasons) for time_s, glance, _ in glances]),
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
        *_frame_lines(told),
        "",
        f"A frame takes {np.median(cpu_ms):.0f} ms of CPU in the median, {np.percentile(cpu_ms, 95):.0f} at the 95th "
        f"percentile of {cpu_ms.size}, decoding and the ways between three processes included.",
        "",
        "| reason | judged | named | named beside the judges |",
        "|---|---|---|---|",
    ]
    due = Counter(reason for one in told for reason in one.judged)
    right = Counter(reason for one in told for reason in one.judged & one.told)
    beside = Counter(reason for one in told for reason in one.told - one.judged)
    lines += [f"| {code} | {due[code]} | {right[code]} | {beside[code]} |" for code in sorted(due | beside)]
    return "\n".join(lines)


def eyes_named(one: Judged, named: Sequence[tuple[float, bool]]) -> tuple[tuple[bool, ...], tuple[bool, ...]]:
    """Of frames (seconds, whether a hint called the eyes closed) those in closures that the judge faults, and those
    outside all blinks of clips where it faults none."""
    if not one.checked("eyes"):
        return (), ()
    spans = one.finding("eyes")["properties"].get("moments", ())
    closed = "eyes_closed" in one.reasons
    of_interest = tuple(
        told for time_s, told in named if any(span["start_s"] <= time_s < span["end_s"] for span in spans) is closed
    )
    return (of_interest, ()) if closed else ((), of_interest)


def _frame_lines(told: Sequence[Told]) -> list[str]:
    closed = [named for one in told for named in one.closed_named]
    opened = [named for one in told for named in one.open_named]
    return [
        _line("frames in closures that the judge faults named closed", sum(closed), len(closed)),
        _line("frames with open eyes named closed", sum(opened), len(opened)),
    ]


def _glances(engines: Engines, path: Path) -> list[tuple[float, Glance, float]]:
    clip = engines.decoding.call(_LIMIT_S, read_clip, path.read_bytes(), ClipLimits(), _SAMPLING)
    glances: list[tuple[float, Glance, float]] = []
    before: Before | None = None
    for frame in clip.mesh_frames:
        pixels = np.asarray(cv2.cvtColor(frame.pixels, cv2.COLOR_RGB2BGR), np.uint8)
        sent = encode_jpeg(pixels, _LONG_SIDE_PX, quality=_QUALITY)
        begun_s = _spent_s()
        picture = engines.decoding.call_now_in_a_row(str(path), _LIMIT_S, read_frame, sent)
        glance = engines.inference.call_now(_LIMIT_S, glance_at, picture, before)
        glances.append((frame.time_s, glance, _spent_s() - begun_s))
        head = glance.head
        before = None if head is None else Before(head, 1 / _SAMPLING.mesh_fps)
    return glances


def _spent_s() -> float:
    """CPU seconds of this process and of all that lives below it, what was forked for frames included."""
    below, found = [os.getpid()], 0.0
    for process in below:
        for task in Path(f"/proc/{process}/task").iterdir():
            below += map(int, (task / "children").read_text(encoding="ascii").split())
            if process != os.getpid():
                found += int((task / "schedstat").read_text(encoding="ascii").split()[0]) / 1e9
    return found + time.process_time()


def _line(what: str, count: int, of: int) -> str:
    return f"| {what} | {count} of {of} | {share(count, of)} |"
