"""The applicant proves the mobile number: it is compared with the entry before an SMS is spent."""

from __future__ import annotations

from datetime import timedelta

from verify_svc.flow.handoff import phone_state
from verify_svc.flow.limits import Limit, spend
from verify_svc.flow.messages import code_message
from verify_svc.flow.record import APPLICANT, load, move, pack_of, transact
from verify_svc.flow.refusal import Kind, Refusal, conflict
from verify_svc.flow.services import Services
from verify_svc.flow.tokens import keyed_hash, same
from verify_svc.flow.views import PhoneState
from verify_svc.ports import PhoneRow, Transaction
from verify_svc.session.events import CodeMissed, CodeProved, CodeSent, NumberMissed
from verify_svc.session.refused import NotAllowed
from verify_svc.session.session import check_code_may_be_sent
from verify_svc.session.state import Session

CODE_DIGITS = 6
_HOUR = timedelta(hours=1)


def type_number(services: Services, phone: PhoneRow, mobile: str) -> PhoneState:
    """Compare with the entry, then send a code by SMS.

    Refusals: INVALID `phone_number_mismatch` (tries_left), LIMITED `phone_code_too_many` (retry_at), CONFLICT.
    """
    mobile = plain_mobile(mobile)
    code = _draw_code(services)

    def story(tx: Transaction) -> Session | None:
        _, session = load(tx, phone.session_id)
        now = services.clock.now()
        if not same(mobile, session.expected.responsible_person.mobile or ""):
            return move(
                services, tx, phone.session_id, NumberMissed(now), who=APPLICANT, what="phone_number_mismatched"
            )
        try:
            check_code_may_be_sent(session.phone, now, pack_of(services, session).phone)
        except NotAllowed as fault:
            raise Refusal(Kind.LIMITED, fault.code, retry_at=fault.retry_at) from None
        _count_sms(services, tx, mobile, pack_of(services, session).phone.codes_an_hour_to_number)
        event = CodeSent(now, _code_hash(services, session.id, code))
        move(services, tx, phone.session_id, event, who=APPLICANT, what="phone_code_sent")
        return None

    missed = transact(services, story)
    if missed is not None:
        limits = pack_of(services, missed).phone
        left = 0 if missed.phone.locked_until else limits.number_tries - missed.phone.number_misses
        if missed.phone.number_misses == 0:
            raise Refusal(Kind.LIMITED, "phone_code_too_many", retry_at=missed.phone.locked_until)
        raise Refusal(Kind.INVALID, "phone_number_mismatch", tries_left=left)
    state = phone_state(services, phone)
    services.sms.send(mobile, code_message(services.policy.provider_name, code, state.session.locale))
    return state


def type_code(services: Services, phone: PhoneRow, code: str) -> PhoneState:
    """Refusals: INVALID `phone_code_wrong` (tries_left), GONE `phone_code_expired`, LIMITED `phone_code_too_many`."""

    def story(tx: Transaction) -> Session:
        _, session = load(tx, phone.session_id)
        proof, limits, now = session.phone, pack_of(services, session).phone, services.clock.now()
        if proof.proved_at is not None:
            raise conflict("The mobile number is proved already.")
        if proof.code_hash is None and proof.code_misses >= limits.code_tries:
            raise Refusal(Kind.LIMITED, "phone_code_too_many", retry_at=now)
        if proof.code_hash is None or proof.code_sent_at is None or now >= proof.code_sent_at + limits.code_lives:
            raise Refusal(Kind.GONE, "phone_code_expired")
        right = same(_code_hash(services, session.id, "".join(code.split())), proof.code_hash)
        event = CodeProved(now, phone.id) if right else CodeMissed(now)
        what = "phone_proved" if right else "phone_code_missed"
        return move(services, tx, session.id, event, who=APPLICANT, what=what)

    session = transact(services, story)
    if session.phone.proved_at is None:
        left = pack_of(services, session).phone.code_tries - session.phone.code_misses
        if left <= 0:
            raise Refusal(Kind.LIMITED, "phone_code_too_many", retry_at=services.clock.now())
        raise Refusal(Kind.INVALID, "phone_code_wrong", tries_left=left)
    return phone_state(services, phone)


def plain_mobile(text: str) -> str:
    """Eleven digits without spaces, hyphens and China's prefix."""
    digits = "".join(character for character in text if character.isdigit())
    return digits[2:] if len(digits) == 13 and digits.startswith("86") else digits


def _draw_code(services: Services) -> str:
    number = int.from_bytes(services.randomness.bytes(8), "big")
    return f"{number % 10**CODE_DIGITS:0{CODE_DIGITS}d}"


def _code_hash(services: Services, session_id: str, code: str) -> str:
    return keyed_hash(services, "code", f"{session_id}\0{code}")


def _count_sms(services: Services, tx: Transaction, mobile: str, most: int) -> None:
    """Whoever opens many sessions can't flood one number."""
    try:
        spend(tx, Limit("sms", most, _HOUR), keyed_hash(services, "sms", mobile), services.clock.now())
    except Refusal as fault:
        raise Refusal(Kind.LIMITED, "phone_code_too_many", retry_at=fault.retry_at) from None
