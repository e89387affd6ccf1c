"""An upload as the applicant sees it: its progress, its reasons, what was read beside what was entered."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from verify_svc.flow.upload_pages import as_shown
from verify_svc.flow.views import FieldShown, Progress, ReasonShown, UploadResult, UploadShown
from verify_svc.ports import UploadRow
from verify_svc.session.challenge import Challenge
from verify_svc.session.codec import to_plain
from verify_svc.session.comparing import entries_of, is_as_entered
from verify_svc.session.finding import Outcome
from verify_svc.session.forms import FORM_FIELDS, entered_on, entry_of, opinions
from verify_svc.session.papers import editable_in
from verify_svc.session.reasons import CLOSING, GENERAL, IMPLIED, REASONS, Effect
from verify_svc.session.state import Judged, Session, Slot, Step, StepReason
from verify_svc.session.steps import StepName, StepState

_COMPARING_FRACTION = 0.95


def compares_faces(session: Session, name: StepName) -> bool:
    """Whether the clip is judged and its comparison with the card is under way."""
    step = session.steps[name]
    judged = step.slots.get("clip", Slot()).judged is not None
    return name is StepName.FACE and judged and step.verdict.state is StepState.PROCESSING


def upload(session: Session, row: UploadRow) -> UploadShown:
    """An upload; its result is the one that counts, so none is shown for one that another took the place of."""
    pages = as_shown(row)
    place = session.slot_of_upload(row.id)
    result, state, progress = None, row.state, None
    if row.state == "processing":
        progress = Progress(row.stage or "waiting", row.fraction)
    elif place is not None and compares_faces(session, place[0]):
        # The comparison with the card is still to come: one answer, with all its reasons at once.
        state, progress = "processing", Progress("judging", _COMPARING_FRACTION)
    elif place is not None and row.state == "done":
        result = _result(session, place[0], place[1], row)
    return UploadShown(
        row.id,
        row.step,
        row.slot,
        state,
        row.width_px,
        row.height_px,
        pages[0].page if pages else None,
        pages,
        progress,
        result,
    )


def _result(session: Session, name: StepName, slot_name: str, row: UploadRow) -> UploadResult | None:
    step = session.steps[name]
    slot = step.slots[slot_name]
    reasons = tuple(reason for reason in step.verdict.reasons if reason.slot in (slot_name, None))
    shown = shown_reasons(reasons, frames=kept_frames(row))
    if slot.judged is None:
        return UploadResult("unreadable", shown, (), (), 0) if slot.broke else None
    closed = any(reason.code in CLOSING for reason in reasons)
    worst = {"review"} if closed else {reason.effect for reason in reasons}
    result = "rejected" if "retry" in worst else "consider" if "review" in worst else slot.judged.result
    if name is StepName.FORMS:
        fields = tuple(_form_fields(session, slot.judged))
    else:
        fields = tuple(_fields(session, name, slot_name, slot.judged, row))
    return UploadResult(result, shown, went_right(step, slot_name), fields, slot.judged.stills)


def _fields(session: Session, name: StepName, slot: str, judged: Judged, row: UploadRow) -> Iterator[FieldShown]:
    entries = {entry.field: entry for entry in entries_of(name, slot, session.expected)}
    tree = json.loads(row.report or "{}").get("properties", {}).get("fields", {})
    for field, read in judged.fields.items():
        entry = entries.get(field)
        entered = None if entry is None else entry.entered
        agrees = None if entry is None else is_as_entered(entry, judged)
        yield FieldShown(
            field,
            read.value,
            read.score,
            entered,
            agrees,
            judged.edits.get(field),
            _doubtful(read.value, None if agrees and field not in judged.edits else entered, tree.get(field) or {}),
            field in editable_in(name),
        )


def _form_fields(session: Session, judged: Judged) -> Iterator[FieldShown]:
    """What a form says; a signature has no words, only whether it is there."""
    entry = entry_of(session.expected)
    entered, said = entered_on(entry), opinions(judged.fields, judged.findings, entry)
    for field in FORM_FIELDS:
        read, outcomes = judged.fields.get(field), said.get(field, frozenset())
        if read is None:
            continue
        agrees = None if Outcome.INCONCLUSIVE in outcomes or not outcomes else Outcome.FAIL not in outcomes
        if read.value is not None and field not in entered:
            agrees = None
        yield FieldShown(field, read.value, read.score, entered.get(field), agrees, None, (), False)


def _doubtful(value: str | None, other: str | None, read: Mapping[str, Any]) -> tuple[int, ...]:
    """The characters to look at: those read unsurely, and those that differ from another value."""
    if value is None:
        return ()
    places = {place for place, score in enumerate(read.get("char_scores") or ()) if score < 0.5}
    if other is not None and len(other) == len(value):
        places |= {place for place, (one, another) in enumerate(zip(value, other, strict=True)) if one != another}
    return tuple(sorted(places))


def kept_frames(row: UploadRow | None) -> frozenset[str]:
    """The reasons for which the clip's analysis kept the frame that shows them."""
    tree: dict[str, Any] = {} if row is None or row.report is None else json.loads(row.report)
    return frozenset(tree.get("frames") or ())


