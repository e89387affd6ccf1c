"""Hurt pictures by the thousand through the real decoding child: a sheet or a reason each, nothing is left behind."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.media.watched import Watched, many
from tests.specimens.hurting import WAYS, hurt
from tests.specimens.picture_files import mended, picture_files, sized
from verify_svc.certificate.kinds import CertificateKind
from verify_svc.document.check import DocumentWanted, check_document
from verify_svc.document.photo import RelativeCorners, Sheet, prepare
from verify_svc.document.preview import is_page_like, lay_flat, preview
from verify_svc.inference.engines import DECODING_MEMORY_BYTES, Engines
from verify_svc.inference.pool import ChildPool
from verify_svc.media.warm import warm_decoders
from verify_svc.session.reasons import REASONS

_LIMIT_S = 15.0
_GROWTH_OF_TEMPLATE_MB = 30.0  # what it imports meanwhile
_REASONS = {"file_unreadable", "file_type_not_allowed", "file_too_large"}

files = st.sampled_from(sorted(picture_files()))
injuries = st.lists(st.tuples(st.sampled_from(sorted(WAYS)), st.integers(0, 2**32 - 1)), max_size=4)
sides = st.sampled_from((None, 0, 1, 2, 100, 3_000, 8_000, 16_000, 16_001, 65_535))
parts = st.floats(0, 1, width=16)
crops = st.none() | st.lists(st.tuples(parts, parts), min_size=4, max_size=4).map(tuple).filter(is_page_like)
turns = st.sampled_from((0, 90, 180, 270))

DECODED = ("JPEG", "PNG", "APNG", "MPO", "HEIC")
PORTRAIT = CertificateKind.ID_CARD_PORTRAIT


@pytest.fixture(scope="module")
def watched() -> Iterator[Watched]:
    with closing(ChildPool(1, max_memory_bytes=DECODING_MEMORY_BYTES, confined=True, prepare=warm_decoders)) as pool:
        yield Watched(pool, _LIMIT_S)


def is_whole(sheet: Sheet) -> bool:
    measures = [getattr(sheet.measures, name) for name in sheet.measures.__slots__]
    return sheet.pixels.size > 0 and bool(np.isfinite(sheet.to_picture).all() and np.isfinite(measures).all())


@pytest.mark.parametrize("name", picture_files())
def test_a_file_of_every_sort_gives_a_sheet_or_a_reason(watched: Watched, name: str) -> None:
    sheet = watched.asked_for_picture(name, prepare, picture_files()[name])
    assert sheet is None or (isinstance(sheet, Sheet) and is_whole(sheet))
    assert watched.lives()


def test_hurt_pictures_give_a_sheet_or_a_reason_and_leave_nothing_behind(watched: Watched) -> None:
    @many(ordinary=300, thorough=12_000)
    @given(files, injuries, st.booleans(), st.tuples(sides, sides), crops, turns)
    def look(
        name: str,
        done: list[tuple[str, int]],
        mend: bool,
        size: tuple[int | None, int | None],
        crop: RelativeCorners | None,
        turn_deg: int,
    ) -> None:
        data = hurt(picture_files()[name], done)
        if None not in size and name.startswith(("JPEG", "PNG")) and len(data) > 40:
            data = sized(data, size[0] or 0, size[1] or 0)
        if mend and name.startswith(("PNG", "APNG")):
            data = mended(data)
        told = f"{name}: {done}, {size}"
        sheet = watched.asked_for_picture(told, prepare, data, crop, turn_deg)
        assert sheet is None or (isinstance(sheet, Sheet) and is_whole(sheet))
        if turn_deg == 0:
            watched.asked_for_picture(told, preview, data)
        elif turn_deg == 90:
            watched.asked_for_picture(told, lay_flat, data, crop, turn_deg)

    watched.assert_leaves_nothing_behind(look, _REASONS, _GROWTH_OF_TEMPLATE_MB)


@pytest.mark.weights
def test_what_of_hurt_pictures_still_decodes_is_judged(engines: Engines) -> None:
    results = set()

    @many(ordinary=24, thorough=600)
    @given(st.sampled_from(sorted(name for name in picture_files() if name.split()[0] in DECODED)), injuries)
    def look(name: str, done: list[tuple[str, int]]) -> None:
        report = check_document(engines, hurt(picture_files()[name], done), DocumentWanted(PORTRAIT))
        results.add(report.result)
        assert report.result in ("clear", "rejected", "consider", "unreadable")
        assert set(report.reasons) <= set(REASONS)
        assert report.reasons or report.result == "clear"

    look()
    assert {"rejected", "unreadable"} <= results
