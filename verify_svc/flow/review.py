"""An operator decides: the queue, the claim, the decision. Pictures can't be changed, decisions can't be deleted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from verify_svc.flow.case import case_in, case_line
from verify_svc.flow.open import tell_by_sms
from verify_svc.flow.record import load, move, note, tell, transact
from verify_svc.flow.refusal import FieldFault, Kind, Refusal, conflict
from verify_svc.flow.services import Services
from verify_svc.flow.views import Case, CaseLine
from verify_svc.ports import SessionRow, Transaction
from verify_svc.session.changes import Change
from verify_svc.session.events import Approved, Declined, RedoAsked
from verify_svc.session.reasons import REASONS, Mender
from verify_svc.session.state import Session
from verify_svc.session.steps import StepName

DECISIONS = ("approve", "decline", "redo")
_QUEUE = 500
_PAGE = 50


def queue(services: Services) -> Sequence[CaseLine]:
    """The sessions that wait for an operator: late and urgent first."""
    with services.store.read() as tx:
        rows = tx.sessions.awaiting_operator(_QUEUE)
        lines = [case_line(services, row, load(tx, row.id)[1]) for row in rows]
    return sorted(lines, key=lambda line: (not line.late, -line.priority))


def find_sessions(
    services: Services, *, query: str | None, status: str | None, cursor: str | None
) -> tuple[Sequence[CaseLine], str | None]:
    """Every session, newest first, and the next page's cursor."""
    with services.store.read() as tx:
        rows = tx.sessions.page(
            api_key_ids=None, status=status or None, query=query or None, before_id=cursor or None, limit=_PAGE + 1
        )
        lines = [case_line(services, row, load(tx, row.id)[1]) for row in rows[:_PAGE]]
    return lines, rows[_PAGE - 1].id if len(rows) > _PAGE else None


def claim(services: Services, operator: str, session_id: str) -> Case:
    """Hold it for this operator. Refusals: CONFLICT when another holds it, NOT_FOUND."""

    def story(tx: Transaction) -> Case:
        row, session = load(tx, session_id)
        now = services.clock.now()
        if row.waiting_since is None:
            raise conflict("The session waits for no operator.")
        if _held_by_another(services, row, operator):
            raise conflict("Another operator holds it.")
        claimed = replace(row, claimed_by=operator, claimed_until=now + services.policy.claim_lives, updated_at=now)
        return _saved(services, tx, claimed, session, operator, "claimed")

    return transact(services, story)


def release(services: Services, operator: str, session_id: str) -> Case:
    """Let it go. Refusals: CONFLICT, NOT_FOUND."""

    def story(tx: Transaction) -> Case:
        row, session = load(tx, session_id)
        _check_held(services, row, operator)
        freed = replace(row, claimed_by=None, claimed_until=None, updated_at=services.clock.now())
        return _saved(services, tx, freed, session, operator, "released")

    return transact(services, story)


def decide(
    services: Services,
    operator: str,
    session_id: str,
    *,
    decision: str,
    steps: Sequence[str],
    reason: str,
    comment: str,
    message: str,
) -> Case:
    """`approve`, `decline` or `redo` (with steps). `comment` is for operators, `message` for the applicant.

    Refusals: INVALID, CONFLICT unless this operator holds it, NOT_FOUND.
    """
    _check_decision(decision, steps, reason, message)
    who = _who(operator)

    def story(tx: Transaction) -> tuple[Case, SessionRow, Session]:
        row, _ = load(tx, session_id)
        _check_held(services, row, operator)
        now = services.clock.now()
        event: Approved | Declined | RedoAsked
        if decision == "redo":
            names = tuple(StepName(step) for step in steps)
            event = RedoAsked(now, who, names, reason, comment, message)
        else:
            event = (Approved if decision == "approve" else Declined)(now, who, reason, comment, message)
        detail = {"reason": reason, "steps": list(steps), "comment": comment, "message": message}
        move(services, tx, session_id, event, who=who, what=f"decided_{decision}", detail=detail)
        row, session = load(tx, session_id)
        return case_in(services, tx, row, session), row, session

    shown, row, session = transact(services, story)
    tell_by_sms(services, row, session, decision, message)
    return shown


def _check_decision(decision: str, steps: Sequence[str], reason: str, message: str) -> None:
    faults = []
    if decision not in DECISIONS:
        faults.append(FieldFault("decision", "validation_failed", f"One of {', '.join(DECISIONS)}."))
    if (decision == "redo") != bool(steps) or any(step not in list(StepName) for step in steps):
        faults.append(FieldFault("steps", "validation_failed", "Redo names steps; the others name none."))
    if decision != "approve" and not message.strip():
        faults.append(FieldFault("message", "validation_failed", "What is the applicant to read?"))
    if reason not in REASONS and not (decision == "approve" and reason):
        faults.append(FieldFault("reason", "validation_failed", "A reason code is needed."))
    elif decision == "redo" and REASONS[reason].mender is Mender.OPERATOR:
        faults.append(FieldFault("reason", "validation_failed", "Redo names what the applicant can mend."))
    if faults:
        raise Refusal(Kind.INVALID, "validation_failed", faults=tuple(faults))


def _saved(services: Services, tx: Transaction, row: SessionRow, session: Session, operator: str, what: str) -> Case:
    row = tx.sessions.save(row)
    note(tx, row.id, services.clock.now(), _who(operator), what, {})
    tell(services, tx, row, session, Change("claim_changed"))
    return case_in(services, tx, row, session)


def _held_by_another(services: Services, row: SessionRow, operator: str) -> bool:
    held = row.claimed_until is not None and services.clock.now() < row.claimed_until
    return held and row.claimed_by != operator


def _check_held(services: Services, row: SessionRow, operator: str) -> None:
    if row.claimed_by != operator or row.claimed_until is None or services.clock.now() >= row.claimed_until:
        raise conflict("Claim the case first.")


def _who(operator: str) -> str:
    return f"operator:{operator}"