def shown_reasons(
    reasons: Sequence[StepReason], *, frames: Collection[str], to_operator: bool = False
) -> tuple[ReasonShown, ...]:
    """As the applicant (or an operator) may see them, each once. `frames`: the codes that a kept frame shows.

    Beside something to be redone an applicant hears of no general reason: it would tell which try raised suspicion.
    Where the step is closed for good they hear of that alone.
    """
    shown = []
    if not to_operator and any(reason.code in CLOSING for reason in reasons):
        reasons = [reason for reason in reasons if REASONS[reason.code].shown_as == GENERAL]
    if not to_operator:
        implied = frozenset().union(*(IMPLIED.get(reason.code, ()) for reason in reasons))
        reasons = [reason for reason in reasons if reason.code not in implied]
    redone = any(reason.effect == Effect.RETRY.value for reason in reasons)
    for reason in reasons:
        code = reason.code if to_operator else REASONS[reason.code].shown_as
        if redone and code == GENERAL:
            continue
        open_to_see = code == reason.code
        shown.append(
            ReasonShown(
                code,
                reason.effect,
                reason.slot,
                reason.field if open_to_see else None,
                reason.moment_s if open_to_see else None,
                open_to_see and code in frames,
                reason.pages if open_to_see else (),
            )
        )
    return tuple(dict.fromkeys(shown))


_UNTOLD = frozenset({"attack", "border", "device", "frozen", "loop", "reuse", "signs", "source"})
"""Were they named when they pass, their absence would tell what a general reason hides."""


def went_right(step: Step, slot: str | None = None) -> tuple[str, ...]:
    """The checks that passed; those whose failing the applicant is not told of are not named either way."""
    own = [
        finding.check
        for name, each in step.slots.items()
        if each.judged is not None and slot in (None, name)
        for finding in each.judged.findings
        if finding.outcome is Outcome.PASS
    ]
    made = [
        finding.check
        for name, finding in step.verdict.compared
        if finding.outcome is Outcome.PASS and slot in (None, name)
    ]
    return tuple(check for check in dict.fromkeys([*own, *made]) if check not in _UNTOLD)


def challenge_kept(challenge: Challenge) -> dict[str, Any]:
    """What is kept with a clip of the challenge it answers."""
    return {
        "digits": challenge.digits,
        "reveals_s": list(challenge.reveals_s),
        "begun_at": None if challenge.begun_at is None else challenge.begun_at.isoformat(),
        "language": challenge.language,
        "mode": challenge.mode,
        "way": challenge.way,
        "pace": challenge.pace,
        "turn": None if challenge.turn is None else to_plain(challenge.turn),
    }
