"""All findings of one clip: what one check sees decides what another may be believed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.face.made_tracks import FPS, SIZE_PX, calm_track, look, sight
from verify_svc.face.device import DeviceLook
from verify_svc.face.eyes import EyeLimits
from verify_svc.face.hand import HandLook
from verify_svc.face.judge import Looks, Observed, judge_clip, look_at
from verify_svc.face.quality import FaceLook
from verify_svc.face.repeats import Repeats
from verify_svc.session.finding import Finding, Outcome

_TIMES_S = tuple(0.5 * number for number in range(12))
_SECONDS = np.arange(round(6 * FPS)) / FPS


def _found(
    looks: tuple[FaceLook, ...] = (),
    devices: tuple[DeviceLook, ...] = (),
    hands: tuple[HandLook, ...] = (),
    **track: Any,
) -> dict[str, Finding]:
    """What is found of a clip whose every frame the detector takes for an attack."""
    fair = looks or tuple(look(time_s) for time_s in _TIMES_S)
    observed = Observed(
        calm_track(**track),
        _TIMES_S,
        tuple(sight(live=0.1) for _ in _TIMES_S),
        Looks(fair, eyes_px=80.0),
        Repeats(1.5, 0.0, 0.0, 0.0),
        devices=devices,
        hands=hands,
    )
    return {finding.check: finding for finding in judge_clip(observed, EyeLimits())}


def test_in_fair_light_the_detector_is_believed() -> None:
    assert _found()["attack"].reasons == ("presentation_attack_suspected",)


def test_of_a_shaken_head_the_detector_is_not_asked() -> None:
    found = _found(yaw_deg=10 * np.sin(2 * np.pi * _SECONDS))
    assert found["head"].reasons == ("head_shaking",)
    assert found["attack"].outcome is Outcome.NOT_CHECKED


def test_of_a_turned_head_it_is() -> None:
    found = _found(yaw_deg=np.where(_SECONDS > 4, 30.0, 2.0))
    assert found["head"].reasons == ("head_turned",)
    assert found["attack"].reasons == ("presentation_attack_suspected",)


@pytest.mark.parametrize(
    "fault", [{"level": 25.0}, {"sharpness": 2.0, "sharpness_across": 1.0, "sharpness_along": 1.0}]
)
def test_in_the_dark_or_a_blur_it_is_not(fault: dict[str, float]) -> None:
    assert _found(tuple(look(time_s, **fault) for time_s in _TIMES_S))["attack"].outcome is Outcome.NOT_CHECKED


def test_a_hand_before_the_face_is_named_and_spares_nobody_the_detector() -> None:
    found = _found(hands=(HandLook(2.0, 0.0), HandLook(4.0, 0.3)))
    assert found["hand"].reasons == ("face_occluded",)
    assert found["attack"].reasons == ("presentation_attack_suspected",)


def test_a_device_accuses_in_whatever_light() -> None:
    dark = tuple(look(time_s, level=25.0) for time_s in _TIMES_S)
    found = _found(dark, devices=(DeviceLook(1.0, 0.4, 0.2),))
    assert (found["attack"].outcome, found["device"].outcome) == (Outcome.NOT_CHECKED, Outcome.FAIL)


def test_borders_are_looked_for_over_the_whole_clip() -> None:
    pictures = [np.full((SIZE_PX[1], SIZE_PX[0], 3), 120, np.uint8) for _ in _TIMES_S]
    borders = look_at(calm_track(), _TIMES_S, pictures, [sight() for _ in _TIMES_S]).borders
    assert sorted(border.time_s for border in borders) == [0.0, 1.5, 3.5, 5.5]
