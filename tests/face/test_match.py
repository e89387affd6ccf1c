"""Probe against reference."""

from __future__ import annotations

import numpy as np
import pytest

from tests.face.made_tracks import sight
from verify_svc.face.match import Reference, judge_match
from verify_svc.inference.faces import Sight
from verify_svc.session.finding import Outcome


def _reference(cosine: float, person: int = 0, width_px: float = 110.0) -> Reference:
    """A reference at that cosine from the made sights of person 0."""
    embedding = np.zeros(128, np.float32)
    embedding[0], embedding[1] = cosine, np.sqrt(1 - cosine**2)
    aligned = np.random.default_rng(50 + person).integers(0, 255, (112, 112, 3), dtype=np.uint8)
    return Reference(embedding * 12, aligned, width_px)


@pytest.mark.parametrize(
    ("cosine", "outcome", "reasons"),
    [
        (0.75, Outcome.PASS, ()),
        (0.35, Outcome.INCONCLUSIVE, ("selfie_match_uncertain",)),
        (0.10, Outcome.FAIL, ("selfie_face_mismatch",)),
    ],
)
def test_the_score_decides_in_three_zones(cosine: float, outcome: Outcome, reasons: tuple[str, ...]) -> None:
    finding = judge_match([sight()] * 3, _reference(cosine), given=True)
    assert (finding.outcome, finding.reasons) == (outcome, reasons)
    assert finding.score == pytest.approx(cosine, abs=0.001)


def test_no_reference_is_not_checked() -> None:
    assert judge_match([sight()], None, given=False).outcome is Outcome.NOT_CHECKED


def test_a_reference_without_a_face_is_uncertain() -> None:
    assert judge_match([sight()], None, given=True).reasons == ("selfie_match_uncertain",)


def test_a_portrait_of_few_pixels_is_uncertain() -> None:
    assert judge_match([sight()], _reference(0.75, width_px=20), given=True).reasons == ("selfie_match_uncertain",)


def test_a_clip_without_a_face_is_uncertain() -> None:
    assert judge_match([Sight(())], _reference(0.75), given=True).reasons == ("selfie_match_uncertain",)


def test_the_portrait_itself_shown_to_the_camera_goes_to_an_operator() -> None:
    shown = sight()
    assert shown.embedding is not None
    assert shown.aligned is not None
    reference = Reference(shown.embedding, shown.aligned, 110.0)
    finding = judge_match([shown] * 3, reference, given=True)
    assert finding.reasons == ("still_same_as_document_portrait",)
