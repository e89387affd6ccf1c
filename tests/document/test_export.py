"""A page leaves laid flat and upright, with nothing of the original's metadata."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image, ImageCms

from verify_svc.document.export import export_page
from verify_svc.media.export import Exported, FileWanted
from verify_svc.media.pictures import PictureError

CORNERS = ((0.25, 0.25), (0.75, 0.25), (0.75, 0.75), (0.25, 0.75))
SECRETS = (b"Canary Phone", b"39.9042", b"Canary profile", b"Canary comment")


def a_photograph(orientation: int = 1) -> bytes:
    """A page, red above and blue below, on a grey table; with all that cameras write besides."""
    pixels = np.full((1200, 1600, 3), 120, np.uint8)
    pixels[300:600, 400:1200] = (220, 30, 30)
    pixels[600:900, 400:1200] = (30, 30, 220)
    image = Image.fromarray(pixels)
    exif = image.getexif()
    exif[0x0112], exif[0x0110], exif[0x010E] = orientation, "Canary Phone", "39.9042"
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes() + b"Canary profile"
    out = io.BytesIO()
    image.save(out, "JPEG", quality=95, exif=exif, icc_profile=profile, comment="Canary comment")
    assert all(secret in out.getvalue() for secret in SECRETS)
    return out.getvalue()


AS_IT_IS = FileWanted()


def exported(data: bytes, turn_deg: int = 0, wanted: FileWanted = AS_IT_IS) -> Exported:
    file = export_page(data, CORNERS, turn_deg, wanted, 60)
    assert file is not None
    return file


def colours(file: Exported, *places: tuple[float, float]) -> list[str]:
    pixels = np.asarray(Image.open(io.BytesIO(file.data)).convert("RGB"))
    height, width = pixels.shape[:2]
    found = [pixels[int(y * height), int(x * width)] for x, y in places]
    return ["red" if red > 150 else "blue" if blue > 150 else "table" for red, _, blue in found]


def test_the_page_alone_is_laid_flat_with_a_little_around_it() -> None:
    file = exported(a_photograph())
    assert (file.width_px, file.height_px) == (848, 636)
    assert colours(file, (0.5, 0.25), (0.5, 0.75), (0.01, 0.01)) == ["red", "blue", "table"]


@pytest.mark.parametrize(
    ("turn_deg", "place_of_red"), [(0, (0.5, 0.2)), (90, (0.8, 0.5)), (180, (0.5, 0.8)), (270, (0.2, 0.5))]
)
def test_the_page_is_turned_clockwise(turn_deg: int, place_of_red: tuple[float, float]) -> None:
    file = exported(a_photograph(), turn_deg)
    assert colours(file, place_of_red) == ["red"]
    assert (file.width_px > file.height_px) == (turn_deg in (0, 180))


def test_a_picture_without_a_page_leaves_whole_and_upright() -> None:
    file = export_page(a_photograph(orientation=6), None, 0, FileWanted(), 60)
    assert file is not None
    assert (file.width_px, file.height_px) == (1200, 1600)


@pytest.mark.parametrize("wanted", [FileWanted(), FileWanted(30_000), FileWanted(a4_share=1.0)])
def test_nothing_of_the_originals_metadata_leaves(wanted: FileWanted) -> None:
    file = exported(a_photograph(), wanted=wanted)
    assert not any(secret in file.data for secret in SECRETS)
    image = Image.open(io.BytesIO(file.data))
    assert not image.getexif()
    assert not {"icc_profile", "comment", "exif"} & set(image.info)


def test_the_margin_is_no_part_of_the_sheet() -> None:
    whole = np.full((3508, 2480, 3), 240, np.uint8)
    out = io.BytesIO()
    Image.fromarray(whole).save(out, "JPEG")
    corners = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
    file = export_page(out.getvalue(), corners, 0, FileWanted(a4_share=1.0), 60)
    assert file is not None
    assert Image.open(io.BytesIO(file.data)).info["dpi"][0] == pytest.approx(300, abs=1)


def test_what_is_no_picture_is_told() -> None:
    with pytest.raises(PictureError):
        export_page(b"\xff\xd8\xff broken", None, 0, FileWanted(), 60)
