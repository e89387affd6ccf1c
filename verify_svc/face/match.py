"""The probe (faces of the clip) against the reference (the card's portrait)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from verify_svc.face.presence import frontal
from verify_svc.inference.faces import Sight, same_picture
from verify_svc.session.finding import Finding, Outcome


@dataclass(frozen=True, slots=True)
class MatchLimits:
    """Cosines of SFace embeddings.

    Measured, 19 people, 74 photographs: genuine pairs median 0.75, 5th percentile 0.52; impostors 99th percentile
    0.25, highest 0.34. At 0.40 FNMR 1.6 % [0.2–5.5], FMR 0 [0–0.14]; at 0.29 FMR 0.16 %.
    """

    accept: float = 0.40
    review: float = 0.29
    # The card's own portrait shown again. Measured: 30 photographs made into card portraits (110 px, washed out,
    # JPEG 70) match themselves at 0.944 (median) and 0.76 in structure; 72 pairs of other photographs of one person
    # reach 0.90 at most. A live face never matches a card that well.
    same_cosine: float = 0.92
    same_picture: float = 0.50
    min_face_px: float = 40.0  # guessed: the portrait on a card photographed at 1000 px is 100 px wide


@dataclass(frozen=True, slots=True)
class Reference:
    """The largest face of the reference picture: SFace's raw embedding (128,), the aligned face (112, 112, 3) RGB and
    the face's width in pixels of the picture."""

    embedding: NDArray[np.float32]
    aligned: NDArray[np.uint8]
    width_px: float


def judge_match(
    sights: Sequence[Sight], reference: Reference | None, given: bool, limits: MatchLimits = MatchLimits()
) -> Finding:
    """Compare the clip's near-frontal faces with the reference. The score is their median cosine.

    `given` tells a reference without a face (inconclusive) from none at all (not checked).
    """
    if not given:
        return Finding("match", Outcome.NOT_CHECKED)
    embeddings = [sight.embedding for sight in sights if sight.embedding is not None and frontal(sight.faces[0])]
    if not embeddings:
        embeddings = [sight.embedding for sight in sights if sight.embedding is not None]
    if reference is None or not embeddings or reference.width_px < limits.min_face_px:
        return Finding("match", Outcome.INCONCLUSIVE, ("selfie_match_uncertain",), threshold=limits.accept)
    cosines = [cosine(embedding, reference.embedding) for embedding in embeddings]
    score = float(np.median(cosines))
    likeness = [same_picture(s.aligned, reference.aligned) for s in sights if s.aligned is not None]
    alike = max(likeness, default=0.0)
    outcome, reasons = Outcome.PASS, []
    if score < limits.review:
        outcome, reasons = Outcome.FAIL, ["selfie_face_mismatch"]
    elif score < limits.accept:
        outcome, reasons = Outcome.INCONCLUSIVE, ["selfie_match_uncertain"]
    if max(cosines) >= limits.same_cosine and alike >= limits.same_picture:
        outcome, reasons = Outcome.FAIL, [*reasons, "still_same_as_document_portrait"]
    return Finding(
        "match",
        outcome,
        tuple(reasons),
        score=round(score, 3),
        threshold=limits.accept,
        model="sface",
        version="2021dec",
        measured={
            "review": limits.review,
            "lowest": round(min(cosines), 3),
            "highest": round(max(cosines), 3),
            "frames": len(cosines),
            "same_picture": round(alike, 3),
            "portrait_width_px": round(reference.width_px),
        },
    )


def cosine(first: NDArray[np.float32], second: NDArray[np.float32]) -> float:
    """The comparison score of two embeddings, −1–1.

    >>> cosine(np.float32([3, 0]), np.float32([1, 0]))
    1.0
    """
    return float(first @ second / (np.linalg.norm(first) * np.linalg.norm(second)))
