"""The hand-off from PC to phone: links, the phone's cookie, the PC page's token."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from verify_svc.flow import show
from verify_svc.flow.limits import LINKS, REFUSED_PHONES, WRITES, left, spend
from verify_svc.flow.record import APPLICANT, closed_refusal, load, move, note, of_key, tell, transact
from verify_svc.flow.refusal import Kind, Refusal, conflict, not_found
from verify_svc.flow.services import Services
from verify_svc.flow.tokens import derived, hash_of, new_id, new_secret, same
from verify_svc.flow.views import HandoffState, PhoneState, SessionEvent, WaitingLink
from verify_svc.ports import ApiKeyRow, EventRow, LinkRow, PhoneRow, SessionRow, Transaction
from verify_svc.session.changes import PUBLIC, Change
from verify_svc.session.events import PhoneTookOver
from verify_svc.session.state import Session, Status

_EVENTS_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Redeemed:
    """A phone was let in: the cookie's value, shown this once, and until when it is good."""

    cookie: str = field(repr=False)
    phone: PhoneRow
    state: PhoneState
    until: datetime


def session_of_client_token(services: Services, client_token: str) -> str:
    """The id of the session that a PC page's token is good for. Refusals: UNAUTHORIZED."""
    session_id, _, proof = client_token.partition(".")
    if not same(proof, derived(services, "client", session_id)):
        raise Refusal(Kind.UNAUTHORIZED, "unauthorized", "The page's token is not valid.")
    return session_id


def client_token(services: Services, session_id: str) -> str:
    """The token of the PC's hand-off page, derived from the server's key."""
    return f"{session_id}.{derived(services, 'client', session_id)}"


def handoff_state(services: Services, session_id: str) -> HandoffState:
    """What the hand-off page shows."""
    with services.store.read() as tx:
        row, session = load(tx, session_id)
        return handoff_state_in(services, tx, row, session)


def handoff_state_in(services: Services, tx: Transaction, row: SessionRow, session: Session) -> HandoffState:
    """The same, within a transaction."""
    return HandoffState(
        session=show.head(row, session),
        provider=show.provider(services),
        subject=show.subject(session),
        mobile_hint=show.proved_mobile(session),
        person=show.verified_person(session),
        steps=show.steps(services, session, (), with_uploads=False),
        awaiting=session.awaiting,
        review=show.review(services, session),
        decision=show.decision(session),
        link=show.link(tx.links.latest(session.id), session, services),
        portrait=show.portrait_ready(session),
        return_url=session.return_url,
        last_event_id=tx.events.last_id(session.id),
    )


def waiting_link(services: Services, session_id: str) -> WaitingLink:
    """The link that waits to be opened. Refusals: NOT_FOUND when none waits."""
    with services.store.read() as tx:
        _, session = load(tx, session_id)
        link = tx.links.latest(session_id)
    if link is None or show.link(link, session, services).state != "waiting":
        raise not_found("waiting link")
    return WaitingLink(_token(services, link.id), link.expires_at)


def refresh_link(services: Services, session_id: str) -> WaitingLink:
    """A fresh link; an unopened one ends. Refusals: CONFLICT, GONE when the session is closed, LIMITED."""

    def story(tx: Transaction) -> WaitingLink:
        row, session = load(tx, session_id)
        if session.closed:
            raise closed_refusal(session)
        now = services.clock.now()
        spend(tx, LINKS, session_id, now)
        before = tx.links.latest(session_id)
        if before is not None and before.opened_at is None and before.ended_at is None:
            tx.links.save(replace(before, ended_at=now))
        link = new_link(services, tx, session_id)
        note(tx, session_id, now, "pc", "link_refreshed", {})
        tell(services, tx, row, session, Change("link_changed"))
        return link

    return transact(services, story)


def portal_refresh_link(services: Services, api_key: ApiKeyRow, session_id: str) -> WaitingLink:
    """The same, asked by the portal. Refusals: NOT_FOUND too."""
    with services.store.read() as tx:
        of_key(tx, api_key, session_id)
    return refresh_link(services, session_id)


def new_link(services: Services, tx: Transaction, session_id: str) -> WaitingLink:
    """A link in the caller's transaction. The raw token follows from the link's id; only its hash is stored."""
    now = services.clock.now()
    link_id = new_id(services, "ln_")
    token = _token(services, link_id)
    expires_at = now + services.policy.link_lives
    tx.links.add(LinkRow(link_id, session_id, hash_of(token), now, expires_at, None, None, None, None, None))
    return WaitingLink(token, expires_at)


def events_after(services: Services, session_id: str, after: int) -> Sequence[SessionEvent]:
    """What happened since event `after`, oldest first, at most 100: for the phone and the PC page."""
    with services.store.read() as tx:
        return [shown_event(row) for row in tx.events.after(session_id, after, _EVENTS_AT_ONCE)]


def shown_event(row: EventRow) -> SessionEvent:
    return SessionEvent(row.id, row.type, row.step, row.at, row.session_id, row.data)


def redeem_link(services: Services, token: str, *, device_kind: str, browser: str, cookie: str | None) -> Redeemed:
    """A tap on the phone redeems the link. `cookie`: the one this browser sent, if any: the same phone again.

    Refusals: GONE `link_expired`, `session_expired`, `session_canceled`; CONFLICT `link_already_used`.
    """
    answer = transact(services, lambda tx: _redeem(services, tx, token, device_kind, browser, cookie))
    if isinstance(answer, Refusal):
        # A refused second device is written down, so the refusal is raised after the transaction.
        raise answer
    return answer


