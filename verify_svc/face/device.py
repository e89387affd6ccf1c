"""Is the face shown on a phone, a laptop or a monitor that is itself in the picture?

A classifier of everyday things skims the whole frame; where it thinks of a screen at all, a detector looks whether one
holds the face (docs/decisions/0027). Who fills the picture with the screen shows no device.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from verify_svc.face.track import moment_at
from verify_svc.inference.devices import SIDE_PX, Look, device_scores
from verify_svc.inference.engines import INFERENCE_S, Engines
from verify_svc.inference.faces import Sight
from verify_svc.inference.things import SIDE_PX as WHOLE_SIDE_PX
from verify_svc.inference.things import screen_shares
from verify_svc.session.finding import Finding, Outcome

Pixels = NDArray[np.uint8]

_ROUND = 3.5  # of the face's longer side: the square's


@dataclass(frozen=True, slots=True)
class DeviceLimits:
    """Units as in `DeviceLook`. Measured: docs/decisions/0027."""

    max_sum: float = 0.35  # of share and score, and a score at all: of 267 living people 0.31 and less
    likely_share: float = 0.05  # below it the detector is spared: 200 of 211 living people
    frames: int = 2  # looked at; each costs 7 ms, and 22 more where a screen is likely


@dataclass(frozen=True, slots=True)
class DeviceLook:
    """One frame: the `share`, 0–1, that the classifier gives to screens in the whole of it, and the detector's `score`,
    0–1, of a device that holds the face; 0 where it wasn't asked."""

    time_s: float
    share: float
    score: float = 0.0


def look_for_devices(
    engines: Engines,
    times_s: Sequence[float],
    pictures: Sequence[Pixels],
    sights: Sequence[Sight],
    limits: DeviceLimits = DeviceLimits(),
) -> tuple[DeviceLook, ...]:
    """Look at the few RGB frames that show most of what is round the face."""
    places = frames_with_most_room(sights, limits)
    if not places:
        return ()
    shares = engines.inference.call(
        INFERENCE_S, screen_shares, [_squeezed(pictures[place], WHOLE_SIDE_PX) for place in places]
    )
    likely = [place for place, share in zip(places, shares, strict=True) if share >= limits.likely_share]
    looks = [look_round_face(pictures[place], sights[place].faces[0].box) for place in likely]
    found = engines.inference.call(INFERENCE_S, device_scores, looks) if looks else ()
    scores = dict(zip(likely, found, strict=True))
    return tuple(
        DeviceLook(times_s[place], share, scores.get(place, 0.0)) for place, share in zip(places, shares, strict=True)
    )


def frames_with_most_room(sights: Sequence[Sight], limits: DeviceLimits = DeviceLimits()) -> list[int]:
    """In each part of the clip the frame whose face is smallest: most of what is round it is in the picture."""
    seen = np.array([place for place, sight in enumerate(sights) if sight.faces], dtype=int)
    parts = np.array_split(seen, limits.frames)
    return [min(map(int, part), key=lambda place: sights[place].faces[0].box[3]) for part in parts if part.size]


def look_round_face(picture: Pixels, face: tuple[float, float, float, float]) -> Look:
    """What is round the face in an RGB frame, and where the face is in it.

    It ends where the picture ends, and is squeezed: what is added beyond the edge looks like a screen's frame.
    """
    x, y, width, height = face
    reach = _ROUND * max(width, height) / 2
    left, top = (max(0, int(middle - reach)) for middle in (x + width / 2, y + height / 2))
    right = min(picture.shape[1], max(left + 1, int(x + width / 2 + reach)))
    bottom = min(picture.shape[0], max(top + 1, int(y + height / 2 + reach)))
    part = picture[top:bottom, left:right]
    across, down = SIDE_PX / part.shape[1], SIDE_PX / part.shape[0]
    return _squeezed(part, SIDE_PX), ((x - left) * across, (y - top) * down, width * across, height * down)


def judge_device(looks: Sequence[DeviceLook], limits: DeviceLimits = DeviceLimits()) -> Finding:
    """Whether any of the looks shows one. The score is the surest look's."""
    if not looks:
        return Finding("device", Outcome.NOT_CHECKED)
    surest = max(looks, key=_sureness)
    found = _sureness(surest) > limits.max_sum
    return Finding(
        "device",
        Outcome.FAIL if found else Outcome.PASS,
        ("presentation_attack_suspected",) if found else (),
        score=round(_sureness(surest), 3),
        threshold=limits.max_sum,
        model="efficientdet_lite0",
        version="int8/1",
        moments=(moment_at(surest.time_s),) if found else (),
        measured={"screen_share": round(surest.share, 3), "frames": len(looks)},
    )


def _sureness(look: DeviceLook) -> float:
    """What both networks say, added; 0 where the detector saw no device hold the face: a wall of pictures behind a
    newsreader, or a laptop beside a speaker, is much of a screen to the classifier."""
    return look.share + look.score if look.score > 0 else 0.0


def _squeezed(picture: Pixels, side_px: int) -> Pixels:
    enlarged = min(picture.shape[:2]) < side_px
    way = cv2.INTER_LINEAR if enlarged else cv2.INTER_AREA
    return np.asarray(cv2.resize(picture, (side_px, side_px), interpolation=way), np.uint8)
