"""An everyday classifier's word on what a picture shows (`efficientnet_lite0_int8.tflite`). Called in inference
children alone.

It knows a thousand things of everyday life, two of which are sunglasses and nine what faces are shown on. It was made
to tell the one thing that a picture is of; looking at a head it is unsure, and what it gives to sunglasses is still a
measure of them (docs/decisions/0026), as what it gives to screens is of those (0027).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from verify_svc.inference.manifest import weight_path
from verify_svc.inference.runtime import LiteNetwork

SIDE_PX = 224
_SUNGLASSES = (836, 837)  # ImageNet's "sunglass" and "sunglasses, dark glasses, shades"
# Mobile phone, hand-held computer, iPod, laptop, monitor, notebook, screen, television, web site.
_SCREENS = (487, 590, 605, 620, 664, 681, 782, 851, 916)
_STEPS = 256  # of the network's output, which counts in bytes


def sunglasses_shares(pictures: Sequence[NDArray[np.uint8]]) -> tuple[float, ...]:
    """What each RGB picture (224, 224, 3) shows of sunglasses, 0–1, in steps of 1/256."""
    return tuple(_share(one, _SUNGLASSES) for one in pictures)


def screen_shares(pictures: Sequence[NDArray[np.uint8]]) -> tuple[float, ...]:
    """What each RGB picture (224, 224, 3) shows of phones, laptops, monitors and what is on them, 0–1, likewise."""
    return tuple(_share(one, _SCREENS) for one in pictures)


def _share(picture: NDArray[np.uint8], classes: Sequence[int]) -> float:
    return float(_classifier()(picture[None])[0][0, classes].astype(int).sum()) / _STEPS


@cache
def _classifier() -> LiteNetwork:
    return LiteNetwork(weight_path("efficientnet_lite0").read_bytes())
