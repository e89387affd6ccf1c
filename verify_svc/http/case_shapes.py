"""What an operator sees, as the JSON of docs/page-api.md."""

from __future__ import annotations

from verify_svc.flow.views import AuditShown, Case, CaseLine, ClipShown, Findings, FindingShown, PaperShown
from verify_svc.http import shapes
from verify_svc.http.shapes import Tree
from verify_svc.http.times import iso, iso_or_none


def line(shown: CaseLine) -> Tree:
    """A line of the queue or the list."""
    return {
        "id": shown.id,
        "reference": shown.reference,
        "status": shown.status,
        "subject": {"kind": shown.subject_kind, "name": shown.subject_name},
        "person": shown.person,
        "filing_kind": shown.filing_kind,
        "province": shown.province,
        "reasons": list(shown.reasons),
        "steps_in_review": list(shown.steps_in_review),
        "created_at": iso(shown.created_at),
        "waiting_since": iso_or_none(shown.waiting_since),
        "due_at": iso_or_none(shown.due_at),
        "late": shown.late,
        "claimed_by": shown.claimed_by,
        "claimed_until": iso_or_none(shown.claimed_until),
        "priority": shown.priority,
    }


def case(shown: Case) -> Tree:
    """All about one session: the hand-off state, and what only operators see."""
    base = f"/console/api/cases/{shown.line.id}/uploads"

    def frame_url(upload_id: str, code: str) -> str:
        return f"{base}/{upload_id}/frame/{code}"

    tree = shapes.handoff_state(shown.handoff)
    tree.update(
        {
            "line": line(shown.line),
            "steps": [shapes.step(each, frame_url) for each in shown.handoff.steps],
            "expected": dict(shown.expected),
            "report": dict(shown.report),
            "rule_pack": shown.report["properties"]["rule_pack"],
            "uploads": [shapes.upload(each, frame_url) for each in shown.uploads],
            "clips": [clip(each, f"{base}/{each.upload_id}") for each in shown.clips],
            "findings": findings(shown.findings),
            "papers": [paper(each) for each in shown.papers],
            "audit": [audit(each) for each in shown.audit],
            "claim": {"by": shown.line.claimed_by, "until": iso_or_none(shown.line.claimed_until)},
        }
    )
    return tree


def clip(shown: ClipShown, base_url: str) -> Tree:
    """A clip's evidence."""
    match = None
    if shown.match is not None:
        match = {"score": shown.match.score, "accept": shown.match.accept, "review": shown.match.review}
    return {
        "upload": shown.upload_id,
        "url": f"{base_url}/clip",
        "way": shown.way,
        "turn": None if shown.turn is None else {"direction": shown.turn[0], "at_s": shown.turn[1]},
        "duration_s": shown.duration_s,
        "digits": {
            "asked": shown.asked,
            "heard": shown.heard,
            "scores": list(shown.scores),
            "delays_s": list(shown.delays_s),
        },
        "traces": {name: list(values) for name, values in shown.traces.items()},
        "reveals_s": list(shown.reveals_s),
        "moments": [dict(moment) for moment in shown.moments],
        "match": match,
        "attack_score": shown.attack_score,
        "stills": [f"{base_url}/still/{place}" for place in range(shown.stills)],
        "card_portrait": f"{base_url}/card_portrait" if shown.match is not None else None,
    }


def findings(shown: Findings) -> Tree:
    """Findings by what they do to the case."""
    return {
        "blocking": [finding(each) for each in shown.blocking],
        "doubtful": [finding(each) for each in shown.doubtful],
        "passed": [finding(each) for each in shown.passed],
        "not_checked": [finding(each) for each in shown.not_checked],
    }


def finding(shown: FindingShown) -> Tree:
    """One finding."""
    return {
        "step": shown.step,
        "slot": shown.slot,
        "check": shown.check,
        "result": shown.result,
        "reasons": list(shown.reasons),
        "score": shown.score,
        "threshold": shown.threshold,
        "pages": list(shown.pages),
        "measured": dict(shown.measured),
    }


def paper(shown: PaperShown) -> Tree:
    """A paper of the portal's: `checks` are its report's, with the result of each; none before it was judged.
    `pages_of` are the pages that a reason is about.
    """
    report = shown.report or {}
    breakdown = report.get("breakdown") or {}
    return {
        "id": shown.id,
        "kind": shown.kind,
        "state": shown.state,
        "created_at": iso(shown.created_at),
        "result": report.get("result"),
        "reasons": list(report.get("reasons") or ()),
        "pages_of": {
            code: branch["properties"]["pages"]
            for branch in breakdown.values()
            for code in branch["reasons"]
            if branch["properties"].get("pages")
        },
        "checks": {check: branch["result"] for check, branch in breakdown.items()},
        "pictures": [
            f"/console/api/cases/{shown.session_id}/papers/{shown.id}/pages/{page}"
            for page in range(1, len(shown.pages) + 1)
        ],
    }


def audit(shown: AuditShown) -> Tree:
    """One line of the audit trail."""
    return {"at": iso(shown.at), "who": shown.who, "what": shown.what, "step": shown.step, "why": shown.why}
