"""The challenge of a clip: drawn, begun, and given to the phone bit by bit while it records."""

from __future__ import annotations

from datetime import datetime, timedelta

from verify_svc.flow import views
from verify_svc.flow.limits import Limit, spend
from verify_svc.flow.record import APPLICANT, load, move, pack_of, refusal_of, transact
from verify_svc.flow.refusal import FieldFault, Kind, Refusal, conflict, not_found
from verify_svc.flow.services import Services
from verify_svc.flow.tokens import new_id
from verify_svc.ports import PhoneRow, Transaction
from verify_svc.session.challenge import (
    BYTES_NEEDED,
    PACES,
    SPOKEN,
    TURN_BYTES_NEEDED,
    TYPED,
    USUAL,
    WAYS,
    Challenge,
    Turn,
    draw,
    with_turn,
)
from verify_svc.session.events import ChallengeBegun, ChallengeMade
from verify_svc.session.papers import challenge_in_force
from verify_svc.session.refused import NotAllowed
from verify_svc.session.state import Session

LANGUAGES = ("zh", "en")
MODES = ("live", "file")
CHALLENGES = Limit("challenge", 20, timedelta(days=1))
"""Of one session. Whoever holds a recording of six digits must not draw challenges until they are those six. A step
locks after five judged failures, so people need far fewer. There are 134,456: with 20 a day a recording fits 1 session
in 960 of 7 days, 1 in 220 of 30 days."""


def new_challenge(
    services: Services, phone: PhoneRow, *, language: str, mode: str, way: str = SPOKEN, pace: str = USUAL
) -> views.Challenge:
    """Fresh digits; an earlier challenge ends. `language` is `zh` or `en`, `mode` `live` or `file`, `way` one of
    `WAYS`: digits are typed in time with their reveals, so not beside a film. `pace` one of `PACES`: who types may have
    fewer digits and more time for each.

    A live phone is told none of them yet: see `begin_challenge`, `digit` and `turn_direction`.

    Refusals: CONFLICT, LIMITED, INVALID.
    """
    known = language in LANGUAGES and mode in MODES and way in WAYS and pace in PACES
    if not known or (way == TYPED and mode != "live") or (way == SPOKEN and pace != USUAL):
        fault = FieldFault(
            "language", "validation_failed", "zh or en; live or file; spoken, or typed and live; slow is typed."
        )
        raise Refusal(Kind.INVALID, "validation_failed", faults=(fault,))
    with services.store.read() as tx:
        _, session = load(tx, phone.session_id)
    now = services.clock.now()
    asked = PACES[pace]
    digits, reveals_s, duration_s = draw(services.randomness.bytes(BYTES_NEEDED), asked)
    turn: Turn | None = None
    if way == TYPED:
        reveals_s, duration_s, turn = with_turn(
            reveals_s, duration_s, services.randomness.bytes(TURN_BYTES_NEEDED), asked
        )
    expires_at = now + pack_of(services, session).face.challenge_lives
    challenge = Challenge(
        new_id(services, "ch_"),
        digits,
        reveals_s,
        duration_s,
        language,
        mode,
        expires_at,
        way=way,
        turn=turn,
        pace=pace,
    )
    detail = {"challenge": challenge.id, "language": language, "mode": mode, "way": way, "pace": pace}

    def story(tx: Transaction) -> None:
        spend(tx, CHALLENGES, session.id, now)
        event = ChallengeMade(now, challenge)
        move(services, tx, session.id, event, who=APPLICANT, what="challenge_made", detail=detail)

    transact(services, story)
    shown = digits if mode == "file" else None
    arrow = None if turn is None else views.TurnShown(turn.after, turn.at_s, turn.until_s)
    return views.Challenge(challenge.id, len(digits), shown, reveals_s, duration_s, expires_at, arrow)


def begin_challenge(services: Services, phone: PhoneRow, challenge_id: str) -> str:
    """The phone begins to record: gives the first digit. Again: the same, and the time of the first call stays.

    Refusals: CONFLICT, GONE `challenge_expired`.
    """
    now = services.clock.now()

    def story(tx: Transaction) -> str:
        _, session = load(tx, phone.session_id)
        challenge = _in_force(session, challenge_id, now)
        if challenge.begun_at is None:
            event, detail = ChallengeBegun(now, challenge_id), {"challenge": challenge_id}
            move(services, tx, session.id, event, who=APPLICANT, what="challenge_begun", detail=detail)
        return challenge.digits[0]

    return transact(services, story)


def digit(services: Services, phone: PhoneRow, challenge_id: str, place: int) -> str:
    """One digit, `place` counted from 0. Refusals: NOT_FOUND, CONFLICT before the one before it is to be seen, GONE."""
    now = services.clock.now()
    with services.store.read() as tx:
        _, session = load(tx, phone.session_id)
    challenge = _in_force(session, challenge_id, now)
    if place >= len(challenge.digits):
        raise not_found("digit")
    if place >= challenge.due(now):
        raise conflict("This digit is not due yet.")
    return challenge.digits[place]


def turn_direction(services: Services, phone: PhoneRow, challenge_id: str) -> str:
    """`left` or `right`. Refusals: NOT_FOUND where no turn is asked for, CONFLICT before the digit before it is to be
    seen, GONE.
    """
    now = services.clock.now()
    with services.store.read() as tx:
        _, session = load(tx, phone.session_id)
    challenge = _in_force(session, challenge_id, now)
    if challenge.turn is None:
        raise not_found("turn")
    if not challenge.turn_due(now):
        raise conflict("The turn is not due yet.")
    return challenge.turn.direction


def _in_force(session: Session, challenge_id: str, now: datetime) -> Challenge:
    try:
        return challenge_in_force(session, challenge_id, now)
    except NotAllowed as fault:
        raise refusal_of(session, fault) from None
