"""Whether a clip that claims to come from the page's own recorder can: what its bytes and our clock say of that.

A claim that doesn't hold is no accusation: the clip counts as a fallback, which a person looks at.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from verify_svc.face.source import SourceFacts
from verify_svc.ports import UploadRow
from verify_svc.session.codec import from_json
from verify_svc.session.finding import Finding, Outcome

FALLBACK = Finding("capture", Outcome.FAIL, ("capture_fallback_used",))


@dataclass(frozen=True, slots=True)
class CaptureLimits:
    """How far the clip's length and the service's clock may lie apart."""

    clock_s: float = 2.0  # two machines' clocks, docs/operations.md
    lost_s: float = 1.5  # guessed: a browser under load drops the last frames


def claim_holds(
    row: UploadRow,
    challenge: Mapping[str, Any],
    duration_s: float,
    from_a_page: bool,
    limits: CaptureLimits = CaptureLimits(),
) -> bool:
    """Whether the clip may be what the page recorded while it was given the digits one by one.

    `challenge` is what was kept of it at submit, `duration_s` the clip's length by its frames. A clip that was
    recorded then came in after the last digit could be seen, is no longer than the time since, and long enough to
    hold every digit.
    """
    begun_at, reveals_s = challenge.get("begun_at"), challenge.get("reveals_s") or ()
    if not from_a_page or begun_at is None or not reveals_s:
        return False
    passed_s = (row.created_at - datetime.fromisoformat(begun_at)).total_seconds() + limits.clock_s
    last_s = float(reveals_s[-1])
    return passed_s >= max(last_s, duration_s) and duration_s + limits.lost_s >= last_s


def source_told(row: UploadRow) -> SourceFacts | None:
    """What the page that recorded the clip said of its camera; None: nothing."""
    told = json.loads(row.sent).get("source")
    return None if told is None else from_json(SourceFacts, json.dumps(told))
