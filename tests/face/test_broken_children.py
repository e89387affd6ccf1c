"""A child that fails: what is the machine's fault is tried again, what is the file's is said."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from verify_svc.face.check import FaceWanted, check_face
from verify_svc.face.compare import find_reference
from verify_svc.inference.engines import Engines
from verify_svc.inference.pool import ChildCrashed, ChildOverspent, ChildPool, ChildTimeout


class BrokenPool(ChildPool):
    """Answers each call with the next of these errors."""

    def __init__(self, *errors: Exception) -> None:
        self.errors = list(errors)

    def call(self, timeout_s: float, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        raise self.errors.pop(0)


def _engines(*errors: Exception) -> Engines:
    return Engines(BrokenPool(*errors), BrokenPool())


def test_a_clip_that_kills_its_decoder_twice_is_unreadable() -> None:
    report = check_face(_engines(ChildCrashed(), ChildCrashed()), b"clip", FaceWanted()).report
    assert report.reasons == ("video_unreadable",)


def test_a_decoder_that_dies_once_says_nothing_about_the_clip() -> None:
    with pytest.raises(ChildTimeout):
        check_face(_engines(ChildCrashed(), ChildTimeout()), b"clip", FaceWanted())


def test_a_clip_that_costs_its_decoder_too_much_is_unreadable_and_not_tried_again() -> None:
    report = check_face(_engines(ChildOverspent()), b"clip", FaceWanted()).report
    assert report.reasons == ("video_unreadable",)


def test_a_clip_decoded_too_late_is_to_be_tried_again() -> None:
    with pytest.raises(ChildTimeout):
        check_face(_engines(ChildTimeout()), b"clip", FaceWanted())


@pytest.mark.parametrize("error", [ChildTimeout(), ChildCrashed()])
def test_a_reference_that_no_child_answers_for_is_not_taken_for_one_without_a_face(error: Exception) -> None:
    with pytest.raises(type(error)):
        find_reference(_engines(error), b"picture")
