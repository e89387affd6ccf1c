"""Found clips and stills: people and replays that nobody here recorded, described by eye.

No clip reads a challenge, so none may be clear; what each check says is counted by label. Stills go to the attack
detector and, in pairs, to the comparison, as does one frame against another of different clips.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from verify_svc.bench import comparison, signs
from verify_svc.bench.agreement import TABLES, Judged
from verify_svc.bench.clip_labels import LabelledClip
from verify_svc.bench.comparison import Known, as_on_card
from verify_svc.bench.halves import Value
from verify_svc.bench.intervals import share
from verify_svc.face.attack import AttackLimits
from verify_svc.face.border import Border, judge_border, look_for_border
from verify_svc.face.device import DeviceLook, judge_device, look_for_devices
from verify_svc.face.match import cosine
from verify_svc.face.presence import PresenceLimits, frontal
from verify_svc.inference.engines import Engines
from verify_svc.inference.faces import Sight, SightCounts, see_faces, see_portrait
from verify_svc.media.container import ClipLimits, ClipRefused
from verify_svc.media.pictures import PictureError, decode
from verify_svc.media.video import ClipSampling, read_clip

S = TypeVar("S")
T = TypeVar("T")
Embedding = NDArray[np.float32]

_AT_ONCE = 2
_LIMIT_S = 180.0
_LIMITS = AttackLimits()


@dataclass(frozen=True, slots=True)
class Still:
    """One still's labels, and what was seen in it: `sight` of the whole picture, `probe` of its face found anew,
    `reference` of the same face as a card shows it. None: no face; for `border` also
    too little below the chin."""

    person: str
    source: str
    truth: str
    whole: bool
    sight: Sight | None = field(repr=False, default=None)
    probe: Embedding | None = field(repr=False, default=None)
    reference: Embedding | None = field(repr=False, default=None)
    border: Border | None = None
    device: DeviceLook | None = None


@dataclass(frozen=True, slots=True)
class Frames:
    """The near-frontal frames of one clip, embedded."""

    person: str
    embeddings: tuple[Embedding, ...] = field(repr=False)


def see_stills(folder: Path, engines: Engines) -> list[Still]:
    """Look at every still that `labels.csv` lists."""
    with (folder / "labels.csv").open(encoding="utf-8", newline="") as opened:
        rows = [row for row in csv.DictReader(opened) if row["kind"] == "still"]

    def see(row: dict[str, str]) -> Still:
        seen = partial(Still, row["person"], row["repo"], row["truth"], row["framing"] == "full")
        try:
            picture = engines.decoding.call(_LIMIT_S, decode, (folder / row["file"]).read_bytes()).pixels[:, :, ::-1]
        except PictureError:
            return seen()
        rgb = np.ascontiguousarray(picture)
        (sight,) = engines.inference.call(_LIMIT_S, see_faces, [rgb], SightCounts(embed=0, attack=1, mask=0))
        if not sight.faces:
            return seen()
        card = as_on_card(rgb, sight.faces[0].box)
        probe, reference = (engines.inference.call(_LIMIT_S, see_portrait, each) for each in (rgb, card))
        border = look_for_border(0.0, rgb, sight.faces[0])
        (device,) = look_for_devices(engines, [0.0], [rgb], [sight])
        return seen(sight, probe.embedding, reference.embedding, border, device)

    return _at_once(see, rows)


def see_frames(clips: Sequence[LabelledClip], engines: Engines) -> list[Frames]:
    """Embed the sharp frames of every bona fide clip."""

    def see(clip: LabelledClip) -> Frames:
        try:
            read = engines.decoding.call(_LIMIT_S, read_clip, clip.path.read_bytes(), ClipLimits(), ClipSampling())
        except ClipRefused:
            return Frames(clip.person, ())
        pictures = [frame.pixels for frame in read.sharp_frames]
        sights = engines.inference.call(_LIMIT_S, see_faces, pictures, SightCounts(attack=0, mask=0))
        return Frames(clip.person, tuple(_frontal(sights)))

    return _at_once(see, [clip for clip in clips if clip.bona_fide])


def table(
    judged: Sequence[Judged], stills: Sequence[Still], frames: Sequence[Frames], loops: Sequence[Value] = ()
) -> str:
    """The tables of docs/accuracy.md about found faces, as Markdown."""
    attacks = [one for one in judged if one.clip.species]
    known = [
        Known(still.person, still.source, still.probe, still.reference)
        for still in stills
        if still.truth == "bonafide" and still.whole and still.probe is not None and still.reference is not None
    ]
    lines = [
        "| what | count | share, 95 % interval |",
        "|---|---|---|",
        _line(
            "clips clear (none reads the challenge)", sum(o.answer["result"] == "clear" for o in judged), len(judged)
        ),
        _line("attacks and generated faces clear", sum(o.answer["result"] == "clear" for o in attacks), len(attacks)),
        *_detector_on_stills(stills),
        *_borders_on_stills(stills),
        *_devices_on_stills(stills),
    ]
    for title, rows in (
        *((title, rows(judged)) for title, rows in TABLES),
        ("Signs of an attack", signs.table(judged)),
        ("Loops made of the clips", signs.loop_lines(loops)),
        ("Still against still", comparison.table([replace(one, reference=None) for one in known])),
        ("Still against a portrait as a card shows it", comparison.table(known)),
        ("Frames of a clip", _frame_lines(frames)),
    ):
        lines += ["", f"### {title}", "", *rows]
    return "\n".join(lines)


def _detector_on_stills(stills: Sequence[Still]) -> Iterator[str]:
    """The attack detector alone, where the picture leaves it the room that it wants: BPCER, then APCER, which is that
    of all attacks together and of each kind (ISO/IEC 30107-3 asks for the worst)."""
    scores: dict[str, list[float]] = {}
    for still in stills:
        live = still.sight.live if still.sight else None
        if live is not None and _roomy(still):
            scores.setdefault(still.truth, []).append(live.live)
    known = scores.get("bonafide", [])
    name = "attack detector alone, stills with room"
    yield _line(f"{name}, BPCER: bona fide suspected", sum(score < _LIMITS.min_live for score in known), len(known))
    kinds = {truth: given for truth, given in sorted(scores.items()) if truth.startswith("attack")}
    for kind, given in {"all attacks": [score for each in kinds.values() for score in each], **kinds}.items():
        passed = sum(score >= _LIMITS.min_live for score in given)
        yield _line(
            f"{name}, APCER: {kind.removeprefix('attack_').replace('_', ' ')} not suspected", passed, len(given)
        )


def _borders_on_stills(stills: Sequence[Still]) -> Iterator[str]:
    """The same of the border, where enough below the chin is in the picture."""
    known = [(still.truth, bool(judge_border([still.border]).reasons)) for still in stills if still.border is not None]
    living = [accused for truth, accused in known if truth == "bonafide"]
    attacks = [accused for truth, accused in known if truth.startswith("attack")]
    name = "border alone, stills that show the body"
    yield _line(f"{name}, BPCER: bona fide suspected", sum(living), len(living))
    yield _line(f"{name}, APCER: all attacks not suspected", len(attacks) - sum(attacks), len(attacks))


def _devices_on_stills(stills: Sequence[Still]) -> Iterator[str]:
    """The same of a device round the face: of living people in every still, of attacks where the picture leaves the
    detector of attacks its room, and of screens among them."""
    known = [(still, bool(judge_device([still.device]).reasons)) for still in stills if still.device is not None]
    living = [accused for still, accused in known if still.truth == "bonafide"]
    attacks = [(still.truth, accused) for still, accused in known if still.truth.startswith("attack") and _roomy(still)]
    screens = [accused for truth, accused in attacks if truth == "attack_screen"]
    yield _line("device alone, stills, BPCER: bona fide suspected", sum(living), len(living))
    missed = sum(not accused for _, accused in attacks)
    yield _line("device alone, stills with room, APCER: all attacks not suspected", missed, len(attacks))
    missed = len(screens) - sum(screens)
    yield _line("device alone, stills with room, APCER: screen not suspected", missed, len(screens))


def _roomy(still: Still) -> bool:
    live = still.sight.live if still.sight else None
    return live is not None and live.margin >= _LIMITS.min_margin


def _frame_lines(frames: Sequence[Frames]) -> Iterator[str]:
    """The same person throughout: each clip's frame that is least like its usual one, and the frames of others."""
    known = [(one.person, *_usual(one.embeddings)) for one in frames if len(one.embeddings) > 1]
    lowest = [min(cosine(usual, each) for each in rest) for _, usual, rest in known]
    others = [
        cosine(usual, each)
        for person, usual, _ in known
        for other, *_, rest in known
        if other != person
        for each in rest
    ]
    limit = PresenceLimits().same_cosine
    yield "| threshold | clips with a frame below it | frames of other people at it or above |"
    yield "|---|---|---|"
    for threshold in (0.30, 0.35, 0.40, limit, 0.45, 0.50):
        below, above = sum(score < threshold for score in lowest), sum(score >= threshold for score in others)
        yield (
            f"| {threshold:.2f} | {below} of {len(lowest)}: {share(below, len(lowest))} | {above} of {len(others)}: "
            f"{share(above, len(others))} |"
        )


def _usual(embeddings: Sequence[Embedding]) -> tuple[Embedding, list[Embedding]]:
    """The embedding that is most like all others, and the others."""
    unit = np.stack([each / np.linalg.norm(each) for each in embeddings])
    central = int(np.argmax(np.median(unit @ unit.T, axis=1)))
    return embeddings[central], [each for at, each in enumerate(embeddings) if at != central]


def _frontal(sights: Sequence[Sight]) -> Iterator[Embedding]:
    for sight in sights:
        fair = sight.embedding is not None and np.linalg.norm(sight.embedding) >= PresenceLimits().min_norm
        if sight.embedding is not None and fair and frontal(sight.faces[0]):
            yield sight.embedding


def _at_once(work: Callable[[S], T], items: Sequence[S]) -> list[T]:
    with ThreadPoolExecutor(_AT_ONCE) as threads:
        return list(threads.map(work, items))


def _line(what: str, count: int, of: int) -> str:
    return f"| {what} | {count} of {of} | {share(count, of)} |"
