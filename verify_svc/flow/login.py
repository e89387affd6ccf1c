"""Operators: made, logged in, recognised."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from ipaddress import ip_address, ip_network
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from verify_svc.flow.limits import Limit, spend
from verify_svc.flow.record import transact
from verify_svc.flow.refusal import Kind, Refusal, check_name
from verify_svc.flow.services import Services
from verify_svc.flow.tokens import derived, hash_of, keyed_hash, new_secret, same
from verify_svc.ports import LoginRow, OperatorRow, Transaction

_WINDOW = timedelta(minutes=15)
FAILURES = Limit("login", 5, _WINDOW)
"""For one name from one place: an address, or a browser that this operator has logged in with before."""
FAILURES_OF_NAME = Limit("login_name", 50, timedelta(hours=1))
"""For one name from all addresses together; browsers that logged in before have their own count alone, so that
strangers who use it up keep nobody out of his usual browser."""
TRIES_FROM_ADDRESS = Limit("login_address", 100, _WINDOW)
"""Whoever's name they are for, right ones too: an office behind one address logs in with fewer."""

_HASHER = PasswordHasher()
_PLACES = BoundedSemaphore(2)
"""Each verification takes 64 MiB: whoever guesses at many names at once must not fill the memory."""
_WAIT_S = 5.0
# Verified where the name is unknown, so that the time taken doesn't tell.
_NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHRzb21lc2FsdA$GpZ3sK/oH9p7VIiV56G/64Zo/8GaUw434IimaPqxwCo"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a login comes from: the address, and what this browser was given at an earlier login, if it says so."""

    address: str = field(repr=False)
    browser: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """The cookies' values, shown this once. `browser` marks the browser as one that has logged in before."""

    cookie: str = field(repr=False)
    browser: str = field(repr=False)
    login: LoginRow


def make_operator(services: Services, name: str, password: str) -> None:
    """Insert, or set a new password; whoever was logged in with the old one is not any more. Refusal: INVALID for no
    name.
    """
    check_name(name)
    row = OperatorRow(name, _HASHER.hash(password), services.clock.now(), None)
    with services.store.begin() as tx:
        tx.operators.save(row)
        tx.operators.end_logins_of(name)


def log_in(services: Services, name: str, password: str, source: Source) -> LoggedIn:
    """Refusals: UNAUTHORIZED, LIMITED (retry_at) after too many failures: see the limits above."""
    now = services.clock.now()
    counted = _counted(services, name, source)

    def claim(tx: Transaction) -> OperatorRow | None:
        """Counted before the password is looked at: guesses made at once are not more guesses."""
        for limit, about in counted:
            spend(tx, limit, about, now)
        return tx.operators.get(name)

    operator = transact(services, claim)
    active = operator is not None and operator.disabled_at is None
    right = _verified(operator.password_hash if operator is not None and active else _NOBODY, password) and active
    if not right:
        raise Refusal(Kind.UNAUTHORIZED, "unauthorized", "Name or password is wrong.")
    secret = new_secret(services)
    login = LoginRow(hash_of(secret), name, now, now + services.policy.login_lives)
    with services.store.begin() as tx:
        for limit, about in counted:
            # Only failures stay counted; what one address tries stays whoever gets in.
            if limit is not TRIES_FROM_ADDRESS:
                tx.counters.clear(limit.counter(about))
        tx.operators.add_login(login)
    return LoggedIn(secret, _browser(services, name), login)


def _counted(services: Services, name: str, source: Source) -> tuple[tuple[Limit, str], ...]:
    """What a try from there is counted by."""
    network = _network(source.address)
    if source.browser is not None and _is_browser(services, name, source.browser):
        return ((FAILURES, keyed_hash(services, "login", f"{name}\0browser\0{source.browser}")),)
    return (
        (TRIES_FROM_ADDRESS, keyed_hash(services, "login", network)),
        (FAILURES, keyed_hash(services, "login", f"{name}\0address\0{network}")),
        (FAILURES_OF_NAME, keyed_hash(services, "login", f"{name}\0all")),
    )


def _network(address: str) -> str:
    """The address, or of an IPv6 one the 64 bits that a single household or machine has for itself.

    >>> _network("2001:db8::1") == _network("2001:db8::2"), _network("192.0.2.1") == _network("192.0.2.2")
    (True, False)
    """
    try:
        found = ip_address(address)
    except ValueError:
        return address
    return str(ip_network((found, 64), strict=False)) if found.version == 6 else str(found)


def _browser(services: Services, name: str) -> str:
    """A mark that only we can make, good for that operator's name alone. It lets nobody in."""
    nonce = new_secret(services)
    return f"{nonce}.{_proof(services, name, nonce)}"


def _is_browser(services: Services, name: str, mark: str) -> bool:
    nonce, _, proof = mark.partition(".")
    return same(proof, _proof(services, name, nonce))


def _proof(services: Services, name: str, nonce: str) -> str:
    return derived(services, "browser", f"{name}\0{nonce}")


def login_of_cookie(services: Services, cookie: str | None) -> LoginRow:
    """Refusals: UNAUTHORIZED."""
    login = None
    if cookie is not None:
        with services.store.read() as tx:
            login = tx.operators.login(hash_of(cookie))
            operator = None if login is None else tx.operators.get(login.operator)
            login = login if operator is not None and operator.disabled_at is None else None
    if login is None or login.expires_at <= services.clock.now():
        raise Refusal(Kind.UNAUTHORIZED, "unauthorized")
    return login


def log_out(services: Services, cookie: str) -> None:
    """End that login."""
    with services.store.begin() as tx:
        tx.operators.end_login(hash_of(cookie))


def _verified(password_hash: str, password: str) -> bool:
    if not _PLACES.acquire(timeout=_WAIT_S):
        raise Refusal(Kind.LIMITED, "rate_limited", "Too many log in at once.")
    try:
        return _HASHER.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False
    finally:
        _PLACES.release()
