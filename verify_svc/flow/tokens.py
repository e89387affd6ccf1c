"""Ids, tokens and their hashes: what is derived from the server's key, and what is drawn at random."""

from __future__ import annotations

import base64
import hashlib
import hmac

from verify_svc.flow.services import Services

_ID_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZabcdefghjkmnpqrstvwxyz"
_REFERENCE_ALPHABET = "ABCDEFGHJKMNPQRTUVWXY346789"
_SECRET_BYTES = 32
_DERIVED_BYTES = 24


def new_id(services: Services, prefix: str) -> str:
    """`vs_…`: 24 characters from 54, about 138 bits."""
    return prefix + "".join(_ID_ALPHABET[byte % len(_ID_ALPHABET)] for byte in services.randomness.bytes(24))


def new_reference(services: Services) -> str:
    """Four characters that can be read out on the telephone."""
    return "".join(_REFERENCE_ALPHABET[byte % len(_REFERENCE_ALPHABET)] for byte in services.randomness.bytes(4))


def new_secret(services: Services) -> str:
    """256 random bits for a cookie or a key."""
    return _text(services.randomness.bytes(_SECRET_BYTES))


def derived(services: Services, purpose: str, about: str) -> str:
    """192 bits that the server's key gives for that purpose and thing: shown again without being stored."""
    return _text(keyed_digest(services, purpose, about)[:_DERIVED_BYTES])


def keyed_digest(services: Services, purpose: str, about: str) -> bytes:
    """HMAC-SHA-256 under the server's key; purposes never share a value."""
    return hmac.new(services.server_key, f"{purpose}\0{about}".encode(), hashlib.sha256).digest()


def keyed_hash(services: Services, purpose: str, about: str) -> str:
    """The same in hex: the hash of what is too short to be hashed without a key (a code, a mobile number)."""
    return keyed_digest(services, purpose, about).hex()


def hash_of(secret: str) -> str:
    """SHA-256 in hex of a secret of 128 bits or more."""
    return hashlib.sha256(secret.encode()).hexdigest()


def same(one: str, other: str) -> bool:
    """Compared in constant time."""
    return hmac.compare_digest(one.encode(), other.encode())


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
