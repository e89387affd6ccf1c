"""One small frame of the camera's picture → what is wrong with it, told while the face is framed. Never a verdict.

What the judges of a clip measure and where they draw the line is theirs; here it is asked of a single frame, a little
kinder: who is let through at the edge may still fail, who is held up by mistake gives up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from verify_svc.face.background import BackgroundLimits, judge_background, look_at_wall
from verify_svc.face.cover import CoverLimits, judge_cover, look_at_lower_face
from verify_svc.face.eyes import EyeLimits, closed_eyes
from verify_svc.face.pose import PoseLimits
from verify_svc.face.presence import PresenceLimits, judge_place, other_faces
from verify_svc.face.quality import QualityLimits, judge_light, judge_sharpness, look_at_face
from verify_svc.face.shoulders import ShoulderLimits, judge_shoulders, look_at_shoulders
from verify_svc.face.track import LEFT_IRIS, RIGHT_IRIS, FaceTrack, build_track
from verify_svc.face.worn import WornLimits, are_bare, judge_worn, look_at_eyes, worn_look
from verify_svc.inference.detector import DetectedFace, detect_faces
from verify_svc.inference.faces import on_mask_grid, person_mask
from verify_svc.inference.mesh import mesh_faces
from verify_svc.inference.things import SIDE_PX, sunglasses_shares
from verify_svc.session.finding import Finding, Outcome
from verify_svc.session.reasons import REASONS

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    L = TypeVar("L", bound=DataclassInstance)
else:
    L = TypeVar("L")

Pixels = NDArray[np.uint8]

# Pale lips (contrast 0.024 and more) are told from a hand (0.009 and less) by their movement, which one frame doesn't
# show: there only no lips at all count.
_COVER = replace(CoverLimits(), min_frames=1, lip_range=0.0, no_lips=CoverLimits().bare)
# No other frame shows how the eyes are when they are open. Measured (docs/decisions/0021): closed lids 0.41 and more at
# a height of 0.1 and less, open eyes of 0.16 and more.
_EYES = replace(EyeLimits(), closed_blink=0.4, closed_ratio=0.1)
# The eyes alone are looked at, for half the time of both looks.
_WORN = replace(WornLimits(), sunglasses=WornLimits().eyes_alone)
_SHOULDERS = replace(ShoulderLimits(), bare=ShoulderLimits().bare_in_one)
REASONS_HINTED = frozenset(
    {
        *("face_not_found", "face_multiple", "face_too_small", "face_too_large", "face_off_centre", "face_occluded"),
        *("eyes_closed", "head_turned", "head_shaking", "background_not_white", "too_dark", "too_bright"),
        *("video_blurry", "sunglasses_worn", "shoulders_bare"),
    }
)
"""What a glance can say."""
CHECKS = ("place", "eyes", "head", "cover", "light", "background", "sharpness", "worn", "shoulders")
_DETECT_LONG_SIDE_PX = 320  # the detector's time is that of its picture: 9 ms, at 480 px 21


@dataclass(frozen=True, slots=True)
class HintLimits:
    """How a single frame is judged by the limits of the clip's judges."""

    kinder: float = 0.05  # of each limit; guessed
    # A head that shakes: between two frames at least the judge's swing, and its speed.
    least_between_s: float = 0.2
    most_between_s: float = 1.5  # guessed: past it people may have moved as they like
    shifts: float = 4.0  # times the judge's jitter, which is a standard deviation: the face's way between two frames


@dataclass(frozen=True, slots=True)
class Head:
    """Where the head was in a frame: the middle of the face and its width in shares of the picture's shorter side, the
    angles in degrees as in `FaceTrack`."""

    x: float
    y: float
    width: float
    yaw_deg: float
    pitch_deg: float
    roll_deg: float


@dataclass(frozen=True, slots=True)
class Before:
    """The head in the frame before, that many seconds ago."""

    head: Head
    ago_s: float


@dataclass(frozen=True, slots=True)
class Glance:
    """What is wrong in one frame: reason codes, the most mendable first. `not_checked` are the `CHECKS` that this frame
    says nothing about; `head` is None where no face was found."""

    reasons: tuple[str, ...]
    not_checked: tuple[str, ...] = ()
    head: Head | None = None


def glance_at(picture: Pixels, before: Before | None = None, limits: HintLimits = HintLimits()) -> Glance:
    """Look at one RGB frame. Runs in the child for hints, whose weights are loaded at the first call."""
    height, width = picture.shape[:2]
    faces = _detected(picture)
    if not faces:
        return Glance(("face_not_found",), CHECKS)
    track = build_track(mesh_faces([picture], faces[:1]), [0.0], (width, height))
    if not track.found[0]:
        return Glance(("face_not_found",), CHECKS)
    head = _head(track)
    several = bool(other_faces(faces, kinder(PresenceLimits(), limits.kinder)))
    findings = (
        judge_place(track, kinder(PresenceLimits(), limits.kinder)),
        _eyes(track),
        _pose(head, before, limits),
        *_looks(picture, track, limits),
    )
    found = {reason for finding in findings if finding.outcome is Outcome.FAIL for reason in finding.reasons}
    if several:
        found.add("face_multiple")
    return Glance(
        tuple(code for code in REASONS if code in found),
        tuple(finding.check for finding in findings if finding.outcome is Outcome.NOT_CHECKED),
        head,
    )


