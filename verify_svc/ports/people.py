"""The tables of those who may come in: portals' keys, operators and their logins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class ApiKeyRow:
    """A portal's key: only the SHA-256 of the secret is kept; `hint` is its first 12 characters."""

    id: str
    name: str
    livemode: bool
    hint: str
    secret_hash: str = field(repr=False)
    created_at: datetime
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class OperatorRow:
    """A reviewer; `password_hash` is argon2's encoded string."""

    name: str
    password_hash: str = field(repr=False)
    created_at: datetime
    disabled_at: datetime | None


@dataclass(frozen=True, slots=True)
class LoginRow:
    """A reviewer's login in a browser: the hash of its cookie."""

    token_hash: str = field(repr=False)
    operator: str
    created_at: datetime
    expires_at: datetime


class ApiKeys(Protocol):
    """The portals' keys."""

    def add(self, row: ApiKeyRow) -> None: ...

    def by_hash(self, secret_hash: str) -> ApiKeyRow | None: ...

    def all(self) -> Sequence[ApiKeyRow]: ...

    def of_portal(self, key: ApiKeyRow) -> Sequence[str]:
        """The ids of all keys of that key's portal: those of the same name and mode, revoked ones too."""
        ...

    def revoke(self, key_id: str, at: datetime) -> bool:
        """False when there is no such key or it was revoked before."""
        ...


class Operators(Protocol):
    """The reviewers and their logins."""

    def save(self, row: OperatorRow) -> None:
        """Insert or replace by name."""
        ...

    def get(self, name: str) -> OperatorRow | None: ...

    def all(self) -> Sequence[OperatorRow]: ...

    def add_login(self, row: LoginRow) -> None: ...

    def login(self, token_hash: str) -> LoginRow | None: ...

    def end_logins_of(self, operator: str) -> None: ...

    def end_login(self, token_hash: str) -> None: ...
