"""Selfie clips reading digits, good or with one fault, made of a free portrait and a free voice.

`make_clip("president", "483026", onsets_s=(0.9, …), fault=None, out=Path("clip"), formats=("mp4",))`
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from tests.specimens.faults import cover, light_and_lens
from tests.specimens.palm import lay_hand
from tests.specimens.portrait import Framing, Person, Pixels, Pose
from tests.specimens.recording import Recording, write_wav
from tests.specimens.voice import Track, say

FAULTS = (
    *("eyes_closed", "many_blinks", "shake", "still", "blur", "motion_blur", "dark", "bright", "side_light"),
    *(
        "second_face",
        "other_midway",
        "mask",
        "hand",
        "hand_for_a_moment",
        "sunglasses",
        "glasses",
        "bare_shoulders",
        "coat",
        "scarf",
        "off_centre",
        "too_small",
        "background_blue",
        "background_clutter",
    ),
    *("wrong_digit", "missing_digit", "extra_digit", "silent", "quiet", "noise", "no_sound", "low_fps"),
)
_LEAD_S, _STEP_S, _TAIL_S = 0.9, 0.95, 0.9
_NOISE_RATIO_DB = 0.0


@dataclass(frozen=True, slots=True)
class Clip:
    """What was made: its files by format, and the truth about it."""

    files: dict[str, Path]
    asked: str
    spoken: str
    spans_s: tuple[tuple[float, float], ...]
    seconds: float
    fps: float
    fault: str | None


@dataclass(frozen=True, slots=True)
class HeadTurn:
    """The head turns and comes back; `yaw_deg` positive to the picture's right, which is the person's left."""

    from_s: float
    until_s: float
    yaw_deg: float

    def yaw_at(self, times_s: NDArray[Any]) -> NDArray[Any]:
        """The angle at each time: there, held for a moment, and back."""
        share = np.clip((times_s - self.from_s) / (self.until_s - self.from_s), 0, 1)
        return np.asarray(self.yaw_deg * np.clip(1.4 * np.sin(np.pi * share), 0, 1))


@dataclass(slots=True)
class Scene:
    """What stands still while the frames are made."""

    size_px: tuple[int, int]
    fps: float
    fault: str | None
    person: Person
    other: Person | None
    wall: Pixels
    grain: list[NDArray[Any]] = field(repr=False)


def make_clip(
    person: str,
    digits: str,
    onsets_s: Sequence[float] | None = None,
    fault: str | None = None,
    out: Path = Path("clip"),
    formats: Sequence[str] = ("mp4",),
    *,
    seconds: float | None = None,
    turn: HeadTurn | None = None,
    size_px: tuple[int, int] = (480, 640),
    fps: float = 25.0,
    seed: int = 1,
) -> Clip:
    """Write `out`.mp4, .webm, .mjpeg, .y4m or .wav: `person` (a name of `carriers.PICTURES`) reading `digits`.

    `onsets_s`: when each digit is to begin, on the file's clock; None: evenly. Faults: `FAULTS`. A digit that a fault
    leaves out or adds keeps the others' onsets. With `seconds` the clip is that long. Without digits nobody speaks.
    """
    if fault is not None and fault not in FAULTS:
        raise ValueError(f"no such fault: {fault}")
    rng = np.random.default_rng(seed)
    fps = 8.0 if fault == "low_fps" else fps
    onsets = list(onsets_s or [_LEAD_S + _STEP_S * place for place in range(len(digits))])
    spoken, said_at = _spoken(digits, onsets, fault)
    seconds = seconds or max([*onsets, *said_at]) + _STEP_S + _TAIL_S
    heard = "" if fault == "silent" else spoken
    track = say(
        spoken,
        said_at,
        seconds,
        noise_ratio_db=_NOISE_RATIO_DB if fault == "noise" else None,
        gain=0.0 if fault == "silent" else 0.004 if fault == "quiet" else 1.0,
    )
    poses = _poses(track, seconds, fps, fault, rng)
    if turn is not None:
        yaws = turn.yaw_at(np.arange(len(poses)) / fps)
        poses = [replace(pose, yaw_deg=pose.yaw_deg + yaw) for pose, yaw in zip(poses, yaws.tolist(), strict=True)]
    kinds = [kind for kind in formats if kind != "wav"]
    recordings = [Recording(out.with_suffix(f".{kind}"), fps, size_px) for kind in kinds]
    if fault != "no_sound":
        recordings = [recording.with_sound() for recording in recordings]
    scene = _scene(person, size_px, fps, fault, rng)
    for picture in _frames(scene, poses, rng):
        for recording in recordings:
            recording.add(picture)
    for recording in recordings:
        recording.close(None if fault == "no_sound" else track.samples)
    if "wav" in formats:
        write_wav(out.with_suffix(".wav"), track.samples)
    files = {kind: out.with_suffix(f".{kind}") for kind in formats}
    return Clip(files, digits, heard, track.spans_s, seconds, fps, fault)


def make_frame(
    person: str = "president",
    fault: str | None = None,
    pose: Pose | None = None,
    framing: Framing | None = None,
    size_px: tuple[int, int] = (480, 640),
) -> Pixels:
    """One frame (RGB) of such a clip. `framing` stands in for that of the fault."""
    rng = np.random.default_rng(1)
    scene = _scene(person, size_px, 10.0, fault, rng)
    if framing is not None:
        scene.person = Person(person, size_px, framing)
    return next(_frames(scene, [pose or Pose()], rng))


def write_truth(clip: Clip, path: Path) -> None:
    """Write what is true of the clip as JSON."""
    truth = asdict(clip) | {"files": {kind: file.name for kind, file in clip.files.items()}}
    path.write_text(json.dumps(truth, indent=1) + "\n", encoding="utf-8")


def _spoken(digits: str, onsets_s: Sequence[float], fault: str | None) -> tuple[str, list[float]]:
    """What is said and when."""
    place = len(digits) // 2
    if fault == "missing_digit":
        return digits[:place] + digits[place + 1 :], [*onsets_s[:place], *onsets_s[place + 1 :]]
    if fault == "wrong_digit":
        other = next(digit for digit in "7294" if digit not in digits[place - 1 : place + 2])
        return digits[:place] + other + digits[place + 1 :], list(onsets_s)
    if fault == "extra_digit":
        other = next(digit for digit in "5183" if digit != digits[-1])
        return digits + other, [*onsets_s, onsets_s[-1] + _STEP_S]
    return digits, list(onsets_s)


def _poses(track: Track, seconds: float, fps: float, fault: str | None, rng: np.random.Generator) -> list[Pose]:
    """The movements: the mouth follows the sound, the head drifts, the eyes blink."""
    times = np.arange(round(seconds * fps)) / fps
    mouth = track.loudness[np.minimum((times * 100 + 3).astype(int), track.loudness.size - 1)]
    lids = np.zeros_like(times)
    every_s = 0.55 if fault == "many_blinks" else 2.9
    for moment in np.arange(0.5, seconds, every_s) + rng.uniform(-0.1, 0.1):
        lids = np.maximum(lids, np.clip(1.6 - np.abs(times - moment) / 0.085, 0, 1))
    if fault == "eyes_closed":
        lids = np.where((times > 0.3 * seconds) & (times < 0.6 * seconds), 1.0, lids)
    phases = rng.uniform(0, 6, (5, 3))
    waves = 2 * np.pi * np.array([0.13, 0.29, 0.53])[None, :, None] * times + phases[:, :, None]
    yaw, pitch, roll, across, down = np.sin(waves).sum(axis=1) * np.array([1.2, 0.8, 0.5, 1.0, 1.0])[:, None]
    if fault == "shake":
        yaw = yaw + 32 * np.sin(2 * np.pi * 0.8 * times)
    if fault == "still":
        return [Pose()] * times.size
    rows = np.stack([mouth, lids, yaw, pitch, roll, across, down], axis=1).tolist()
    return [Pose(m, c, y, p, r, (dx, dy)) for m, c, y, p, r, dx, dy in rows]


def _scene(person: str, size_px: tuple[int, int], fps: float, fault: str | None, rng: np.random.Generator) -> Scene:
    framing = {
        "too_small": Framing(width=0.15, down=0.55),
        "off_centre": Framing(across=0.14),
        "second_face": Framing(width=0.36, across=0.36),
    }.get(fault or "", Framing())
    other = None
    stranger = "astronaut" if person != "astronaut" else "vice_president"
    if fault == "second_face":
        other = Person(stranger, size_px, Framing(width=0.2, across=0.82, down=0.3))
    elif fault == "other_midway":
        other = Person(stranger, size_px)
    shape = (size_px[1], size_px[0], 3)
    grain = [np.round(rng.standard_normal(shape) * 1.2).astype(np.int16) for _ in range(5)]
    return Scene(size_px, fps, fault, Person(person, size_px, framing), other, _wall(size_px, fault, rng), grain)


def _wall(size_px: tuple[int, int], fault: str | None, rng: np.random.Generator) -> Pixels:
    """An unevenly lit white wall, a blue one, or one with things on it."""
    width, height = size_px
    colour = (70, 118, 190) if fault == "background_blue" else (212, 211, 206)
    wall = np.full((height, width, 3), colour, np.float32)
    if fault == "background_clutter":
        for _ in range(45):
            left, top = int(rng.integers(-30, width)), int(rng.integers(-30, height))
            right, bottom = left + int(rng.integers(15, 100)), top + int(rng.integers(25, 190))
            cv2.rectangle(wall, (left, top), (right, bottom), [float(c) for c in rng.integers(25, 230, 3)], -1)
    across, down = np.meshgrid(np.linspace(-1, 1, width), np.linspace(-1, 1, height))
    shade = 1 + 0.04 * across - 0.03 * down - 0.03 * (across**2 + down**2)
    return np.asarray(np.clip(wall * shade[..., None], 0, 255), np.uint8)


def _frames(scene: Scene, poses: Sequence[Pose], rng: np.random.Generator) -> Iterator[Pixels]:
    """Each frame composed, lit, and given the sensor's grain."""
    for number, pose in enumerate(poses):
        behind = scene.wall
        first = scene.person
        if scene.fault == "second_face" and scene.other is not None:
            behind = _lay(behind, *scene.other.render(Pose(yaw_deg=-pose.yaw_deg)))
        if scene.fault == "other_midway" and scene.other is not None and number > len(poses) // 2:
            first = scene.other
        frame = _lay(behind, *first.render(pose))
        frame = cover(frame, first, pose, scene.fault)
        if scene.fault == "hand_for_a_moment" and 0.45 < number / len(poses) < 0.55:
            points = first.points + np.array(pose.shift_px, np.float32)
            frame = lay_hand(frame, points[17], 0.52 * float(np.ptp(points[:, 0])), points[50], 0.4)
        frame = light_and_lens(frame, scene.fault, number, scene.fps)
        grain = scene.grain[int(rng.integers(len(scene.grain)))]
        yield np.asarray(np.clip(frame.astype(np.int16) + grain, 0, 255), np.uint8)


def _lay(behind: Pixels, colours: Pixels, alpha: NDArray[np.float32]) -> Pixels:
    return np.asarray(cv2.blendLinear(colours, behind, alpha, 1 - alpha), np.uint8)
