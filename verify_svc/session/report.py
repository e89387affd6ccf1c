"""Findings to report tree to verdict: the same tree in the API, on the command line and in the console."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from verify_svc.session.finding import Finding, Outcome
from verify_svc.session.reasons import REASONS, Effect, in_telling_order


class Result(StrEnum):
    """The result of a report: `clear` passes, `consider` waits for an operator, `rejected` is to be redone.

    `unreadable` is for bytes that can't be decoded.
    """

    CLEAR = "clear"
    CONSIDER = "consider"
    REJECTED = "rejected"
    UNREADABLE = "unreadable"
    NOT_CHECKED = "not_checked"


@dataclass(frozen=True, slots=True)
class Report:
    """What was judged about one thing. `properties` may hold personal data and hides itself from `repr`."""

    result: Result
    reasons: tuple[str, ...]
    findings: tuple[Finding, ...] = ()
    properties: Mapping[str, Any] = field(default_factory=dict, repr=False)

    def as_tree(self) -> dict[str, Any]:
        """The report as plain JSON values: `result`, `reasons`, `breakdown`, `properties`."""
        return {
            "result": self.result.value,
            "reasons": list(self.reasons),
            "breakdown": {finding.check: _branch(finding) for finding in self.findings},
            "properties": dict(self.properties),
        }


def judge_report(
    findings: Iterable[Finding],
    properties: Mapping[str, Any] | None = None,
    effects: Mapping[str, Effect] | None = None,
    required: Iterable[str] = (),
) -> Report:
    """Weigh the findings: the worst effect decides (retry, then review, then clear).

    `effects` are the rule pack's own, by reason code. A check of `required` that is absent, inconclusive or not
    checked asks for an operator (`check_inconclusive`); an inconclusive check never passes.
    """
    found = tuple(findings)
    own = effects or {}
    codes = {code for finding in found for code in finding.reasons}
    by_check = {finding.check: finding.outcome for finding in found}
    for check in required:
        if by_check.get(check, Outcome.NOT_CHECKED) in (Outcome.NOT_CHECKED, Outcome.INCONCLUSIVE):
            codes.add("check_inconclusive")
    weights = {own.get(code, REASONS[code].effect) for code in codes}
    if Effect.RETRY in weights:
        result = Result.REJECTED
    elif Effect.REVIEW in weights or any(finding.outcome is Outcome.INCONCLUSIVE for finding in found):
        result = Result.CONSIDER
    elif any(finding.outcome is Outcome.PASS for finding in found):
        result = Result.CLEAR
    else:
        result = Result.NOT_CHECKED
    return Report(result, in_telling_order(codes), found, properties or {})


def with_finding(tree: Mapping[str, Any], finding: Finding, effects: Mapping[str, Effect]) -> dict[str, Any]:
    """A report's tree with one finding more; it may get worse by it, never better.

    >>> tree = Report(Result.CLEAR, ()).as_tree()
    >>> with_finding(tree, Finding("sides_agree", Outcome.FAIL, ("document_sides_mismatch",)), {})["result"]
    'consider'
    """
    weights = {effects.get(code, REASONS[code].effect) for code in finding.reasons}
    result = Result(tree["result"])
    if Effect.RETRY in weights and result is not Result.UNREADABLE:
        result = Result.REJECTED
    elif Effect.REVIEW in weights and result not in (Result.UNREADABLE, Result.REJECTED):
        result = Result.CONSIDER
    return {
        **tree,
        "result": result.value,
        "reasons": list(in_telling_order([*tree["reasons"], *finding.reasons])),
        "breakdown": {**tree["breakdown"], finding.check: _branch(finding)},
    }


def unreadable(reason: str, properties: Mapping[str, Any] | None = None) -> Report:
    """The report on bytes that can't be decoded."""
    return Report(Result.UNREADABLE, (reason,), (), properties or {})


_BRANCH = {
    Outcome.PASS: Result.CLEAR,
    Outcome.FAIL: Result.REJECTED,
    Outcome.INCONCLUSIVE: Result.CONSIDER,
    Outcome.NOT_CHECKED: Result.NOT_CHECKED,
}


def _branch(finding: Finding) -> dict[str, Any]:
    properties: dict[str, Any] = dict(finding.measured)
    for name in ("score", "threshold", "model", "version"):
        value = getattr(finding, name)
        if value is not None:
            properties[name] = value
    if finding.moments:
        properties["moments"] = [{"start_s": m.start_s, "end_s": m.end_s} for m in finding.moments]
    if finding.pages:
        properties["pages"] = list(finding.pages)
    return {"result": _BRANCH[finding.outcome].value, "reasons": list(finding.reasons), "properties": properties}
