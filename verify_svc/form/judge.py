"""Is it the right form, and can it be read?"""

from __future__ import annotations

from dataclasses import dataclass

from verify_svc.document.judge import Seen
from verify_svc.session.finding import Finding, Outcome


@dataclass(frozen=True, slots=True)
class FormLimits:
    """When a form counts as legible."""

    min_mean_score: float = 0.6  # guessed: mean probability of the characters in the lines that were read
    min_lines: int = 4  # guessed: a form has a title, fields and a place to sign


def judge_template(seen: Seen, limits: FormLimits = FormLimits()) -> Finding:
    """Whether the title is the right form's. A page that can't be read may be anything."""
    if seen.kind == seen.wanted:
        return Finding("template", Outcome.PASS)
    if seen.kind is None and not _is_legible(seen, limits):
        return Finding("template", Outcome.INCONCLUSIVE, ("form_unreadable",))
    return Finding("template", Outcome.FAIL, ("form_wrong_template",))


def judge_legible(seen: Seen, limits: FormLimits = FormLimits()) -> Finding:
    """Whether the print can be read."""
    if _is_legible(seen, limits):
        return Finding("legible", Outcome.PASS, score=seen.mean_score, threshold=limits.min_mean_score)
    reasons = ("form_unreadable",)
    return Finding("legible", Outcome.FAIL, reasons, score=seen.mean_score, threshold=limits.min_mean_score)


def _is_legible(seen: Seen, limits: FormLimits) -> bool:
    return seen.mean_score >= limits.min_mean_score and seen.line_count >= limits.min_lines
