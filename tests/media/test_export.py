"""A picture as a file: within its bytes and pixels, as fine as fits, and nothing besides."""

from __future__ import annotations

import io
import time

import cv2
import numpy as np
import pytest
from PIL import Image

from verify_svc.media.export import Exported, ExportLimits, FileFormat, FileWanted, fit
from verify_svc.media.pictures import Pixels


def a_scene(long_side_px: int = 1600) -> Pixels:
    """Busy at every scale, as photographs are."""
    dice = np.random.default_rng(1)
    width, height = long_side_px, long_side_px * 5 // 8
    scene = np.full((height, width, 3), 128, np.float32)
    for shrink, strength in ((64, 60), (16, 30), (4, 14), (1, 6)):
        small = dice.normal(0, strength, (height // shrink, width // shrink, 3)).astype(np.float32)
        scene += cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC)
    return np.asarray(scene.clip(0, 255), np.uint8)


SCENE = a_scene()


def made(wanted: FileWanted, pixels: Pixels = SCENE) -> Exported:
    file = fit(pixels, wanted)
    assert file is not None
    return file


def opened(file: Exported) -> Image.Image:
    return Image.open(io.BytesIO(file.data))


@pytest.mark.parametrize("file_format", FileFormat)
@pytest.mark.parametrize("max_bytes", [4_000_000, 2_000_000, 150_000, 100_000])
def test_a_file_keeps_within_its_bytes(max_bytes: int, file_format: FileFormat) -> None:
    file = fit(SCENE, FileWanted(max_bytes, format=file_format))
    if file_format is FileFormat.PNG and max_bytes < 1_000_000:
        # Nothing is lost in a PNG: so few bytes hold too few pixels.
        assert file is None or len(file.data) <= max_bytes
        return
    assert file is not None
    assert len(file.data) <= max_bytes
    assert opened(file).size == (file.width_px, file.height_px)


def test_quality_goes_before_size() -> None:
    roomy, tight = made(FileWanted(2_000_000)), made(FileWanted(300_000))
    assert (roomy.width_px, tight.width_px) == (1600, 1600)
    assert (roomy.quality or 0) > (tight.quality or 0) >= ExportLimits().least_quality
    small = made(FileWanted(100_000))
    assert small.width_px < 1600
    assert (small.quality or 0) >= ExportLimits().least_quality


def test_no_finer_quality_would_have_fitted() -> None:
    limits = ExportLimits()
    file = made(FileWanted(250_000))
    finer = [quality for quality in limits.qualities if quality > (file.quality or 0)]
    assert finer
    assert file.width_px == 1600
    out = io.BytesIO()
    Image.fromarray(SCENE[:, :, ::-1]).save(out, "JPEG", quality=finer[0], subsampling=2, optimize=True)
    assert out.tell() > 250_000


def test_most_of_the_bytes_are_used() -> None:
    for max_bytes in (150_000, 100_000):
        assert len(made(FileWanted(max_bytes)).data) > 0.8 * max_bytes


def test_without_a_limit_a_file_is_as_large_and_fine_as_can_be() -> None:
    file = made(FileWanted())
    assert (file.width_px, file.quality) == (1600, 95)


def test_the_longer_side_is_held() -> None:
    file = made(FileWanted(max_side_px=1000))
    assert (file.width_px, file.height_px) == (1000, 625)
    assert made(FileWanted(max_side_px=5000)).width_px == 1600


def test_a_png_loses_nothing() -> None:
    file = made(FileWanted(format=FileFormat.PNG))
    assert np.array_equal(np.asarray(opened(file))[:, :, ::-1], SCENE)


def test_what_would_get_too_small_is_not_made() -> None:
    assert fit(SCENE, FileWanted(2_000)) is None


def test_a_small_picture_is_never_enlarged() -> None:
    small = SCENE[:200, :300]
    assert (made(FileWanted(100_000), small).width_px, made(FileWanted(max_side_px=900), small).width_px) == (300, 300)


def test_the_search_ends_soon_whatever_is_asked() -> None:
    noise = np.random.default_rng(2).integers(0, 255, (1500, 2000, 3), np.uint8)
    for wanted in (FileWanted(20_000), FileWanted(100_000), FileWanted(100_000, format=FileFormat.PNG)):
        begun = time.process_time()
        fit(noise, wanted)
        assert time.process_time() - begun < 5


@pytest.mark.parametrize("file_format", FileFormat)
def test_an_a4_sheet_says_how_fine_it_was_scanned(file_format: FileFormat) -> None:
    large = np.full((2896, 4096, 3), 240, np.uint8)
    file = made(FileWanted(format=file_format, a4_share=1.0), large)
    found = opened(file).info["dpi"]
    assert found[0] == found[1] == pytest.approx(4096 / (297 / 25.4), abs=1)
    cropped = made(FileWanted(format=file_format, a4_share=0.9), large)
    assert opened(cropped).info["dpi"][0] == pytest.approx(0.9 * 4096 / (297 / 25.4), abs=1)


@pytest.mark.parametrize("file_format", FileFormat)
def test_a_sheet_with_few_pixels_still_says_three_hundred(file_format: FileFormat) -> None:
    file = made(FileWanted(max_side_px=1200, format=file_format, a4_share=1.0))
    assert opened(file).info["dpi"][0] >= 300


@pytest.mark.parametrize("file_format", FileFormat)
def test_pixels_alone_are_written(file_format: FileFormat) -> None:
    image = opened(made(FileWanted(max_side_px=800, format=file_format)))
    assert not image.getexif()
    assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


@pytest.mark.parametrize("size", [(720, 960), (240, 320)])
def test_a_date_mark_is_written_into_the_corner_and_nothing_else_is_altered(size: tuple[int, int]) -> None:
    plain = np.full((size[1], size[0], 3), 235, np.uint8)
    file = made(FileWanted(format=FileFormat.PNG, date_mark="2026-11-22"), plain)
    changed = np.argwhere((np.asarray(opened(file)) != 235).any(axis=2))
    (top, left), (bottom, right) = changed.min(axis=0), changed.max(axis=0)
    assert top > 0.85 * size[1]
    assert left > 0.4 * size[0]
    assert bottom < size[1] - 4
    assert right < size[0] - 4
    assert (plain == 235).all()
