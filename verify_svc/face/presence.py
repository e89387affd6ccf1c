"""Who is in the picture, where and how large, and is it one and the same person throughout?"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from verify_svc.face.track import CHIN, FaceTrack, moment_at, spans_where
from verify_svc.inference.detector import DetectedFace
from verify_svc.inference.faces import Sight
from verify_svc.session.finding import Finding, Moment, Outcome

_LEFT_CHEEK, _RIGHT_CHEEK, _NOSE_BRIDGE, _FOREHEAD_TOP = 234, 454, 168, 10


@dataclass(frozen=True, slots=True)
class PresenceLimits:
    """Sizes are shares of the picture's shorter side."""

    min_found_share: float = 0.7  # of the frames; measured: every uncovered face that fills its place ≥ 0.93
    second_score: float = 0.7  # YuNet; measured: bystanders 0.75–0.94, a mask's folds 0.62–0.69
    second_overlap: float = 0.3  # share of the smaller box inside the larger: the same face seen twice
    second_share: float = 0.2  # of the sharp frames: so many settle it alone
    # One sharp frame with a second face, and two more frames around it. Measured, docs/decisions/0028: of 6,451 frames
    # of 99 clips of one person a single one shows a false second face.
    around_s: float = 0.35
    second_frames: int = 3
    min_width: float = 0.24  # guessed; a selfie at arm's length 0.44, the far one of the trials 0.13
    # Past them neither the background nor the attack detector has room: it wants 1.2 times its box, which measured
    # is 0.93 of the picture over the face.
    max_width: float = 0.75
    max_height: float = 0.75  # forehead to chin, of the picture's height: what binds where a phone is held sideways
    max_aside: float = 0.20  # of the picture's width from its middle; measured: good ≤ 0.04, off-centre 0.35
    max_above: float = 0.28  # of the picture's height; selfies sit 0.1 above to 0.1 below
    max_below: float = 0.26
    same_cosine: float = 0.42  # measured: near-frontal frames of one clip ≥ 0.53, other people ≤ 0.41
    # Of faces held aside and of further looks, against the frontal ones: measured, 45 frames of 10 people ≥ 0.57, of
    # 4430 pairs of people 3 above it.
    aside_cosine: float = 0.35
    aside_turn: float = 1.0  # as far aside as was measured
    frontal_turn: float = 0.25  # nose off the middle of the eyes over their distance
    min_norm: float = 9.0  # SFace's raw norm: covered or burnt-out faces are below 9.2 and compare with nobody

    def surely_company(self, looks: int) -> int:
        """How many of so many sharp frames with a second face settle it."""
        return max(2, math.ceil(self.second_share * looks))


def judge_presence(
    track: FaceTrack,
    times_s: Sequence[float],
    sights: Sequence[Sight],
    between: Sequence[tuple[float, Sight]] = (),
    limits: PresenceLimits = PresenceLimits(),
) -> Finding:
    """One face, there all the time. The score is the share of frames with a face. `between`: further looks, with their
    times."""
    seen_share = float(np.mean([bool(sight.faces) for sight in sights])) if sights else 0.0
    share = max(track.face_share, seen_share)
    crowded = times_of_company(zip(times_s, sights, strict=True), limits)
    reasons: list[str] = []
    moments: list[Moment] = []
    if len(crowded) < limits.surely_company(len(sights)):
        more = times_of_company(between, limits)
        crowded = [
            time_s
            for time_s in crowded
            if 1 + sum(abs(each - time_s) <= limits.around_s for each in more) >= limits.second_frames
        ]
    if crowded:
        reasons.append("face_multiple")
        moments += [moment_at(time_s) for time_s in crowded]
    if share < limits.min_found_share:
        reasons.append("face_not_found")
        moments += spans_where(track.times_s, ~track.found)
    return Finding(
        "face",
        Outcome.FAIL if reasons else Outcome.PASS,
        tuple(reasons),
        score=round(share, 3),
        threshold=limits.min_found_share,
        model="yunet",
        version="2023mar",
        moments=tuple(moments),
        measured={"most_faces": max((1 + len(other_faces(s.faces, limits)) for s in sights if s.faces), default=0)},
    )


def judge_place(track: FaceTrack, limits: PresenceLimits = PresenceLimits()) -> Finding:
    """Size and place. The score is the face's width over the picture's shorter side."""
    if not track.found.any():
        return Finding("place", Outcome.NOT_CHECKED)
    points = track.points[track.found].astype(np.float64)
    width_px, height_px = track.size_px
    width = np.linalg.norm(points[:, _LEFT_CHEEK] - points[:, _RIGHT_CHEEK], axis=1) / min(width_px, height_px)
    middle = points[:, (_LEFT_CHEEK, _RIGHT_CHEEK, _NOSE_BRIDGE)].mean(axis=1)
    across = float(np.median(middle[:, 0])) / width_px - 0.5
    down = float(np.median(middle[:, 1])) / height_px - 0.5
    size = float(np.median(width))
    height = float(np.median(np.linalg.norm(points[:, _FOREHEAD_TOP] - points[:, CHIN], axis=1))) / height_px
    reasons = []
    if size < limits.min_width:
        reasons.append("face_too_small")
    elif size > limits.max_width or height > limits.max_height:
        reasons.append("face_too_large")
    if abs(across) > limits.max_aside or down > limits.max_below or down < -limits.max_above:
        reasons.append("face_off_centre")
    times_s = track.times_s[track.found]
    return Finding(
        "place",
        Outcome.FAIL if reasons else Outcome.PASS,
        tuple(reasons),
        score=round(size, 3),
        threshold=limits.min_width,
        moments=(moment_at(float(np.median(times_s))),) if reasons else (),
        measured={"across": round(across, 3), "down": round(down, 3), "height": round(height, 3)},
    )


