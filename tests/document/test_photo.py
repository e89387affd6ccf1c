"""What is measured on a photograph tells its faults apart."""

from __future__ import annotations

import io

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from pillow_heif import register_heif_opener

from tests.specimens.papers import business_licence, id_card_portrait, some_person, some_unit
from tests.specimens.photographs import Shot, photograph
from verify_svc.document.judge import PhotoLimits
from verify_svc.document.photo import CARD_SIDE_PX, PhotoMeasures, Wanted, prepare
from verify_svc.media.pictures import PictureError

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


def test_most_screens_show_their_grid() -> None:
    grids = [measures.grid for seed in range(4) for measures in measured("screen", seed)]
    assert sum(grid > LIMITS.max_grid for grid in grids) >= 6  # measured: 28 of 32


def test_the_applicants_corners_are_taken_as_they_are() -> None:
    data = photograph(id_card_portrait(some_person(1)))
    sheet = prepare(data, ((0.25, 0.25), (0.75, 0.25), (0.75, 0.75), (0.25, 0.75)))
    assert sheet.page is not None
    assert sheet.page.corners.tolist() == [[500, 375], [1500, 375], [1500, 1125], [500, 1125]]


@pytest.mark.parametrize(("side_px", "whole"), [(CARD_SIDE_PX, False), (CARD_SIDE_PX, True), (Wanted().side_px, False)])
def test_a_page_is_laid_flat_no_longer_than_wanted(side_px: int, whole: bool) -> None:
    data = photograph(id_card_portrait(some_person(1)), Shot(long_side_px=3000))
    sheet = prepare(data, whole=whole, wanted=Wanted(side_px))
    assert max(sheet.pixels.shape) == side_px
    assert (sheet.to_picture @ [side_px, 0, 1])[0] > side_px  # boxes are still told in the picture's pixels


def test_a_picture_may_be_taken_whole() -> None:
    sheet = prepare(photograph(id_card_portrait(some_person(1))), whole=True)
    assert sheet.page is None
    assert sheet.pixels.shape == (1500, 2000, 3)


def _saved(kind: str, mode: str = "RGB", **options: object) -> bytes:
    out = io.BytesIO()
    image = Image.effect_noise((96, 64), 80).convert(mode) if mode != "I;16" else Image.new("I;16", (96, 64), 40_000)
    image.save(out, kind, **options)
    return out.getvalue()


def _seeds() -> dict[str, bytes]:
    register_heif_opener()
    turned = Image.Exif()
    turned[0x0112] = 7
    return {
        "JPEG": _saved("JPEG", exif=turned),
        "progressive": _saved("JPEG", progressive=True),
        "CMYK": _saved("JPEG", "CMYK"),
        "PNG": _saved("PNG", "RGBA"),
        "16 bits": _saved("PNG", "I;16"),
        "APNG": _saved("PNG", save_all=True, append_images=[Image.new("RGB", (96, 64), "red")]),
        "HEIC": _saved("HEIF"),
    }


SEEDS = _seeds()


@pytest.mark.parametrize("seed", SEEDS)
def test_a_picture_of_every_sort_gives_a_sheet(seed: str) -> None:
    sheet = prepare(SEEDS[seed])
    assert {sheet.width_px, sheet.height_px} == {64, 96}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(sorted(SEEDS)), st.data())
def test_hurt_pictures_of_every_sort_give_a_sheet_or_are_refused(seed: str, data: st.DataObject) -> None:
    hurt = bytearray(SEEDS[seed])
    for _ in range(data.draw(st.integers(0, 8))):
        hurt[data.draw(st.integers(8, len(hurt) - 1))] = data.draw(st.integers(0, 255))
    end = data.draw(st.one_of(st.just(len(hurt)), st.integers(0, len(hurt))))
    try:
        well = bool(np.isfinite(prepare(bytes(hurt[:end])).to_picture).all())
    except PictureError as refusal:
        well = refusal.reason in ("file_unreadable", "file_type_not_allowed", "file_too_large")
    assert well
