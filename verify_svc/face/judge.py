"""Everything that was measured of one clip → findings, all at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from verify_svc.face.attack import judge_attack
from verify_svc.face.background import Wall, judge_background, look_at_wall, wall_tilt
from verify_svc.face.border import Border, BorderLimits, judge_border, look_for_border
from verify_svc.face.cover import LowerFace, judge_cover, look_at_lower_face
from verify_svc.face.device import DeviceLook, judge_device
from verify_svc.face.eyes import EyeLimits, judge_eyes
from verify_svc.face.hand import HandLook, judge_hand
from verify_svc.face.match import Reference, judge_match
from verify_svc.face.pose import face_jitter, judge_pose
from verify_svc.face.presence import judge_place, judge_presence, judge_same_face
from verify_svc.face.quality import FaceLook, Pixels, QualityLimits, judge_light, judge_sharpness, look_at_face
from verify_svc.face.repeats import Repeats, judge_frozen, judge_loop
from verify_svc.face.shoulders import Shoulders, judge_shoulders, look_at_shoulders
from verify_svc.face.track import LEFT_IRIS, RIGHT_IRIS, FaceTrack
from verify_svc.face.turn import AskedTurn, judge_turn, still_part
from verify_svc.face.typed import held_part
from verify_svc.face.worn import WornLook, judge_worn
from verify_svc.inference.faces import Sight
from verify_svc.session.finding import Finding, Outcome, not_applying


@dataclass(frozen=True, slots=True)
class Looks:
    """What was measured on the sharp frames; each in the order of time."""

    faces: tuple[FaceLook, ...] = ()
    walls: tuple[Wall, ...] = ()
    shoulders: tuple[Shoulders, ...] = ()
    lower: tuple[LowerFace, ...] = ()
    borders: tuple[Border, ...] = ()  # of a few frames over the whole clip
    eyes_px: float = 0.0  # median distance of the irises


@dataclass(frozen=True, slots=True)
class Observed:
    """One clip as it was seen. `sharp_times_s` belong to `sights`; `turn`: a turn of the head that was asked for.
    `presses_s`: when keys were pressed on the phone. `between`: further looks at who is there, with their times."""

    track: FaceTrack
    sharp_times_s: tuple[float, ...]
    sights: tuple[Sight, ...] = field(repr=False)
    looks: Looks = field(repr=False)
    repeats: Repeats
    reference: Reference | None = field(repr=False, default=None)
    reference_given: bool = False
    turn: AskedTurn | None = None
    presses_s: tuple[float, ...] = ()
    worn: tuple[WornLook, ...] = ()
    between: tuple[tuple[float, Sight], ...] = field(default=(), repr=False)
    devices: tuple[DeviceLook, ...] = ()
    hands: tuple[HandLook, ...] = ()


def look_at(track: FaceTrack, times_s: Sequence[float], pictures: Sequence[Pixels], sights: Sequence[Sight]) -> Looks:
    """Measure the sharp frames (RGB) where the track holds a face."""
    faces, walls, shoulders, lower, eyes_px = [], [], [], [], []
    for time_s, picture, sight in zip(times_s, pictures, sights, strict=True):
        row = track.nearest(time_s)
        if row is None:
            continue
        points = track.points_in(row, (picture.shape[1], picture.shape[0]))
        faces.append(look_at_face(time_s, picture, points))
        eyes_px.append(float(np.linalg.norm(points[RIGHT_IRIS] - points[LEFT_IRIS])))
        covered = look_at_lower_face(time_s, picture, points)
        if covered is not None:
            lower.append(covered)
        if sight.mask is None or sight.grid is None:
            continue
        wall = look_at_wall(
            time_s, sight.grid, sight.mask, track.points_in(row, (sight.grid.shape[1], sight.grid.shape[0]))
        )
        if wall is not None:
            walls.append(wall)
        dress = look_at_shoulders(time_s, picture, sight.mask, points)
        if dress is not None:
            shoulders.append(dress)
    borders = tuple(_borders(times_s, pictures, sights))
    return Looks(
        tuple(faces),
        tuple(walls),
        tuple(shoulders),
        tuple(lower),
        borders,
        float(np.median(eyes_px)) if eyes_px else 0.0,
    )


def _borders(times_s: Sequence[float], pictures: Sequence[Pixels], sights: Sequence[Sight]) -> Iterator[Border]:
    seen = [place for place, sight in enumerate(sights) if sight.faces]
    for place in {seen[at] for at in np.linspace(0, len(seen) - 1, BorderLimits().frames).astype(int)} if seen else ():
        border = look_for_border(times_s[place], pictures[place], sights[place].faces[0])
        if border is not None:
            yield border


def judge_clip(observed: Observed, eyes: EyeLimits) -> tuple[Finding, ...]:
    """All findings about the picture; what bad light would make a guess of is not checked, and says so."""
    track, looks, times_s, sights = observed.track, observed.looks, observed.sharp_times_s, observed.sights
    light = judge_light(looks.faces, wall_tilt(looks.walls))
    lit = light.outcome is Outcome.PASS
    sharp = judge_sharpness(looks.faces, looks.eyes_px, face_jitter(track))
    coloured = (light.score or 0.0) >= QualityLimits().colour_level and "too_bright" not in light.reasons
    cover = judge_cover(track, looks.lower) if coloured else Finding("cover", Outcome.NOT_CHECKED)
    place = judge_place(track)
    still = still_part(track, observed.turn)
    pose = judge_pose(still)
    if pose.outcome is Outcome.FAIL and observed.presses_s:
        pose = judge_pose(held_part(still, observed.presses_s))
    # The attack detector fails on dark, covered, cut-off and shaken faces, which are to be redone anyway.
    fit = lit and all(finding.outcome is not Outcome.FAIL for finding in (cover, place, sharp))
    fit = fit and "head_shaking" not in pose.reasons
    frozen = judge_frozen(observed.repeats, track)
    moving = frozen.outcome is Outcome.PASS and all(each.outcome is not Outcome.FAIL for each in (sharp, pose))
    return (
        judge_presence(track, times_s, sights, observed.between),
        place,
        judge_same_face(times_s, sights, observed.between),
        cover,
        judge_hand(observed.hands),
        judge_worn(observed.worn, lit and cover.outcome is not Outcome.FAIL),
        judge_shoulders(looks.shoulders, lit and cover.outcome is not Outcome.FAIL),
        judge_eyes(still, eyes),
        pose,
        sharp,
        light,
        judge_background(looks.walls, lit),
        judge_attack(times_s, sights, fit, light.score or 0.0),
        judge_border(looks.borders),
        judge_device(observed.devices),
        frozen,
        judge_loop(observed.repeats, moving),
        judge_match(sights, observed.reference, observed.reference_given),
        not_applying("head_turn") if observed.turn is None else judge_turn(track, observed.turn),
    )
