"""Operators: made, logged in, recognised."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from verify_svc.flow.record import transact
from verify_svc.flow.refusal import Kind, Refusal
from verify_svc.flow.services import Services
from verify_svc.flow.tokens import hash_of, keyed_hash, new_secret
from verify_svc.ports import LoginRow, OperatorRow, Transaction

MAX_FAILURES = 5
WINDOW = timedelta(minutes=15)

_HASHER = PasswordHasher()
_PLACES = BoundedSemaphore(2)
"""Each verification takes 64 MiB: whoever guesses at many names at once must not fill the memory."""
_WAIT_S = 5.0
# Verified where the name is unknown, so that the time taken doesn't tell.
_NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHRzb21lc2FsdA$GpZ3sK/oH9p7VIiV56G/64Zo/8GaUw434IimaPqxwCo"


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """The cookie's value, shown this once."""

    cookie: str = field(repr=False)
    login: LoginRow


def make_operator(services: Services, name: str, password: str) -> None:
    """Insert, or set a new password; whoever was logged in with the old one is not any more."""
    row = OperatorRow(name, _HASHER.hash(password), services.clock.now(), None)
    with services.store.begin() as tx:
        tx.operators.save(row)
        tx.operators.end_logins_of(name)


def log_in(services: Services, name: str, password: str) -> LoggedIn:
    """Refusals: UNAUTHORIZED, LIMITED (retry_at) after five failures in 15 minutes."""
    now = services.clock.now()
    counter = f"login:{keyed_hash(services, 'login', name)}"

    def claim(tx: Transaction) -> OperatorRow | None:
        """Counted before the password is looked at: guesses made at once are not more guesses."""
        if tx.counters.count(counter, now - WINDOW) >= MAX_FAILURES:
            oldest = tx.counters.oldest(counter, now - WINDOW)
            raise Refusal(Kind.LIMITED, "rate_limited", retry_at=None if oldest is None else oldest + WINDOW)
        tx.counters.hit(counter, now)
        return tx.operators.get(name)

    operator = transact(services, claim)
    active = operator is not None and operator.disabled_at is None
    right = _verified(operator.password_hash if operator is not None and active else _NOBODY, password) and active
    if not right:
        raise Refusal(Kind.UNAUTHORIZED, "unauthorized", "Name or password is wrong.")
    secret = new_secret(services)
    login = LoginRow(hash_of(secret), name, now, now + services.policy.login_lives)
    with services.store.begin() as tx:
        tx.counters.clear(counter)
        tx.operators.add_login(login)
    return LoggedIn(secret, login)


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