def warm_hints(picture: Pixels) -> None:
    """Load what this child will need and run each network once. Runs in the child for hints."""
    height, width = picture.shape[:2]
    detect_faces(picture)
    points = np.asarray([[0.4, 0.4], [0.6, 0.4], [0.5, 0.5], [0.4, 0.6], [0.6, 0.6]], np.float32) * (width, height)
    mesh_faces([picture], [DetectedFace((0.0, 0.0, float(width), float(height)), points.astype(np.float32), 1.0)])
    grid = on_mask_grid(picture)
    look_at_wall(0.0, grid, person_mask(grid), np.zeros((478, 2)))  # OpenCV lays out its colours: 0.1 s
    sunglasses_shares([np.zeros((SIDE_PX, SIDE_PX, 3), np.uint8)])


def kinder(limits: L, by: float) -> L:
    """The limits with every measure that is at least or at most something moved outwards by that share.

    >>> wider = kinder(PresenceLimits(), 0.1)
    >>> round(wider.min_width, 3), round(wider.max_width, 3), wider.second_score
    (0.216, 0.825, 0.7)
    """
    moved = {}
    for each in fields(limits):
        value = getattr(limits, each.name)
        if isinstance(value, float) and each.name.startswith(("min_", "max_")):
            moved[each.name] = value * (1 - by if each.name.startswith("min_") else 1 + by)
    return replace(limits, **moved)


def _detected(picture: Pixels) -> tuple[DetectedFace, ...]:
    scale = _DETECT_LONG_SIDE_PX / max(picture.shape[:2])
    if scale >= 1:
        return detect_faces(picture)
    small = np.asarray(cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)
    return tuple(face.scaled(1 / scale) for face in detect_faces(small))


def _head(track: FaceTrack) -> Head:
    points = track.points[0].astype(np.float64)
    side_px = min(track.size_px)
    middle, reach = points.mean(axis=0) / side_px, np.ptp(points[:, 0]) / side_px
    angles = (float(track.yaw_deg[0]), float(track.pitch_deg[0]), float(track.roll_deg[0]))
    return Head(
        round(float(middle[0]), 4),
        round(float(middle[1]), 4),
        round(float(reach), 4),
        *(round(angle, 1) for angle in angles),
    )


def _eyes(track: FaceTrack) -> Finding:
    if track.eyes_px < _EYES.least_eyes_px:
        return Finding("eyes", Outcome.NOT_CHECKED)
    closed = bool(closed_eyes(track, _EYES)[0])
    return Finding("eyes", Outcome.FAIL if closed else Outcome.PASS, ("eyes_closed",) if closed else ())


def _pose(head: Head, before: Before | None, limits: HintLimits) -> Finding:
    judge = PoseLimits()
    reasons = []
    wide = 1 + limits.kinder
    turned = (
        abs(head.yaw_deg) > judge.turned_yaw_deg * wide
        or abs(head.pitch_deg) > judge.turned_pitch_deg * wide
        or abs(head.roll_deg) > judge.turned_roll_deg * wide
    )
    if before is not None and limits.least_between_s <= before.ago_s <= limits.most_between_s:
        was = before.head
        swung_deg = max(
            abs(head.yaw_deg - was.yaw_deg), abs(head.pitch_deg - was.pitch_deg), abs(head.roll_deg - was.roll_deg)
        )
        fast = swung_deg >= max(judge.swing_deg, judge.swing_speed_dps * before.ago_s) * wide
        shift = float(np.hypot(head.x - was.x, head.y - was.y)) / max(head.width, was.width, 1e-6)
        if fast or shift > limits.shifts * judge.max_jitter * wide:
            reasons.append("head_shaking")
    if turned and not reasons:
        reasons.append("head_turned")
    return Finding("head", Outcome.FAIL if reasons else Outcome.PASS, tuple(reasons))


def _looks(picture: Pixels, track: FaceTrack, limits: HintLimits) -> Sequence[Finding]:
    """Light, and what can be seen in it only: wall, cover, sharpness."""
    points = track.points[0]
    quality = replace(
        kinder(QualityLimits(), limits.kinder), side_light=float("inf"), side_light_with_wall=float("inf")
    )
    face = look_at_face(0.0, picture, points)
    light = judge_light([face], None, quality)
    if light.outcome is not Outcome.PASS:
        unlit = ("cover", "background", "sharpness", "worn", "shoulders")
        return (light, *(Finding(check, Outcome.NOT_CHECKED) for check in unlit))
    grid = on_mask_grid(picture)
    mask = person_mask(grid)
    wall = look_at_wall(0.0, grid, mask, track.points_in(0, (grid.shape[1], grid.shape[0])))
    shoulders = look_at_shoulders(0.0, picture, mask, points)
    lower = look_at_lower_face(0.0, picture, points)
    eyes_px = float(np.linalg.norm(points[RIGHT_IRIS] - points[LEFT_IRIS]))
    cover = judge_cover(track, [] if lower is None else [lower], _COVER)
    return (
        light,
        cover,
        judge_background([] if wall is None else [wall], True, kinder(BackgroundLimits(), limits.kinder)),
        judge_sharpness([face], eyes_px, 0.0, quality),
        _worn(picture, points) if cover.outcome is not Outcome.FAIL else judge_worn((), False),
        judge_shoulders([] if shoulders is None else [shoulders], cover.outcome is not Outcome.FAIL, _SHOULDERS),
    )


def _worn(picture: Pixels, points: NDArray[np.float32]) -> Finding:
    """Sunglasses by the look at the eyes."""
    eyes, under_eyes = look_at_eyes(picture, points)
    shares = () if are_bare(under_eyes, _WORN) else sunglasses_shares([eyes])
    return judge_worn([worn_look(0.0, under_eyes, shares)], True, _WORN)
