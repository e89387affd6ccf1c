"""The keys of portals: made, revoked, recognised."""

from __future__ import annotations

from collections.abc import Sequence

from verify_svc.flow.refusal import Kind, Refusal, check_name, not_found
from verify_svc.flow.services import Services
from verify_svc.flow.tokens import hash_of, new_id, new_secret
from verify_svc.ports import ApiKeyRow

_HINT_LENGTH = 12


def make_key(services: Services, name: str, *, livemode: bool) -> tuple[ApiKeyRow, str]:
    """A new key and its secret (`sk_test_…` or `sk_live_…`), which is shown this once. Refusal: INVALID for no name."""
    check_name(name)
    secret = ("sk_live_" if livemode else "sk_test_") + new_secret(services)
    row = ApiKeyRow(
        id=new_id(services, "key_"),
        name=name,
        livemode=livemode,
        hint=secret[:_HINT_LENGTH],
        secret_hash=hash_of(secret),
        created_at=services.clock.now(),
        revoked_at=None,
    )
    with services.store.begin() as tx:
        tx.api_keys.add(row)
    return row, secret


def revoke_key(services: Services, key_id: str) -> None:
    """Refusals: NOT_FOUND."""
    with services.store.begin() as tx:
        if not tx.api_keys.revoke(key_id, services.clock.now()):
            raise not_found("key that is in force")


def list_keys(services: Services) -> Sequence[ApiKeyRow]:
    """All keys, revoked ones too."""
    with services.store.read() as tx:
        return tx.api_keys.all()


def key_of_secret(services: Services, secret: str) -> ApiKeyRow:
    """The key that a request bears. Refusals: UNAUTHORIZED."""
    with services.store.read() as tx:
        row = tx.api_keys.by_hash(hash_of(secret))
    if row is None or row.revoked_at is not None:
        raise Refusal(Kind.UNAUTHORIZED, "unauthorized", "The API key is unknown or was revoked.")
    return row
