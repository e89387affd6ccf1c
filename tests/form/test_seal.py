"""Round seals are found wherever they lie, red or grey, and nothing else is; the name along the ring is unrolled."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from PIL import Image

from tests.specimens.forms import Filled, draw_form, in_grey, some_form
from tests.specimens.papers import id_card_emblem, some_unit
from verify_svc.form.ring import unrolled
from verify_svc.form.seal import Seal, dark_ink, find_seals, red_ink, without_red
from verify_svc.media.pictures import Pixels

PX_PER_MM = 7.0


def laid(paper: Image.Image) -> Pixels:
    return np.ascontiguousarray(np.asarray(paper.convert("RGB"), np.uint8)[:, :, ::-1])


def seals_on(page: Pixels, px_per_mm: float = PX_PER_MM) -> list[Seal]:
    return find_seals(page, px_per_mm, red_ink(page))


@pytest.mark.parametrize("seed", range(6))
def test_a_red_seal_is_found_once_with_its_size(seed: int) -> None:
    (seal,) = seals_on(laid(draw_form(some_form(seed))))
    assert seal.red
    assert seal.radius_px / PX_PER_MM == pytest.approx(20, abs=0.8)


@pytest.mark.parametrize("seed", range(6))
def test_a_grey_seal_is_found_as_well(seed: int) -> None:
    (seal,) = seals_on(laid(in_grey(draw_form(some_form(seed)))))
    assert not seal.red


@pytest.mark.parametrize("seed", range(6))
def test_a_form_without_a_seal_has_none_nor_has_a_name_stamp(seed: int) -> None:
    for fault in ("no_seal", "stamped_signature"):
        form = some_form(seed, fault=fault, unit=fault == "no_seal")
        for paper in (draw_form(form), in_grey(draw_form(form))):
            assert seals_on(laid(paper)) == []


def test_other_round_things_are_no_seal() -> None:
    assert seals_on(laid(id_card_emblem()), 18) == []
    page = np.full((1400, 1000, 3), 250, np.uint8)
    cv2.circle(page, (500, 500), 140, (30, 30, 200), -1)
    cv2.rectangle(page, (200, 900), (480, 1180), (30, 30, 200), 8)
    assert seals_on(page) == []


@pytest.mark.parametrize("top", [200, 1500])
def test_a_seal_is_found_below_a_row_and_above_it(top: int) -> None:
    page = laid(draw_form(Filled(seed=4)))
    (whole,), (part,) = seals_on(page), find_seals(page, PX_PER_MM, red_ink(page[top:], page), top)
    assert part.centre == pytest.approx(whole.centre, abs=2)
    (above,) = find_seals(page, PX_PER_MM, red_ink(page[-80:], page), page.shape[0] - 80)
    assert above.centre == pytest.approx(whole.centre, abs=2)


def test_a_seal_over_the_signature_leaves_the_signature() -> None:
    over = laid(draw_form(Filled(over=True, pen="black", seed=5)))
    apart = laid(draw_form(Filled(over=False, fault="no_seal", pen="black", seed=5)))
    (seal,) = seals_on(over)
    x, y, r = (round(value) for value in (*seal.centre, seal.radius_px))
    freed = dark_ink(without_red(over, red_ink(over)))[y - r : y + r, x - r : x + r]
    alone = dark_ink(apart)[y - r : y + r, x - r : x + r]
    assert freed[alone > 0.5].mean() > 0.8
    assert freed[cv2.dilate(alone, np.ones((5, 5), np.uint8)) < 0.05].mean() < 0.02


@pytest.mark.parametrize("turn_deg", [-170.0, -40.0, 0.0, 95.0])
def test_the_name_is_unrolled_however_the_seal_was_turned(turn_deg: float) -> None:
    strips = []
    for turned in (0.0, turn_deg):
        page = laid(draw_form(Filled(unit=some_unit(3), seal_turn_deg=turned, seed=2, seal_code="3201990012345")))
        (seal,) = seals_on(page)
        strip = unrolled(red_ink(page), seal)
        assert strip is not None
        strips.append(cv2.resize(strip, (600, 48)).astype(np.float32).ravel())
    assert np.corrcoef(np.stack(strips))[0, 1] > 0.7
