"""A number that was changed after the picture was first saved is told by what JPEG left in the rest of it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from tests.specimens.edits import draw_over, mark_all_over, move_part
from tests.specimens.papers import SANS_BOLD, id_card_portrait, some_person
from tests.specimens.photographs import Pixels, Shot, as_jpeg, photograph
from verify_svc.document.photo import Wanted, prepare
from verify_svc.document.tampering import NumberTrace, SavingLimits, find_first_saving, judge_editing, trace_number
from verify_svc.media.pictures import decode
from verify_svc.media.saving import luma_steps
from verify_svc.session.finding import Finding, Outcome

STRAIGHT = Shot(slant=0.0, lean_deg=0.0, fill=0.8, quality=85)
DOTS = 1600 / 85.6  # pixels a millimetre: the card fills 0.8 of 2000
CORNER = ((2000 - 1600) / 2, (1500 - 54 * DOTS) / 2)
STEP = 3.6 * 0.58 + 0.35  # millimetres from digit to digit, about
NUMBER = (29.3, 45.0, 76.0, 49.8)
"""Where the number stands on the card: left, top, right, bottom in millimetres."""


def box_of(left: float, top: float, right: float, bottom: float) -> tuple[int, int, int, int]:
    x, y = CORNER
    return round(x + left * DOTS), round(y + top * DOTS), round(x + right * DOTS), round(y + bottom * DOTS)


def saved_once(seed: int, quality: int = 85) -> Pixels:
    shot = Shot(slant=0.0, lean_deg=0.0, fill=0.8, quality=quality, seed=seed)
    return decode(photograph(id_card_portrait(some_person(seed)), shot)).pixels


def judged(data: bytes) -> Finding:
    left, top, right, bottom = box_of(*NUMBER)
    quad = np.array([[left, top], [right, top], [right, bottom], [left, bottom]], np.float32)
    steps = luma_steps(data)
    assert steps is not None
    saving = find_first_saving(decode(data).pixels, steps)
    return judge_editing(None if saving is None else trace_number(saving, quad, [quad]))


def moved(pixels: Pixels) -> Pixels:
    source = box_of(NUMBER[0] + 3 * STEP, NUMBER[1], NUMBER[0] + 5 * STEP, NUMBER[3])
    left, top, _, _ = box_of(NUMBER[0] + 12 * STEP, NUMBER[1], 0, 0)
    return move_part(pixels, source, left, top)


def drawn(pixels: Pixels) -> Pixels:
    return draw_over(
        pixels, box_of(NUMBER[0] + 12 * STEP, NUMBER[1], NUMBER[0] + 15 * STEP, NUMBER[3]), "07", SANS_BOLD
    )


@pytest.mark.parametrize("seed", range(1, 5))
@pytest.mark.parametrize("quality", [93, 95, 98])
def test_a_picture_saved_twice_is_no_edited_one(seed: int, quality: int) -> None:
    assert judged(as_jpeg(saved_once(seed), quality)).outcome is Outcome.PASS


@pytest.mark.parametrize("change", [moved, drawn])
@pytest.mark.parametrize("seed", range(1, 4))
@pytest.mark.parametrize("quality", [93, 97])
def test_changed_digits_are_told(change: Callable[[Pixels], Pixels], seed: int, quality: int) -> None:
    finding = judged(as_jpeg(change(saved_once(seed)), quality))
    assert finding.reasons == ("document_tampering_suspected",)


@pytest.mark.parametrize("quality", [70, 80, 86])
def test_what_was_saved_as_coarsely_again_says_nothing(quality: int) -> None:
    assert judged(as_jpeg(moved(saved_once(1)), quality)).outcome is Outcome.NOT_CHECKED


def test_a_picture_saved_once_says_nothing() -> None:
    assert judged(photograph(id_card_portrait(some_person(1)), STRAIGHT)).outcome is Outcome.NOT_CHECKED


def test_a_picture_made_brighter_says_nothing() -> None:
    brighter = (saved_once(1) * 1.07 + 4).clip(0, 255).astype(np.uint8)
    assert judged(as_jpeg(brighter, 97)).outcome is Outcome.NOT_CHECKED


@pytest.mark.parametrize("seed", range(1, 4))
def test_a_watermark_all_over_is_no_edit(seed: int) -> None:
    assert judged(as_jpeg(mark_all_over(saved_once(seed)), 97)).outcome is not Outcome.FAIL


def test_something_blacked_out_elsewhere_is_no_edit() -> None:
    pixels = saved_once(2)
    left, top, right, bottom = box_of(14, 27, 52, 37)
    pixels[top:bottom, left:right] = 0
    assert judged(as_jpeg(pixels, 97)).outcome is Outcome.PASS


@pytest.mark.parametrize(("edited", "outcome"), [(True, Outcome.FAIL), (False, Outcome.PASS)])
def test_the_number_of_a_phones_twelve_megapixels_is_looked_at(edited: bool, outcome: Outcome) -> None:
    shot = Shot(slant=0.0, lean_deg=0.0, fill=0.8, quality=85, long_side_px=4032)
    pixels = decode(photograph(id_card_portrait(some_person(2)), shot)).recorded
    assert pixels is not None
    left, top, right, bottom = (round(place * 4032 / 2000) for place in box_of(*NUMBER))
    if edited:
        digits = (left + (right - left) * 2 // 3, top, left + (right - left) * 5 // 6, bottom)
        pixels = draw_over(pixels, digits, "072", SANS_BOLD)
    sheet = prepare(as_jpeg(pixels, 95), wanted=Wanted(traced=True))
    quad = np.array([[left, top], [right, top], [right, bottom], [left, bottom]], np.float32)
    assert sheet.saving is not None
    assert judge_editing(trace_number(sheet.saving, quad, [quad])).outcome is outcome


def test_a_picture_of_more_pixels_than_the_limit_is_not_looked_at() -> None:
    data = as_jpeg(saved_once(1), 95)
    steps, pixels = luma_steps(data), decode(data).pixels
    assert steps is not None
    assert find_first_saving(pixels, steps) is not None
    assert find_first_saving(pixels, steps, SavingLimits(most_pixels=pixels.size // 3 - 8 * 2000)) is None


def test_a_page_that_was_drawn_over_is_not_judged() -> None:
    assert judge_editing(NumberTrace(0.0, 20.0, elsewhere=0.3, in_text=0.0)).outcome is Outcome.NOT_CHECKED


def test_a_page_whose_text_was_all_laid_over_it_is_not_judged() -> None:
    assert judge_editing(NumberTrace(0.0, 20.0, elsewhere=0.0, in_text=0.8)).outcome is Outcome.NOT_CHECKED


@pytest.mark.parametrize("size", [(1, 1), (7, 900), (8, 8), (90, 13)])
def test_a_tiny_picture_has_no_trace(size: tuple[int, int]) -> None:
    noise = np.random.default_rng(1).integers(0, 256, (*size, 3), np.uint8)
    assert find_first_saving(noise, np.ones((8, 8), np.float32)) is None
