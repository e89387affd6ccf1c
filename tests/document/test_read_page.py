"""When the whole picture is read after the page that was found on it: with children written by hand."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, cast

import numpy as np
import pytest

from tests.document.test_judge import GOOD
from tests.specimens.papers import Sheet as Paper
from tests.specimens.photographs import Shot, photograph
from verify_svc.document.check import read_page
from verify_svc.document.page import Page
from verify_svc.document.photo import PhotoMeasures, Sheet
from verify_svc.document.reader import FieldRead
from verify_svc.document.reading import SheetReading
from verify_svc.inference.engines import Engines

DATA = photograph(Paper(40, 30, 8, (240, 240, 240)).image, Shot(long_side_px=320))
CORNERS = np.array([[10, 10], [90, 10], [90, 60], [10, 60]], np.float32)


def reading(*found: str, number: str = "sure", kind: str | None = "business_licence") -> SheetReading:
    fields = {name: FieldRead("x", (0.99,), CORNERS) for name in found}
    return SheetReading(kind, 0, fields, number, 20, 0.95, 30.0)


@dataclass
class Children:
    """Both kinds of children: a page lies on the picture, and each reading in turn is what a test says."""

    readings: list[SheetReading]
    measures: PhotoMeasures = GOOD
    wholes: list[bool] = field(default_factory=list)

    def call(self, _timeout_s: float, story: Any, *asked: Any) -> Sheet | SheetReading:
        if story.__name__ == "read_sheet":
            return self.readings[len(self.wholes) - 1]
        whole = asked[3]
        self.wholes.append(whole)
        page = None if whole else Page(CORNERS, 0.3, 1.0, (False,) * 4)
        return Sheet(np.zeros((70, 100, 3), np.uint8), np.eye(3), 100, 70, page, self.measures)


def read_by(children: Children) -> SheetReading:
    return read_page(Engines(cast(Any, children), cast(Any, children)), DATA, "business_licence").reading


LACKING, READ = reading("name", number="missing"), reading("name", "number")


def test_a_page_that_was_read_is_read_once() -> None:
    children = Children([READ])
    assert read_by(children) is READ
    assert children.wholes == [False]


def test_what_a_page_of_the_wanted_kind_lacks_is_looked_for_on_the_whole_picture() -> None:
    children = Children([LACKING, READ])
    assert read_by(children) is READ
    assert children.wholes == [False, True]


def test_a_whole_picture_that_reads_no_better_changes_nothing() -> None:
    assert read_by(Children([LACKING, reading("number", number="unsure")])) is LACKING


@pytest.mark.parametrize(
    "measures", [replace(GOOD, sharpness=0.17), replace(GOOD, light=40.0)], ids=["blurred", "dark"]
)
def test_a_bad_picture_is_not_read_twice(measures: PhotoMeasures) -> None:
    children = Children([LACKING], measures)
    assert read_by(children) is LACKING
    assert children.wholes == [False]


@pytest.mark.parametrize(
    "first", [replace(LACKING, watermarked=True), reading("number", number="unsure"), reading(kind="passport")]
)
def test_neither_is_what_the_whole_picture_can_not_mend(first: SheetReading) -> None:
    children = Children([first])
    assert read_by(children) is first
    assert children.wholes == [False]
