"""The page is found, its corners where they are; no page is no fault."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from tests.specimens.papers import Person, Unit, business_licence, id_card_portrait
from tests.specimens.photographs import Shot, photograph
from verify_svc.document.page import find_page, flatten, map_points
from verify_svc.media.pictures import Pixels, decode

TABLES = [(40, 44, 48), (112, 96, 84), (96, 140, 180)]


def pixels_of(data: bytes) -> Pixels:
    return decode(data).pixels


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("seed", [1, 2])
def test_a_card_on_a_table_is_found(table: tuple[int, int, int], seed: int) -> None:
    shot = Shot(seed=seed, table=table, fill=0.7, lean_deg=4.0 * seed)
    page = find_page(pixels_of(photograph(id_card_portrait(Person()), shot)))
    assert page is not None
    assert page.on_border == (False, False, False, False)
    sides = [float(np.linalg.norm(page.corners[i] - page.corners[(i + 1) % 4])) for i in range(4)]
    assert 1.4 < (sides[0] + sides[2]) / (sides[1] + sides[3]) < 1.8


def test_a_cards_sides_are_edges_of_their_own() -> None:
    card = find_page(pixels_of(photograph(id_card_portrait(Person()), Shot(seed=1, fill=0.7))))
    assert card is not None
    assert card.distinct > 0.8


def test_a_small_card_is_found() -> None:
    assert find_page(pixels_of(photograph(id_card_portrait(Person()), Shot(fault="small")))) is not None


def test_a_page_that_leaves_the_picture_is_seen_to() -> None:
    page = find_page(pixels_of(photograph(business_licence(Unit()), Shot(fault="cut_off"))))
    assert page is not None
    assert page.on_border == (False, True, False, False)


@pytest.mark.parametrize("shade", [0, 128, 255])
def test_an_empty_picture_has_no_page(shade: int) -> None:
    assert find_page(np.full((480, 640, 3), shade, np.uint8)) is None


def test_a_page_that_fills_the_picture_needs_no_finding() -> None:
    scan = np.asarray(business_licence(Unit()).resize((1200, 848)), np.uint8)[:, :, ::-1]
    page = find_page(np.ascontiguousarray(scan))
    assert page is None or page.area > 0.6


def test_a_page_laid_flat_knows_where_its_points_came_from() -> None:
    picture = np.full((600, 800, 3), 90, np.uint8)
    corners = np.array([[100, 120], [700, 90], [720, 500], [80, 470]], np.float32)
    cv2.fillConvexPoly(picture, corners.astype(np.int32), (240, 240, 240))
    sheet, to_picture = flatten(picture, corners, 0.0, 2048)
    height, width = sheet.shape[:2]
    ends = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    assert np.abs(map_points(ends, to_picture) - corners).max() < 1.5
    assert sheet[5:-5, 5:-5].min() > 200
