"""Fingers that lie on a page, of any shade and from any side, and what only has their colour."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from tests.specimens.papers import business_licence, id_card_emblem, id_card_portrait, some_person, some_unit
from tests.specimens.photographs import FAULTS, Shot, photograph
from verify_svc.document.fingers import lies_finger
from verify_svc.document.photo import prepare
from verify_svc.media.pictures import Pixels

PAPERS = (id_card_portrait(some_person(3)), id_card_emblem(), business_licence(some_unit(3)))
SHADES = ((160, 190, 235), (132, 160, 210), (96, 128, 180), (70, 95, 140))  # BGR
WOODS = ((60, 95, 150), (110, 150, 205), (140, 170, 220))


def with_finger(sheet: Pixels, shade: tuple[int, int, int], side: str) -> Pixels:
    """A finger that comes in from a side to a third of the sheet."""
    high, wide = sheet.shape[:2]
    ends = {
        "left": ((0, high * 0.6), (wide / 3, high / 2)),
        "right": ((wide, high * 0.3), (wide * 2 / 3, high / 2)),
        "below": ((wide / 2, high), (wide * 0.45, high * 2 / 3)),
    }[side]
    shape = np.zeros((high, wide), np.uint8)
    start, tip = ((round(x), round(y)) for x, y in ends)
    cv2.line(shape, start, tip, (255,), round(min(high, wide) * 0.16))
    weight = cv2.GaussianBlur(shape, (0, 0), 4).astype(np.float32)[..., None] / 255
    rounded = 0.8 + 0.2 * cv2.GaussianBlur(shape, (0, 0), 25).astype(np.float32)[..., None] / 255
    return np.asarray(sheet * (1 - weight) + np.array(shade, np.float32) * rounded * weight, np.uint8)


@pytest.fixture(scope="module")
def sheets() -> list[Pixels]:
    return [prepare(photograph(paper, Shot(seed=seed))).pixels for seed, paper in enumerate(PAPERS)]


@pytest.mark.parametrize("side", ["left", "right", "below"])
@pytest.mark.parametrize("shade", SHADES)
def test_a_finger_is_seen(sheets: list[Pixels], shade: tuple[int, int, int], side: str) -> None:
    for sheet in sheets:
        assert lies_finger(with_finger(sheet, shade, side))


@pytest.mark.parametrize("fault", ["", *sorted(set(FAULTS) - {"covered"})])
def test_a_table_a_portrait_and_other_faults_are_no_finger(fault: str) -> None:
    for seed, (paper, wood) in enumerate(zip(PAPERS, WOODS, strict=True)):
        assert not lies_finger(prepare(photograph(paper, Shot(fault, seed=seed + 5, table=wood, lean_deg=4))).pixels)
