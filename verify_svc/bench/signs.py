"""Signs of an attack, each alone and as the rule weighs them: whom they accuse, living people and attacks by kind.

No recorded loop is at hand: loops are made of the clips of living people, and the limit is fit on half of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy as np
from numpy.typing import NDArray

from verify_svc.bench.agreement import Judged
from verify_svc.bench.halves import Errors, Value, errors, fit
from verify_svc.bench.intervals import share
from verify_svc.face.attack import SIGNS
from verify_svc.face.repeats import RepeatLimits, look_for_repeats
from verify_svc.inference.engines import Engines
from verify_svc.media.container import ClipLimits, ClipRefused
from verify_svc.media.video import Clip, ClipSampling, read_clip

Pixels = NDArray[np.uint8]

_LIMIT_S = 180.0
_MENDED = frozenset({"lips", "timing"})
"""Alone these are to be redone, and raise no suspicion."""
_SAMPLING = ClipSampling(mesh_fps=30.0, mesh_long_side_px=320)
_PLAYED_S = 8.0
_PERIODS_S = (2.1, 3.4)
_STEP_S = 0.1
_QUALITY = (60, 90)  # JPEG's, of the frames of a loop that is coded anew: its first and its last time differ


def table(judged: Sequence[Judged]) -> Iterator[str]:
    """Each sign of the clips that was asked of any, then what the rule makes of them: BPCER of living people, APCER of
    each kind of attack (ISO/IEC 30107-3 asks for the worst), over all clips. What wasn't asked accuses nobody."""
    groups = {"living people": [one for one in judged if one.clip.bona_fide]}
    attacks = [one for one in judged if one.clip.species]
    for species in sorted({one.clip.species for one in attacks}):
        groups[species] = [one for one in attacks if one.clip.species == species]
    yield f"| sign | {' | '.join(_heading(name) for name in groups)} |"
    yield "|---" * (len(groups) + 1) + "|"
    asked = {check: sum(one.checked(check) for one in judged) for check in SIGNS}
    rows = {f"{check}, asked of {count}": [check] for check, count in asked.items() if count}
    rows |= {"the rule: suspected": [check for check in SIGNS if check not in _MENDED], "the rule: evident": ["signs"]}
    for name, checks in rows.items():
        accused = [[any(_accuses(one, check) for check in checks) for one in group] for group in groups.values()]
        living, *attacked = accused
        cells = [_counted(sum(living), len(living)), *(_counted(len(one) - sum(one), len(one)) for one in attacked)]
        yield f"| {name} | {' | '.join(cells)} |"


def loops(judged: Sequence[Judged], engines: Engines) -> list[Value]:
    """`Repeats.ratio` of each living person's clip that was asked for loops, and of four loops made of it: forwards
    and to and fro, of two lengths, each frame coded anew."""

    def values(one: Judged) -> list[Value]:
        ratio = one.value("loop", "score")
        if ratio is None:
            return []
        try:
            clip = engines.decoding.call(_LIMIT_S, read_clip, one.clip.path.read_bytes(), ClipLimits(), _SAMPLING)
        except ClipRefused:
            return []
        made = [look_for_repeats(*loop).ratio for loop in _loops_of(clip)]
        return [
            Value(one.clip.person, ratio, False),
            *(Value(one.clip.person, again, True) for again in made if again is not None),
        ]

    with ThreadPoolExecutor(2) as threads:
        found = threads.map(values, [one for one in judged if one.clip.bona_fide])
        return [value for each in found for value in each]


def loop_lines(values: Sequence[Value]) -> Iterator[str]:
    """Today's limit, and those fit on each half of the people with what they do on the other."""
    limit = RepeatLimits().min_ratio
    yield "| limit | clips called a loop | loops missed |"
    yield "|---|---|---|"
    for words, each in (("suspected", limit), ("evident", RepeatLimits().certain_ratio)):
        yield f"| {each:.2f}, {words} | {_errors(errors(values, each, below=True))} |"
    if len({value.person for value in values}) > 1:
        fitted = fit(values, below=True, most_wrong=0.0)
        halves = " and ".join(f"{one:.2f}" for one in fitted.on_halves)
        yield f"| {halves}, each fit on one half and tried on the other | {_errors(fitted.others)} |"


def _loops_of(clip: Clip) -> Iterator[tuple[list[Pixels], list[float]]]:
    """A recorder's frames, ten a second, of a stretch of the clip that is played over and over."""
    random = np.random.default_rng(7)
    times = np.array([frame.time_s for frame in clip.mesh_frames])
    for period_s in _PERIODS_S:
        if times.size < 2 or times[-1] < period_s:
            continue
        for to_and_fro in (False, True):
            shown_s = np.arange(0, _PLAYED_S, _STEP_S)
            at_s = shown_s % period_s
            if to_and_fro:
                at_s = period_s - np.abs(shown_s % (2 * period_s) - period_s)
            nearest = [int(np.abs(times - time_s).argmin()) for time_s in at_s]
            quality = [int(value) for value in random.integers(*_QUALITY, len(nearest))]
            pictures = [
                _coded(clip.mesh_frames[place].pixels, each) for place, each in zip(nearest, quality, strict=True)
            ]
            yield pictures, shown_s.tolist()


def _coded(pixels: Pixels, quality: int) -> Pixels:
    _, data = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)


def _accuses(one: Judged, check: str) -> bool:
    return bool(one.finding(check).get("result") == "rejected")


def _heading(name: str) -> str:
    return f"{name} accused (BPCER)" if name == "living people" else f"{name} missed (APCER)"


def _errors(found: Errors) -> str:
    return f"{_counted(found.wrong, found.good)} | {_counted(found.missed, found.bad)}"


def _counted(count: int, of: int) -> str:
    return f"{count} of {of}: {share(count, of)}"
