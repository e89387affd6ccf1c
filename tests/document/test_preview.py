"""A crop is taken where a page can lie in it."""

from __future__ import annotations

import pytest

from verify_svc.document.preview import Points, is_page_like

LEANING: Points = ((0.2, 0.1), (0.9, 0.2), (0.8, 0.95), (0.1, 0.8))


def test_a_leaning_page_is_one() -> None:
    assert is_page_like(LEANING)


@pytest.mark.parametrize(
    "corners",
    [
        ((0.5, 0.5),) * 4,
        ((0.0, 0.0), (1.0, 0.0), (1.0, 0.0), (0.0, 1.0)),
        ((0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0)),
        LEANING[::-1],
        ((0.0, 0.0), (1.0, 0.0), (1.0, 0.01), (0.0, 0.01)),
        ((0.0, 0.0), (1.0, 0.0), (0.4, 0.1), (0.0, 1.0)),
    ],
    ids=["a point", "a triangle", "crossed", "the other way round", "a line", "bent inwards"],
)
def test_what_no_page_can_lie_in_is_none(corners: Points) -> None:
    assert not is_page_like(corners)
