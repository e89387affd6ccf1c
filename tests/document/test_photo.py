"""What is measured on a photograph tells its faults apart."""

from __future__ import annotations

import pytest

from tests.specimens.papers import business_licence, id_card_portrait, some_person, some_unit
from tests.specimens.photographs import Shot, photograph
from verify_svc.document.judge import PhotoLimits
from verify_svc.document.photo import PhotoMeasures, prepare

LIMITS = PhotoLimits()


def measured(fault: str, seed: int = 5) -> list[PhotoMeasures]:
    shot = Shot(fault=fault, seed=seed)
    papers = (id_card_portrait(some_person(seed)), business_licence(some_unit(seed)))
    return [prepare(photograph(paper, shot)).measures for paper in papers]


@pytest.mark.parametrize("seed", [5, 6])
def test_good_pictures_have_no_fault(seed: int) -> None:
    for measures in measured("", seed):
        assert measures.sharpness > LIMITS.doubtful_sharpness
        assert measures.light > LIMITS.min_light
        assert measures.chroma > LIMITS.min_chroma
        assert measures.grid < LIMITS.max_grid


def test_blur_is_seen() -> None:
    assert all(measures.sharpness < LIMITS.min_sharpness for measures in measured("blurred"))


def test_a_moved_camera_is_doubtful() -> None:
    assert all(measures.sharpness < LIMITS.doubtful_sharpness for measures in measured("moved"))


def test_darkness_is_seen() -> None:
    assert all(measures.light < LIMITS.min_light for measures in measured("dark"))


def test_a_reflection_is_seen() -> None:
    assert all(measures.burnt_share > LIMITS.min_burnt_share for measures in measured("glare"))


def test_a_copy_has_no_colour() -> None:
    assert all(measures.chroma < LIMITS.min_chroma for measures in measured("copy"))


def test_a_screen_shows_its_grid() -> None:
    assert all(measures.grid > LIMITS.max_grid for measures in measured("screen"))


def test_the_applicants_corners_are_taken_as_they_are() -> None:
    data = photograph(id_card_portrait(some_person(1)))
    sheet = prepare(data, ((0.25, 0.25), (0.75, 0.25), (0.75, 0.75), (0.25, 0.75)))
    assert sheet.page is not None
    assert sheet.page.corners.tolist() == [[500, 375], [1500, 375], [1500, 1125], [500, 1125]]


def test_a_picture_may_be_taken_whole() -> None:
    sheet = prepare(photograph(id_card_portrait(some_person(1))), whole=True)
    assert sheet.page is None
    assert sheet.pixels.shape == (1500, 2000, 3)