def _redeem(
    services: Services, tx: Transaction, token: str, device_kind: str, browser: str, cookie: str | None
) -> Redeemed | Refusal:
    now = services.clock.now()
    link = tx.links.by_token_hash(hash_of(token))
    if link is None:
        return Refusal(Kind.GONE, "link_expired")
    row, session = load(tx, link.session_id)
    known = None if cookie is None else tx.phones.by_token_hash(hash_of(cookie))
    if known is not None and (known.session_id != session.id or now >= _good_until(services, known, row)):
        known = None
    fresh = link.opened_at is None and link.ended_at is None and now < link.expires_at and not session.closed
    if known is not None and known.revoked_at is None and cookie is not None and not fresh:
        # The phone that is in already: its own link tapped again, or one that is over.
        return _redeemed(services, tx, cookie, known, row, session)
    if session.closed:
        return closed_refusal(session)
    if link.opened_at is not None:
        if left(tx, REFUSED_PHONES, session.id, now):
            spend(tx, REFUSED_PHONES, session.id, now)
            tx.links.save(replace(link, refused_at=now))
            note(tx, session.id, now, APPLICANT, "second_device_refused", {"device": device_kind})
            tell(services, tx, row, session, Change("link_changed"))
        return Refusal(Kind.CONFLICT, "link_already_used")
    if not fresh:
        return Refusal(Kind.GONE, "link_expired")
    return _let_in(services, tx, link, now, device_kind, browser, known)


def _let_in(
    services: Services,
    tx: Transaction,
    link: LinkRow,
    now: datetime,
    device_kind: str,
    browser: str,
    known: PhoneRow | None,
) -> Redeemed:
    """Open the link for a new phone, or for one that was let in before: its cookie begins anew."""
    first = tx.phones.current(link.session_id) is None and known is None
    tx.phones.revoke(link.session_id, now)
    secret = new_secret(services)
    phone = PhoneRow(
        new_id(services, "ph_"), link.session_id, link.id, hash_of(secret), device_kind, browser, now, None
    )
    tx.phones.add(phone)
    tx.links.save(replace(link, opened_at=now, device_kind=device_kind, browser=browser))
    session = move(
        services,
        tx,
        link.session_id,
        PhoneTookOver(now, phone.id, None if known is None else known.id),
        who=APPLICANT,
        what="link_opened",
        detail={"device": device_kind, "browser": browser},
    )
    row, _ = load(tx, link.session_id)
    tell(services, tx, row, session, Change(PUBLIC + "opened" if first else "link_changed"))
    return _redeemed(services, tx, secret, phone, row, session)


def _redeemed(
    services: Services, tx: Transaction, cookie: str, phone: PhoneRow, row: SessionRow, session: Session
) -> Redeemed:
    state = phone_state_in(services, tx, row, session)
    return Redeemed(cookie, phone, state, _good_until(services, phone, row))


def _good_until(services: Services, phone: PhoneRow, row: SessionRow) -> datetime:
    """When the phone's cookie ends: by its own age, and never later than the session."""
    return min(phone.created_at + services.policy.phone_lives, row.expires_at)


def phone_of_cookie(services: Services, cookie: str | None) -> PhoneRow:
    """The phone behind a request; its `session_id` is all it may touch.

    Refusals: UNAUTHORIZED `unauthorized` (also once the cookie is too old), or `link_already_used` when another phone
    took over; GONE `session_expired`.
    """
    if cookie is None:
        raise Refusal(Kind.UNAUTHORIZED, "unauthorized")
    now = services.clock.now()
    with services.store.read() as tx:
        phone = tx.phones.by_token_hash(hash_of(cookie))
        row = None if phone is None else tx.sessions.get(phone.session_id)
    if phone is None or row is None:
        raise Refusal(Kind.UNAUTHORIZED, "unauthorized")
    if phone.revoked_at is not None:
        raise Refusal(Kind.UNAUTHORIZED, "link_already_used")
    if now >= row.expires_at and (row.closed_at is None or row.status == Status.EXPIRED):
        raise Refusal(Kind.GONE, "session_expired")
    if now >= _good_until(services, phone, row):
        raise Refusal(Kind.UNAUTHORIZED, "unauthorized")
    return phone


def count_write(services: Services, phone: PhoneRow) -> None:
    """Each write of a phone, before it is looked at. Refusals: LIMITED (retry_at)."""
    transact(services, lambda tx: spend(tx, WRITES, phone.session_id, services.clock.now()))


def check_proved(services: Services, phone: PhoneRow) -> None:
    """Refusals: CONFLICT until the mobile number is proved on that phone.

    A link is opened by whoever sees its code: what was photographed before is shown to who holds the number alone.
    """
    with services.store.read() as tx:
        _, session = load(tx, phone.session_id)
    if session.phone.proved_at is None:
        raise conflict("Prove the mobile number first.")


def phone_state(services: Services, phone: PhoneRow) -> PhoneState:
    """What the phone shows."""
    with services.store.read() as tx:
        row, session = load(tx, phone.session_id)
        return phone_state_in(services, tx, row, session)


def phone_state_in(services: Services, tx: Transaction, row: SessionRow, session: Session) -> PhoneState:
    """The same, within a transaction."""
    return PhoneState(
        session=show.head(row, session),
        provider=show.provider(services),
        subject=show.subject(session),
        consent=show.consent(services, session),
        phone=show.phone(services, session),
        # Another phone that took over sees no picture and no field before it has proved the number too.
        steps=show.steps(
            services,
            session,
            tx.uploads.of_session(session.id),
            with_uploads=session.phone.proved_at is not None,
        ),
        awaiting=session.awaiting,
        review=show.review(services, session),
        decision=show.decision(session),
        last_event_id=tx.events.last_id(session.id),
    )


def _token(services: Services, link_id: str) -> str:
    return derived(services, "link", link_id)