def not_comparable(
    times_s: Sequence[float], sights: Sequence[Sight], limits: PresenceLimits = PresenceLimits()
) -> frozenset[float]:
    """When the face said too little to be compared with the others: whose it was then is not known."""
    return frozenset(
        time_s
        for time_s, sight in zip(times_s, sights, strict=True)
        if sight.embedding is not None and np.linalg.norm(sight.embedding) < limits.min_norm
    )


def judge_same_face(
    times_s: Sequence[float],
    sights: Sequence[Sight],
    between: Sequence[tuple[float, Sight]] = (),
    limits: PresenceLimits = PresenceLimits(),
) -> Finding:
    """The same person in all near-frontal frames. The score is the lowest cosine to the frame most like all others.

    Frames held aside are compared with that one too, more leniently: a turn of the head must not hide another. So are
    further looks, `between`, with their times: what makes a moment worth a look is movement more often than not. A head
    that is held a little aside all the time shows no frontal frame: then all are compared, alike in pose.
    """
    known, more = _embedded(zip(times_s, sights, strict=True), limits), _embedded(between, limits)
    rows = [row for row in known if abs(row[2]) <= limits.frontal_turn]
    aside = [row for row in known if limits.frontal_turn < abs(row[2]) <= limits.aside_turn] if len(rows) > 1 else []
    aside += [row for row in more if abs(row[2]) <= limits.aside_turn] if len(rows) > 1 else []
    if len(rows) < 2 and known:
        usual = float(np.median([row[2] for row in known]))
        rows = [row for row in known if abs(row[2] - usual) <= limits.frontal_turn]
    if len(rows) < 2:
        return Finding("same_face", Outcome.NOT_CHECKED, measured={"frames": len(rows)})
    unit = np.stack([row[1] for row in rows])
    cosines: NDArray[np.float32] = unit @ unit.T
    central = int(np.argmax(np.median(cosines, axis=1)))
    others = np.delete(cosines[central], central)
    lowest = float(others.min())
    odd = [row[0] for row, cosine in zip(rows, cosines[central], strict=True) if cosine < limits.same_cosine]
    turned = [float(row[1] @ unit[central]) for row in aside]
    odd += [row[0] for row, cosine in zip(aside, turned, strict=True) if cosine < limits.aside_cosine]
    changed = bool(odd)
    return Finding(
        "same_face",
        Outcome.FAIL if changed else Outcome.PASS,
        ("face_changed",) if changed else (),
        score=round(lowest, 3),
        threshold=limits.same_cosine,
        model="sface",
        version="2021dec",
        moments=tuple(moment_at(time_s) for time_s in sorted(odd)),
        measured={"frames": len(rows), "aside": len(aside), "lowest_aside": round(min(turned), 3) if turned else None},
    )


def _embedded(
    looks: Iterable[tuple[float, Sight]], limits: PresenceLimits
) -> list[tuple[float, NDArray[np.float32], float]]:
    """Of those that can be compared: time, direction of the embedding, turn."""
    return [
        (time_s, sight.embedding / np.linalg.norm(sight.embedding), nose_aside(sight.faces[0]))
        for time_s, sight in looks
        if sight.embedding is not None and np.linalg.norm(sight.embedding) >= limits.min_norm
    ]


def frontal(face: DetectedFace, limits: PresenceLimits = PresenceLimits()) -> bool:
    """Whether the nose is near the middle of the eyes."""
    return abs(nose_aside(face)) <= limits.frontal_turn


def nose_aside(face: DetectedFace) -> float:
    """How far the nose is off the middle of the eyes over their distance; positive to the picture's right."""
    eyes = face.points[:2, 0]
    return float((face.points[2, 0] - eyes.mean()) / max(float(np.ptp(eyes)), 1.0))


def times_of_company(looks: Iterable[tuple[float, Sight]], limits: PresenceLimits) -> list[float]:
    """When a look shows a second face."""
    return [time_s for time_s, sight in looks if other_faces(sight.faces, limits)]


def other_faces(faces: Sequence[DetectedFace], limits: PresenceLimits) -> list[DetectedFace]:
    """Faces besides the largest that are surely faces and not a part of it."""
    if not faces:
        return []
    return [f for f in faces[1:] if f.score >= limits.second_score and _overlap(f, faces[0]) <= limits.second_overlap]


def _overlap(small: DetectedFace, large: DetectedFace) -> float:
    (ax, ay, aw, ah), (bx, by, bw, bh) = small.box, large.box
    across = max(0.0, min(ax + aw, bx + bw) - max(ax, bx))
    down = max(0.0, min(ay + ah, by + bh) - max(ay, by))
    return across * down / max(aw * ah, 1.0)
